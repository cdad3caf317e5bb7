"""Where code runs: the loops of one namespace object, and the threads that drive them.

In a coroutine everything lives on the running loop. Plain code gets a loop of its own, which stands
still until somebody drives it. This is the only module that knows threads.
"""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import os
import selectors
import sys
import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Final, Protocol, TypeVar

from wxruntime.call import Failure, UnseenFailures
from wxruntime.callbacks import report, run_callback, run_callback_here
from wxruntime.running import running_loop

__all__ = ["FOREVER", "LoopHandle", "Loops", "PlainLoop", "Spot", "Tracked", "finish_at_once"]

A = TypeVar("A")
T = TypeVar("T")

FOREVER: Final = 10**9
"""A time, in seconds, beyond what a clock can hold."""

# How often this process has been forked off: what an earlier count made belongs to a parent.
_generation = 0


def _after_fork() -> None:
    global _generation
    _generation += 1


os.register_at_fork(after_in_child=_after_fork)


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
        self._generation = _generation
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
        return self.loop.is_closed() or self._generation != _generation

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
        if self._generation != _generation:
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


class _ForkAwareSelector(selectors.DefaultSelector):
    """A selector that a forked child does not take from its parent.

    The two share what the kernel watches: what a child's loop lets go of at its end would go deaf in
    the parent.
    """

    def __init__(self) -> None:
        super().__init__()
        self._generation = _generation

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        if self._generation != _generation:
            return self.get_key(fileobj)
        return super().unregister(fileobj)


def _new_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    if type(loop) is not asyncio.SelectorEventLoop:
        return loop  # the user's own choice
    loop.close()
    return asyncio.SelectorEventLoop(_ForkAwareSelector())
