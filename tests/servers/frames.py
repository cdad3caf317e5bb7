"""WebSocket frames as bytes: built with every freedom that the protocol forbids, and read."""

import asyncio
import os
import struct
from dataclasses import dataclass

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    masked: bool = False,
    claim: int | None = None,
) -> bytes:
    """A frame as bytes.

    Args:
        rsv: the three reserved bits, as a number from 0 to 7.
        masked: mask the payload, as only a client may.
        claim: the payload length that the header says, when it is not the true one.
    """
    length = len(payload) if claim is None else claim
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    mask_bit = 0x80 if masked else 0
    if length < 126:
        head += bytes([mask_bit | length])
    elif length < 1 << 16:
        head += bytes([mask_bit | 126]) + struct.pack("!H", length)
    else:
        head += bytes([mask_bit | 127]) + struct.pack("!Q", length)
    if masked:
        key = os.urandom(4)
        return head + key + _mask(payload, key)
    return head + payload


def text(message: str) -> bytes:
    """A complete text message, as a server sends it."""
    return frame(TEXT, message.encode())


def close(code: int | None = None, reason: str | bytes = b"") -> bytes:
    """A close frame, as a server sends it; without a code an empty one."""
    return frame(CLOSE, close_payload(code, reason))


def close_payload(code: int | None, reason: str | bytes = b"") -> bytes:
    if isinstance(reason, str):
        reason = reason.encode()
    return b"" if code is None else struct.pack("!H", code) + reason


@dataclass(frozen=True)
class Frame:
    """A frame that was read, its payload unmasked."""

    opcode: int
    payload: bytes
    fin: bool = True
    rsv: int = 0
    masked: bool = True

    @property
    def code(self) -> int | None:
        """The code in a close frame."""
        return struct.unpack("!H", self.payload[:2])[0] if len(self.payload) >= 2 else None

    @property
    def reason(self) -> str:
        """The reason in a close frame."""
        return self.payload[2:].decode()


async def read_frame(reader: asyncio.StreamReader) -> Frame:
    """Read one frame; `asyncio.IncompleteReadError` at the end of the stream."""
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length == 126:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
    elif length == 127:
        (length,) = struct.unpack("!Q", await reader.readexactly(8))
    masked = bool(second & 0x80)
    key = await reader.readexactly(4) if masked else b""
    payload = await reader.readexactly(length)
    return Frame(
        opcode=first & 0x0F,
        payload=_mask(payload, key) if masked else payload,
        fin=bool(first & 0x80),
        rsv=first >> 4 & 7,
        masked=masked,
    )


def _mask(data: bytes, key: bytes) -> bytes:
    if not data:
        return b""
    whole = (key * (len(data) // 4 + 1))[: len(data)]
    number = int.from_bytes(data, "big") ^ int.from_bytes(whole, "big")
    return number.to_bytes(len(data), "big")
