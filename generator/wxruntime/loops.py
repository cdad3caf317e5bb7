"""Where code runs: the loops of one namespace object, and the threads that drive them.

In a coroutine everything lives on the running loop. Plain code gets a loop of its own, which stands
still until somebody drives it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from wxruntime.callbacks import run_callback
from wxruntime.failures import Failure, UnseenFailures
from wxruntime.loop_handle import LoopHandle, Spot
from wxruntime.plain_loop import PlainLoop
from wxruntime.running import running_loop

__all__ = ["Loops"]

A = TypeVar("A")


class Loops(Spot):
    """The loops of one namespace object: one for each that its calls were made on.

    Itself the place of calls that are answered before there is a loop.

    Args:
        close_all: Closes what is open, when driving plain code is interrupted.
    """

    def __init__(self, close_all: Callable[[LoopHandle], Coroutine[Any, Any, None]]) -> None:
        self._close_all = close_all
        self._lock = threading.RLock()
        self._handles: tuple[LoopHandle, ...] = ()  # replaced, never changed
        self._unseen = UnseenFailures()

    def invoke(self, callback: Callable[[A], object], result: A) -> None:
        """Run a callback. Its coroutine waits until somebody drives the loop of plain code."""
        coroutine = run_callback(callback, result, None)
        if coroutine is not None:
            handle = self.find_or_make()
            handle.do(lambda: handle.start(coroutine, callback))

    def note_failure(self, failure: Failure) -> None:
        """Remember a failure that nobody has seen yet: it is logged when plain code was driven."""
        self._unseen.add(failure)

    def log_failures(self) -> None:
        """Log each failure that nobody has seen."""
        self._unseen.log()

    @property
    def handles(self) -> tuple[LoopHandle, ...]:
        """The loops that are not closed."""
        return tuple(handle for handle in self._handles if not handle.is_gone)

    @property
    def plain(self) -> PlainLoop | None:
        """The loop of plain code, if there is one."""
        for handle in self._handles:
            if isinstance(handle, PlainLoop) and not handle.is_gone:
                return handle
        return None

    def find(self) -> LoopHandle | None:
        """Find where a call made here and now is to be carried out, if there is such a place."""
        running = running_loop()
        handles = self.handles
        if running is not None:
            for handle in handles:
                if handle.loop is running and not handle.has_ended:
                    return handle
            return None
        # Plain code on a thread beside a running loop is handed to that loop.
        for handle in reversed(handles):
            if handle.loop.is_running() and not handle.has_ended:
                return handle
        return self.plain

    def find_here(self) -> LoopHandle | None:
        """Find where a call that fails is answered: the running loop, or a loop that there is."""
        return self.find() if running_loop() is None else self.find_or_make()

    def find_or_make(self) -> LoopHandle:
        """Find where a call made here and now is to be carried out; make the place if need be."""
        handle = self.find()
        if handle is not None:
            return handle
        with self._lock:
            handle = self.find()
            if handle is not None:
                return handle
            running = running_loop()
            kept = self.handles
            if running is None:
                handle = PlainLoop(self._close_all)
            else:
                # A loop that goes on after its shutdown does not say again that it ends.
                handle = LoopHandle(running, watched=all(old.loop is not running for old in kept))
            self._handles = (*kept, handle)
            return handle

    def release_plain(self) -> None:
        """Let go of the loop of plain code."""
        plain = self.plain
        if plain is not None:
            plain.close()
