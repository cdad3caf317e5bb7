"""The states of a link, and what each transition reports. Knows no network."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

from wxruntime.websocket import error_texts

__all__ = ["ABNORMAL", "NO_STATUS", "CloseFrame", "End", "LinkState", "State"]


class State(IntEnum):
    """The values of `SocketTask.readyState`."""

    CONNECTING = 0
    OPEN = 1
    CLOSING = 2
    CLOSED = 3


class CloseFrame(NamedTuple):
    """The code and reason that end a link."""

    code: int
    reason: str


ABNORMAL: Final = CloseFrame(1006, "abnormal closure")
NO_STATUS: Final = CloseFrame(1005, "no status rcvd")


class End(NamedTuple):
    """What the end of a link reports: an error, or none, and then the close."""

    error: str | None
    close: CloseFrame


class LinkState:
    """The state of one link.

    Every method is a transition. It returns whether it took place, or what is to be reported, and
    is safe in every state.

    Attributes:
        value: The state.
        was_open: Whether the link has been open.
        cause: Why the opening was given up, or the error that was reported; "" before.
    """

    __slots__ = ("cause", "value", "was_open")

    def __init__(self) -> None:
        self.value: State = State.CONNECTING
        self.was_open = False
        self.cause = ""

    @property
    def holds_place(self) -> bool:
        """Whether the link counts against the limit: while it is connecting or open."""
        return self.value <= State.OPEN

    @property
    def was_cancelled(self) -> bool:
        """Whether the user has closed the link before it was open."""
        return not self.was_open and self.cause == error_texts.OPENING_CANCELLED

    def refuse(self) -> None:
        """The call that was to make the link is refused, or its loop ends."""
        self.value = State.CLOSED

    def open(self) -> bool:
        """The server has accepted. Returns whether that is to be reported."""
        if self.value is not State.CONNECTING or self.cause:
            return False
        self.value = State.OPEN
        self.was_open = True
        return True

    def give_up(self, cause: str) -> bool:
        """The opening takes too long. Returns whether it is to be stopped."""
        if self.value is not State.CONNECTING or self.cause:
            return False
        self.cause = cause
        return True

    def close(self) -> bool:
        """The user closes the link. Returns whether that is accepted."""
        if self.value > State.OPEN:
            return False
        if self.value is State.CONNECTING:
            self.cause = self.cause or error_texts.OPENING_CANCELLED
        self.value = State.CLOSING
        return True

    def peer_closes(self) -> None:
        """The server's close frame has come."""
        if self.value is State.OPEN:
            self.value = State.CLOSING

    def fail(self, cause: str) -> bool:
        """The server broke the protocol or fell silent. Returns whether to report that now."""
        if self.cause or self.value not in (State.OPEN, State.CLOSING):
            return False
        self.cause = cause
        self.value = State.CLOSING
        return True

    def end(self, frame: CloseFrame | None, cause: str) -> End | None:
        """The connection is gone, or never came about.

        Args:
            frame: The close frame that the server sent, if any.
            cause: The error to report, if this end is one.

        Returns:
            What is to be reported, or None when the end has been reported already.
        """
        before, self.value = self.value, State.CLOSED
        if before is State.CLOSED:
            return None
        if not self.was_open:
            self.cause = self.cause or cause
            return End(self.cause, ABNORMAL)
        if self.cause:
            return End(None, ABNORMAL)  # the error was reported when it happened
        if frame is not None:
            return End(None, frame)
        if before is State.OPEN:
            self.cause = cause
            return End(cause, ABNORMAL)
        return End(None, ABNORMAL)
