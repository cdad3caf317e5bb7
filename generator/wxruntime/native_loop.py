"""An asyncio loop on a native thread, in a process whose standard library gevent has patched.

Greenlets and the coroutines of the loop hand work to each other; neither side polls.
"""

from __future__ import annotations

import asyncio
import atexit
from _queue import Empty, SimpleQueue
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar, cast

import gevent
from gevent.event import AsyncResult
from gevent.monkey import get_original

from wxruntime.callbacks import LOGGER

__all__ = ["GivenUp", "NativeLoop", "native_loop"]

T = TypeVar("T")

# What gevent has put in their place belongs to greenlets, which never run beside asyncio's loop.
_start_thread: Final[Callable[..., int]] = get_original("_thread", "start_new_thread")
_make_selector: Final[Callable[[], Any]] = get_original("selectors", "DefaultSelector")
_resolve: Final[Callable[..., Any]] = get_original("socket", "getaddrinfo")

EXECUTOR_THREADS: Final = 16
# How long the end of the process waits for the loop, in seconds.
CLOSE_TIMEOUT: Final = 5.0
# How long the end of the loop waits for tasks that catch their cancellation, in seconds.
CANCEL_TIMEOUT: Final = 1.0
# For how long actions that can wait are collected, in seconds.
BATCH: Final = 0.05
# How many actions may wait until those who can are to wait, too.
BACKLOG: Final = 200
# After how many actions in a row other greenlets get their turn.
TURN: Final = 200

_loops: Final[list[NativeLoop]] = []


def native_loop() -> NativeLoop:
    """Return the loop of this process; the first call starts it, the end of the process ends it."""
    if not _loops:
        _loops.append(NativeLoop())
        atexit.register(_loops[0].close)
    return _loops[0]


class GivenUp(Exception):
    """A coroutine did not end after its greenlet was killed."""


class NativeLoop:
    """An asyncio loop on a native thread, and the way between it and the greenlets of this thread."""

    def __init__(self) -> None:
        self._posted: deque[Callable[[], object]] = deque()
        self._drainer: gevent.Greenlet | None = None
        self._wake = gevent.get_hub().loop.async_()
        self._timer: asyncio.TimerHandle | None = None
        self._crowd: list[asyncio.Future[None]] = []
        self._waiting = 0
        self._ended: SimpleQueue[None] = SimpleQueue()
        started: SimpleQueue[asyncio.AbstractEventLoop] = SimpleQueue()
        _start_thread(self._main, (started,))
        self.loop = started.get()

    # For greenlets.

    def run(self, work: Coroutine[Any, Any, T], stop_timeout: float) -> T:
        """Run a coroutine on the loop, while this greenlet waits.

        When the greenlet is killed, the coroutine is cancelled, and waited for.

        Args:
            work: The coroutine.
            stop_timeout: How long it may take from then on, in seconds, before it is given up.

        Returns:
            What it returns; what it raises is raised.

        Raises:
            GivenUp: The greenlet was killed, and the coroutine did not end in time.
        """
        outcome: Any = AsyncResult()
        tasks: list[asyncio.Task[T]] = []

        def start() -> None:
            task = self.loop.create_task(work)
            task.add_done_callback(lambda done: self.post(lambda: _settle(outcome, done)))
            tasks.append(task)

        if self._waiting == 0:
            # Only now: an active watcher would keep gevent's loop from ending.
            self._wake.start(self._start_draining)
        self._waiting += 1
        try:
            self.loop.call_soon_threadsafe(start)
            try:
                return cast(T, outcome.get())
            except gevent.GreenletExit:
                self.loop.call_soon_threadsafe(lambda: tasks[0].cancel())
                _wait_ended(outcome, stop_timeout)
                raise
        finally:
            self._waiting -= 1
            if self._waiting == 0:
                self._wake.stop()

    def close(self) -> None:
        """Cancel what still runs, and end the thread, unless something there blocks it."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        try:
            self._ended.get(timeout=CLOSE_TIMEOUT)
        except Empty:
            LOGGER.error("the loop cannot end: something on it blocks")

    # For coroutines.

    def post(self, action: Callable[[], object], *, can_wait: bool = False) -> None:
        """Have a greenlet run an action, after those posted before.

        Args:
            action: The function.
            can_wait: Whether it may be done a little later, in one go with others: to wake the other
                thread costs more than most actions do.
        """
        self._posted.append(action)
        if not can_wait:
            self._wake.send()
        elif self._timer is None:
            self._timer = self.loop.call_later(BATCH, self._wake_late)

    @property
    def is_crowded(self) -> bool:
        """Whether posted actions are done more slowly than they come."""
        return len(self._posted) > BACKLOG

    async def wait_for_room(self) -> None:
        """Wait until most of what was posted is done, so that it cannot pile up without end."""
        while self.is_crowded:
            waiter = self.loop.create_future()
            self._crowd.append(waiter)
            self._wake.send()
            await waiter

    def _admit(self) -> None:
        crowd, self._crowd = self._crowd, []
        for waiter in crowd:
            if not waiter.done():
                waiter.set_result(None)

    def _wake_late(self) -> None:
        self._timer = None
        self._wake.send()

    # Inside.

    def _start_draining(self) -> None:
        # Called by gevent's hub, which must not be held up: an action may block.
        if not self._drainer:
            self._drainer = gevent.spawn(self._drain)

    def _drain(self) -> None:
        count = 0
        while self._posted:
            action = self._posted.popleft()
            try:
                action()
            except Exception:
                LOGGER.exception("an action posted by the loop has failed")
            count += 1
            if count % TURN == 0:
                gevent.sleep(0)
        if self._crowd:
            self.loop.call_soon_threadsafe(self._admit)

    def _main(self, started: SimpleQueue[asyncio.AbstractEventLoop]) -> None:
        """Run the loop: what the native thread does."""
        loop = _Loop()
        loop.call_soon(started.put, loop)
        try:
            loop.run_forever()
            loop.run_until_complete(_cancel_all())
            loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            loop.close()
            self._ended.put(None)


def _settle(outcome: Any, task: asyncio.Task[Any]) -> None:
    if task.cancelled():
        outcome.set_exception(asyncio.CancelledError())
    elif (exc := task.exception()) is not None:
        outcome.set_exception(exc)
    else:
        outcome.set(task.result())


def _wait_ended(outcome: Any, timeout: float) -> None:
    try:
        outcome.get(timeout=timeout)
    except gevent.Timeout:
        raise GivenUp(f"it was stopped, and did not end within {timeout:g} s") from None
    except (Exception, asyncio.CancelledError):
        pass  # how it ended after the kill is of no interest


async def _cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=CANCEL_TIMEOUT)


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose selector, threads and name resolution are the native ones."""

    def __init__(self) -> None:
        super().__init__(_make_selector())
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads = 0

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run a function on a native thread."""
        if executor is not None:
            return super().run_in_executor(executor, func, *args)
        future: asyncio.Future[Any] = self.create_future()
        if self._threads < EXECUTOR_THREADS:
            self._threads += 1
            _start_thread(self._work, ())
        self._jobs.put((future, func, args))
        return future

    async def getaddrinfo(
        self,
        host: Any,
        port: Any,
        *,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        """Resolve a name on a native thread."""
        return await self.run_in_executor(None, _resolve, host, port, family, type, proto, flags)

    def close(self) -> None:
        for _ in range(self._threads):
            self._jobs.put(None)
        super().close()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, func, args = job
            result, failure = None, None
            try:
                result = func(*args)
            except BaseException as exc:
                failure = exc
            try:
                self.call_soon_threadsafe(_finish, future, result, failure)
            except RuntimeError:
                return  # the loop was closed


_Job = tuple["asyncio.Future[Any]", Callable[..., Any], tuple[Any, ...]]


def _finish(future: asyncio.Future[Any], result: object, failure: BaseException | None) -> None:
    if future.cancelled():
        return
    if failure is None:
        future.set_result(result)
    else:
        future.set_exception(failure)
