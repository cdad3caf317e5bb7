"""The states of a link that is opened again when it is lost. Knows no network and no clock."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

from wxruntime.websocket.backoff import Backoff, Delays

__all__ = ["Phase", "ReconnectState", "Verdict"]

M = TypeVar("M")


class Phase(Enum):
    """What is under way."""

    WAITING = "waiting for the next attempt"
    ATTEMPTING = "attempting to open a link"
    OPEN = "a link is open"
    ENDED = "ended"


class Verdict(Enum):
    """What becomes of a message."""

    WRITE = "it is written to the link now"
    QUEUED = "it waits"
    FULL = "too many wait already"
    ENDED = "there will be no link"


class ReconnectState(Generic[M]):
    """The state of one reconnecting socket, and the messages that wait for a link.

    Every method is a transition that is safe in every state; it returns whether it took place, or
    what is to be done.

    Args:
        backoff: How long to wait before each attempt.
        limit: How many messages may wait.
        draw: Draws a number from 0 to 1 at random.
    """

    def __init__(
        self, backoff: Backoff, limit: int, draw: Callable[[], float] = random.random
    ) -> None:
        self.phase = Phase.WAITING
        self.attempts = 0
        """How many attempts there have been."""
        self._steady = backoff.steady
        self._delays = Delays(backoff, draw)
        self._limit = limit
        self._queue: deque[M] = deque()
        self._opened_at = 0.0

    @property
    def has_ended(self) -> bool:
        """Whether there will be no further link."""
        return self.phase is Phase.ENDED

    def attempt(self) -> bool:
        """The time has come. Returns whether an attempt is to be made."""
        if self.phase is not Phase.WAITING:
            return False
        self.phase = Phase.ATTEMPTING
        self.attempts += 1
        return True

    def opened(self, now: float) -> bool:
        """A link has opened. Returns whether it is the one that is wanted."""
        if self.phase is not Phase.ATTEMPTING:
            return False
        self.phase = Phase.OPEN
        self._opened_at = now
        return True

    def lost(self, now: float) -> float | None:
        """The link was lost, or the attempt has failed.

        Returns:
            How long to wait before the next attempt, in seconds; None if there is to be none.
        """
        if self.phase not in (Phase.ATTEMPTING, Phase.OPEN):
            return None
        if self.phase is Phase.OPEN and now - self._opened_at >= self._steady:
            self._delays.restart()
        self.phase = Phase.WAITING
        return self._delays.next()

    def end(self) -> bool:
        """There will be no further link. Returns whether that is new."""
        if self.has_ended:
            return False
        self.phase = Phase.ENDED
        return True

    def submit(self, message: M, *, writable: bool) -> Verdict:
        """Somebody sends a message.

        Args:
            message: The message.
            writable: Whether the link takes messages: one that is open may be closing.

        Returns:
            What becomes of it.
        """
        if self.has_ended:
            return Verdict.ENDED
        if writable and self.phase is Phase.OPEN and not self._queue:
            return Verdict.WRITE
        if len(self._queue) >= self._limit:
            return Verdict.FULL
        self._queue.append(message)
        return Verdict.QUEUED

    def next_to_write(self) -> M | None:
        """Return the next message that waits, to be written to the open link now, if there is one."""
        return self._queue.popleft() if self.phase is Phase.OPEN and self._queue else None

    def next_to_fail(self) -> M | None:
        """Return the next message that will never be written, if there is one."""
        return self._queue.popleft() if self.has_ended and self._queue else None
