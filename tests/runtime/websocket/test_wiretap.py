"""The wiretap's reader finds each frame, wherever the bytes are cut, and keeps little of it."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from servers.frames import BINARY, CLOSE, CONT, PING, TEXT, frame
from wxruntime.websocket.trace import Direction, Kind
from wxruntime.websocket.wiretap import FrameReader


@st.composite
def some_frames(draw: st.DrawFn) -> tuple[bytes, list[tuple[str, int]]]:
    """Frames as bytes, and the name and size of each."""
    names = {CONT: "continuation", TEXT: "text", BINARY: "binary", CLOSE: "close", PING: "ping"}
    data, expected = b"", []
    for _ in range(draw(st.integers(0, 5))):
        opcode = draw(st.sampled_from(list(names)))
        payload = draw(st.binary(max_size=8)) * draw(st.sampled_from([0, 1, 15, 16, 30, 9000]))
        fin = draw(st.booleans())
        data += frame(opcode, payload, fin=fin, masked=draw(st.booleans()))
        expected.append((names[opcode] + ("" if fin else " fragment"), len(payload)))
    return data, expected


class Found:
    """What a reader has found."""

    def __init__(self, direction: Direction = "out") -> None:
        self.frames: list[tuple[str, int]] = []
        self.texts: list[str] = []
        self.reader = FrameReader(self._record, direction, "request")

    def _record(self, direction: Direction, kind: Kind, name: str, text: str, size: int) -> None:
        self.frames.append((name, size))
        self.texts.append(text)


@given(some_frames(), st.lists(st.integers(0, 100_000), max_size=6))
def test_frames_are_found_wherever_the_bytes_are_cut(
    given_frames: tuple[bytes, list[tuple[str, int]]], cuts: list[int]
) -> None:
    head = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    data = head + given_frames[0]
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    found = Found()
    for start, stop in itertools.pairwise(places):
        found.reader.feed(data[start:stop])
    assert found.frames == [("request", len(head)), *given_frames[1]]


@given(some_frames())
def test_frames_are_found_byte_by_byte(given_frames: tuple[bytes, list[tuple[str, int]]]) -> None:
    found = Found()
    for byte in b"\r\n\r\n" + given_frames[0][:2000]:
        found.reader.feed(bytes([byte]))
    assert found.frames[1:] == given_frames[1][: len(found.frames) - 1]


def test_a_frame_of_any_claimed_size_is_not_kept() -> None:
    found = Found()
    found.reader.feed(b"\r\n\r\n" + frame(BINARY, b"x", claim=2**62))
    for _ in range(100):
        found.reader.feed(bytes(2**16))
    assert len(found.reader._rest) < 16
    assert found.reader._frame is not None
    assert len(found.reader._frame.start) < 1000


def test_a_header_without_end_is_not_kept() -> None:
    found = Found("in")
    for _ in range(100):
        found.reader.feed(b"x" * 2**12)
    assert [name for name, _ in found.frames] == ["request"]
    assert len(found.reader._rest) < 16
