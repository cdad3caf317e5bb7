"""Frames as they are sent: what the library would have made, joined by tick, in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from wxruntime.websocket import fastpath
from wxruntime.websocket.fastpath import FrameWriter


class Wire:
    """A transport and a loop whose ticks the test ends."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.soon: list[Callable[[], None]] = []
        self.now = 1000.0
        self.writer = FrameWriter(self.written.append, self.soon.append, lambda: self.now)

    def end_tick(self) -> None:
        soon = self.soon[:]
        self.soon.clear()
        for action in soon:
            action()

    def received(self) -> list[tuple[Opcode, bytes]]:
        """The frames as a server reads them."""
        server = Protocol(Side.SERVER, max_size=None)
        server.receive_data(b"".join(self.written))
        assert server.parser_exc is None
        events = server.events_received()
        assert all(isinstance(event, Frame) and event.fin for event in events)
        return [(event.opcode, bytes(event.data)) for event in events if isinstance(event, Frame)]


def kind(text: bool) -> Opcode:
    return Opcode.TEXT if text else Opcode.BINARY


@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 70_000])
def test_every_way_to_write_a_length(size: int, text: bool) -> None:
    wire = Wire()
    wire.writer.send(b"x" * size, text)
    assert wire.received() == [(kind(text), b"x" * size)]
    # No length is written longer than need be.
    assert len(b"".join(wire.written)) == len(Frame(kind(text), b"x" * size).serialize(mask=True))


@given(st.lists(st.tuples(st.binary(max_size=300), st.booleans(), st.booleans()), max_size=60))
def test_messages_stay_in_order(messages: list[tuple[bytes, bool, bool]]) -> None:
    wire = Wire()
    for data, text, ends_tick in messages:
        wire.writer.send(data, text)
        if ends_tick:
            wire.end_tick()
            assert wire.writer.size == 0
    wire.end_tick()
    assert wire.received() == [(kind(text), data) for data, text, _ in messages]


def test_the_first_of_a_tick_is_written_at_once_and_the_rest_at_its_end() -> None:
    wire = Wire()
    for tick in (1, 2, 3):
        wire.writer.send(b"first", True)
        assert wire.received()[-1] == (Opcode.TEXT, b"first")
        at_once = len(wire.written)
        for _ in range(50):
            wire.writer.send(b"later", True)
        assert len(wire.written) <= at_once + 1, tick
        assert wire.writer.size >= 49 * 11
        wire.end_tick()
        assert wire.writer.size == 0
        assert wire.received()[-1] == (Opcode.TEXT, b"later")
    assert len(wire.written) <= 9


def test_what_is_not_sent_in_a_burst_is_written_at_once() -> None:
    wire = Wire()
    for number in range(1, 6):
        wire.writer.send(b"x", True)
        assert len(wire.written) == number
        wire.now += 0.001
    assert wire.soon == []


def test_a_lone_frame_costs_no_callback() -> None:
    wire = Wire()
    for _ in range(5):
        wire.writer.new_tick()
        wire.writer.send(b"lone", True)
    assert wire.soon == []
    assert len(wire.written) == 5


def test_frames_are_written_when_there_is_enough() -> None:
    wire = Wire()
    for _ in range(1000):
        wire.writer.send(b"x" * 100, False)
        assert wire.writer.size < 2**14
    assert len(wire.written) < 20


def test_flush_comes_before_what_is_written_next() -> None:
    wire = Wire()
    for number in range(4):
        wire.writer.send(b"%d" % number, True)
    wire.writer.flush()
    wire.written.append(Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True))
    wire.end_tick()
    assert [data for _, data in wire.received()] == [b"0", b"1", b"2", b"3", b"\x03\xe8"]


def test_what_waits_can_be_discarded() -> None:
    wire = Wire()
    for _ in range(4):
        wire.writer.send(b"x", True)
    wire.writer.discard()
    assert wire.writer.size == 0
    wire.end_tick()
    assert len(wire.received()) == 2


def test_mask_keys_are_not_repeated() -> None:
    wire = Wire()
    for _ in range(5000):
        wire.writer.send(bytes(8), False)
    wire.end_tick()
    stream = b"".join(wire.written)
    frames = [stream[at : at + 14] for at in range(0, len(stream), 14)]
    keys = Counter(frame[2:6] for frame in frames)
    assert len(frames) == 5000
    assert max(keys.values()) <= 2  # by chance
    assert all(frame[6:] == frame[2:6] * 2 for frame in frames)
    # Each bit is as often 0 as 1, and no key says anything about the next.
    ones = sum(int.from_bytes(key, "big").bit_count() for key in keys)
    assert 0.48 < ones / (32 * len(keys)) < 0.52


@given(st.binary(max_size=50), st.binary(min_size=4, max_size=4))
def test_masking_without_the_library(data: bytes, key: bytes) -> None:
    expected = bytes(byte ^ key[at % 4] for at, byte in enumerate(data))
    assert fastpath._apply_mask(data, key) == expected
    assert fastpath._mask(data, key) == expected


def test_a_tick_of_a_real_loop() -> None:
    async def send() -> list[int]:
        written: list[bytes] = []
        writer = FrameWriter(written.append, asyncio.get_running_loop().call_soon)
        for _ in range(10):
            writer.send(b"x", True)
        sizes = [len(b"".join(written))]
        await asyncio.sleep(0)
        return [*sizes, len(b"".join(written))]

    assert asyncio.run(send()) == [14, 70]
