"""What every link has behind a task: listeners, a receive buffer, and those who wait for it."""

from __future__ import annotations

import asyncio
from abc import ABCMeta, abstractmethod
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from wxruntime.call import Call
from wxruntime.callbacks import as_coroutine, checked_function, report
from wxruntime.loop_handle import LoopHandle, finish_at_once
from wxruntime.running import running_loop
from wxruntime.websocket.interface import (
    MakesCloseResult,
    MakesErrorResult,
    MakesMessageResult,
    MakesOpenResult,
)
from wxruntime.websocket.listeners import (
    NO_LISTENERS,
    AddedListeners,
    Event,
    Listener,
    Make,
    OtherEvent,
)
from wxruntime.websocket.receive_buffer import ReceiveBuffer
from wxruntime.websocket.state import ABNORMAL, CloseFrame

__all__ = ["LinkBase"]

R = TypeVar("R")
T = TypeVar("T")


class LinkBase(metaclass=ABCMeta):
    """One link, or one logical link over several.

    Args:
        handle: The loop on which it lives; None for one that never begins.
    """

    __slots__ = (
        "__weakref__",
        "_buffer",
        "_close_waiters",
        "_is_over",
        "_listeners",
        "_waiters",
        "close_frame",
        "handle",
        "is_observed",
    )

    def __init__(self, handle: LoopHandle | None) -> None:
        self.handle = handle
        self.close_frame: CloseFrame | None = None
        self.is_observed = False
        """Whether somebody waits for it, and so learns of its end."""
        self._is_over = False  # whether the end has been delivered
        self._listeners = NO_LISTENERS
        self._buffer: ReceiveBuffer | None = None
        self._waiters: set[asyncio.Future[None]] | None = None
        self._close_waiters: list[tuple[Call[Any], Make]] | None = None

    @property
    @abstractmethod
    def is_closed(self) -> bool:
        """Whether it has closed."""

    @property
    def refusal(self) -> str | None:
        """Why the call that was to make it was refused, if it was; who asks has seen it."""
        return None

    @abstractmethod
    def read_or_pause(self) -> None:
        """Pause reading while messages wait for a consumer, and only then.

        Called whenever a listener is added or the state of the buffer changes.
        """

    @property
    @abstractmethod
    def _has_message_listener(self) -> bool:
        """Whether a listener receives the messages."""

    def _is_clogged(self) -> bool:
        """Whether too many messages wait for their consumer."""
        buffer = self._buffer
        return (
            buffer is not None
            and buffer.is_full
            and (buffer.is_consumed or not self._has_message_listener)
        )

    # Listeners.

    def _call_listeners(self, event: OtherEvent, **fields: Any) -> dict[Make, Any]:
        """Call the listeners of an event other than a message.

        Returns:
            What they received, by its constructor: those that share one share the object.
        """
        results: dict[Make, Any] = {}
        for listener, make in self._listeners.others(event):
            if make not in results:
                results[make] = make(**fields)
            self._invoke(listener, results[make])
        return results

    def _invoke(self, listener: Listener, result: Any) -> None:
        """Call a listener, as `LoopHandle.invoke` does."""
        try:
            outcome = listener(result)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:
            self._raised(listener, exc)
            return
        if outcome is not None:
            self._returned(listener, outcome)

    def _raised(self, listener: Listener, exc: BaseException) -> None:
        assert self.handle is not None
        report(listener, exc, self.handle.loop)

    def _returned(self, listener: Listener, outcome: object) -> None:
        assert self.handle is not None
        if (coroutine := as_coroutine(outcome)) is not None:
            self.handle.start(coroutine, listener)

    def _listen(self, event: Event, listener: Listener, make: Make) -> None:
        checked_function(listener)
        if self.handle is not None:
            self.handle.do(lambda: self._add_listener(event, listener, make))

    def _add_listener(self, event: Event, listener: Listener, make: Make) -> None:
        if self._is_over:
            return  # nothing will follow
        if self._listeners is NO_LISTENERS:
            self._listeners = AddedListeners()
        self._listeners.add(event, listener, make)
        if event == "message":
            self.read_or_pause()

    def onOpen(self, listener: Callable[[R], object], make: MakesOpenResult[R]) -> None:
        """Carry out `SocketTask.onOpen`."""
        self._listen("open", listener, make)

    def onMessage(self, listener: Callable[[R], object], make: MakesMessageResult[R]) -> None:
        """Carry out `SocketTask.onMessage`."""
        self._listen("message", listener, make)

    def onError(self, listener: Callable[[R], object], make: MakesErrorResult[R]) -> None:
        """Carry out `SocketTask.onError`."""
        self._listen("error", listener, make)

    def onClose(self, listener: Callable[[R], object], make: MakesCloseResult[R]) -> None:
        """Carry out `SocketTask.onClose`."""
        self._listen("close", listener, make)

    # The end.

    def wait_closed_call(self, make: MakesCloseResult[R]) -> Call[R]:
        """Return a call that succeeds with the close when the link has closed, now or later."""
        call: Call[R] = Call(self.handle)
        self.is_observed = True
        if self.handle is None:
            self._settle_closed(call, make)
        else:
            self.handle.do(lambda: self._settle_closed(call, make))
        return call

    def _settle_closed(self, call: Call[R], make: MakesCloseResult[R]) -> None:
        refusal = self.refusal
        if refusal is not None:
            call.fail(refusal, seen=False)
        elif self._is_over or self.is_closed:
            close = self.close_frame or ABNORMAL
            call.succeed(make(code=close.code, reason=close.reason))
        else:
            self._close_waiters = self._close_waiters or []
            self._close_waiters.append((call, make))

    def _settle_close_waiters(self, close: CloseFrame) -> None:
        waiters, self._close_waiters = self._close_waiters, None
        for call, make in waiters or ():
            call.succeed(make(code=close.code, reason=close.reason))

    # Waiting and receiving.

    def block_on(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait in plain code until a coroutine is done that belongs on the link's loop."""
        return finish_at_once(work) if self.handle is None else self.handle.block_on(work)

    def iterate_plain(self) -> Iterator[str | bytes]:
        """Yield each message in plain code, waiting for it if need be."""
        buffer = self.block_on(self._opened_buffer())
        messages = buffer.iterate()  # as long as it is held, messages are kept
        while len(buffer) or self.block_on(buffer.wait()):
            yield buffer.take()
        del messages

    async def _opened_buffer(self) -> ReceiveBuffer:
        return self.open_buffer()

    def open_buffer(self) -> ReceiveBuffer:
        """Keep messages from now on for whoever takes them one by one."""
        self.is_observed = True
        handle = self.handle
        if handle is not None and not self.is_closed and handle.loop is not running_loop():
            raise RuntimeError("use the link in a coroutine of the loop on which it lives")
        if self._buffer is None:
            # An iteration may be collected on any thread.
            self._buffer = ReceiveBuffer(self._reconsider_reading)
            if self.is_closed:
                self._buffer.end()
        return self._buffer

    def _reconsider_reading(self) -> None:
        if self.handle is not None:
            self.handle.do(self.read_or_pause)

    async def _change(self) -> None:
        """Wait for the link to open or to end."""
        waiter = asyncio.get_running_loop().create_future()
        waiters = self._waiters
        if waiters is None:
            waiters = self._waiters = set()
        waiters.add(waiter)
        try:
            await waiter
        finally:
            waiters.discard(waiter)

    def _notify(self) -> None:
        waiters, self._waiters = self._waiters, None
        for waiter in waiters or ():
            if not waiter.done() and not waiter.get_loop().is_closed():
                waiter.set_result(None)
        if self._buffer is not None and self.is_closed:
            self._buffer.end()
