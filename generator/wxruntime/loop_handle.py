"""A loop on which links live, and what is under way on it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Final, Protocol, TypeVar

from wxruntime.callbacks import report, run_callback, run_callback_here
from wxruntime.failures import Failure, UnseenFailures
from wxruntime.forks import generation
from wxruntime.running import running_loop

__all__ = ["FOREVER", "LoopHandle", "Spot", "Tracked", "finish_at_once"]

A = TypeVar("A")
T = TypeVar("T")

FOREVER: Final = 10**9
"""A time, in seconds, beyond what a clock can hold."""


class Tracked(Protocol):
    """What a loop handle keeps alive, and ends when its loop ends."""

    def abandon(self) -> None:
        """Let go of everything at once, and report nothing."""

    async def wait_gone(self) -> None:
        """Wait until everything has been let go of."""


class Spot:
    """Here and now: where a call is answered that needs no loop."""

    def invoke(self, callback: Callable[[A], object], result: A) -> None:
        """Run a callback."""
        run_callback_here(callback, result)

    def note_failure(self, failure: Failure) -> None:
        """Remember a failure that nobody has seen yet."""


class LoopHandle(Spot):
    """A loop on which links live, and what is under way on it.

    Args:
        loop: The loop. It need not be running yet.
        watched: Whether to notice the end of the loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, watched: bool = True) -> None:
        self.loop = loop
        self.has_ended = False
        self._generation = generation()
        self._thread = threading.get_ident()
        self._tracked: set[Tracked] = set()
        self._tasks: dict[asyncio.Task[object], object] = {}
        self._posted: list[Callable[[], object]] = []
        self._unseen = UnseenFailures()
        self._idle: asyncio.Future[None] | None = None
        self._watch: AsyncGenerator[None] | None = None
        self._watched = watched

    # Where code runs.

    def is_current(self) -> bool:
        """Whether the loop is the one that runs in this thread."""
        return running_loop() is self.loop

    @property
    def is_gone(self) -> bool:
        """Whether nothing can happen here any more: the loop is closed, or a parent process's."""
        return self.loop.is_closed() or self._generation != generation()

    def do(self, action: Callable[[], object]) -> None:
        """Run an action where the links live: at once if that is here, else there, in order."""
        here = self.is_current() or (
            threading.get_ident() == self._thread and not self.loop.is_running()
        )
        if here:
            action()
        else:
            self._post(action)

    def _post(self, action: Callable[[], object]) -> None:
        self._posted.append(action)
        try:
            if not self.has_ended:
                self.loop.call_soon_threadsafe(self._run_posted)
                return
        except RuntimeError:  # the loop was closed
            pass
        self._run_posted()  # nothing is left that another thread could harm

    def rescue(self) -> None:
        """Carry out what was handed to a loop that was closed before it came to it.

        What lived there is abandoned, so that nobody waits for it any longer.
        """
        if self.is_gone:
            self._run_posted()
            tracked, self._tracked = self._tracked, set()
            for one in tracked:
                one.abandon()

    def drive_until(self, future: concurrent.futures.Future[Any], timeout: float | None) -> bool:
        """Drive the loop until a future is done, if this is plain code and nobody else drives it.

        Returns:
            Whether the loop was driven; else the caller has to wait.
        """
        return False

    def block_on(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait in plain code until a coroutine is done that belongs on the loop."""
        if self.is_gone:
            return finish_at_once(work)
        if not self.loop.is_running() and running_loop() is None:
            return self.loop.run_until_complete(work)  # it stands between two runs
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def _run_posted(self) -> None:
        while True:
            try:
                action = self._posted.pop(0)
            except IndexError:
                break
            action()
        self._check_idle()

    # Callbacks.

    def invoke(self, callback: Callable[[A], object], result: A) -> None:
        """Run a callback or listener. A coroutine that it returns is run as a task.

        Args:
            callback: The function; what it raises goes to the loop's exception handler.
            result: Its argument.
        """
        coroutine = run_callback(callback, result, self.loop)
        if coroutine is not None:
            self.start(coroutine, callback)

    def start(self, coroutine: Coroutine[Any, Any, object], callback: object) -> None:
        """Run a callback's coroutine as a task; what it raises is reported likewise.

        Args:
            coroutine: The coroutine.
            callback: The function that returned it, for the report.
        """
        running = running_loop()
        loop: asyncio.AbstractEventLoop | None = self.loop
        if self.loop.is_closed() or (running is not self.loop and self.loop.is_running()):
            # The loop is gone, or going: the callback runs where the call was made.
            loop = running
        if loop is None:
            coroutine.close()
            report(callback, RuntimeError("no loop is left to run the coroutine"), None)
            return
        task = loop.create_task(coroutine)
        self._tasks[task] = callback
        task.add_done_callback(self._task_done)

    def _task_done(self, task: asyncio.Task[object]) -> None:
        callback = self._tasks.pop(task)
        exc: BaseException | None
        if task.cancelled():
            # Unless somebody cancelled the task, its coroutine raised this by itself.
            exc = None if task.cancelling() else asyncio.CancelledError()
        else:
            exc = task.exception()
        if exc is not None:
            report(callback, exc, task.get_loop())
        self._check_idle()

    # What there is to wait for.

    def track(self, tracked: Tracked) -> bool:
        """Keep something alive until it is untracked, or the loop ends.

        Returns:
            Whether that is ahead; the loop may be shutting down already.
        """
        if self.has_ended:
            return False
        self._tracked.add(tracked)
        self._watch_loop()
        return True

    def untrack(self, tracked: Tracked) -> None:
        """Let go of something that has ended."""
        self._tracked.discard(tracked)
        self._check_idle()

    def note_failure(self, failure: Failure) -> None:
        """Remember a failure that nobody has seen yet: it is logged when the loop ends."""
        self._unseen.add(failure)
        self._watch_loop()

    async def wait_idle(self, timeout: float | None) -> None:
        """Wait until there is nothing left to do.

        Args:
            timeout: How long to wait, in seconds.

        Raises:
            TimeoutError: There was more to do.
        """
        self._idle = self.loop.create_future()
        self._check_idle()
        try:
            async with asyncio.timeout(None if timeout is None else min(timeout, FOREVER)):
                await self._idle
        except TimeoutError:
            raise TimeoutError(f"links or callbacks are still active after {timeout} s") from None
        finally:
            self._idle = None

    def _check_idle(self) -> None:
        busy = self._tracked or self._tasks or self._posted
        if self._idle is not None and not busy and not self._idle.done():
            self._idle.set_result(None)

    # The end of the loop.

    def _watch_loop(self) -> None:
        """Arrange for :meth:`end` to run when the running loop is shut down.

        An asynchronous generator that is left open is closed by the loop's ``shutdown_asyncgens``,
        which ``asyncio.run`` calls. It is no task, so it shows up nowhere until then.
        """
        if not self._watched or self._watch is not None or not self.is_current():
            return
        self._watch = _until_loop_ends(self)
        try:
            self._watch.asend(None).send(None)
        except (StopIteration, ResourceWarning):  # the latter: the shutdown is over already
            pass

    async def end(self) -> None:
        """Let go of everything; report nothing but failures that nobody saw."""
        if self._generation != generation():
            return  # what there is belongs to the parent process
        self.has_ended = True
        tracked = list(self._tracked)
        for one in tracked:
            one.abandon()
        for one in tracked:
            await one.wait_gone()
        self._tracked.clear()
        self._run_posted()
        self._unseen.log()


def finish_at_once(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that has nothing to wait for, as when its loop is closed."""
    try:
        work.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    work.close()
    raise RuntimeError("the loop is closed")


async def _until_loop_ends(handle: LoopHandle) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await handle.end()
