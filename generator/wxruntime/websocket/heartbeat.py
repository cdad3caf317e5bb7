"""Heartbeat: messages of the app's own at regular intervals, and the judgement that none was answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from wxruntime.call import Call
from wxruntime.callbacks import as_coroutine, report
from wxruntime.loop_handle import LoopHandle
from wxruntime.websocket import arguments, error_texts
from wxruntime.websocket.backoff import checked_seconds
from wxruntime.websocket.error_texts import Refused
from wxruntime.websocket.link import Link

__all__ = ["Heartbeat", "Pulse"]

Data = str | bytes | bytearray | memoryview

# What the kernel holds already is read before anybody is called silent.
_GRACE: Final = 0.05


@dataclass(frozen=True)
class Heartbeat:
    """How a `ReconnectingSocket` finds out that its server has fallen silent.

    While a link is open, ``message`` is sent every ``interval`` seconds, for the first time one
    interval after the opening. When no answer comes within ``timeout``, the link is closed with 3008
    and opened again. While reading is paused, because messages wait for a slow consumer, nothing is
    judged silent.

    Args:
        interval: The time between two messages, in seconds.
        message: What is sent, or a function that returns it for each time. What the function raises
            is reported as for listeners, and that time nothing is sent.
        answer: A function of a message received (a `str`, or `bytes`) that returns whether it is an
            answer. What it raises is reported as for listeners, and counts as no. Answers reach the
            listeners too. Default: any message is an answer.
        timeout: How long an answer may take, in seconds. Default: 10.

    Raises:
        TypeError: ``message`` is neither data nor a function, or ``answer`` cannot be called.
        ValueError: A time is no positive number.
    """

    interval: float
    message: Data | Callable[[], Data]
    answer: Callable[[str | bytes], bool] | None = None
    timeout: float = 10.0

    def __post_init__(self) -> None:
        checked_seconds("interval", self.interval, positive=True)
        checked_seconds("timeout", self.timeout, positive=True)
        if not callable(self.message):
            try:
                arguments.payload(self.message)
            except Refused:
                kind = type(self.message).__name__
                raise TypeError(f"message is a str, bytes-like or a function, not {kind}") from None
        if self.answer is not None and not callable(self.answer):
            raise TypeError(f"answer is a function, not {type(self.answer).__name__}")


class _Quiet(NamedTuple):
    """Options of a send whose outcome interests nobody."""

    data: str | bytes
    success: None = None
    fail: None = None
    complete: None = None


class Pulse:
    """The heartbeat of one open link.

    Args:
        heartbeat: What is sent, and what answers it.
        handle: The loop of the link.
        link: The link.
        fell_silent: Called once, when no answer came in time.
    """

    def __init__(
        self,
        heartbeat: Heartbeat,
        handle: LoopHandle,
        link: Link,
        fell_silent: Callable[[], None],
    ) -> None:
        self._heartbeat = heartbeat
        self._handle = handle
        self._link = link
        self._fell_silent = fell_silent
        self._timer: asyncio.TimerHandle | None = None
        self._deadline: asyncio.TimerHandle | None = None  # while an answer is awaited
        self._was_paused = False

    def start(self) -> None:
        """Send the first message an interval from now."""
        self._timer = self._handle.loop.call_later(self._heartbeat.interval, self._beat)

    def stop(self) -> None:
        """Send no more."""
        for timer in (self._timer, self._deadline):
            if timer is not None:
                timer.cancel()
        self._timer = self._deadline = None

    def received(self, data: str | bytes) -> None:
        """A message has come: see whether it is an answer."""
        if self._deadline is None:
            return
        answer = self._heartbeat.answer
        if answer is not None:
            try:
                if not answer(data):
                    return
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as exc:
                report(answer, exc, self._handle.loop)
                return
        if self._deadline is not None:  # the function may have closed the link
            self._deadline.cancel()
            self._deadline = None

    def reading_pauses(self) -> None:
        """From now on an answer would not be read."""
        self._was_paused = True

    def _beat(self) -> None:
        self._timer = self._handle.loop.call_later(self._heartbeat.interval, self._beat)
        data = self._make_data()
        if data is None or self._timer is None or not self._link.is_open:
            return
        if self._deadline is None:  # else an answer is awaited already, and will answer this, too
            self._was_paused = self._link.is_paused
            self._wait(self._heartbeat.timeout, self._judge)
        self._link.write(Call(), _Quiet(data), data, _text, error_texts.TASK_NOT_OPEN)

    def _make_data(self) -> str | bytes | None:
        message = self._heartbeat.message
        try:
            data = message() if callable(message) else message
            coroutine = as_coroutine(data)
            if coroutine is not None:
                coroutine.close()
                raise TypeError("the function that makes a heartbeat's message is a plain one")
            return arguments.payload(data)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:
            report(message, exc, self._handle.loop)
            return None

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._deadline = self._handle.loop.call_later(seconds, then)

    def _judge(self) -> None:
        """The time is over. The loop may have been busy elsewhere, and the answer be there already."""
        if not self._postpone():
            self._wait(_GRACE, self._judge_finally)

    def _judge_finally(self) -> None:
        if not self._postpone():
            self.stop()
            self._fell_silent()

    def _postpone(self) -> bool:
        """Give the answer the whole time again if it may wait unread. Returns whether that is so."""
        if not self._was_paused:
            return False
        self._was_paused = self._link.is_paused
        self._wait(self._heartbeat.timeout, self._judge)
        return True


def _text(*, errMsg: str) -> str:
    return errMsg
