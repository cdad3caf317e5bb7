"""The life of a link: its states, and what each transition reports. Knows no network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from . import texts

__all__ = ["ABNORMAL", "CloseFrame", "Ending", "Life", "State"]


class State(IntEnum):
    """The values of `SocketTask.readyState`."""

    CONNECTING = 0
    OPEN = 1
    CLOSING = 2
    CLOSED = 3


@dataclass(frozen=True)
class CloseFrame:
    """The code and reason that end a link."""

    code: int
    reason: str


ABNORMAL = CloseFrame(1006, "abnormal closure")


@dataclass(frozen=True)
class Ending:
    """What the end of a link reports: an error, or none, and then the close."""

    error: str | None
    close: CloseFrame


class Life:
    """The state of one link.

    Every method is a transition. It returns whether it took place, or what is to be reported, and
    is safe in every state.
    """

    __slots__ = ("_cancelled", "_failed", "state", "was_open")

    def __init__(self) -> None:
        self.state: State = State.CONNECTING
        self.was_open: bool = False
        self._cancelled = False
        self._failed = False

    @property
    def holds_place(self) -> bool:
        """Whether the link counts against the limit: while it is connecting or open."""
        return self.state in (State.CONNECTING, State.OPEN)

    def refuse(self) -> None:
        """The call that was to make the link is refused."""
        self.state = State.CLOSED

    def open(self) -> bool:
        """The server has accepted. Returns whether the opening is to be reported."""
        if self.state is not State.CONNECTING:
            return False
        self.state = State.OPEN
        self.was_open = True
        return True

    def close(self) -> bool:
        """The user closes the link. Returns whether that is accepted."""
        if self.state not in (State.CONNECTING, State.OPEN):
            return False
        self._cancelled = self.state is State.CONNECTING
        self.state = State.CLOSING
        return True

    def peer_closes(self) -> None:
        """The server's close frame has come."""
        if self.state is State.OPEN:
            self.state = State.CLOSING

    def fail(self) -> bool:
        """The server broke the protocol or fell silent. Returns whether to report an error now."""
        if self._failed or self.state not in (State.OPEN, State.CLOSING):
            return False
        self._failed = True
        self.state = State.CLOSING
        return True

    def end(self, frame: CloseFrame | None, cause: str) -> Ending | None:
        """The connection is gone, or never came about.

        Args:
            frame: The close frame that the server sent, if any.
            cause: The error to report, if this end is one.

        Returns:
            What is to be reported, or None when the end has been reported already.
        """
        before, self.state = self.state, State.CLOSED
        if before is State.CLOSED:
            return None
        if before is State.CONNECTING or self._cancelled:
            return Ending(texts.OPENING_CANCELLED if self._cancelled else cause, ABNORMAL)
        if self._failed:
            return Ending(None, ABNORMAL)  # the error was reported when it happened
        if frame is not None:
            return Ending(None, frame)
        return Ending(cause if before is State.OPEN else None, ABNORMAL)
