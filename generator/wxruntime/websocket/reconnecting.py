"""A link that is opened again when it is lost. What stands behind a `ReconnectingSocket`.

Applies the decisions of `reconnect_state` to real links, one after the other.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable
from functools import partial
from typing import Any, Final, TypeVar

from wxruntime.call import Call
from wxruntime.callbacks import as_coroutine, report
from wxruntime.errors import WxError
from wxruntime.running import running_loop
from wxruntime.websocket import answers, arguments, error_texts
from wxruntime.websocket.addresses import without_user
from wxruntime.websocket.attempts import Attempts, Option, Waiting, fits_connect
from wxruntime.websocket.engine import Engine
from wxruntime.websocket.error_texts import Refused
from wxruntime.websocket.heartbeat import Pulse
from wxruntime.websocket.interface import (
    CloseOptions,
    MakesErrorResult,
    SendOptions,
)
from wxruntime.websocket.link import NORMAL_CLOSE, Link
from wxruntime.websocket.link_base import LinkBase
from wxruntime.websocket.reconnect_state import ReconnectState, Verdict
from wxruntime.websocket.state import ABNORMAL, CloseFrame, State

__all__ = ["ReconnectingLink"]

R = TypeVar("R")

SILENT_CLOSE: Final = CloseFrame(3008, "heartbeat timeout")


class ReconnectingLink(LinkBase):
    """One logical link: an open link, or the attempt to have one.

    Args:
        engine: The links of the namespace.
        attempts: How links are made.
        state: What it is up to.
    """

    def __init__(self, engine: Engine, attempts: Attempts, state: ReconnectState[Waiting]) -> None:
        self._handle = engine.loops.find_or_make()
        super().__init__(self._handle)
        self._engine = engine
        self._attempts = attempts
        self._state = state
        self._timer: asyncio.TimerHandle | None = None  # while it waits for the next attempt
        self._refusal: asyncio.Handle | None = None  # the events of an attempt that was refused
        self._making: asyncio.Task[Any] | None = None  # the options of the next attempt
        self._current: Link | None = None  # the one that messages are sent over
        self._last: Link | None = None  # the one made last, which may have closed
        self._last_is_over = True
        self._pulse: Pulse | None = None
        self._opened = 0  # how many links have opened
        self._failure = error_texts.fail(error_texts.CONNECT, error_texts.CLOSED_ALREADY)
        self._end_frame = NORMAL_CLOSE
        self._handle.do(self._start)

    def __repr__(self) -> str:
        state = self.ready_state
        code = ""
        if state is State.CLOSED and self.close_frame is not None:
            code = f" {self.close_frame.code}"
        return f"{without_user(self.url)} {state.name.lower()}{code}".strip()

    # What it is like, readable from any thread.

    @property
    def attempts(self) -> int:
        """How many attempts there have been."""
        return self._state.attempts

    @property
    def url(self) -> str:
        """The address of the last attempt."""
        return "" if self._last is None else self._last.url

    @property
    def protocol(self) -> str:
        """The subprotocol of the last attempt's link."""
        return "" if self._last is None else self._last.protocol

    @property
    def buffered(self) -> int:
        """How many bytes were sent that the kernel has not taken yet."""
        link = self._current
        return 0 if link is None else link.buffered

    @property
    def is_closed(self) -> bool:
        """Whether the end has been delivered; there is none when its loop was closed."""
        return self._is_over or self._handle.is_gone

    @property
    def is_open(self) -> bool:
        """Whether there is a link that takes messages."""
        link = self._current
        return link is not None and link.is_open and not self._state.has_ended

    @property
    def ready_state(self) -> State:
        """The state, as `ReconnectingSocket.readyState` has it."""
        if self.is_closed:
            return State.CLOSED
        if self._state.has_ended:
            return State.CLOSING
        link = self._current
        is_open = link is not None and link.ready_state is State.OPEN
        return State.OPEN if is_open else State.CONNECTING

    # Attempts.

    def _start(self) -> None:
        if not self._handle.track(self):
            self.abandon()  # the loop is shutting down
            return
        self._engine.persistent.add(self)
        self._attempt()

    def _attempt(self) -> None:
        """Make the next link, now."""
        self._timer = None
        if not self._state.attempt():
            return
        option = self._attempts.option
        if not callable(option):
            self._connect(option)
            return
        try:
            made = option()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:
            self._attempt_failed(exc)
            return
        if inspect.isawaitable(made):
            self._making = self._handle.loop.create_task(_awaited(made))
            self._making.add_done_callback(self._option_made)
        else:
            self._connect(made)

    def _option_made(self, making: asyncio.Task[Option]) -> None:
        self._making = None
        if making.cancelled():
            self._attempt_failed(None)
        elif (exc := making.exception()) is not None:
            self._attempt_failed(exc)
        elif not self._state.has_ended:
            self._connect(making.result())

    def _attempt_failed(self, exc: BaseException | None) -> None:
        """There are no options to make a link with."""
        if exc is not None:
            report(self._attempts.option, exc, self._handle.loop)
        self._wait(self._state.lost(self._now()))

    def _connect(self, option: Option) -> None:
        try:
            if not fits_connect(option):
                kind = type(option).__name__
                raise TypeError(f"the options of an attempt are a ConnectSocketOption, not {kind}")
            link = self._attempts.connect(option)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:
            self._attempt_failed(exc)
            return
        refusal = link.refusal
        if link.is_closed and refusal is None:
            self._attempt_failed(None)  # its loop is shutting down
            return
        self._current = self._last = link
        self._last_is_over = False
        if refusal is not None:
            # Never inside the call that caused it.
            self._refusal = self._handle.loop.call_soon(self._refused, link, refusal)
            return
        link.holds_back = self._is_clogged
        link.onOpen(partial(self._link_opened, link), _header)
        link.onMessage(partial(self._link_received, link), _data)
        link.onError(self._link_failed, _text)
        link.onClose(partial(self._link_closed, link), CloseFrame)
        if self._state.has_ended:  # by a callback of the call
            link.shut(self._end_frame)

    def _refused(self, link: Link, errMsg: str) -> None:
        """An attempt was refused: the events of a link that fails."""
        self._refusal = None
        self._failure = errMsg
        try:
            if errMsg != error_texts.TOO_MANY:
                self._state.end()
            self._call_listeners("error", errMsg=errMsg)
        finally:
            self._link_closed(link, ABNORMAL)

    def _wait(self, delay: float | None) -> None:
        """Make the next attempt after a delay; None makes none."""
        if delay is not None:
            self._timer = self._handle.loop.call_later(delay, self._attempt)

    def _now(self) -> float:
        return self._handle.loop.time()

    # What the links report.

    def _link_opened(self, link: Link, header: dict[str, str]) -> None:
        self._state.opened(self._now())
        self._opened += 1
        heartbeat = self._attempts.heartbeat
        if heartbeat is not None:
            self._pulse = Pulse(heartbeat, self._handle, link, self._fell_silent)
            self._pulse.start()
        self._notify()
        self.read_or_pause()
        try:
            while link is self._current and link.is_open:
                waiting = self._state.next_to_write()
                if waiting is None:
                    break
                link.write(
                    waiting.call,
                    waiting.option,
                    waiting.data,
                    waiting.make,
                    error_texts.SEND_NOT_CONNECTED,
                )
        finally:
            self._call_listeners("open", header=header)

    def _link_received(self, link: Link, data: str | bytes) -> None:
        if self._pulse is not None:
            self._pulse.received(data)
        buffer = self._buffer
        if buffer is not None and (buffer.is_consumed or not self._has_message_listener):
            buffer.put(data)
        make = self._listeners.make_message
        if make is not None:
            result = make(data=data)
            for listener in self._listeners.message:
                self._handle.invoke(listener, result)

    def _link_failed(self, text: str) -> None:
        self._failure = error_texts.fail(error_texts.CONNECT, text)
        self._call_listeners("error", errMsg=text)

    def _link_closed(self, link: Link, close: CloseFrame) -> None:
        link.holds_back = None
        if link is self._last:
            self._last_is_over = True
            self.close_frame = close
        try:
            if link is self._current:
                self._lose(close)
            self._call_listeners("close", code=close.code, reason=close.reason)
        finally:
            self._end_if_over()

    def _fell_silent(self) -> None:
        """No answer to the heartbeat came: go on without the link, which takes its time to close."""
        link = self._current
        if link is not None and link.shut(SILENT_CLOSE):
            self._lose(SILENT_CLOSE)
            self._end_if_over()

    def _lose(self, close: CloseFrame) -> None:
        """Go on without the current link."""
        self._current = None
        self._stop_pulse()
        if not self._state.has_ended and not self._wants_more(close):
            self._state.end()
        self._wait(self._state.lost(self._now()))

    def _wants_more(self, close: CloseFrame) -> bool:
        retry = self._attempts.retry
        if retry is None:
            return True
        try:
            answer = retry(close)
            coroutine = as_coroutine(answer)
            if coroutine is not None:
                coroutine.close()
                raise TypeError("retry is a plain function")
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:
            report(retry, exc, self._handle.loop)
            return True
        return answer is not False

    # The end.

    def end(self) -> None:
        """Open no further link; close the one that there is with 1000."""
        self._handle.do(partial(self.shut, NORMAL_CLOSE))

    def shut(self, frame: CloseFrame) -> bool:
        """Open no further link, and close the one that there is. Returns whether that is new."""
        if self.is_closed or not self._state.end():
            return False
        self._end_frame = frame
        self._stop_pulse()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        making = self._making
        if making is not None and making is not _current_task():
            making.cancel()
        try:
            if self._current is not None:
                self._current.shut(frame)
        finally:
            self._end_if_over()
        return True

    def _end_if_over(self) -> None:
        """Once there will be no further link: no message waits, and nobody waits for the end."""
        if not self._state.has_ended:
            return
        try:
            while (waiting := self._state.next_to_fail()) is not None:
                answers.fail(
                    self._handle,
                    waiting.call,
                    waiting.option,
                    error_texts.SEND_NOT_CONNECTED,
                    waiting.make,
                )
        finally:
            if self._last_is_over and not self._is_over:
                self._finish()

    def _finish(self) -> None:
        self._is_over = True
        self._engine.persistent.discard(self)
        close = self.close_frame or ABNORMAL
        self._settle_close_waiters(close)
        self._notify()
        self._handle.untrack(self)

    def abandon(self) -> None:
        """Open no further link, and report nothing: the loop ends."""
        self._state.end()
        self._stop_pulse()
        for timer in (self._timer, self._refusal):
            if timer is not None:
                timer.cancel()
        self._timer = self._refusal = None
        if self._making is not None and not self._handle.is_gone:
            self._making.cancel()
        self._current = None
        self._last_is_over = True
        self._end_if_over()

    async def wait_gone(self) -> None:
        """Wait until the function that makes options has ended."""
        making = self._making
        if making is not None and making is not _current_task():
            await asyncio.wait([making])

    def _stop_pulse(self) -> None:
        if self._pulse is not None:
            self._pulse.stop()
            self._pulse = None

    # Listeners.

    @property
    def _has_message_listener(self) -> bool:
        link = self._current
        return bool(self._listeners.message) or (link is not None and link.wx_hears_messages)

    # Calls.

    def send(self, option: SendOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `SocketTask.send`: now, or when there is a link."""
        call: Call[R] = Call(self._handle)
        message = arguments.message(option)
        self._handle.do(lambda: self._send(call, option, message, make))
        return call

    def _send(
        self,
        call: Call[R],
        option: SendOptions[R],
        message: str | bytes | Refused,
        make: MakesErrorResult[R],
    ) -> None:
        why = error_texts.SEND_NOT_CONNECTED
        if not self.is_closed and not self._state.has_ended:
            if isinstance(message, Refused):
                why = message.errMsg
            else:
                link = self._current
                waiting = Waiting(call, option, message, make)
                verdict = self._state.submit(waiting, writable=link is not None and link.is_open)
                if verdict is Verdict.QUEUED:
                    return
                if verdict is Verdict.WRITE and link is not None:
                    link.write(call, option, message, make, why)
                    return
                why = error_texts.QUEUE_FULL
        answers.fail(self._handle, call, option, why, make)

    def close(self, option: CloseOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `SocketTask.close`: there will be no further link."""
        call: Call[R] = Call(self._handle)
        limit = self._engine.limits.max_reason_bytes
        frame = arguments.or_refused(arguments.close_frame, option, limit)
        self._handle.do(lambda: self._close(call, option, frame, make))
        return call

    def _close(
        self,
        call: Call[R],
        option: CloseOptions[R],
        frame: CloseFrame | Refused,
        make: MakesErrorResult[R],
    ) -> None:
        if self.is_closed or self._state.has_ended:
            answers.fail(self._handle, call, option, error_texts.GONE, make)
        elif isinstance(frame, Refused):
            answers.fail(self._handle, call, option, frame.errMsg, make)
        else:
            self.shut(frame)
            result = make(errMsg=error_texts.ok(error_texts.CLOSE))
            call.succeed(answers.succeed(self._handle, option, result))

    # Waiting and receiving.

    async def enter(self) -> None:
        """Wait until a link is open.

        Raises:
            WxError: It has ended before.
        """
        self.open_buffer()
        opened = self._opened
        if self._state.has_ended and opened:
            raise WxError(error_texts.fail(error_texts.CONNECT, error_texts.CLOSED_ALREADY))
        try:
            while not (self.is_open or self._opened > opened or self.is_closed):
                await self._change()
        except asyncio.CancelledError:
            self.shut(NORMAL_CLOSE)  # nobody will leave the block that was not entered
            raise
        if not self.is_open and self._opened == opened:
            raise WxError(self._failure)

    async def leave(self) -> None:
        """End it: close the link with 1000, and wait until it has closed."""
        self.shut(NORMAL_CLOSE)
        while not self.is_closed:
            await self._change()
        await self.wait_gone()

    def read_or_pause(self) -> None:
        """Pause reading while too many messages wait for a consumer."""
        link = self._current
        if link is not None:
            link.read_or_pause()
            if link.is_paused and self._pulse is not None:
                self._pulse.reading_pauses()


async def _awaited(made: Awaitable[Option]) -> Option:
    return await made


def _current_task() -> asyncio.Task[Any] | None:
    return None if running_loop() is None else asyncio.current_task()


# What the listeners of a link receive here: the bare values.


def _header(*, header: dict[str, str]) -> dict[str, str]:
    return header


def _data(*, data: str | bytes) -> str | bytes:
    return data


def _text(*, errMsg: str) -> str:
    return errMsg
