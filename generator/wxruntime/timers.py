"""Timers as JavaScript has them, on the loops of one namespace object."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any

from wxruntime.callbacks import as_coroutine, checked_function, report
from wxruntime.loop_handle import FOREVER, LoopHandle
from wxruntime.loops import Loops

__all__ = ["Timers"]


class Timers:
    """The pending timers of one namespace object.

    Args:
        loops: Where they run.
    """

    def __init__(self, loops: Loops) -> None:
        self._loops = loops
        self._ids = itertools.count(1)
        self._pending: dict[int, _Timer] = {}

    def set(
        self,
        function: Callable[..., object],
        milliseconds: float,
        arguments: tuple[Any, ...],
        *,
        repeats: bool,
    ) -> int:
        """Start a timer.

        Args:
            function: What is called.
            milliseconds: How long from now; negative is 0.
            arguments: What it is called with.
            repeats: Whether it is called again, that long after each call has ended.

        Returns:
            The timer's id.

        Raises:
            TypeError: The function cannot be called, or the time is no number.
        """
        checked_function(function, "a timer's first argument")
        if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
            raise TypeError(
                f"a timer's milliseconds are a number, not {type(milliseconds).__name__}"
            )
        # Also when it is not a number at all: comparing with NaN is false.
        delay = min(milliseconds / 1000, FOREVER) if milliseconds > 0 else 0.0
        handle = self._loops.find_or_make()
        timer = _Timer(self._pending, next(self._ids), handle, function, arguments, delay, repeats)
        self._pending[timer.id] = timer
        handle.do(timer.start)
        return timer.id

    def clear(self, id: int | None) -> None:
        """Stop a timer. An id of None, or that is gone, is ignored."""
        timer = self._pending.pop(id, None) if id is not None else None
        if timer is not None:
            timer.handle.do(timer.cancel)

    def clear_all(self) -> None:
        """Stop every timer."""
        for id in list(self._pending):
            self.clear(id)


class _Timer:
    """One timer. It is tracked by its loop while it is pending."""

    def __init__(
        self,
        pending: dict[int, _Timer],
        id: int,
        handle: LoopHandle,
        function: Callable[..., object],
        arguments: tuple[Any, ...],
        delay: float,
        repeats: bool,
    ) -> None:
        self.id = id
        self.handle = handle
        self._pending = pending
        self._function = function
        self._arguments = arguments
        self._delay = delay
        self._repeats = repeats
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Wait for the next round, unless the timer has been cleared."""
        if self.id not in self._pending:
            return
        if self.handle.track(self):
            self._timer = self.handle.loop.call_later(self._delay, self._fire)
        else:  # the loop is shutting down
            self._pending.pop(self.id, None)

    def cancel(self) -> None:
        """Wait no longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.handle.untrack(self)

    def abandon(self) -> None:
        """The loop ends."""
        self._pending.pop(self.id, None)
        if self._timer is not None:
            self._timer.cancel()

    async def wait_gone(self) -> None:
        """There is nothing to wait for."""

    def _fire(self) -> None:
        self._timer = None
        if not self._repeats:
            self._pending.pop(self.id, None)
        try:
            outcome = self._function(*self._arguments)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:
            report(self._function, exc, self.handle.loop)
            outcome = None
        coroutine = as_coroutine(outcome) if outcome is not None else None
        if coroutine is None:
            self._end_round()
        else:
            self.handle.start(self._round(coroutine), self._function)

    async def _round(self, coroutine: Coroutine[Any, Any, object]) -> None:
        try:
            await coroutine
        finally:
            self._end_round()

    def _end_round(self) -> None:
        if self._repeats:
            self.start()
        if self._timer is None:
            self.handle.untrack(self)
