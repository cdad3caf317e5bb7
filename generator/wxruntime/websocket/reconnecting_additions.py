"""The base class of the emitted `ReconnectingSocket`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from wxruntime.callbacks import checked_function
from wxruntime.websocket.additions import SocketTaskAdditions, WxAdditions
from wxruntime.websocket.backoff import Backoff
from wxruntime.websocket.heartbeat import Heartbeat
from wxruntime.websocket.interface import ConnectOptions
from wxruntime.websocket.link import Link
from wxruntime.websocket.state import CloseFrame

if TYPE_CHECKING:
    from wxruntime.websocket.reconnecting import ReconnectingLink

__all__ = ["ReconnectingAdditions"]

C = TypeVar("C")


class ReconnectingAdditions(SocketTaskAdditions[C], Generic[C]):
    """One logical link that is opened again when it is lost. It is used as a `SocketTask` is.

    The constructor makes the first attempt. Listeners hear every link, one after the other, and stay.
    `send` waits in a queue while there is no open link, and is sent, in order, before anything newer;
    success means written to a link: what a lost link had not delivered is not sent again. ``async
    with`` waits for the first open link; ``async for`` and `receive` go on across links.

    An attempt that is refused because there are too many links is reported by `onError` and `onClose`
    with 1006, and tried again. One whose arguments are refused is reported likewise, and ends it.

    `close` ends it, also while it waits or connects: what is still in the queue fails with
    ``sendSocketMessage:fail WebSocket is not connected``, and so does what is sent later. So do the end
    of ``async with Wx()``, of ``with Wx()`` and of the loop, ``wx.close()`` and Ctrl-C. Until then it
    keeps `run` going.

    `readyState` is 0 also while it waits for the next attempt. `waitClosed` waits until it has ended,
    for the close of the last link, or 1006 if there was none.

    Args:
        wx: The mini program to which the links belong. They count against its limit.
        option: What `connectSocket` takes, or a function, plain or ``async def``, that makes it for
            each attempt, so that a token can be fresh. What the function raises is reported as for
            listeners; that attempt has failed, without events, and is tried again.
        backoff: How long to wait before each new attempt. Default: 1 second, doubled each time up to
            30, spread by a fifth.
        heartbeat: How to find out that the server has fallen silent. Default: keepalive pings alone.
        queue: How many messages may wait for a link; the next one fails with
            ``sendSocketMessage:fail queue is full``. Default: 256.
        retry: A plain function of what `onClose` listeners receive, called before them at the end of
            each link: returning False ends it. What it raises is reported as for listeners. Default:
            always again.

    Raises:
        TypeError: An argument is of a wrong type.
        ValueError: ``queue`` is negative.
    """

    def __init__(
        self,
        wx: WxAdditions,
        option: ConnectOptions[Any]
        | Callable[[], ConnectOptions[Any]]
        | Callable[[], Awaitable[ConnectOptions[Any]]],
        *,
        backoff: Backoff = Backoff(),  # noqa: B008
        heartbeat: Heartbeat | None = None,
        queue: int = 256,
        retry: Callable[[C], bool | None] | None = None,
    ) -> None:
        # Loaded with the first one: most programs have none.
        from wxruntime.websocket import attempts, reconnect_state, reconnecting

        if not isinstance(wx, WxAdditions):
            raise TypeError(f"wx is a Wx, not {type(wx).__name__}")
        if not callable(option) and not attempts.fits_connect(option):
            kind = type(option).__name__
            raise TypeError(f"option is a ConnectSocketOption or a function, not {kind}")
        if not isinstance(backoff, Backoff):
            raise TypeError(f"backoff is a Backoff, not {type(backoff).__name__}")
        if heartbeat is not None and not isinstance(heartbeat, Heartbeat):
            raise TypeError(f"heartbeat is a Heartbeat, not {type(heartbeat).__name__}")
        if isinstance(queue, bool) or not isinstance(queue, int):
            raise TypeError(f"queue is a number of messages, not {type(queue).__name__}")
        if queue < 0:
            raise ValueError(f"queue is a number of messages, not {queue!r}")
        asks: Callable[[CloseFrame], object] | None = None
        if retry is not None:
            asked, make = checked_function(retry, "retry"), self._close_result

            def asks(close: CloseFrame) -> object:
                return asked(make(code=close.code, reason=close.reason))

        def connect(option: ConnectOptions[Any]) -> Link:
            # The method that carries out the call, so that a fake's is used.
            link = cast(_Connects, wx)._connectSocket(option)._link
            if not isinstance(link, Link):
                raise TypeError(f"a link is wanted, not {type(link).__name__}")
            return link

        self._reconnecting: ReconnectingLink = reconnecting.ReconnectingLink(
            wx._engine,
            attempts.Attempts(option, connect, asks, heartbeat),
            reconnect_state.ReconnectState(backoff, queue),
        )
        super().__init__(self._reconnecting)

    @property
    def attempts(self) -> int:
        """How many attempts there have been so far, the first one included."""
        return self._reconnecting.attempts


class _Connects(Protocol):
    """A namespace that is emitted, or a fake of it."""

    def _connectSocket(self, option: ConnectOptions[Any]) -> SocketTaskAdditions[Any]: ...
