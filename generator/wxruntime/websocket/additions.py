"""What the bindings add to the documented classes, for use from Python: their base classes."""

from __future__ import annotations

import ssl as ssl_module
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from wxruntime.call import Call
from wxruntime.callbacks import checked_function
from wxruntime.loop_handle import FOREVER
from wxruntime.running import running_loop
from wxruntime.websocket.engine import Engine
from wxruntime.websocket.interface import Limits, MakesCloseResult
from wxruntime.websocket.link import Link
from wxruntime.websocket.network import Network, Settings
from wxruntime.websocket.task_link import TaskLink

if TYPE_CHECKING:
    from wxruntime.websocket.trace import TraceRecord

__all__ = ["SocketTaskAdditions", "WxAdditions"]

W = TypeVar("W", bound="WxAdditions")
T = TypeVar("T", bound="SocketTaskAdditions[Any]")
C = TypeVar("C")


class WxAdditions:
    """What `Wx` has beside the documented functions.

    A mini program of its own: its own links, its own limit, its own listeners. In a coroutine its
    links live on the running loop. In plain code nothing moves until `run`, or a link is used with
    ``with`` and ``for``.

    The proxies that the environment names are used, as the websockets library does.

    Args:
        sdk_version: The base library version to behave as: "latest", or three numbers such as
            "1.4.0". Below 1.5.0 there is one link at a time.
        ssl: The TLS context for wss addresses. Default: the system's certificates.
        max_message_size: The largest message accepted, in bytes. Default: 16 MiB.
        ping_interval: The time between keepalive pings, in seconds; None sends none. Default: 20.
        ping_timeout: How long a pong may take, in seconds. Default: 20.
        close_timeout: How long the server may take to answer a close, in seconds. Default: 10.
        network: What opens connections: a `FakeServer` in tests. Default: the real network.
        trace: Called with a `TraceRecord` for every call, event and frame, on the loop of the link.
            What it raises is reported as for listeners. Frames are those of the real network.

    Raises:
        TypeError: ``ssl`` is no context, or ``trace`` cannot be called.
        ValueError: ``sdk_version`` is no version, or a size or time is no positive number.
    """

    _limits: ClassVar[Limits]

    def __init__(
        self,
        *,
        sdk_version: str = "latest",
        ssl: ssl_module.SSLContext | None = None,
        max_message_size: int = 16 * 2**20,
        ping_interval: float | None = 20.0,
        ping_timeout: float = 20.0,
        close_timeout: float = 10.0,
        network: Network | None = None,
        trace: Callable[[TraceRecord], object] | None = None,
    ) -> None:
        if ssl is not None and not isinstance(ssl, ssl_module.SSLContext):
            raise TypeError(f"ssl is an ssl.SSLContext, not {type(ssl).__name__}")
        if not isinstance(max_message_size, int) or max_message_size < 1:
            raise ValueError(f"max_message_size is a number of bytes, not {max_message_size!r}")
        if ping_interval is not None:
            _check_seconds("ping_interval", ping_interval)
        _check_seconds("ping_timeout", ping_timeout)
        _check_seconds("close_timeout", close_timeout)
        settings = Settings(ssl, max_message_size, ping_interval, ping_timeout, close_timeout)
        wrap = None
        if trace is not None:
            checked_function(trace, "trace")
            from wxruntime.websocket.trace import TracedEngine
            from wxruntime.websocket.wiretap import wiretap

            wrap = wiretap
        if network is None:
            from wxruntime.websocket.real_network import WebsocketsNetwork

            network = WebsocketsNetwork(wrap)
        self._engine = (
            Engine(settings, self._limits, sdk_version, network)
            if trace is None
            else TracedEngine(settings, self._limits, sdk_version, network, trace)
        )

    def __repr__(self) -> str:
        count = len(self._engine.links)
        return f"<{type(self).__name__} {count} link{'' if count == 1 else 's'}>"

    def run(self, timeout: float | None = None) -> None:
        """Drive this `Wx` from plain code, until every link has closed and every callback has run.

        Ctrl-C closes the links with 1000 and is raised again.

        Args:
            timeout: How long to drive it, in seconds. Default: as long as it takes.

        Raises:
            TimeoutError: There was more to do after ``timeout``. The links stay as they are, and
                ``run`` can be called again.
            RuntimeError: A loop is running in this thread already, or the links live on that of
                another thread: it drives them.
        """
        self._engine.run(timeout)

    def setTimeout(
        self, function: Callable[..., object], milliseconds: float = 0, *arguments: Any
    ) -> int:
        """Call a function later, once. A pending timer keeps `run` going.

        What the function raises is reported as for listeners; an ``async def`` function runs as a
        task. Cleared at the end of ``async with Wx()``, of ``with Wx()``, and of the loop.

        Args:
            function: What is called.
            milliseconds: How long from now. Default: 0; negative is 0.
            *arguments: What it is called with.

        Returns:
            The timer's id, for `clearTimeout`.

        Raises:
            TypeError: The function cannot be called, or the time is no number.
        """
        return self._engine.timers.set(function, milliseconds, arguments, repeats=False)

    def setInterval(
        self, function: Callable[..., object], milliseconds: float = 0, *arguments: Any
    ) -> int:
        """Call a function again and again. Else as `setTimeout`.

        Rounds never overlap or queue up: the next one is due ``milliseconds`` after the last one has
        ended.

        Args:
            function: What is called.
            milliseconds: How long from now, and from the end of each round. Default: 0.
            *arguments: What it is called with.

        Returns:
            The timer's id, for `clearInterval`.

        Raises:
            TypeError: The function cannot be called, or the time is no number.
        """
        return self._engine.timers.set(function, milliseconds, arguments, repeats=True)

    def clearTimeout(self, id: int | None = None) -> None:
        """Stop a timer of either kind.

        Args:
            id: What `setTimeout` or `setInterval` returned. None, or one that is gone, is ignored.
        """
        self._engine.timers.clear(id)

    def clearInterval(self, id: int | None = None) -> None:
        """Stop a timer of either kind.

        Args:
            id: What `setTimeout` or `setInterval` returned. None, or one that is gone, is ignored.
        """
        self._engine.timers.clear(id)

    def close(self) -> None:
        """Close what is open, with 1000, in plain code: drives the loop until that is done.

        Lets go of the loop then. Also done at the end of ``with Wx() as app:``.

        Raises:
            RuntimeError: A loop is running in this thread: use ``async with Wx() as app:``.
        """
        _check_plain("async with Wx() as app")
        self._engine.close()

    def __enter__(self: W) -> W:
        """Begin a block of plain code that closes what is open at its end.

        Raises:
            RuntimeError: A loop is running in this thread: use ``async with``.
        """
        _check_plain("async with")
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._engine.close()

    async def __aenter__(self: W) -> W:
        """Begin a block that closes what is still open at its end, with 1000."""
        self._engine.loops.find_or_make()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._engine.close_all(self._engine.loops.find_or_make())


class SocketTaskAdditions(Generic[C]):
    """What `SocketTask` has beside the documented methods."""

    _close_result: MakesCloseResult[C]

    def __init__(self, link: TaskLink | None = None) -> None:
        self._link: TaskLink = link if link is not None else Link(None, None, "")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._link!r}>"

    # What it is like.

    @property
    def readyState(self) -> int:
        """The state of the link: 0 connecting, 1 open, 2 closing, 3 closed."""
        return int(self._link.ready_state)

    @property
    def url(self) -> str:
        """The address as it is used, user and password included; of a refused call what was given."""
        return self._link.url

    @property
    def protocol(self) -> str:
        """The subprotocol that the server chose; "" before, or if it chose none."""
        return self._link.protocol

    @property
    def bufferedAmount(self) -> int:
        """How many bytes were sent that the kernel has not taken yet."""
        return self._link.buffered

    @property
    def closeCode(self) -> int | None:
        """The code that `onClose` listeners received, None before."""
        close = self._link.close_frame
        return None if close is None else close.code

    @property
    def closeReason(self) -> str | None:
        """The reason that `onClose` listeners received, None before."""
        close = self._link.close_frame
        return None if close is None else close.reason

    # Waiting and receiving.

    def waitClosed(self) -> Call[C]:
        """Wait until the link has closed; it may have closed already.

        Returns:
            A call to await, or to ask for its ``result()`` in plain code, for what `onClose`
            listeners receive.

        Raises:
            WxError: When awaited: the call that was to make the link was refused.
        """
        return self._link.wait_closed_call(self._close_result)

    def receive(self) -> Coroutine[Any, Any, str | bytes]:
        """Wait for the next message.

        Messages come in order, each to one taker; ``async for`` takes from the same buffer. One that
        is cancelled or timed out loses nothing. From the first call on messages are kept for it, and
        reading pauses while too many wait.

        Returns:
            A coroutine for the message: a `str`, or `bytes` if it is binary.

        Raises:
            WxError: When awaited: the link has closed, and every message has been taken.
        """
        buffer = self._link.open_buffer()
        buffer.receive_from_now_on()
        return buffer.receive()

    async def __aenter__(self: T) -> T:
        """Wait until the link is open. It is closed with 1000 at the end of the block.

        Raises:
            WxError: It could not be opened.
        """
        await self._link.enter()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._link.leave()

    def __aiter__(self) -> AsyncIterator[str | bytes]:
        """Yield each message, until the link has closed.

        While the body is slow, nothing more is read from the server.
        """
        return self._link.open_buffer().iterate()

    # The blocking twins, for plain code.

    def __enter__(self: T) -> T:
        """Drive the loop until the link is open. It is closed with 1000 at the end of the block.

        Raises:
            WxError: It could not be opened.
            RuntimeError: A loop is running in this thread: use ``async with``.
        """
        _check_plain("async with")
        self._link.block_on(self._link.enter())
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._link.block_on(self._link.leave())

    def __iter__(self) -> Iterator[str | bytes]:
        """Yield each message, driving the loop while waiting, until the link has closed.

        Raises:
            RuntimeError: A loop is running in this thread: use ``async for``.
        """
        _check_plain("async for")
        return self._link.iterate_plain()


def _check_plain(instead: str) -> None:
    if running_loop() is not None:
        raise RuntimeError(f"a loop is running in this thread: use {instead!r}")


def _check_seconds(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= FOREVER:
        raise ValueError(f"{name} is a positive number of seconds, not {value!r}")
