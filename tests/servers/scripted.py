"""A TCP server whose every byte is written down in a script: for the faults that no honest server has."""

import asyncio
import base64
import hashlib
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType

from .frames import CLOSE, PING, PONG, Frame, frame, read_frame
from .gate import Gate, LoopThread

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def accept_key(key: str) -> str:
    """The `Sec-WebSocket-Accept` that answers this `Sec-WebSocket-Key`."""
    return base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()


class Peer:
    """The server's end of one connection, with what a script does to it.

    Attributes:
        request_line: the first line of the request.
        headers: the request's headers, as they came: in their order and their case.
        frames: every frame that was read.
        done: opens when the script has ended and the connection is closed.
    """

    def __init__(
        self, server: "ScriptedServer", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.request_line = ""
        self.headers: list[tuple[str, str]] = []
        self.frames: list[Frame] = []
        self.done = Gate("the end of the peer's script")

    def header(self, name: str) -> list[str]:
        """The values of a request header, whatever the case of its name."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def close_frame(self) -> Frame | None:
        """The first close frame that was read."""
        return next((read for read in self.frames if read.opcode == CLOSE), None)

    # -- the opening handshake -------------------------------------------------------------

    async def read_request(self) -> None:
        raw = await self.reader.readuntil(b"\r\n\r\n")
        self.request_line, *lines = raw.decode("latin-1").split("\r\n")[:-2]
        for line in lines:
            name, _, value = line.partition(":")
            self.headers.append((name, value.strip()))

    def answer(
        self,
        extra: Iterable[tuple[str, str]] = (),
        *,
        without: Iterable[str] = (),
        key: str | None = None,
    ) -> bytes:
        """The right answer to the request, 101, as bytes.

        Args:
            extra: more headers, repeated ones too.
            without: standard headers to leave out.
            key: the `Sec-WebSocket-Accept`, when it is not to be the right one.
        """
        if key is None:
            key = accept_key(self.header("Sec-WebSocket-Key")[0])
        standard = [
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", key),
        ]
        headers = [pair for pair in standard if pair[0] not in without] + list(extra)
        lines = ["HTTP/1.1 101 Switching Protocols", *(f"{k}: {v}" for k, v in headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def accept(self, extra: Iterable[tuple[str, str]] = (), after: bytes = b"") -> None:
        """Answer 101; `after` goes out in the same segment."""
        await self.send(self.answer(extra) + after)

    # -- afterwards ------------------------------------------------------------------------

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def read(self) -> Frame:
        """Read one frame, whatever it is."""
        read = await read_frame(self.reader)
        self.frames.append(read)
        return read

    async def read_message(self) -> Frame:
        """Read on to a frame that is no ping and no pong, answering pings."""
        while True:
            read = await self.read()
            if read.opcode == PING:
                await self.send(frame(PONG, read.payload))
            elif read.opcode != PONG:
                return read

    async def read_until_close(self) -> Frame:
        """Read on to a close frame, answering pings."""
        while (read := await self.read_message()).opcode != CLOSE:
            pass
        return read

    async def read_to_end(self) -> None:
        """Read and drop bytes until the other side ends the connection."""
        while await self.reader.read(1 << 16):
            pass

    async def echo(self) -> None:
        """Send every message back, until a close frame, which is answered."""
        while (read := await self.read_message()).opcode != CLOSE:
            await self.send(frame(read.opcode, read.payload, fin=read.fin))
        await self.send(frame(CLOSE, read.payload))

    def stop_reading(self) -> None:
        """Leave what arrives in the kernel's buffer, so that the other side's fills up."""
        self.writer.transport.pause_reading()  # type: ignore[attr-defined]

    def resume_reading(self) -> None:
        self.writer.transport.resume_reading()  # type: ignore[attr-defined]

    async def fin(self) -> None:
        """End the connection in the ordinary way of TCP, without a close frame."""
        self.writer.close()
        await self.writer.wait_closed()

    async def rst(self) -> None:
        """Reset the connection: what is in flight is lost."""
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        await asyncio.sleep(0)


Script = Callable[[Peer], Awaitable[None]]


class ScriptedServer:
    """Plays `script` on every connection, in a thread of its own; a context manager.

    Attributes:
        peers: every connection so far, in order.
        failures: what scripts raised, apart from the end of the connection; checked on exit.
    """

    def __init__(
        self,
        script: Script,
        *,
        read_request: bool = True,
        tls: ssl.SSLContext | None = None,
        receive_buffer: int | None = None,
    ) -> None:
        self.script = script
        self.read_request = read_request
        self.tls = tls
        self.peers: list[Peer] = []
        self.failures: list[BaseException] = []
        self._gates: dict[str, Gate] = {}
        self._lock = threading.Lock()
        self._socket = socket.socket()
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._closing = False

    @property
    def url(self) -> str:
        return f"{'wss' if self.tls else 'ws'}://127.0.0.1:{self.port}/"

    def gate(self, name: str) -> Gate:
        """The gate of this name, for a script and its test to meet at."""
        with self._lock:
            return self._gates.setdefault(name, Gate(name))

    async def peer(self, index: int = 0) -> Peer:
        """The connection of this number, once its request has been read."""
        await self.gate(f"connection {index}").wait()
        return self.peers[index]

    async def finished(self, index: int = 0) -> Peer:
        """The connection of this number, once it has ended."""
        peer = await self.peer(index)
        await peer.done.wait()
        return peer

    def __enter__(self) -> "ScriptedServer":
        self._thread = LoopThread("scripted server")
        self._server = self._thread.call(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        self._thread.call(self._stop())
        self._thread.stop()
        if kind is None and self.failures:
            raise AssertionError("a server's script failed") from self.failures[0]

    async def _start(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, sock=self._socket, ssl=self.tls)

    async def _stop(self) -> None:
        self._server.close()
        for peer in self.peers:
            if not peer.done.is_open:  # asyncio has nothing left to abort once it is closed
                peer.writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(self, reader, writer)
        index = len(self.peers)
        self.peers.append(peer)
        try:
            if self.read_request:
                await peer.read_request()
            self.gate(f"connection {index}").open()
            await self.script(peer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            if not self._closing:
                raise
        except BaseException as exc:
            self.failures.append(exc)
        finally:
            writer.close()
            try:
                await writer.wait_closed()
            except (OSError, asyncio.CancelledError):
                pass
            self.gate(f"connection {index}").open()
            peer.done.open()


class ClosedPort:
    """A port that refuses every connection, and that nobody else can take meanwhile."""

    def __enter__(self) -> "ClosedPort":
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))  # bound, but it does not listen
        self.port: int = self._socket.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}/"
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._socket.close()
