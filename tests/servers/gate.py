"""A one-way signal between threads and event loops, and a thread with an event loop of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds that anything here waits before it is taken for a failure; never part of a passing test."""


class Gate:
    """Opened once, from any thread; waited for in any event loop, or in plain code."""

    def __init__(self, name: str = "gate") -> None:
        self.name = name
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    @property
    def is_open(self) -> bool:
        return self._event.is_set()

    def open(self) -> None:
        with self._lock:
            self._event.set()
            waiters, self._waiters = self._waiters, []
        for loop, future in waiters:
            try:
                loop.call_soon_threadsafe(_resolve, future)
            except RuntimeError:  # that loop has been closed: nobody waits there any more
                pass

    async def wait(self, timeout: float | None = PATIENCE) -> None:
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._event.is_set():
                return
            future: asyncio.Future[None] = loop.create_future()
            self._waiters.append((loop, future))
        try:
            await asyncio.wait_for(future, timeout)
        except TimeoutError:
            raise AssertionError(f"waited {timeout} s in vain for: {self.name}") from None

    def wait_sync(self, timeout: float = PATIENCE) -> None:
        assert self._event.wait(timeout), f"waited {timeout} s in vain for: {self.name}"


async def until(condition: Callable[[], bool], what: str = "a condition") -> None:
    """Wait until a condition holds."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, f"waited in vain for {what}"
        await asyncio.sleep(0.002)


def _resolve(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


class LoopThread:
    """An event loop that runs in a thread of its own until `stop`."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.SelectorEventLoop()  # whatever kind is being tested
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)
        self._thread.start()

    def call(self, coro: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop, and block until it is done."""
        return asyncio.run_coroutine_threadsafe(coro, self.loop).result(PATIENCE)

    def stop(self) -> None:
        """Cancel what still runs, and end the thread."""
        self.call(self._cancel())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the thread of a test server did not end"
        self.loop.close()

    def _main(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def _cancel(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.loop.shutdown_asyncgens()
        for _ in range(5):  # transports that were closed report it in later ticks
            await asyncio.sleep(0)
