"""Watching live links: a record of every call, event and frame. Loaded only when it is asked for.

Nothing of the engine asks whether it is traced. Calls and events are recorded here, by subclasses of
the engine and the link, which a `Wx` without ``trace`` does not use; frames in the module `wiretap`.
"""

from __future__ import annotations

import itertools
import time
from typing import Any, Final, Generic, TypeVar

from wxruntime.call import Call
from wxruntime.loop_handle import LoopHandle
from wxruntime.websocket import error_texts
from wxruntime.websocket.addresses import encode, without_user
from wxruntime.websocket.arguments import Opening
from wxruntime.websocket.engine import Engine
from wxruntime.websocket.error_texts import Refused
from wxruntime.websocket.interface import (
    CloseOptions,
    ConnectOptions,
    Limits,
    MakesErrorResult,
    SendOptions,
)
from wxruntime.websocket.link import Link
from wxruntime.websocket.link_calls import Shared
from wxruntime.websocket.listeners import OtherEvent
from wxruntime.websocket.network import Network, Settings
from wxruntime.websocket.state import CloseFrame, State
from wxruntime.websocket.trace_record import Direction, Kind, Trace, TraceRecord

__all__ = [
    "PREVIEW",
    "Direction",
    "Kind",
    "Trace",
    "TraceRecord",
    "TracedEngine",
    "TracedLink",
    "first_of",
]

R = TypeVar("R")


PREVIEW: Final = 80
"""How many characters of a text a record shows."""

PREVIEW_BYTES: Final = 24
"""How many bytes of binary data it shows."""


def first_of(data: str | bytes) -> str:
    """Return the first characters of a text, or the first bytes of binary data as hexadecimal."""
    if isinstance(data, str):
        return data if len(data) <= PREVIEW else f"{data[:PREVIEW]}…"
    return data.hex(" ") if len(data) <= PREVIEW_BYTES else f"{data[:PREVIEW_BYTES].hex(' ')} …"


# Calls and events.


class _Answers(Generic[R]):
    """Makes what the callbacks of a call receive, and records with what it was answered."""

    def __init__(self, link: TracedLink, name: str, make: MakesErrorResult[R]) -> None:
        self._link = link
        self._name = name
        self._make = make
        self._is_recorded = False

    def __call__(self, *, errMsg: str) -> R:
        self.record(errMsg)
        return self._make(errMsg=errMsg)

    def record(self, errMsg: str) -> None:
        """Record the answer, once."""
        if not self._is_recorded:
            self._is_recorded = True
            self._link.record("in", "answer", self._name, errMsg, 0)

    def record_failure(self, call: Call[Any] | None) -> None:
        """Record a failure for which nothing was made, since there was no callback."""
        if call is not None and call.failure is not None:
            self.record(call.failure.errMsg)


class TracedLink(Link):
    """A link that records its calls and events.

    Args:
        shared: As for `Link`.
        handle: As for `Link`.
        url: As for `Link`.
        trace: Called with each record.
        number: The link's number in the records.
    """

    __slots__ = ("_number", "_shown_url", "_trace")

    def __init__(
        self, shared: Shared, handle: LoopHandle | None, url: str, trace: Trace, number: int
    ) -> None:
        super().__init__(shared, handle, url)
        self._trace = trace
        self._number = number
        self._shown_url = without_user(url)

    def record(
        self, direction: Direction, kind: Kind, name: str, text: str, size: int | None = None
    ) -> None:
        """Record something.

        Args:
            direction: Where it goes.
            kind: What it is.
            name: Its name.
            text: Its text, as it is to be shown.
            size: Its size in bytes. Default: that of the text.
        """
        if size is None:
            size = len(encode(text))
        now = time.time()
        record = TraceRecord(now, self._number, self._shown_url, direction, kind, name, size, text)
        # As a listener is run: what it raises is reported, and never reaches the link.
        self._place.invoke(self._trace, record)

    def _record_message(
        self, direction: Direction, kind: Kind, name: str, data: str | bytes | Refused
    ) -> None:
        if isinstance(data, str):
            self.record(direction, kind, name, first_of(data), len(encode(data)))
        elif isinstance(data, bytes):
            self.record(direction, kind, name, first_of(data), len(data))
        else:
            self.record(direction, kind, name, "")

    def answer_opening(self, make: MakesErrorResult[R], opening: Opening | Refused) -> _Answers[R]:
        """Record the call that makes this link. Returns what records its answer."""
        self.record("out", "call", error_texts.CONNECT, self._shown_url, 0)
        return _Answers(self, error_texts.CONNECT, make)

    def record_refusal(self, answers: _Answers[Any]) -> None:
        """Record the failure of that call, if it failed and had no callbacks."""
        answers.record_failure(self._failed_call)

    def answer_close(
        self, name: str, make: MakesErrorResult[R], frame: CloseFrame | Refused
    ) -> _Answers[R]:
        """Record a call that closes. Returns what records its answer."""
        if isinstance(frame, Refused):
            self.record("out", "call", name, "")
        else:
            self.record("out", "call", name, _close_text(frame), len(encode(frame.reason)))
        return _Answers(self, name, make)

    # What a link does, recorded.

    def write(
        self,
        call: Call[R],
        option: SendOptions[R],
        message: str | bytes | Refused,
        make: MakesErrorResult[R],
        not_open: str,
    ) -> None:
        name = "SocketTask.send" if not_open == error_texts.TASK_NOT_OPEN else error_texts.SEND
        self._record_message("out", "call", name, message)
        answers = _Answers(self, name, make)
        super().write(call, option, message, answers, not_open)
        answers.record_failure(call)

    def _close(
        self,
        call: Call[R],
        option: CloseOptions[R],
        frame: CloseFrame | Refused,
        make: MakesErrorResult[R],
    ) -> None:
        answers = self.answer_close("SocketTask.close", make, frame)
        super()._close(call, option, frame, answers)
        answers.record_failure(call)

    def received(self, data: str | bytes) -> None:
        """A message has come."""
        if self.state.value is State.OPEN:
            self._record_message("in", "event", "message", data)
        super().received(data)

    def _report(self, event: OtherEvent, **fields: Any) -> bool:
        match event:
            case "open":
                self.record("in", "event", event, self.protocol)
            case "error":
                self.record("in", "event", event, fields["errMsg"], 0)
            case "close":
                frame = CloseFrame(fields["code"], fields["reason"])
                self.record("in", "event", event, _close_text(frame), len(encode(frame.reason)))
        return super()._report(event, **fields)


def _close_text(frame: CloseFrame) -> str:
    return f"{frame.code} {frame.reason}".rstrip()


class TracedEngine(Engine):
    """An engine whose links record what happens.

    Args:
        settings: As for `Engine`.
        limits: As for `Engine`.
        sdk_version: As for `Engine`.
        network: As for `Engine`; records frames if it was made with `wiretap`.
        trace: Called with each record.
    """

    def __init__(
        self, settings: Settings, limits: Limits, sdk_version: str, network: Network, trace: Trace
    ) -> None:
        super().__init__(settings, limits, sdk_version, network)
        self._trace = trace
        self._numbers = itertools.count(1)

    def _new_link(self, handle: LoopHandle | None, url: str) -> TracedLink:
        return TracedLink(self._shared, handle, url, self._trace, next(self._numbers))

    def _no_link(self, handle: LoopHandle | None) -> TracedLink:
        return TracedLink(self._shared, handle, "", self._trace, 0)

    def _admit(
        self,
        link: Link,
        option: ConnectOptions[R],
        make: MakesErrorResult[R],
        opening: Opening | Refused,
    ) -> None:
        assert isinstance(link, TracedLink)
        answers = link.answer_opening(make, opening)
        super()._admit(link, option, answers, opening)
        link.record_refusal(answers)

    def _close(
        self,
        handle: LoopHandle | None,
        call: Call[R],
        option: CloseOptions[R],
        frame: CloseFrame | Refused,
        make: MakesErrorResult[R],
    ) -> None:
        main = self._registry.main
        link = main if isinstance(main, TracedLink) else self._no_link(handle)
        answers = link.answer_close(error_texts.CLOSE, make, frame)
        super()._close(handle, call, option, frame, answers)
        answers.record_failure(call)
