"""The cases of framing, fragments, UTF-8, close frames and sizes that conformance suites try.

Each stream comes at once, so that whole frames take the fast path, and again in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers import Peer, ScriptedServer, frames
from servers.fixtures import Start
from servers.frames import BINARY, CLOSE, CONT, PING, PONG, TEXT, frame
from servers.harness import Event, Events, run
from wxsocket import Wx

KIB = 1024
PIECES = {"at once": 1 << 30, "in single bytes": 1, "in pieces": 997}


def in_fragments(opcode: int, data: bytes, size: int, between: bytes = b"") -> bytes:
    """A message in fragments of so many bytes, with something between them."""
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return between.join(
        frame(CONT if at else opcode, part, fin=at == len(parts) - 1)
        for at, part in enumerate(parts)
    )


VALID: dict[str, tuple[bytes, list[str | bytes]]] = {}
BROKEN: dict[str, tuple[bytes, int]] = {}

for size in (0, 1, 125, 126, 127, 128, 65535, 65536):
    VALID[f"text of {size}"] = frame(TEXT, b"*" * size), ["*" * size]
    VALID[f"binary of {size}"] = frame(BINARY, b"\xfe" * size), [b"\xfe" * size]
for size, parts in ((256 * KIB, (64, 1024, 65536)), (1024 * KIB, (1024, 65536))):
    VALID[f"text of {size}"] = frame(TEXT, b"*" * size), ["*" * size]
    for part in parts:
        VALID[f"binary of {size} in fragments of {part}"] = (
            in_fragments(BINARY, b"\xfe" * size, part),
            [b"\xfe" * size],
        )

ping, pong = frame(PING, b"p" * 125), frame(PONG, b"unasked")
VALID |= {
    "pings and pongs beside messages": (
        ping + frame(TEXT, b"a") + pong + ping + frame(BINARY, b"b") + frame(PING),
        ["a", b"b"],
    ),
    "control frames between fragments": (
        in_fragments(TEXT, b"fragments", 2, ping + pong) + frame(TEXT, b"whole"),
        ["fragments", "whole"],
    ),
    "empty fragments": (
        frame(TEXT, fin=False) + frame(CONT, fin=False) + frame(CONT) + frame(TEXT, b"x"),
        ["", "x"],
    ),
    "whole messages around a fragmented one": (
        frame(TEXT, b"1") + in_fragments(BINARY, b"2345", 1) + frame(TEXT, b"6"),
        ["1", b"2345", "6"],
    ),
}

# The first and last character of each length in UTF-8, beside surrogates, and non-characters.
CHARACTERS = (
    *("\0", "\x7f", "\x80", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd", "\ufffe", "\uffff"),
    *("\U00010000", "\U0001fffe", "\U0010ffff", "κόσμε", "Hello-µ@ßöäüàá-UTF-8!!"),
)
for text in CHARACTERS:
    for size in (1, 2, 3):
        VALID[f"{text!a} in fragments of {size}"] = (
            in_fragments(TEXT, text.encode(), size),
            [text],
        )
    VALID[f"{text!a}"] = frame(TEXT, text.encode()), [text]

ILL_FORMED = (
    *("80", "bf", "80bf", "c080", "c1bf", "c320", "ce", "e080", "e09fbf", "e282", "ed a0 80"),
    *("edbfbf", "eda080edb080", "f0808080", "f08fbfbf", "f0908d", "f4908080", "f5808080"),
    *("f888808080", "fc8480808080", "fe", "ff", "cebae1bdb9cf83cebcceb5eda080656469746564"),
)
for octets in map(bytes.fromhex, ILL_FORMED):
    BROKEN[f"text {octets.hex()}"] = frame(TEXT, octets), 1007
    BROKEN[f"text {octets.hex()} in fragments"] = in_fragments(TEXT, octets, 1), 1007

CLOSES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)
for code in (0, 1, 999, 1004, 1005, 1006, 1100, 2000, 2999, 5000, 65535):
    BROKEN[f"close with {code}"] = frames.close(code), 1002
BROKEN |= {
    "close with half a code": (frame(CLOSE, b"\x03"), 1002),
    "close with a long reason": (frames.close(1000, "x" * 124), 1002),
    "close with an ill-formed reason": (frames.close(1000, b"\xce\xba\xe1\xbd\xed\xa0\x80"), 1007),
    "long ping": (frame(PING, b"x" * 126), 1002),
    "long pong": (frame(PONG, b"x" * 126), 1002),
    "a fragment without a start": (frame(CONT, b"x"), 1002),
    "a start within a message": (frame(TEXT, b"x", fin=False) + frame(TEXT, b"y"), 1002),
}


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    # The end of a stream in single bytes: its beginning are the large messages.
    start = max(0, len(data) - 2000 * size)
    if start:
        yield data[:start]
    for at in range(start, len(data), size):
        yield data[at : at + size]


def hear(start: Start, data: bytes, size: int) -> tuple[list[str | bytes], list[Event], int | None]:
    """Let a server send this. Returns the messages, the end, and the code that the server got."""

    codes: list[int | None] = []

    async def script(peer: Peer) -> None:
        await peer.accept()
        for piece in pieces(data, size):
            await peer.send(piece)
        codes.append((await peer.read_until_close()).code)

    server = start(ScriptedServer(script))

    async def main() -> Events:
        async with Wx() as app:
            events = Events(app.connectSocket(url=server.url))
            await events.wait("close")
        return events

    events = run(main())
    end = [event for event in events.log if event[0] in ("error", "close")]
    return events.messages, end, codes[0]


@pytest.mark.parametrize("size", PIECES.values(), ids=PIECES)
def test_valid(start: Start, size: int) -> None:
    """One stream of them all: a case also has to leave the link fit for the next."""
    data = b"".join(data for data, _ in VALID.values())
    heard, end, code = hear(start, data + frames.close(1000, "done"), size)
    for name, (_, messages) in VALID.items():
        assert heard[: len(messages)] == messages, name
        del heard[: len(messages)]
    assert (heard, end, code) == ([], [("close", 1000, "done")], 1000)


@pytest.mark.parametrize("name", BROKEN)
def test_broken(start: Start, name: str) -> None:
    data, code = BROKEN[name]
    heard, end, sent = hear(start, frame(TEXT, b"before") + data, 1 << 30)
    assert heard == ["before"]
    assert [event[0] for event in end] == ["error", "close"]
    assert end[1] == ("close", 1006, "abnormal closure")
    assert sent == code


@pytest.mark.parametrize("code", CLOSES)
def test_close_codes(start: Start, code: int) -> None:
    heard, end, sent = hear(start, frames.close(code, "r" * 123), 1 << 30)
    assert (heard, end, sent) == ([], [("close", code, "r" * 123)], code)
