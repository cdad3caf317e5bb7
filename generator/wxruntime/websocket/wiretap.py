"""The frames of a traced link: read from the bytes themselves, whoever made them.

A wiretap stands between a connection and its transport. It judges nothing, and changes nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, cast

from wxruntime.websocket.network import Observer
from wxruntime.websocket.trace import PREVIEW, Direction, Kind, TracedLink, first_of

__all__ = ["FrameReader", "wiretap"]

MAX_HANDSHAKE: Final = 2**16
"""Up to how many bytes the end of a request's or response's header is looked for."""

_SECRETS: Final = re.compile(
    r"^((?:proxy-)?authorization|cookie|set-cookie):[^\r\n]*", re.IGNORECASE | re.MULTILINE
)


def wiretap(connection: asyncio.Protocol, observer: Observer) -> asyncio.Protocol:
    """Put a wiretap between a connection and its transport.

    Args:
        connection: The connection.
        observer: The link that is told of each frame.

    Returns:
        What the transport is to be given in the place of the connection.
    """
    assert isinstance(observer, TracedLink)
    return _Wiretap(connection, observer)


class _Wiretap(asyncio.Protocol):
    """Hands everything on, and records the frames in it."""

    def __init__(self, connection: asyncio.Protocol, link: TracedLink) -> None:
        self._connection = connection
        self._sent = FrameReader(link.record, "out", "request")
        self._received = FrameReader(link.record, "in", "response")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        tapped = _TappedTransport(cast(asyncio.Transport, transport), self._sent)
        self._connection.connection_made(cast(asyncio.Transport, tapped))

    def data_received(self, data: bytes) -> None:
        self._received.feed(data)
        self._connection.data_received(data)

    def eof_received(self) -> bool | None:
        return self._connection.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._received.end()
        self._connection.connection_lost(exc)

    def pause_writing(self) -> None:
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        self._connection.resume_writing()


class _TappedTransport:
    """A transport, in every respect but one: what is written to it is recorded."""

    def __init__(self, transport: asyncio.Transport, sent: FrameReader) -> None:
        self._transport = transport
        self._sent = sent

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._sent.feed(bytes(data))
        self._transport.write(data)

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Frame:
    """A frame whose payload is being read."""

    __slots__ = ("first", "key", "left", "size", "start")

    def __init__(self, first: int, size: int, key: bytes) -> None:
        self.first = first
        self.size = self.left = size
        self.key = key
        self.start = b""


def _begin_frame(data: bytes, at: int) -> tuple[_Frame, int] | None:
    """Read the head of a frame.

    Returns:
        The frame, and where its payload begins; None if the head is incomplete.
    """
    if len(data) < at + 2:
        return None
    size = data[at + 1] & 127
    key = at + 2 + {126: 2, 127: 8}.get(size, 0)
    body = key + (4 if data[at + 1] & 128 else 0)
    if len(data) < body:
        return None
    if size > 125:
        size = int.from_bytes(data[at + 2 : key], "big")
    return _Frame(data[at], size, data[key:body]), body


_OPCODES: Final = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
# The longest text of PREVIEW characters, and one more, so that a cut shows.
_START: Final = 4 * (PREVIEW + 1)


class FrameReader:
    """Reads one direction of a connection: the handshake, then frames. Judges nothing.

    It keeps the beginning of each payload only, whatever the size that a frame claims to have.

    Args:
        record: Called with what is found, as `TracedLink.record` is.
        direction: Where it goes.
        handshake: What the handshake is called.
    """

    def __init__(
        self,
        record: Callable[[Direction, Kind, str, str, int], None],
        direction: Direction,
        handshake: str,
    ) -> None:
        self._record = record
        self._direction: Direction = direction
        self._handshake = handshake
        self._shakes_hands = True
        self._is_over = False
        self._rest = b""
        self._frame: _Frame | None = None
        self._is_text = False

    def feed(self, data: bytes) -> None:
        """Read what was sent or received next."""
        if self._is_over:
            return
        self._rest += data
        if self._shakes_hands:
            head, end, rest = self._rest.partition(b"\r\n\r\n")
            if not end and len(self._rest) <= MAX_HANDSHAKE:
                return
            self._rest = rest
            self._record_handshake(head + end)
        if not self._is_over:
            self._read_frames()

    def end(self) -> None:
        """Nothing follows: record a handshake that is incomplete."""
        if self._shakes_hands and self._rest and not self._is_over:
            self._record_handshake(self._rest)

    def _record_handshake(self, head: bytes) -> None:
        self._shakes_hands = False
        # A refusal may be followed by a body, for people.
        self._is_over = self._direction == "in" and head.split(b" ", 2)[1:2] != [b"101"]
        text = "\n".join(head.decode("latin-1").split("\r\n")).strip()
        text = _SECRETS.sub(r"\1: ***", text)
        self._record(self._direction, "frame", self._handshake, text, len(head))

    def _read_frames(self) -> None:
        data, at = self._rest, 0
        while True:
            if self._frame is None:
                begun = _begin_frame(data, at)
                if begun is None:
                    break
                self._frame, at = begun
            frame = self._frame
            stop = at + min(frame.left, len(data) - at)
            if len(frame.start) < _START:
                frame.start += data[at : min(stop, at + _START)]
            frame.left -= stop - at
            at = stop
            if frame.left:
                break
            self._frame = None
            self._record_frame(frame)
        self._rest = data[at:]

    def _record_frame(self, frame: _Frame) -> None:
        opcode = frame.first & 15
        name = _OPCODES.get(opcode, f"opcode {opcode}")
        if not frame.first & 128:
            name += " fragment"
        start = frame.start
        if frame.key:
            start = bytes(byte ^ frame.key[index % 4] for index, byte in enumerate(start))
        if opcode in (1, 2):
            self._is_text = opcode == 1
        if opcode == 8:
            reason = start[2:].decode(errors="replace")
            text = f"{int.from_bytes(start[:2], 'big')} {reason}".strip() if start else ""
        elif opcode in (0, 1) and self._is_text:
            text = first_of(start.decode(errors="replace"))
        else:
            text = first_of(start)
        self._record(self._direction, "frame", name, text, frame.size)
