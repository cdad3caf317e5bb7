"""The loop of plain code: it stands still until somebody drives it."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from wxruntime.forks import ForkAwareSelector
from wxruntime.loop_handle import LoopHandle, finish_at_once
from wxruntime.running import running_loop

__all__ = ["PlainLoop"]

T = TypeVar("T")


class PlainLoop(LoopHandle):
    """The loop of plain code, which stands still until a thread drives it.

    It belongs to the thread that made it, or drove it last: calls from others wait until it moves,
    unless that thread is gone.

    Args:
        close_all: Closes what is open, when driving is interrupted.
    """

    def __init__(self, close_all: Callable[[LoopHandle], Coroutine[Any, Any, None]]) -> None:
        # Held by whoever touches the loop; reentrant, since a signal handler may make a call.
        self._driver = threading.RLock()
        self._owner = threading.current_thread()
        self._close_all = close_all
        self._main: asyncio.Task[Any] | None = None
        # A factory, so that the thread's current loop stays whatever it was.
        self._runner = asyncio.Runner(loop_factory=_new_loop)
        super().__init__(self._runner.get_loop())
        _plain_loops.add(self)

    def do(self, action: Callable[[], object]) -> None:
        """Run an action where the links live: at once if that is here, else there, in order."""
        if self.is_current():
            action()
            return
        if self._is_owned() and self._driver.acquire(blocking=False):
            try:
                if not self.loop.is_running():
                    self._run_posted()
                    action()
                    return
            finally:
                self._driver.release()
        self._post(action)

    def drive(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the loop until a coroutine is done.

        Ctrl-C, or what else ends the program, closes the links with 1000, lets go of the loop, and
        is raised again.

        Raises:
            RuntimeError: A loop runs in this thread, or another thread drives this one.
        """
        if not self._may_drive():
            work.close()
            raise RuntimeError("another thread drives the links already")
        self._owner = threading.current_thread()
        try:
            return self._runner.run(self._as_main(work))
        except (KeyboardInterrupt, SystemExit):
            if self.is_gone:
                raise  # in a forked child: the links are the parent's
            try:
                if self._main is not None:
                    self._main.cancel()
                self._runner.run(self._close_all(self))
            finally:
                self.close()
            raise
        finally:
            self._main = None
            self._driver.release()

    def block_on(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait in plain code until a coroutine is done, driving the loop if nobody else does."""
        if self.is_gone:
            return finish_at_once(work)
        if self._may_drive():
            try:
                return self.drive(work)
            finally:
                self._driver.release()
        return super().block_on(work)

    def drive_until(self, future: concurrent.futures.Future[Any], timeout: float | None) -> bool:
        if running_loop() is not None or self.is_gone or not self._is_owned():
            return False
        if not self._may_drive():
            return False
        try:
            self.drive(_settled(future, timeout))
        finally:
            self._driver.release()
        return True

    def close(self) -> None:
        """Let go of everything, unless another thread drives the loop."""
        if self.is_gone or sys.is_finalizing():
            return
        if not self._driver.acquire(blocking=False):
            return
        try:
            if self.loop.is_running():
                return
            if running_loop() is None:
                self._close_here()
            else:  # two loops cannot run in one thread
                thread = threading.Thread(target=self._close_here)
                thread.start()
                thread.join()
        finally:
            self._driver.release()

    def _is_owned(self) -> bool:
        """Whether the loop belongs to this thread."""
        return self._owner is threading.current_thread() or not self._owner.is_alive()

    def _may_drive(self) -> bool:
        """Claim the loop for this thread, if nobody drives it."""
        if not self._driver.acquire(blocking=False):
            return False
        if self.loop.is_running():  # by this very thread
            self._driver.release()
            return False
        return True

    async def _as_main(self, work: Coroutine[Any, Any, T]) -> T:
        self._main = asyncio.current_task()
        return await work

    def _close_here(self) -> None:
        self._runner.run(self.end())
        self._runner.close()

    def __del__(self) -> None:
        # What nobody drives to its end still lets go of its sockets.
        if hasattr(self, "loop"):
            self.close()


_plain_loops: Final[weakref.WeakSet[PlainLoop]] = weakref.WeakSet()


@atexit.register
def _close_plain_loops() -> None:
    for plain in list(_plain_loops):
        plain.close()


async def _settled(future: concurrent.futures.Future[Any], timeout: float | None) -> None:
    async with asyncio.timeout(timeout):
        await asyncio.shield(asyncio.wrap_future(future))  # who gives up waiting undoes nothing


def _new_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    if type(loop) is not asyncio.SelectorEventLoop:
        return loop  # the user's own choice
    loop.close()
    return asyncio.SelectorEventLoop(ForkAwareSelector())
