"""A server in memory, for tests of apps: the engine is the real one, only its network is not.

A test needs no port, and waits for nothing but the loop. What only a network does, or a server that
misbehaves, cannot be faked: silence, an unanswered close, broken frames, TLS, proxies.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, Generic, TypeVar

from websockets.datastructures import Headers
from websockets.exceptions import ProtocolError
from websockets.frames import Close
from websockets.http11 import Response
from websockets.server import ServerProtocol

from wxruntime.websocket.addresses import encode, without_user
from wxruntime.websocket.arguments import Opening
from wxruntime.websocket.memory import LOST, MemoryConnection
from wxruntime.websocket.network import Observer, Settings
from wxruntime.websocket.state import NO_STATUS, CloseFrame

__all__ = ["FakeLink", "FakeServer"]

T = TypeVar("T")

# The states of a link, as its server sees them.
CONNECTING: Final = "waits for accept() or refuse()"
OPEN: Final = "is open"
REFUSED: Final = "was refused"
CLOSED: Final = "was closed by the server"
CLOSED_BY_APP: Final = "was closed by the app"
DROPPED: Final = "was dropped"
GONE: Final = "was given up by the app"

MAX_REASON: Final = 123
"""The longest reason of a close frame, in bytes of UTF-8."""


class FakeServer:
    """A server in memory: `Wx(network=FakeServer())` connects to it, whatever the address.

    Args:
        accept: Whether it accepts every link by itself, choosing no subprotocol. If not, the test
            calls `FakeLink.accept` or `FakeLink.refuse`.

    Attributes:
        links: The links made so far, the oldest first. A link is there when ``connectSocket``
            returns.
    """

    def __init__(self, *, accept: bool = True) -> None:
        self.links: list[FakeLink] = []
        self._accepts = accept
        self._new = _Waiting[FakeLink]()

    def __repr__(self) -> str:
        count = len(self.links)
        return f"<{type(self).__name__} {count} link{'' if count == 1 else 's'}>"

    async def nextLink(self, timeout: float | None = 1) -> FakeLink:
        """Wait for the next link. Each link is returned once, in order.

        Args:
            timeout: How long to wait, in seconds; None waits as long as it takes.

        Raises:
            TimeoutError: No link was made in time.
        """
        return await self._new.take("link", timeout)

    def open(
        self, opening: Opening, settings: Settings, observer: Observer
    ) -> Coroutine[Any, Any, None]:
        """Begin to open a link: what `Wx` calls. See `Network.open`."""
        link = self._make_link(opening, settings, observer)
        self.links.append(link)
        self._new.put(link)
        if self._accepts:
            link.accept()
        return link._connection.opening

    def _make_link(self, opening: Opening, settings: Settings, observer: Observer) -> FakeLink:
        return FakeLink(opening, settings, observer)


class FakeLink:
    """The server's end of one link.

    What it does reaches the app on the app's loop, in order, never inside the call; plain code drives
    the loop with ``wx.run()``, ``result()``, ``with`` and ``for``. It answers pings and closes as an
    honest server does.

    Attributes:
        url: The address as it is used.
        header: The header fields that would be sent beside those of the handshake.
        protocols: The subprotocols that are offered.
        tcpNoDelay: Whether TCP_NODELAY would be set.
        received: All messages that the app has sent, the oldest first.
        closedWith: The code and reason of the app's own close frame; None while there is none, also
            when the app only answered the server's.
    """

    def __init__(self, opening: Opening, settings: Settings, observer: Observer) -> None:
        self._connection = MemoryConnection(
            opening, settings, observer, self._take_message, self._take_close
        )
        self._state = CONNECTING
        self._messages = _Waiting[str | bytes]()
        # An address with a user makes a field, too.
        names = {"authorization", *(name.lower() for name, _ in opening.header)}
        self.url: str = opening.url
        self.header: dict[str, str] = {
            name: value
            for name, value in self._connection.request.headers.raw_items()
            if name.lower() in names
        }
        self.protocols: list[str] = list(opening.protocols)
        self.tcpNoDelay: bool = opening.no_delay
        self.received: list[str | bytes] = []
        self.closedWith: tuple[int, str] | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {without_user(self.url)} {self._actual_state}>"

    @property
    def isOpen(self) -> bool:
        """Whether the server has accepted, and neither side has ended the link."""
        return self._actual_state == OPEN

    # The opening.

    def accept(
        self,
        header: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
        protocol: str | None = None,
    ) -> None:
        """Accept the link.

        Args:
            header: Header fields for the answer, beside those of the handshake: a mapping, or pairs
                of name and value if a name is to be repeated.
            protocol: The subprotocol to choose. One that was not offered makes the opening fail.

        Raises:
            RuntimeError: The link is not waiting for an answer.
        """
        self._check("accept", CONNECTING)
        response = ServerProtocol().accept(self._connection.request)
        if protocol is not None:
            response.headers["Sec-WebSocket-Protocol"] = protocol
        pairs = header.items() if isinstance(header, Mapping) else header or ()
        for name, value in pairs:
            response.headers[name] = value
        self._state = OPEN
        self._connection.put(response)

    def refuse(self, status: int = 403) -> None:
        """Answer the request for the link with a status that refuses it.

        Args:
            status: The HTTP status.

        Raises:
            RuntimeError: The link is not waiting for an answer.
            ValueError: The status is 101, or none.
        """
        if not 100 <= status <= 599 or status == HTTPStatus.SWITCHING_PROTOCOLS:
            raise ValueError(f"{status!r} is no status that refuses a link")
        self._check("refuse", CONNECTING)
        self._state = REFUSED
        self._connection.put(Response(status, "", Headers()))

    # While it is open.

    def send(self, data: str | bytes | bytearray | memoryview) -> None:
        """Send a message to the app.

        Args:
            data: A string is sent as text, bytes as binary.

        Raises:
            RuntimeError: The link is not open.
            TypeError: The data is neither a string nor bytes.
        """
        message = encode(data).decode() if isinstance(data, str) else bytes(memoryview(data))
        self._check("send", OPEN)
        self._connection.put(message)

    async def nextMessage(self, timeout: float | None = 1) -> str | bytes:
        """Wait for the next message of the app. Each message is returned once, in order.

        Args:
            timeout: How long to wait, in seconds; None waits as long as it takes.

        Raises:
            TimeoutError: No message came in time.
        """
        return await self._messages.take("message", timeout)

    # The end.

    def close(self, code: int | None = 1000, reason: str = "") -> None:
        """Send a close frame, which the app answers.

        Args:
            code: The status code; None sends an empty close frame.
            reason: The reason.

        Raises:
            RuntimeError: The link is not open.
            ValueError: No close frame may hold this code or reason.
        """
        frame = _close_frame(code, reason)
        self._check("close", OPEN)
        self._state = CLOSED
        self._connection.put(frame)

    def drop(self) -> None:
        """End the connection without a close frame, behind what was sent before."""
        if self._actual_state in (CONNECTING, OPEN):
            self._state = DROPPED
            self._connection.put(LOST)

    # What the app does.

    def _take_message(self, data: str | bytes) -> None:
        self.received.append(data)
        self._messages.put(data)

    def _take_close(self, frame: CloseFrame) -> None:
        self.closedWith = (frame.code, frame.reason)
        if self._state == OPEN:
            self._state = CLOSED_BY_APP
            self._connection.put(frame)

    @property
    def _actual_state(self) -> str:
        if self._state in (CONNECTING, OPEN) and self._connection.is_gone:
            return GONE
        return self._state

    def _check(self, call: str, wanted: str) -> None:
        state = self._actual_state
        if state != wanted:
            raise RuntimeError(f"{call}() has no place here: the link {state}")


def _close_frame(code: int | None, reason: str) -> CloseFrame:
    if code is None and not reason:
        return NO_STATUS
    text = encode(reason).decode()
    try:
        if code is None:
            raise ProtocolError("a reason needs a code")
        Close(code, text).check()
    except ProtocolError as exc:
        raise ValueError(str(exc)) from None
    if len(text.encode()) > MAX_REASON:
        raise ValueError(f"a reason has at most {MAX_REASON} bytes of UTF-8")
    return CloseFrame(int(code), text)


class _Waiting(Generic[T]):
    """Things that wait to be taken, each once, in order; or takers that wait for them."""

    def __init__(self) -> None:
        self._things: deque[T] = deque()
        self._takers: deque[asyncio.Future[None]] = deque()

    def put(self, thing: T) -> None:
        """Add a thing, from any thread."""
        self._things.append(thing)
        self._wake()

    async def take(self, what: str, timeout: float | None) -> T:
        """Return the next thing, waiting for it if need be.

        Args:
            what: What it is, for the message.
            timeout: How long to wait, in seconds.

        Raises:
            TimeoutError: None came in time.
        """
        try:
            async with asyncio.timeout(None if self._things else timeout):
                while not self._things:
                    await self._wait()
        except TimeoutError:
            raise TimeoutError(f"no {what} came within {timeout} s") from None
        return self._things.popleft()

    async def _wait(self) -> None:
        taker = asyncio.get_running_loop().create_future()
        self._takers.append(taker)
        try:
            await taker
        finally:
            if taker in self._takers:
                self._takers.remove(taker)
            elif self._things:
                self._wake()  # this one may have been woken, and cancelled

    def _wake(self) -> None:
        while self._takers:
            taker = self._takers.popleft()
            if not taker.get_loop().is_closed():
                taker.get_loop().call_soon_threadsafe(_settle, taker)
                return


def _settle(taker: asyncio.Future[None]) -> None:
    if not taker.done():
        taker.set_result(None)
