"""What stands behind a `SocketTask`: one link, or one that is opened again when it is lost."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Protocol, TypeVar

from wxruntime.call import Call
from wxruntime.websocket.interface import (
    CloseOptions,
    MakesCloseResult,
    MakesErrorResult,
    MakesMessageResult,
    MakesOpenResult,
    SendOptions,
)
from wxruntime.websocket.receive_buffer import ReceiveBuffer
from wxruntime.websocket.state import CloseFrame, State

__all__ = ["TaskLink"]

R = TypeVar("R")
T = TypeVar("T")


class TaskLink(Protocol):
    """A link, as the classes that the user sees work with it."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def protocol(self) -> str:
        """The subprotocol that the server chose, or ""."""

    @property
    def close_frame(self) -> CloseFrame | None:
        """What listeners for the close received, None before."""

    @property
    def ready_state(self) -> State:
        """Its state."""

    @property
    def buffered(self) -> int:
        """How many bytes were sent that the kernel has not taken yet."""

    def send(self, option: SendOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `SocketTask.send`."""

    def close(self, option: CloseOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `SocketTask.close`."""

    def onOpen(self, listener: Callable[[R], object], make: MakesOpenResult[R]) -> None:
        """Carry out `SocketTask.onOpen`."""

    def onMessage(self, listener: Callable[[R], object], make: MakesMessageResult[R]) -> None:
        """Carry out `SocketTask.onMessage`."""

    def onError(self, listener: Callable[[R], object], make: MakesErrorResult[R]) -> None:
        """Carry out `SocketTask.onError`."""

    def onClose(self, listener: Callable[[R], object], make: MakesCloseResult[R]) -> None:
        """Carry out `SocketTask.onClose`."""

    def wait_closed_call(self, make: MakesCloseResult[R]) -> Call[R]:
        """Return a call that succeeds with the close when the link has closed, now or later."""

    async def enter(self) -> None:
        """Wait until it is open."""

    async def leave(self) -> None:
        """Close it with 1000, and wait until it has closed."""

    def block_on(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait in plain code until a coroutine is done that belongs on the link's loop."""

    def open_buffer(self) -> ReceiveBuffer:
        """Keep messages from now on for whoever takes them one by one."""

    def iterate_plain(self) -> Iterator[str | bytes]:
        """Yield each message in plain code, waiting for it if need be."""
