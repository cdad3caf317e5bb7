"""Keepalive: pings at regular intervals, and the judgement that no pong came in time."""

from __future__ import annotations

import asyncio
import os
from typing import Final, Protocol

__all__ = ["Keepalive", "Pinged"]

# What the kernel holds already is read before anybody is called silent: as long as something is
# read within so many seconds, the pong may be behind it.
_GRACE: Final = 0.05


class Pinged(Protocol):
    """A connection, as far as its keepalive needs to know."""

    @property
    def reads(self) -> int:
        """How often something has been read from it."""

    def send_ping(self, payload: bytes) -> None:
        """Send a ping."""

    def fall_silent(self) -> None:
        """No pong came in time."""


class Keepalive:
    """Pings a connection, and calls it silent when no pong comes in time.

    Timers instead of a task: a link that is open costs nothing until one of them is due.

    Args:
        loop: The loop of the connection.
        connection: The connection.
        interval: The time between pings, in seconds; None sends none.
        timeout: How long a pong may take, in seconds.
    """

    __slots__ = (
        "_awaited",
        "_connection",
        "_deadline",
        "_interval",
        "_loop",
        "_next",
        "_paused",
        "_reads",
        "_timeout",
        "_timer",
        "_was_paused",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        connection: Pinged,
        interval: float | None,
        timeout: float,
    ) -> None:
        self._loop = loop
        self._connection: Pinged | None = connection
        self._interval = interval
        self._timeout = timeout
        self._timer: asyncio.TimerHandle | None = None
        self._awaited: bytes | None = None
        self._next = 0.0
        self._deadline = 0.0
        self._reads = 0
        self._paused = False
        self._was_paused = False

    def start(self) -> None:
        """Send the first ping an interval from now."""
        if self._interval is not None and self._connection is not None:
            self._timer = self._loop.call_later(self._interval, self._send)

    def stop(self) -> None:
        """Send no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._connection = None

    def pong(self, payload: bytes) -> None:
        """A pong has come."""
        if payload != self._awaited or self._timer is None:
            return
        self._awaited = None
        self._timer.cancel()
        self._timer = self._loop.call_at(self._next, self._send)

    def reading_pauses(self) -> None:
        """From now on a pong would not be read."""
        self._paused = self._was_paused = True

    def reading_resumes(self) -> None:
        """From now on a pong would be read."""
        self._paused = False

    def _send(self) -> None:
        if self._connection is None or self._interval is None:
            return
        self._awaited = os.urandom(4)
        self._was_paused = self._paused
        self._next = self._loop.time() + self._interval
        self._timer = self._loop.call_later(self._timeout, self._judge)
        self._connection.send_ping(self._awaited)

    def _judge(self) -> None:
        """The time is over: see what is still unread."""
        if self._connection is None:
            return
        if self._was_paused:
            # The pong may wait unread: give it the whole time again.
            self._was_paused = self._paused
            self._timer = self._loop.call_later(self._timeout, self._judge)
            return
        # The loop may have been busy elsewhere, and the pong be there already.
        self._deadline = self._loop.time() + self._timeout
        self._look_again()

    def _look_again(self) -> None:
        if self._connection is not None:
            self._reads = self._connection.reads
            self._timer = self._loop.call_later(_GRACE, self._judge_finally)

    def _judge_finally(self) -> None:
        if self._connection is None:
            return
        if self._was_paused:
            self._judge()
        elif self._connection.reads != self._reads and self._loop.time() < self._deadline:
            self._look_again()
        else:
            self._connection.fall_silent()
