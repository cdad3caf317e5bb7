"""Messages that wait for ``async for`` or ``receive()``, and the say in whether more are read."""

from __future__ import annotations

import asyncio
import weakref
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

from wxruntime.errors import WxError
from wxruntime.websocket import error_texts

__all__ = ["ReceiveBuffer"]

# Reading pauses above HIGH waiting messages, or HIGH_SIZE characters or bytes in them, and goes on
# when there are LOW and LOW_SIZE.
HIGH: Final = 128
LOW: Final = 32
HIGH_SIZE: Final = 2**20
LOW_SIZE: Final = 2**18


class ReceiveBuffer:
    """The messages of one link that its consumer has not taken yet.

    Args:
        changed: Called whenever reading may have to pause or go on.
    """

    __slots__ = (
        "__weakref__",
        "_changed",
        "_ended",
        "_is_received_from",
        "_iterators",
        "_size",
        "_takers",
        "_waiting",
        "is_consumed",
        "is_full",
    )

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._waiting: deque[str | bytes] = deque()
        self._size = 0
        self._takers: deque[asyncio.Future[None]] = deque()
        self._ended = False
        self._iterators: set[weakref.ref[_Messages]] = set()
        self.is_full = False
        """Whether nothing more should be read for now."""
        self._is_received_from = False
        self.is_consumed = False
        """Whether an ``async for`` is under way, or messages are received one by one."""

    def put(self, message: str | bytes) -> None:
        """Keep a message for the consumer."""
        waiting = len(self._waiting)
        if not waiting and self._takers:
            self._wake()  # who takes a message wakes the next
        self._waiting.append(message)
        self._size += len(message)
        if (waiting >= HIGH or self._size > HIGH_SIZE) and not self.is_full:
            self.is_full = True
            self._changed()

    def receive_from_now_on(self) -> None:
        """Messages are received one by one, until the link closes."""
        self._is_received_from = self.is_consumed = True

    def end(self) -> None:
        """No message will follow: who waits takes what is here, or learns that nothing comes."""
        self._ended = True
        self._changed = _nothing  # it refers to the link
        for taker in self._takers:
            if not taker.done():
                taker.set_result(None)

    def iterate(self) -> _Messages:
        """Start an iteration. It lasts as long as somebody holds what this returns."""
        messages = _Messages(self)
        self._iterators.add(weakref.ref(messages, self._forget))
        self.is_consumed = True
        return messages

    async def receive(self) -> str | bytes:
        """Return the next message, waiting for it if need be.

        Raises:
            WxError: The link has closed and every message has been taken.
        """
        if not await self.wait():
            raise WxError(error_texts.RECEIVE_NOT_CONNECTED)
        return self.take()

    async def wait(self) -> bool:
        """Wait for a message. Returns False if none will come."""
        while not self._waiting:
            if self._ended:
                return False
            taker = asyncio.get_running_loop().create_future()
            self._takers.append(taker)
            try:
                await taker
            finally:
                self._takers.remove(taker)
                if self._waiting:
                    self._wake()  # this one may have been woken, and cancelled
        return True

    def take(self) -> str | bytes:
        """Return the next message, which must be there."""
        message = self._waiting.popleft()
        self._size -= len(message)
        if self.is_full:
            self._taken()
        return message

    def _taken(self) -> None:
        """Go on reading if little is left."""
        if len(self._waiting) <= LOW and self._size <= LOW_SIZE:
            self.is_full = False
            self._changed()

    def __len__(self) -> int:
        return len(self._waiting)

    def _wake(self) -> None:
        for taker in self._takers:
            if not taker.done():
                taker.set_result(None)
                break

    def _forget(self, iterator: weakref.ref[_Messages]) -> None:
        self._iterators.discard(iterator)
        self.is_consumed = self._is_received_from or bool(self._iterators)
        self._changed()


def _nothing() -> None:
    """Nothing is read any more."""


class _Messages(AsyncIterator[str | bytes]):
    """One ``async for``. The buffer knows by its life whether it is still under way."""

    __slots__ = ("__weakref__", "_buffer")

    def __init__(self, buffer: ReceiveBuffer) -> None:
        self._buffer = buffer

    async def __anext__(self) -> str | bytes:
        buffer = self._buffer
        if not buffer._waiting and not await buffer.wait():
            raise StopAsyncIteration
        message = buffer._waiting.popleft()  # as `take`, without the call
        buffer._size -= len(message)
        if buffer.is_full:
            buffer._taken()
        return message
