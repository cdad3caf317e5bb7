"""How long to wait before a lost link is opened again. Knows no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

from wxruntime.loop_handle import FOREVER

__all__ = ["Backoff", "Delays", "checked_seconds"]


@dataclass(frozen=True)
class Backoff:
    """How long a `ReconnectingSocket` waits before each new attempt.

    The first wait is ``initial``, and each further one ``factor`` times as long, up to ``maximum``.
    It starts again at ``initial`` only after a link was open for ``steady`` seconds, so that a server
    that accepts and closes at once is not called again and again without a pause.

    Args:
        initial: The first delay, in seconds. Default: 1.
        factor: What the delay is multiplied with after each attempt, at least 1. Default: 2.
        maximum: The longest delay, in seconds, before it is spread. Default: 30.
        jitter: How far each delay is spread at random, so that clients do not all come back at
            once: it is drawn from ``delay * (1 - jitter)`` to ``delay * (1 + jitter)``. From 0 to 1.
            Default: 0.2.
        steady: How long a link must have been open for the delay to start again, in seconds.
            Default: 5.

    Raises:
        ValueError: A number is out of its range.
    """

    initial: float = 1.0
    factor: float = 2.0
    maximum: float = 30.0
    jitter: float = 0.2
    steady: float = 5.0

    def __post_init__(self) -> None:
        checked_seconds("initial", self.initial)
        checked_seconds("maximum", self.maximum)
        checked_seconds("steady", self.steady)
        if not _is_number(self.factor) or not 1 <= self.factor <= FOREVER:
            raise ValueError(f"factor is a number from 1 on, not {self.factor!r}")
        if not _is_number(self.jitter) or not 0 <= self.jitter <= 1:
            raise ValueError(f"jitter is a number from 0 to 1, not {self.jitter!r}")


class Delays:
    """The delays of one socket, one after the other.

    Args:
        backoff: How they grow.
        draw: Draws a number from 0 to 1 at random.
    """

    def __init__(self, backoff: Backoff, draw: Callable[[], float]) -> None:
        self._backoff = backoff
        self._draw = draw
        self.restart()

    def restart(self) -> None:
        """Start again at the first delay."""
        self._delay = min(self._backoff.initial, self._backoff.maximum)

    def next(self) -> float:
        """Return the next delay, in seconds."""
        backoff, delay = self._backoff, self._delay
        self._delay = min(delay * backoff.factor, backoff.maximum)
        return max(0.0, delay * (1 + backoff.jitter * (2 * self._draw() - 1)))


def checked_seconds(name: str, value: object, *, positive: bool = False) -> None:
    """Check a time.

    Args:
        name: What it is given as, for the message.
        value: The time, in seconds.
        positive: Whether it has to be above 0.

    Raises:
        ValueError: It is none.
    """
    if not _is_number(value) or not 0 <= value <= FOREVER or (positive and not value):
        kind = "a positive number" if positive else "a number"
        raise ValueError(f"{name} is {kind} of seconds, not {value!r}")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
