"""The library's protocol, which judges every frame; whole messages take the place of data frames."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, cast

from websockets.client import ClientProtocol
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from wxruntime.websocket.handshake import OpeningFailed, check_response

__all__ = ["JoiningProtocol"]


class JoiningProtocol(ClientProtocol):
    """The library's protocol; whole decoded messages take the place of data frames.

    What is wrong with a message is known, and told to the server, before what follows it in the same
    segment is looked at.
    """

    def __init__(self, uri: WebSocketURI, subprotocols: tuple[str, ...], max_size: int) -> None:
        self._is_text = False
        self._parts = bytearray()
        self.held_pong: bytes | None = None
        self.holds_pongs = False
        super().__init__(
            uri,
            subprotocols=[Subprotocol(name) for name in subprotocols] or None,
            max_size=max_size,
        )

    def parse(self) -> Generator[None]:
        """Parse the answer to the opening request, without waiting for a body, then frames."""
        status_line = b""

        def read_line(most: int, error: type[Exception]) -> Generator[None, None, bytes]:
            nonlocal status_line
            line = bytes((yield from self.reader.read_line(most, error)))
            status_line = status_line or line
            return line

        try:
            # As the answer of a proxy is parsed: the connection is over, or upgraded, at its end.
            response = yield from Response.parse(
                read_line, self.reader.read_exact, self.reader.read_to_eof, proxy=True
            )
            if response.status_code == 101 and not status_line.startswith(b"HTTP/1.1 "):
                raise OpeningFailed("the server does not speak HTTP/1.1")
            check_response(self, response)
        except Exception as exc:
            self.handshake_exc = exc.with_traceback(None)
            while True:
                yield
        self.state = State.OPEN
        self.events.append(response)
        yield from super().parse()

    def recv_frame(self, frame: Frame) -> None:
        opcode = frame.opcode
        if opcode is Opcode.PING and self.holds_pongs:
            # Nobody reads them: keep the last one, which may answer for all.
            self.held_pong = bytes(frame.data)
            return
        if opcode is Opcode.CLOSE:
            # RFC 6455 lets a close come inside a fragmented message; the library does not.
            self.current_size = None
        super().recv_frame(frame)
        if opcode not in DATA_OPCODES:
            return
        events = cast(list[Any], self.events)
        events.pop()
        if opcode is not Opcode.CONT:
            self._is_text = opcode is Opcode.TEXT
            if frame.fin:
                events.append(self._decoded(frame.data))
                return
        self._parts += frame.data
        if frame.fin:
            parts, self._parts = self._parts, bytearray()
            events.append(self._decoded(parts))

    def _decoded(self, data: bytes | bytearray | memoryview) -> str | bytes:
        # A UnicodeDecodeError makes the parser fail with 1007.
        return str(data, "utf-8") if self._is_text else bytes(data)
