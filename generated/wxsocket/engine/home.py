# Emitted by wxgen 0.1.0 from its own engine/home.py for websocket.yaml (sha256 192592bbddd8c29d). Do not edit; run: wxgen generate
"""Where links live: one loop, and the thread that drives it."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Protocol, TypeVar

from ..callbacks import report, run_callback
from ..calls import Call
from .checks import FOREVER

__all__ = ["Home", "Resident"]

A = TypeVar("A")


class Resident(Protocol):
    """What a home keeps alive, and ends when its loop ends."""

    def abandon(self) -> None:
        """Let go of the network at once, and report nothing."""

    async def wait_gone(self) -> None:
        """Wait until the network has been let go of."""


class Home:
    """The loop on which links live.

    Args:
        loop: The loop. It need not be running yet.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._thread = threading.get_ident()
        self._residents: set[Resident] = set()
        self._tasks: dict[asyncio.Task[object], object] = {}
        self._posted: deque[Callable[[], object]] = deque()
        self._ended = False
        self._lock = threading.Lock()  # between handing over an action and the end
        self._failures: weakref.WeakSet[Call[Any]] = weakref.WeakSet()
        self._idle: asyncio.Future[None] | None = None
        self._watch: AsyncGenerator[None] | None = None

    # Where code runs.

    @property
    def is_here(self) -> bool:
        """Whether the current code runs where the links live, and so may touch them."""
        running = asyncio._get_running_loop()
        if running is self.loop:
            return True
        if self.loop.is_closed():
            return True  # nothing can be harmed any more
        return threading.get_ident() == self._thread and not self.loop.is_running()

    def adopt(self) -> None:
        """Make the current thread the one that drives the loop."""
        self._thread = threading.get_ident()

    def do(self, action: Callable[[], object]) -> None:
        """Run an action where the links live: at once if that is here, else there, in order."""
        if self.is_here:
            action()
            return
        with self._lock:
            ended = self._ended
            if not ended:
                self._posted.append(action)
        if ended:  # there is nothing left that another thread could harm
            action()
            return
        try:
            self.loop.call_soon_threadsafe(self._run_posted)
        except RuntimeError:  # the loop was closed meanwhile
            self._run_posted()

    def rescue(self) -> None:
        """Carry out what was handed to a loop that was closed before it came to it."""
        if self.loop.is_closed():
            self._run_posted()

    def _run_posted(self) -> None:
        while True:
            try:
                action = self._posted.popleft()
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
            self._start(coroutine, callback)

    def _start(self, coroutine: Coroutine[Any, Any, object], callback: object) -> None:
        loop: asyncio.AbstractEventLoop | None = self.loop
        if self.loop.is_closed() or not self.is_here:
            # The loop is gone, or going: the callback runs where the call was made.
            loop = asyncio._get_running_loop()
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

    def move_in(self, resident: Resident) -> bool:
        """Keep a link alive until it moves out, or the loop ends. Returns whether that is ahead."""
        if self._ended:
            return False
        self._residents.add(resident)
        self._watch_loop()
        return True

    def move_out(self, resident: Resident) -> None:
        """Let go of a link that has ended."""
        self._residents.discard(resident)
        self._check_idle()

    def note_failure(self, call: Call[Any]) -> None:
        """Remember a failed call that nobody has seen yet: it is logged when the loop ends."""
        self._failures.add(call)
        self._watch_loop()

    async def drive(self, timeout: float | None) -> None:
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
        busy = self._residents or self._tasks or self._posted
        if self._idle is not None and not busy and not self._idle.done():
            self._idle.set_result(None)

    # The end of the loop.

    def _watch_loop(self) -> None:
        """Arrange for :meth:`end` to run when the running loop is shut down.

        An asynchronous generator that is left open is closed by the loop's ``shutdown_asyncgens``,
        which ``asyncio.run`` calls. It is no task, so it shows up nowhere until then.
        """
        if self._watch is not None or asyncio._get_running_loop() is not self.loop:
            return
        self._watch = self._until_loop_ends()
        try:
            self._watch.asend(None).send(None)
        except StopIteration:
            pass

    async def _until_loop_ends(self) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await self.end()

    async def end(self) -> None:
        """Let go of everything, report nothing but failures that nobody saw."""
        with self._lock:
            self._ended = True
        residents = list(self._residents)
        for resident in residents:
            resident.abandon()
        for resident in residents:
            await resident.wait_gone()
        self._residents.clear()
        self._run_posted()
        self.log_failures()

    def log_failures(self) -> None:
        """Log each failed call that nobody has seen."""
        for call in list(self._failures):
            call.log_if_unseen()
        self._failures.clear()
