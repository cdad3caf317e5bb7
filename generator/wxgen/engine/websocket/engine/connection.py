"""The network of one link. The only module that knows the websockets library's connections."""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
import ssl as ssl_module
import urllib.parse
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.client import ClientProtocol
from websockets.frames import DATA_OPCODES, CloseCode, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import Event, State
from websockets.typing import Subprotocol

from . import texts
from .checks import Opening
from .life import CloseFrame

__all__ = ["Connection", "Observer", "Settings", "open_connection"]

# How long the server may take to end the TCP connection once it has nothing more to say, in seconds.
LINGER: Final = 2.0
NO_STATUS: Final = CloseFrame(1005, "no status rcvd")


@dataclass(frozen=True)
class Settings:
    """What all links of one `Wx` share. Times are in seconds."""

    ssl: ssl_module.SSLContext | None
    max_message_size: int
    ping_interval: float | None
    ping_timeout: float
    close_timeout: float


class Observer(Protocol):
    """Who is told what happens on a connection. Never called from inside a method of it."""

    def attached(self, connection: Connection) -> None:
        """The TCP (and TLS) connection is there; the server has not been asked yet."""

    def opened(self, header: dict[str, str]) -> None:
        """The server has accepted, with these header fields."""

    def received(self, data: str | bytes) -> None:
        """A message has come."""

    def peer_closes(self) -> None:
        """The server's close frame has come."""

    def failed(self, text: str) -> None:
        """The server broke the protocol or fell silent; the connection will be lost."""

    def writable(self) -> None:
        """The write buffer has room again, or will never have."""

    def lost(self, frame: CloseFrame | None, cause: str) -> None:
        """The connection has ended, with the close frame received, or by this cause."""


class NotAccepted(Exception):
    """The server answered, but not with 101."""


async def open_connection(opening: Opening, settings: Settings, observer: Observer) -> None:
    """Open a connection; the observer is told of everything that follows.

    Args:
        opening: Where to, and how.
        settings: What all links share.
        observer: Who is told.

    Raises:
        Exception: The connection could not be opened, whatever the reason.
    """
    extra: dict[str, Any] = {}
    if settings.ssl is not None and opening.url.lower().startswith("wss:"):
        extra["ssl"] = settings.ssl
    if urllib.parse.urlsplit(opening.url).port == 0:
        extra["port"] = 0  # which nobody listens on; the library would take it for no port at all
    factory = partial(Connection, observer=observer, settings=settings, no_delay=opening.no_delay)
    await connect(
        opening.url,
        subprotocols=[Subprotocol(name) for name in opening.protocols] or None,
        compression=None,
        additional_headers=list(opening.header),
        open_timeout=None,  # the link has its own, counted from the call
        ping_interval=None,  # see Keepalive
        close_timeout=settings.close_timeout,
        max_queue=None,
        create_connection=cast(type[ClientConnection], factory),
        **extra,
    )


class _Joining(ClientProtocol):
    """Joins and decodes messages while the frames are parsed.

    What is wrong with a message is known, and told to the server, before what follows it in the same
    segment is looked at.

    Args:
        plain: The protocol that the library has made.
        max_message_size: The largest message accepted, in bytes.
    """

    def __init__(self, plain: ClientProtocol, max_message_size: int) -> None:
        super().__init__(
            plain.uri,
            subprotocols=plain.available_subprotocols,
            max_size=max_message_size,
            logger=plain.logger,
        )
        self.messages: deque[str | bytes] = deque()
        self._parts: list[bytes] = []
        self._is_text = False

    def recv_frame(self, frame: Frame) -> None:
        opcode = frame.opcode
        if opcode is Opcode.CLOSE:
            # RFC 6455 lets a close come inside a fragmented message; the library does not.
            self.current_size = None
        super().recv_frame(frame)
        if opcode not in DATA_OPCODES:
            return
        if opcode is not Opcode.CONT:
            self._is_text = opcode is Opcode.TEXT
            if frame.fin:
                self._complete(frame.data)
                return
        if frame.data:
            self._parts.append(bytes(frame.data))
        if frame.fin:
            parts, self._parts = self._parts, []
            self._complete(b"".join(parts))

    def _complete(self, data: bytes | bytearray | memoryview) -> None:
        # A UnicodeDecodeError makes the parser fail with 1007.
        self.messages.append(str(data, "utf-8") if self._is_text else bytes(data))


class Connection(ClientConnection):
    """A connection that hands messages to its observer as they arrive, instead of queueing them."""

    def __init__(
        self,
        protocol: ClientProtocol,
        *,
        observer: Observer,
        settings: Settings,
        no_delay: bool,
        **kwargs: Any,
    ) -> None:
        joining = _Joining(protocol, settings.max_message_size)
        super().__init__(joining, **kwargs)
        self._messages = joining.messages
        self._observer = observer
        self._settings = settings
        self._no_delay = no_delay
        self._failed = False
        self._head = b""  # of the answer to the opening request
        self._refusal: NotAccepted | None = None
        self._give_up: asyncio.TimerHandle | None = None
        self._keepalive = Keepalive(self.loop, settings, self._ping, self._fall_silent)
        self.is_lost: bool = False

    # For the link.

    @property
    def is_open(self) -> bool:
        """Whether a message can be sent."""
        return self.protocol.state is State.OPEN and not self.transport.is_closing()

    @property
    def is_full(self) -> bool:
        """Whether the write buffer is above its high-water mark."""
        return self.paused

    def send_message(self, data: bytes, *, text: bool) -> None:
        """Write a message without waiting. The connection must be open."""
        if text:
            self.protocol.send_text(data)
        else:
            self.protocol.send_binary(data)
        self.send_data()

    def start_close(self, frame: CloseFrame) -> None:
        """Send a close frame, and give up if the server does not answer it in time."""
        if self.is_open:
            self.protocol.send_close(frame.code, frame.reason)
            self.send_data()
        self._give_up_after(self._settings.close_timeout)

    def pause(self) -> None:
        """Stop reading."""
        self._keepalive.reading_pauses()
        if not self.transport.is_closing():
            self.transport.pause_reading()

    def resume(self) -> None:
        """Go on reading."""
        self._keepalive.reading_resumes()
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def abort(self) -> None:
        """Drop the connection at once."""
        self.transport.abort()

    # From the library.

    async def handshake(self, *args: Any, **kwargs: Any) -> None:
        try:
            await super().handshake(*args, **kwargs)
        except Exception as exc:
            if self._refusal is not None:
                raise self._refusal from exc
            raise

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            # asyncio has set it already, whatever the user wants.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(self._no_delay))
        self._observer.attached(self)

    def process_event(self, event: Event) -> None:
        if self._failed:
            return
        if not isinstance(event, Frame):
            super().process_event(event)
            if self.protocol.handshake_exc is None:
                self._head = b""
                self._keepalive.start()
                self._observer.opened(_joined(event))
            return
        opcode = event.opcode
        if opcode in DATA_OPCODES:
            if event.fin and (messages := self._messages):
                self._observer.received(messages.popleft())
        elif opcode is Opcode.PONG:
            self._keepalive.pong(bytes(event.data))
        elif opcode is Opcode.CLOSE:
            self._give_up_after(LINGER)
            self._observer.peer_closes()

    def data_received(self, data: bytes) -> None:
        if self.response is None and self._is_refusal(data):
            self.abort()
            return
        super().data_received(data)
        cause = self.protocol.parser_exc
        if cause is not None and not self._failed:
            self._fail(texts.violation(cause))

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.is_lost = True
        self._keepalive.stop()
        if self._give_up is not None:
            self._give_up.cancel()
        received = self.protocol.close_rcvd
        frame = None
        if received is not None and not self._failed:
            frame = CloseFrame(int(received.code), received.reason)
            if frame.code == NO_STATUS.code:
                frame = NO_STATUS
        self._observer.writable()
        self._observer.lost(frame, texts.lost(exc))

    def resume_writing(self) -> None:
        super().resume_writing()
        self._observer.writable()

    # Inside.

    def _is_refusal(self, data: bytes) -> bool:
        """Tell whether the answer is not 101, without waiting for a body that may never end.

        The library never sees such an answer, so it follows no redirect.
        """
        self._head += data
        status = re.match(rb"HTTP/1\.[01] (\d{3})", self._head)
        if status is None or status[1] == b"101" or b"\r\n\r\n" not in self._head:
            return False
        self._refusal = NotAccepted(f"the server answered with HTTP {status[1].decode()}")
        return True

    def _fail(self, text: str) -> None:
        """The protocol has been told to fail; report it, and wait a little for the server's end."""
        self._failed = True
        self._keepalive.stop()
        # Closing at once could make the kernel reset the connection, and lose our close frame.
        self._give_up_after(LINGER)
        self._observer.failed(text)

    def _ping(self, payload: bytes) -> None:
        if self.is_open:
            self.protocol.send_ping(payload)
            self.send_data()

    def _fall_silent(self) -> None:
        if not self.is_open:
            return
        self.protocol.fail(CloseCode.INTERNAL_ERROR, "keepalive ping timeout")
        self.send_data()
        self._fail(texts.silent(self._settings.ping_timeout))
        self.abort()

    def _give_up_after(self, seconds: float) -> None:
        if self._give_up is not None:
            self._give_up.cancel()
        if not self.is_lost:
            self._give_up = self.loop.call_later(seconds, self.transport.abort)


class Keepalive:
    """Pings at regular intervals, and the judgement that no pong came in time.

    Timers instead of a task: a link that is open costs nothing until one of them is due.

    Args:
        loop: The loop of the connection.
        settings: The interval and the timeout.
        ping: Sends a ping with a payload.
        silent: Called when no pong came in time.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        settings: Settings,
        ping: Callable[[bytes], None],
        silent: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._interval = settings.ping_interval
        self._timeout = settings.ping_timeout
        self._ping = ping
        self._silent = silent
        self._timer: asyncio.TimerHandle | None = None
        self._awaited: bytes | None = None
        self._next = 0.0
        self._paused = False
        self._was_paused = False

    def start(self) -> None:
        """Send the first ping an interval from now."""
        if self._interval is not None:
            self._timer = self._loop.call_later(self._interval, self._send)

    def stop(self) -> None:
        """Send no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._interval = None

    def pong(self, payload: bytes) -> None:
        """A pong has come."""
        if payload != self._awaited or self._timer is None:
            return
        self._awaited = None
        self._timer.cancel()
        self._timer = self._loop.call_at(self._next, self._send)

    def reading_pauses(self) -> None:
        """From now on a pong would not be read."""
        self._paused = self._was_paused = True

    def reading_resumes(self) -> None:
        """From now on a pong would be read."""
        self._paused = False

    def _send(self) -> None:
        if self._interval is None:
            return
        self._awaited = secrets.token_bytes(4)
        self._was_paused = self._paused
        self._next = self._loop.time() + self._interval
        self._timer = self._loop.call_later(self._timeout, self._judge)
        self._ping(self._awaited)

    def _judge(self) -> None:
        if self._was_paused:
            # The pong may wait unread: give it the whole time again.
            self._was_paused = self._paused
            self._timer = self._loop.call_later(self._timeout, self._judge)
        else:
            self._silent()


def _joined(response: Event) -> dict[str, str]:
    """The header fields of a response; the values of a repeated name are joined."""
    assert isinstance(response, Response)
    names: dict[str, str] = {}
    header: dict[str, str] = {}
    for name, value in response.headers.raw_items():
        first = names.setdefault(name.lower(), name)
        header[first] = f"{header[first]}, {value}" if first in header else value
    return header
