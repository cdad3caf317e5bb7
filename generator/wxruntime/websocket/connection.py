"""One connection: bytes between a transport and the library's protocol, past it where they are plain."""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final, cast

from websockets.frames import CloseCode, Opcode
from websockets.http11 import Response
from websockets.protocol import State

from wxruntime.websocket import error_texts
from wxruntime.websocket.addresses import encode
from wxruntime.websocket.fastpath import FrameCutter, FrameWriter, library_fits
from wxruntime.websocket.handshake import OpeningFailed, header_of, make_request
from wxruntime.websocket.joining import JoiningProtocol
from wxruntime.websocket.keepalive import Keepalive
from wxruntime.websocket.network import Observer, Settings
from wxruntime.websocket.state import NO_STATUS, CloseFrame

__all__ = ["SocketConnection"]

# How long the server may take to end the TCP connection once it has nothing more to say, in seconds.
LINGER: Final = 2.0
WRITE_LIMIT: Final = 2**15
_HTTP: Final = b"HTTP/"
# Enumerations look their members up slowly.
_OPEN: Final = State.OPEN
_CONNECTING: Final = State.CONNECTING


class SocketConnection(asyncio.Protocol):
    """One connection; owns its transport, and calls its observer until it is lost."""

    __slots__ = (
        "_answer",
        "_cutter",
        "_failed",
        "_give_up",
        "_gone",
        "_is_accepted",
        "_is_lost",
        "_is_paused",
        "_keepalive",
        "_loop",
        "_no_delay",
        "_observer",
        "_protocol",
        "_refusal",
        "_settings",
        "_start",
        "_transport",
        "_writer",
        "is_full",
        "reads",
    )

    def __init__(
        self, protocol: JoiningProtocol, settings: Settings, observer: Observer, no_delay: bool
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._protocol = protocol
        self._settings = settings
        self._observer: Observer | None = observer
        self._no_delay = no_delay
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[None] | None = None  # while the server has not accepted
        self._start = b""  # of the answer
        self._refusal: OpeningFailed | None = None
        self._failed = False
        self._is_accepted = False
        self._is_lost = False
        self._gone: asyncio.Future[None] | None = None
        self._give_up: asyncio.TimerHandle | None = None
        self._keepalive: Keepalive | None = None
        # The fast path; None for the writer while, or where, the library makes the frames.
        self._is_paused = False
        self._cutter: FrameCutter | None = FrameCutter(
            observer.received,
            self._judge,
            self._is_judged_open,
            settings.max_message_size,
            slow=not library_fits(protocol),
        )
        self._writer: FrameWriter | None = None
        self.is_full = False
        self.reads = 0

    # The opening.

    async def shake_hands(self, header: tuple[tuple[str, str], ...]) -> None:
        """Ask the server to accept, and wait until it does.

        Raises:
            OpeningFailed: It does not, or the opening was given up meanwhile.
        """
        if self._refusal is not None:
            raise self._refusal  # nothing was asked yet
        self._protocol.send_request(make_request(self._protocol, header))
        self._answer = self._loop.create_future()
        self._flush()
        try:
            await self._answer
        finally:
            self._answer = None

    def abandon(self) -> None:
        """Let go of the network, and call the observer no more."""
        self._observer = None
        self._stop_timers()
        self.abort()

    def _refuse(self, why: str) -> None:
        """The server does not accept."""
        self._observer = None
        refusal = OpeningFailed(why)
        if self._answer is None:
            self._refusal = refusal
        elif not self._answer.done():
            self._answer.set_exception(refusal)

    def _accepted(self, response: Response, observer: Observer) -> None:
        if self._answer is None or self._answer.done():
            return
        self._is_accepted = True
        self._answer.set_result(None)
        interval, timeout = self._settings.ping_interval, self._settings.ping_timeout
        if interval is not None:
            self._keepalive = Keepalive(self._loop, self, interval, timeout)
            self._keepalive.start()
        transport = self._transport
        if transport is not None and library_fits(self._protocol):
            self._writer = FrameWriter(transport.write, self._loop.call_soon)
        header, protocol = header_of(response), self._protocol.subprotocol or ""
        if not observer.opened(self, header, protocol):
            self.abandon()  # given up meanwhile

    # For the link.

    @property
    def is_open(self) -> bool:
        """Whether a message can be sent."""
        return (
            self._protocol.state is _OPEN
            and self._transport is not None
            and not self._transport.is_closing()
        )

    @property
    def buffered(self) -> int:
        """How many bytes were sent that the kernel has not taken yet."""
        if self._transport is None or self._is_lost:
            return 0
        joined = 0 if self._writer is None else self._writer.size
        return joined + self._transport.get_write_buffer_size()

    def send_text(self, data: str) -> None:
        """Send a text message without waiting. The connection must be open."""
        if self._writer is not None:
            self._writer.send(encode(data), True)
        else:
            self._protocol.send_text(encode(data))
            self._flush()

    def send_binary(self, data: bytes) -> None:
        """Send a binary message without waiting. The connection must be open."""
        if self._writer is not None:
            self._writer.send(data, False)
        else:
            self._protocol.send_binary(data)
            self._flush()

    def start_close(self, frame: CloseFrame) -> None:
        """Send a close frame, and give up if the server does not answer it in time."""
        if self.is_open:
            self._protocol.send_close(frame.code, frame.reason)
            self._flush()
        self._give_up_after(self._settings.close_timeout)

    def pause(self) -> None:
        """Stop reading, also what has come already.

        The transport stops when more comes: most pauses are over before that.
        """
        self._is_paused = True
        if self._cutter is not None:
            self._cutter.pause()
        if self._keepalive is not None:
            self._keepalive.reading_pauses()

    def resume(self) -> None:
        """Go on reading, first what has come already."""
        self._is_paused = False
        # Not inside the call of whoever has taken a message.
        self._loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        if not self._is_paused and self._cutter is not None:
            self._cutter.resume()  # which may fill the receive buffer again
        if self._is_paused:
            return
        if self._keepalive is not None:
            self._keepalive.reading_resumes()
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def abort(self) -> None:
        """Drop the connection at once."""
        if self._writer is not None:
            self._writer.discard()
        if self._transport is not None and not self._is_lost and not self._loop.is_closed():
            self._transport.abort()

    async def wait_gone(self) -> None:
        """Wait until the connection has been let go of."""
        if not self._is_lost and self._transport is not None:
            self._gone = self._loop.create_future()
            # Some loops never say that a connection is lost that they were made to drop.
            await asyncio.wait([self._gone], timeout=LINGER)

    # For the keepalive.

    def send_ping(self, payload: bytes) -> None:
        """Send a ping."""
        if self.is_open:
            self._protocol.send_ping(payload)
            self._flush()

    def fall_silent(self) -> None:
        """No pong came in time."""
        if self._failed or self._protocol.state is not State.OPEN:
            return  # what is closing has a time limit of its own
        self._protocol.fail(CloseCode.INTERNAL_ERROR, "keepalive ping timeout")
        self._flush()
        self._fail(error_texts.silent(self._settings.ping_timeout))
        self.abort()

    # From asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(WRITE_LIMIT)
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            # asyncio has set it already, whatever the user wants.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(self._no_delay))
        if self._observer is None:  # given up in the meantime
            self.abort()

    def data_received(self, data: bytes) -> None:
        self.reads += 1
        if self._protocol.state is _CONNECTING:
            self._start = (self._start + data)[: len(_HTTP)]
            if not _HTTP.startswith(self._start):
                self._refuse("the server does not speak HTTP")
                return
        elif self._writer is not None:
            self._writer.new_tick()
        if self._is_paused and self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()
        if self._cutter is not None:
            try:
                self._cutter.feed(data)
            except (KeyboardInterrupt, SystemExit) as stop:
                # A listener ends the program. Should that go on, so do the messages behind.
                self._end_program(stop)
                self._loop.call_soon(self._go_on)

    def _is_judged_open(self) -> bool:
        return self._protocol.state is _OPEN

    def _judge(self, data: bytes) -> None:
        """Let the library judge a part of the stream, and carry out what follows from it."""
        protocol = self._protocol
        protocol.receive_data(data)
        self._flush()
        for event in cast(list[Any], protocol.events_received()):
            observer = self._observer
            if observer is None or self._failed:
                return
            if type(event) is str or type(event) is bytes:
                observer.received(event)
            else:
                self._process(event, observer)
        if protocol.handshake_exc is not None:
            self._refuse(str(protocol.handshake_exc) or type(protocol.handshake_exc).__name__)
        elif protocol.parser_exc is not None and not self._failed:
            self._fail(error_texts.violation(protocol.parser_exc))

    def _process(self, event: Any, observer: Observer) -> None:
        if isinstance(event, Response):
            self._accepted(event, observer)
        elif event.opcode is Opcode.PONG:
            if self._keepalive is not None:
                self._keepalive.pong(bytes(event.data))
        elif event.opcode is Opcode.CLOSE:
            self._give_up_after(LINGER)
            observer.peer_closes()

    def eof_received(self) -> None:
        self._finish_reading()
        self._protocol.receive_eof()
        self._flush()
        # The transport closes when its buffer is empty, which a server that reads nothing prevents.
        self._give_up_after(LINGER)

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_lost = True
        self.is_full = False
        self._stop_timers()
        try:
            self._finish_reading()
        finally:
            self._end(exc)

    def _finish_reading(self) -> None:
        """Hand on what has come and waits: nothing will follow."""
        while self._cutter is not None:
            try:
                self._cutter.finish()
            except (KeyboardInterrupt, SystemExit) as stop:
                # A listener ends the program; the messages behind come before the end of the link.
                self._end_program(stop)
            else:
                return

    def _end_program(self, stop: BaseException) -> None:
        """Let the loop raise what some loops would swallow in a call of their transports."""
        self._loop.call_soon(_stop, stop)

    def _end(self, exc: Exception | None) -> None:
        """The one end of a connection."""
        if self._writer is not None:
            self._writer.discard()
        self._cutter = self._writer = None  # they refer to the link
        protocol, observer = self._protocol, self._observer
        try:
            protocol.receive_eof()
        except StopIteration:  # its parser is being collected, together with all of this
            pass
        protocol.parser.close()  # it refers to the protocol
        if not self._is_accepted:
            self._refuse(str(exc or protocol.handshake_exc or "the connection was lost"))
        elif observer is not None:
            self._observer = None
            received = protocol.close_rcvd
            frame = None
            if received is not None and not self._failed:
                frame = CloseFrame(int(received.code), received.reason)
                if frame.code == NO_STATUS.code:
                    frame = NO_STATUS
            observer.writable()
            observer.lost(frame, error_texts.lost(exc))
        if self._gone is not None and not self._gone.done():
            self._gone.set_result(None)

    def pause_writing(self) -> None:
        self.is_full = self._protocol.holds_pongs = True

    def resume_writing(self) -> None:
        self.is_full = self._protocol.holds_pongs = False
        pong, self._protocol.held_pong = self._protocol.held_pong, None
        if pong is not None and self.is_open:
            self._protocol.send_pong(pong)
            self._flush()
        if self._observer is not None:
            self._observer.writable()

    # Inside.

    def _flush(self) -> None:
        """Write what the protocol has to say."""
        transport = self._transport
        if self._writer is not None:
            self._writer.flush()
        for data in self._protocol.data_to_send():
            if transport is None or transport.is_closing():
                continue
            if data:
                transport.write(data)
            elif transport.can_write_eof():
                try:
                    transport.write_eof()
                except (OSError, RuntimeError):  # the latter: uvloop
                    pass
            else:
                transport.close()

    def _fail(self, text: str) -> None:
        """The protocol has been told to fail; report it, and wait a little for the server's end."""
        self._failed = True
        self._stop_timers()
        # Closing at once could make the kernel reset the connection, and lose our close frame.
        self._give_up_after(LINGER)
        if self._observer is not None:
            self._observer.failed(text)

    def _give_up_after(self, seconds: float) -> None:
        if self._give_up is not None:
            self._give_up.cancel()
        if not self._is_lost:
            self._give_up = self._loop.call_later(seconds, self.abort)

    def _stop_timers(self) -> None:
        if self._keepalive is not None:
            self._keepalive.stop()
            self._keepalive = None
        if self._give_up is not None:
            self._give_up.cancel()
            self._give_up = None


def _stop(stop: BaseException) -> None:
    """End the run of the loop."""
    raise stop
