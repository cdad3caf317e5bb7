"""The calls of a link: sending and closing, from any thread."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Final, NamedTuple, TypeVar

from wxruntime.call import Call
from wxruntime.loop_handle import LoopHandle, Spot
from wxruntime.loops import Loops
from wxruntime.running import running_loop
from wxruntime.websocket import answers, arguments, error_texts
from wxruntime.websocket.error_texts import Refused
from wxruntime.websocket.interface import CloseOptions, Limits, MakesErrorResult, SendOptions
from wxruntime.websocket.link_base import LinkBase
from wxruntime.websocket.listeners import ReplacedListeners
from wxruntime.websocket.network import Connection, Network, Settings
from wxruntime.websocket.registry import Registry
from wxruntime.websocket.state import CloseFrame, LinkState, State

__all__ = ["CallableLink", "Shared"]

R = TypeVar("R")

# Enumerations look their members up slowly.
_OPEN: Final = State.OPEN
_SPOT: Final = Spot()


class Shared(NamedTuple):
    """What all links of one namespace share."""

    settings: Settings
    limits: Limits
    network: Network
    listeners: ReplacedListeners
    registry: Registry[Any]
    loops: Loops


class CallableLink(LinkBase):
    """A link with a connection, while there is one, over which its calls are carried out.

    Args:
        shared: What it shares with the other links of its namespace.
        handle: The loop on which it lives; None for one that never begins.
    """

    __slots__ = ("_connection", "_sends", "_shared", "state")

    def __init__(self, shared: Shared | None, handle: LoopHandle | None) -> None:
        super().__init__(handle)
        self.state = LinkState()
        self._shared = shared
        self._connection: Connection | None = None
        self._sends: list[tuple[Call[Any], Any]] | None = None

    @property
    @abstractmethod
    def holds_place(self) -> bool:
        """Whether the link counts against the limit."""

    @abstractmethod
    def shut(self, frame: CloseFrame) -> bool:
        """Close the link. Returns whether that was accepted."""

    def send(self, option: SendOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `SocketTask.send`."""
        return self.submit(option, make, error_texts.TASK_NOT_OPEN)

    @property
    def _place(self) -> Spot:
        """Where its calls are answered."""
        return self.handle or (_SPOT if self._shared is None else self._shared.loops)

    def submit(self, option: SendOptions[R], make: MakesErrorResult[R], not_open: str) -> Call[R]:
        """Send a message, from any thread.

        Args:
            option: The option object.
            make: Makes what the callbacks receive.
            not_open: The text of the failure if the link is not open.

        Returns:
            The call, which is done when the write buffer has room again.
        """
        handle = self.handle
        call: Call[R] = Call(handle)
        message = arguments.message(option)
        if handle is None or running_loop() is handle.loop:
            self.write(call, option, message, make, not_open)
        else:
            handle.do(lambda: self.write(call, option, message, make, not_open))
        return call

    def write(
        self,
        call: Call[R],
        option: SendOptions[R],
        message: str | bytes | Refused,
        make: MakesErrorResult[R],
        not_open: str,
    ) -> None:
        """Send a message whose arguments have been read. To be called on the link's loop.

        Args:
            call: The call to settle.
            option: The option object, for its callbacks.
            message: The message, or why the call is refused.
            make: Makes what the callbacks receive.
            not_open: The text of the failure if the link is not open.
        """
        connection, handle = self._connection, self.handle
        if (
            connection is None
            or handle is None
            or self.state.value is not _OPEN
            or not connection.is_open
            or handle.is_gone
        ):
            answers.fail(self._place, call, option, not_open, make)
            return
        if isinstance(message, str):
            connection.send_text(message)
        elif isinstance(message, bytes):
            connection.send_binary(message)
        else:
            answers.fail(handle, call, option, message.errMsg, make)
            return
        result = answers.succeed(handle, option, make(errMsg=error_texts.SEND_OK))
        if connection.is_full and self._connection is connection:
            self._sends = self._sends or []
            self._sends.append((call, result))
        else:
            call.succeed(result)

    def close(self, option: CloseOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `SocketTask.close`."""
        call: Call[R] = Call(self.handle)
        limit = 0 if self._shared is None else self._shared.limits.max_reason_bytes
        frame = arguments.or_refused(arguments.close_frame, option, limit)
        if self.handle is None:
            self._close(call, option, frame, make)
        else:
            self.handle.do(lambda: self._close(call, option, frame, make))
        return call

    def _close(
        self,
        call: Call[R],
        option: CloseOptions[R],
        frame: CloseFrame | Refused,
        make: MakesErrorResult[R],
    ) -> None:
        handle = self.handle
        if handle is None or not self.holds_place:
            answers.fail(self._place, call, option, error_texts.GONE, make)
        elif isinstance(frame, Refused):
            answers.fail(handle, call, option, frame.errMsg, make)
        else:
            self.shut(frame)
            call.succeed(
                answers.succeed(handle, option, make(errMsg=error_texts.ok(error_texts.CLOSE)))
            )

    def writable(self) -> None:
        """The write buffer has room again, or will never have."""
        sends, self._sends = self._sends, None
        for call, result in sends or ():
            call.succeed(result)
