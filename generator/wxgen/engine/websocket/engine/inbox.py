"""Messages that wait for ``async for``, and the say in whether more are read."""

from __future__ import annotations

import asyncio
import weakref
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

__all__ = ["Inbox"]

# Reading pauses above HIGH waiting messages, or HIGH_SIZE characters or bytes in them, and goes on
# when there are LOW and LOW_SIZE.
HIGH: Final = 16
LOW: Final = 4
HIGH_SIZE: Final = 2**20
LOW_SIZE: Final = 2**18


class Inbox:
    """The messages of one link that its consumer has not taken yet.

    Args:
        changed: Called whenever reading may have to pause or go on.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._waiting: deque[str | bytes] = deque()
        self._size = 0
        self._takers: deque[asyncio.Future[None]] = deque()
        self._ended = False
        self._full = False
        self._iterators: set[weakref.ref[_Messages]] = set()

    @property
    def is_iterated(self) -> bool:
        """Whether an ``async for`` is under way."""
        return bool(self._iterators)

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be read for now."""
        return self._full

    def put(self, message: str | bytes) -> None:
        """Keep a message for the consumer."""
        self._waiting.append(message)
        self._size += len(message)
        self._wake()
        if (len(self._waiting) > HIGH or self._size > HIGH_SIZE) and not self._full:
            self._full = True
            self._changed()

    def end(self) -> None:
        """No message will follow: iterations end when they have taken what is here."""
        self._ended = True
        for taker in self._takers:
            if not taker.done():
                taker.set_result(None)

    def iterate(self) -> AsyncIterator[str | bytes]:
        """Start an iteration. It lasts as long as somebody holds what this returns."""
        messages = _Messages(self)
        self._iterators.add(weakref.ref(messages, self._forget))
        return messages

    async def take(self) -> str | bytes:
        """Return the next message, waiting for it if need be.

        Raises:
            StopAsyncIteration: The link has closed and every message has been taken.
        """
        while not self._waiting:
            if self._ended:
                raise StopAsyncIteration
            taker = asyncio.get_running_loop().create_future()
            self._takers.append(taker)
            try:
                await taker
            finally:
                self._takers.remove(taker)
                if self._waiting:
                    self._wake()  # this one may have been woken, and cancelled
        message = self._waiting.popleft()
        self._size -= len(message)
        if self._full and len(self._waiting) <= LOW and self._size <= LOW_SIZE:
            self._full = False
            self._changed()
        return message

    def _wake(self) -> None:
        for taker in self._takers:
            if not taker.done():
                taker.set_result(None)
                break

    def _forget(self, iterator: weakref.ref[_Messages]) -> None:
        self._iterators.discard(iterator)
        self._changed()


class _Messages(AsyncIterator[str | bytes]):
    """One ``async for``. The inbox knows by its life whether it is still under way."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __anext__(self) -> str | bytes:
        return await self._inbox.take()
