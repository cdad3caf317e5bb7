"""A connection without a network: what a fake server says reaches the link on its loop."""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from collections.abc import Callable
from typing import Final

from websockets.client import ClientProtocol
from websockets.exceptions import PayloadTooBig
from websockets.frames import CloseCode
from websockets.http11 import Response
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from wxruntime.websocket import error_texts
from wxruntime.websocket.addresses import encode
from wxruntime.websocket.arguments import Opening
from wxruntime.websocket.handshake import (
    OpeningFailed,
    check_response,
    header_of,
    make_request,
)
from wxruntime.websocket.network import Observer, Settings
from wxruntime.websocket.state import CloseFrame

__all__ = ["Coming", "MemoryConnection"]

LOST: Final = None
Coming = Response | str | bytes | CloseFrame | None
"""What comes from a server: its answer, a message, its close frame, the loss of the connection."""


class MemoryConnection:
    """The app's end of a connection in memory. Implements `Connection`.

    What the app sends is with the server at once, so that nothing is ever buffered. What the server
    sends is delivered on the app's loop, in order, unless the app has paused reading. There are no
    pings, since nothing can fall silent.

    Args:
        opening: Where to, and how.
        settings: What all links share.
        observer: Called with everything that happens.
        received: Called with each message of the app.
        closing: Called with the app's own close frame.

    Attributes:
        request: What the app asks of the server.
        opening: The coroutine that `Network.open` returns.
        is_open: Whether the app can send a message.
    """

    def __init__(
        self,
        opening: Opening,
        settings: Settings,
        observer: Observer,
        received: Callable[[str | bytes], None],
        closing: Callable[[CloseFrame], None],
    ) -> None:
        self._protocol = ClientProtocol(
            parse_uri(opening.url),
            subprotocols=[Subprotocol(name) for name in opening.protocols] or None,
        )
        self._max_size = settings.max_message_size
        self._observer: Observer | None = observer
        self._received = received
        self._closing = closing
        self._coming: deque[Coming] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._answer: asyncio.Future[None] | None = None  # while the server has not answered
        self._close_frame: CloseFrame | None = None  # of the server, once it is delivered
        self._is_paused = False
        self._was_open = False
        self.is_open = False
        self.request = make_request(self._protocol, opening.header)
        self.opening = self._open()

    # For the server.

    @property
    def is_gone(self) -> bool:
        """Whether the connection has ended, or the app has given up opening it."""
        if self._loop is None:
            # A task that is cancelled before its first step never enters its coroutine.
            return inspect.getcoroutinestate(self.opening) == inspect.CORO_CLOSED
        return self._observer is None or self._loop.is_closed()

    def put(self, coming: Coming) -> None:
        """Send something to the app."""
        self._coming.append(coming)
        self._deliver_soon()

    # The opening.

    async def _open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._answer = self._loop.create_future()
        self._deliver_soon()
        try:
            await self._answer
        except BaseException:
            self._let_go()
            raise
        finally:
            self._answer = None

    def _answered(self, response: Response, observer: Observer) -> None:
        if self._answer is None or self._answer.done():
            return  # given up meanwhile
        try:
            check_response(self._protocol, response)
        except Exception as exc:
            self._answer.set_exception(OpeningFailed(str(exc) or type(exc).__name__))
            return
        self._answer.set_result(None)
        self.is_open = self._was_open = True
        if not observer.opened(self, header_of(response), self._protocol.subprotocol or ""):
            self._let_go()

    # For the link.

    @property
    def is_full(self) -> bool:
        """Whether the write buffer is above its high-water mark."""
        return False

    @property
    def buffered(self) -> int:
        """How many bytes were sent that the server has not taken yet."""
        return 0

    def send_text(self, data: str) -> None:
        """Send a text message. The connection must be open."""
        self._received(encode(data).decode())

    def send_binary(self, data: bytes) -> None:
        """Send a binary message. The connection must be open."""
        self._received(data)

    def start_close(self, frame: CloseFrame) -> None:
        """Send a close frame, which the server answers unless it has said its last word already."""
        if self.is_open:
            self.is_open = False
            self._closing(frame)

    def pause(self) -> None:
        """Stop reading."""
        self._is_paused = True

    def resume(self) -> None:
        """Go on reading."""
        self._is_paused = False
        self._deliver_soon()

    def abort(self) -> None:
        """Drop the connection at once."""
        self.is_open = self._is_paused = False
        self._coming.clear()
        self.put(LOST)

    async def wait_gone(self) -> None:
        """Wait until the connection has been let go of."""
        while self._observer is not None:
            await asyncio.sleep(0)

    # Inside.

    def _deliver_soon(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        """Deliver what has come by now; answers to it come in the next turn of the loop."""
        for _ in range(len(self._coming)):
            if not self._coming or self._is_paused or self._observer is None:
                break
            coming = self._coming.popleft()
            try:
                self._deliver_one(coming, self._observer)
            except BaseException:
                # A listener ends the program, which closes the links first. As on the network, the
                # messages that have come together with this one are gone.
                self._coming = deque(c for c in self._coming if not isinstance(c, str | bytes))
                self._deliver_soon()
                raise
            if isinstance(coming, CloseFrame):
                break  # the connection ends a tick later

    def _deliver_one(self, coming: Coming, observer: Observer) -> None:
        if isinstance(coming, str | bytes):
            self._message(coming, observer)
        elif isinstance(coming, Response):
            self._answered(coming, observer)
        elif isinstance(coming, CloseFrame):
            self._server_closes(coming, observer)
        elif self._was_open:
            self._lost(observer)
        elif self._answer is not None and not self._answer.done():
            self._answer.set_exception(OpeningFailed("the connection was lost"))

    def _message(self, data: str | bytes, observer: Observer) -> None:
        size = len(encode(data)) if isinstance(data, str) else len(data)
        if size <= self._max_size:
            observer.received(data)
            return
        self.is_open = False
        too_big = PayloadTooBig(size, self._max_size)
        self._closing(CloseFrame(int(CloseCode.MESSAGE_TOO_BIG), str(too_big)))
        observer.failed(error_texts.violation(too_big))
        self.abort()

    def _server_closes(self, frame: CloseFrame, observer: Observer) -> None:
        """Report the server's close frame, behind which only the end follows."""
        self._close_frame = frame
        self.is_open = False
        self.abort()
        observer.peer_closes()

    def _lost(self, observer: Observer) -> None:
        self._let_go()
        observer.writable()
        observer.lost(self._close_frame, error_texts.lost(None))

    def _let_go(self) -> None:
        self._observer = None
        self.is_open = False
        self._coming.clear()
