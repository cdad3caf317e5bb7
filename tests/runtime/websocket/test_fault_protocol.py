"""The peer breaks the protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from servers import Peer, frames, scripts
from servers.faults import FAILED, OPEN, Fault, check, ids, said
from servers.fixtures import Start
from servers.frames import BINARY, CLOSE, CONT, PING, TEXT, frame, text

pytestmark = pytest.mark.usefixtures("each_loop")

BROKEN: list[Fault] = []


def broken(name: str, sent: int | Sequence[int], *data: bytes, **options: Any) -> None:
    codes = (sent,) if isinstance(sent, int) else sent
    BROKEN.append(Fault(name, scripts.offend(*data), (OPEN, *FAILED), codes, **options))


for opcode in (0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF):
    broken(f"reserved opcode {opcode:#x}", 1002, frame(opcode, b"x"), errors="invalid opcode")
for rsv in (1, 2, 4, 7):
    broken(
        f"text with rsv {rsv:03b}",
        1002,
        frame(TEXT, b"x", rsv=rsv),
        errors="reserved bits must be 0",
    )
broken("binary with an rsv bit", 1002, frame(BINARY, b"x", rsv=4), errors="reserved bits must be 0")
broken("ping with an rsv bit", 1002, frame(PING, b"", rsv=1), errors="reserved bits must be 0")
broken(
    "empty text with an rsv bit", 1002, frame(TEXT, b"", rsv=4), errors="reserved bits must be 0"
)
broken(
    "continuation with an rsv bit",
    1002,
    frame(TEXT, b"x", fin=False),
    frame(CONT, b"y", rsv=4),
    errors="reserved bits must be 0",
)
broken("masked text", 1002, frame(TEXT, b"hello", masked=True), errors="incorrect masking")
broken("masked binary", 1002, frame(BINARY, b"hello", masked=True), errors="incorrect masking")
broken(
    "masked close",
    1002,
    frame(CLOSE, frames.close_payload(1000), masked=True),
    errors="incorrect masking",
)
broken("masked ping", 1002, frame(PING, b"x", masked=True), errors="incorrect masking")
broken("fragmented ping", 1002, frame(PING, b"x", fin=False), errors="fragmented control frame")
broken(
    "fragmented close",
    1002,
    frame(CLOSE, frames.close_payload(1000), fin=False),
    errors="fragmented control frame",
)
broken("ping of 126 bytes", 1002, frame(PING, b"x" * 126), errors="control frame too long")
broken("close of 126 bytes", 1002, frames.close(1000, "x" * 124), errors="control frame too long")
broken(
    "continuation without a start", 1002, frame(CONT, b"x"), errors="unexpected continuation frame"
)
broken(
    "unfinished continuation without a start",
    1002,
    frame(CONT, b"x", fin=False),
    errors="unexpected continuation frame",
)
broken(
    "text within text",
    1002,
    frame(TEXT, b"a", fin=False),
    frame(TEXT, b"b"),
    errors="expected a continuation frame",
)
broken(
    "binary within binary",
    1002,
    frame(BINARY, b"a", fin=False),
    frame(BINARY, b"b"),
    errors="expected a continuation frame",
)
broken("close of one byte", 1002, frame(CLOSE, b"\x03"), errors="close frame too short")
for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535):
    broken(f"close with code {code}", 1002, frames.close(code), errors="invalid status code")
broken(
    "close with an invalid reason",
    (1002, 1007),
    frames.close(1000, b"\xff\xfe"),
    errors="codec can't decode",
)
for name, payload in {
    "0xff": b"\xff",
    "overlong": b"\xc0\xaf",
    "a surrogate": b"\xed\xa0\x80",
    "above U+10FFFF": b"\xf4\x90\x80\x80",
    "cut short": "abcé".encode()[:-1],
}.items():
    broken(f"invalid UTF-8: {name}", 1007, frame(TEXT, payload), errors="codec can't decode")
broken(
    "invalid UTF-8 in fragments",
    1007,
    frame(TEXT, b"ok", fin=False),
    frame(CONT, b"\xff"),
    errors="codec can't decode",
)
broken(
    "invalid UTF-8 at a seam",
    1007,
    frame(TEXT, b"\xce\xba\xe1\xbd", fin=False),
    frame(CONT, b"\xc0"),
    errors="codec can't decode",
)
SMALL: dict[str, Any] = {"app": {"max_message_size": 1000}}
broken(
    "too large, says the header", 1009, frame(BINARY, b"", claim=17 << 20), errors="exceeds limit"
)
broken(
    "far too large, says the header",
    (1002, 1009),
    frame(BINARY, b"", claim=1 << 62),
    errors="exceeds limit",
)
broken("too large binary", 1009, frame(BINARY, b"x" * 1001), errors="exceeds limit", **SMALL)
broken("too large text", 1009, frame(TEXT, b"x" * 1001), errors="exceeds limit", **SMALL)
broken(
    "too large in fragments",
    1009,
    frame(BINARY, b"x" * 600, fin=False),
    frame(CONT, b"x" * 401),
    errors="exceeds limit",
    **SMALL,
)
broken(
    "too large text in characters of several bytes",
    1009,
    frame(TEXT, ("é" * 501).encode()),
    errors="exceeds limit",
    **SMALL,
)


@ids(BROKEN)
def test_broken(start: Start, fault: Fault) -> None:
    check(start, fault)


def test_messages_before_the_fault_are_delivered_and_none_after_it(start: Start) -> None:
    check(
        start,
        Fault(
            "between",
            scripts.offend(text("before"), frame(3), text("after")),
            (OPEN, said("before"), *FAILED),
            sent=(1002,),
            errors="invalid opcode",
        ),
    )


@pytest.mark.parametrize(
    "behind",
    [text("after"), frame(TEXT, b"\xff"), frame(PING), frames.close(4000)],
    ids=["a message", "another invalid text", "a ping", "a close frame"],
)
def test_what_comes_in_one_segment_with_an_invalid_text_changes_nothing(
    start: Start, behind: bytes
) -> None:
    script = scripts.offend(frame(TEXT, b"\xff") + behind)
    check(
        start, Fault("behind", script, (OPEN, *FAILED), sent=(1007,), errors="codec can't decode")
    )


def test_the_peer_that_broke_the_protocol_and_then_stays(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frame(3))
        await peer.read_until_close()
        await scripts.stay(peer)

    check(
        start,
        Fault(
            "stays",
            script,
            (OPEN, *FAILED),
            sent=(1002,),
            errors="invalid opcode",
            app={"close_timeout": 0.2},
        ),
    )


def test_the_peer_that_broke_the_protocol_and_goes_on_sending(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frame(3) + text("x") * 1000)
        await peer.read_until_close()
        await peer.send(text("y") * 1000)

    check(start, Fault("goes on", script, (OPEN, *FAILED), sent=(1002,), errors="invalid opcode"))
