"""The same streams through the fast path and through the library alone: every event is the same."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri
from websockets.utils import accept_key

from wxruntime.websocket.fastpath import FrameCutter, library_fits

MAX_SIZE = 400
Event = tuple[str, object]


def frame(first: int, payload: bytes, *, mask: bytes = b"", width: int = 0) -> bytes:
    """Make a frame by hand, also one that breaks the protocol.

    Args:
        first: The first byte.
        payload: The payload.
        mask: A mask key.
        width: Write the length in so many bytes, though fewer would do.
    """
    size = len(payload)
    bit = 0x80 if mask else 0
    if width == 8 or size > 0xFFFF:
        length = struct.pack("!BQ", bit | 127, size)
    elif width == 2 or size > 125:
        length = struct.pack("!BH", bit | 126, size)
    else:
        length = bytes([bit | size])
    return bytes([first]) + length + mask + payload


class Joining(ClientProtocol):
    """The library's protocol, with messages joined and decoded as the frames are parsed."""

    def __init__(self) -> None:
        super().__init__(parse_uri("ws://localhost/"), max_size=MAX_SIZE)
        self.send_request(self.connect())
        self.data_to_send()
        self.happened: list[Event] = []
        self._parts: list[bytes] = []
        self._is_text = False

    def response(self) -> bytes:
        return (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept_key(self.key)}\r\n\r\n"
        ).encode()

    def recv_frame(self, frame: Frame) -> None:
        super().recv_frame(frame)
        if frame.opcode not in DATA_OPCODES:
            return
        if frame.opcode is not Opcode.CONT:
            self._is_text = frame.opcode is Opcode.TEXT
        self._parts.append(bytes(frame.data))
        if frame.fin:
            joined = b"".join(self._parts)
            self._parts = []
            self.happened.append(("message", joined.decode() if self._is_text else joined))


class Alone:
    """Everything goes to the library."""

    def __init__(self) -> None:
        self.protocol = Joining()
        self.events: list[Event] = []
        self.sent: list[tuple[int, bytes]] = []
        self.given = 0

    def feed(self, segment: bytes) -> None:
        self.library(segment)

    def end(self) -> None:
        """The stream ends."""

    def is_open(self) -> bool:
        return self.protocol.state is State.OPEN

    def library(self, data: bytes) -> None:
        protocol = self.protocol
        self.given += len(data)
        protocol.receive_data(data)
        self.sent += [opened(written) for written in protocol.data_to_send() if written]
        messages, protocol.happened = iter(protocol.happened), []
        for event in protocol.events_received():
            if isinstance(event, Response):
                self.events.append(("open", event.status_code))
            elif isinstance(event, Frame) and event.opcode not in DATA_OPCODES:
                self.events.append((event.opcode.name, bytes(event.data)))
            elif isinstance(event, Frame) and event.fin and (message := next(messages, None)):
                self.happen(message)  # without one, its text was what failed
        if (exc := protocol.parser_exc) is not None and ("failed", str(exc)) not in self.events:
            self.events.append(("failed", str(exc)))

    def happen(self, event: Event) -> None:
        self.events.append(event)

    @property
    def outcome(self) -> tuple[object, ...]:
        """All that can be seen from outside."""
        protocol = self.protocol
        return self.events, self.sent, protocol.state, protocol.close_rcvd, protocol.close_sent


class Fast(Alone):
    """Plain frames are cut by the fast path.

    Args:
        on_message: Called with each message and its number.
    """

    def __init__(self, on_message: Callable[[FrameCutter, int], None] | None = None) -> None:
        super().__init__()
        self.cutter = FrameCutter(self.deliver, self.library, self.is_open, MAX_SIZE)
        self.on_message = on_message
        self.messages = 0
        self.cut = 0

    def feed(self, segment: bytes) -> None:
        self.cutter.feed(segment)

    def end(self) -> None:
        self.cutter.finish()

    def deliver(self, message: str | bytes) -> None:
        self.cut += 1
        self.happen(("message", message))

    def happen(self, event: Event) -> None:
        super().happen(event)
        self.messages += event[0] == "message"
        if self.on_message is not None:
            self.on_message(self.cutter, self.messages)


def opened(written: bytes) -> tuple[int, bytes]:
    """The first byte and the payload of a short masked frame."""
    size = written[1] & 0x7F
    assert len(written) == 6 + size
    key = written[2:6] * (size // 4 + 1)
    return written[0], bytes(a ^ b for a, b in zip(written[6:], key, strict=False))


def run(link: Alone, stream: bytes, cuts: Sequence[int] = ()) -> Alone:
    """Feed the response and a stream, cut in places counted from the response's beginning."""
    whole = link.protocol.response() + stream
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    for start, stop in pairwise(places):
        link.feed(whole[start:stop])
    link.end()
    return link


# Streams.

sizes = st.one_of(st.integers(0, 140), st.integers(MAX_SIZE - 2, MAX_SIZE))
texts = st.text(max_size=40).map(str.encode) | sizes.map(lambda size: b"t" * size)
binaries = st.binary(max_size=40) | sizes.map(bytes)
widths = st.sampled_from([0, 0, 0, 2, 8])
plain = st.builds(lambda data, width: frame(0x81, data, width=width), texts, widths) | st.builds(
    lambda data, width: frame(0x82, data, width=width), binaries, widths
)
control = st.builds(frame, st.sampled_from([0x89, 0x8A]), st.binary(max_size=125))


@st.composite
def fragmented(draw: st.DrawFn) -> bytes:
    """A message in several frames, with control frames between them."""
    data = draw(texts)
    places = sorted(draw(st.lists(st.integers(0, len(data)), min_size=1, max_size=4)))
    parts = [data[a:b] for a, b in pairwise([0, *places, len(data)])]
    made = frame(0x01, parts[0])
    for part in parts[1:-1]:
        made += draw(st.just(b"") | control) + frame(0x00, part)
    return made + draw(st.just(b"") | control) + frame(0x80, parts[-1])


violations = st.sampled_from(
    [
        frame(0x81, b"masked", mask=b"abcd"),
        frame(0x89, b"masked", mask=b"abcd"),
        frame(0xC1, b"reserved bit"),
        frame(0x92, b"reserved bit"),
        frame(0x83, b"reserved opcode"),
        frame(0x8F, b""),
        frame(0x80, b"continues nothing"),
        frame(0x00, b"continues nothing"),
        frame(0x01, b"begins") + frame(0x81, b"and begins again"),
        frame(0x02, b"begins") + frame(0x82, b"and begins again"),
        frame(0x01, b"begins") + frame(0x01, b"and begins again"),
        frame(0x81, b"\xff is no UTF-8"),
        frame(0x81, b"a surrogate: \xed\xa0\x80"),
        frame(0x81, b"half a character: \xe2\x82"),
        frame(0x01, b"\xe2\x82") + frame(0x80, b"\xff"),
        frame(0x81, b"x" * (MAX_SIZE + 1)),
        frame(0x82, b"x" * 70_000),
        frame(0x01, b"x" * (MAX_SIZE + 1)),
        frame(0x01, b"x" * MAX_SIZE) + frame(0x80, b"x"),
        frame(0x89, b"x" * 126),
        frame(0x09, b"a fragmented ping"),
        frame(0x08, b""),
        frame(0x88, b"\x03"),
        frame(0x88, b"\x03\xed"),
        frame(0x88, b"\x03\xe8\xff"),
        frame(0x88, b"\x03\xe8" + b"x" * 124),
        frame(0x82, b"")[:1] + b"\x7f" + b"\xff" * 8,
    ]
)
closes = st.sampled_from([frame(0x88, b""), frame(0x88, b"\x03\xe8"), frame(0x88, b"\x0b\xb8bye")])
good = st.lists(plain | plain | plain | control | fragmented(), max_size=12).map(b"".join)
streams = st.builds(
    lambda *parts: b"".join(parts),
    good,
    st.just(b"") | violations | closes,
    good,
    st.just(b"") | plain.map(lambda whole: whole[:-1]),
)
places = st.lists(st.integers(0, 1500), max_size=12)


@given(streams, places)
@settings(max_examples=120, deadline=None)
def test_any_stream_is_the_same(stream: bytes, cuts: list[int]) -> None:
    assert run(Fast(), stream, cuts).outcome == run(Alone(), stream).outcome


@given(streams, places, st.sets(st.integers(1, 20), max_size=6))
@settings(max_examples=100, deadline=None)
def test_pausing_loses_nothing_and_keeps_the_order(
    stream: bytes, cuts: list[int], pauses: set[int]
) -> None:
    """Paused at some messages; resumed after the next segment, or by the end."""

    def pause(cutter: FrameCutter, number: int) -> None:
        if number in pauses:
            cutter.pause()

    class Resuming(Fast):
        def feed(self, segment: bytes) -> None:
            before = len(self.events)
            was_paused = self.cutter.is_paused
            super().feed(segment)
            if was_paused:
                assert len(self.events) == before
                self.cutter.resume()

    assert run(Resuming(pause), stream, cuts).outcome == run(Alone(), stream).outcome


@given(streams, places, st.sets(st.integers(1, 20), max_size=6))
@settings(max_examples=100, deadline=None)
def test_a_listener_that_ends_the_program_loses_only_the_program(
    stream: bytes, cuts: list[int], raises: set[int]
) -> None:
    """What is raised leaves ``feed``; the messages behind are handed on by ``resume``."""

    def raise_at(cutter: FrameCutter, number: int) -> None:
        if number in raises:
            raises.discard(number)
            raise KeyboardInterrupt

    class Surviving(Fast):
        def feed(self, segment: bytes) -> None:
            self.insist(lambda: self.cutter.feed(segment))

        def end(self) -> None:
            self.insist(self.cutter.finish)

        def insist(self, action: Callable[[], None]) -> None:
            try:
                action()
            except KeyboardInterrupt:
                self.insist(self.cutter.resume)
                if action == self.cutter.finish:
                    self.insist(action)

    fast, alone = run(Surviving(raise_at), stream, cuts), run(Alone(), stream)
    assert [event for event in fast.events if event[0] == "message"] == [
        event for event in alone.events if event[0] == "message"
    ]
    assert fast.outcome[1:] == alone.outcome[1:]


def every_kind() -> Iterator[tuple[str, bytes]]:
    yield "empty text", frame(0x81, b"")
    yield "text", frame(0x81, "größer".encode())
    yield "binary", frame(0x82, bytes(range(100)))
    yield "16-bit length", frame(0x81, b"x" * 300)
    yield "64-bit length", frame(0x82, b"x" * 300, width=8)
    yield "fragments", frame(0x01, b"a") + frame(0x89, b"ping") + frame(0x80, b"b")
    yield "ping", frame(0x89, b"ping")
    yield "close", frame(0x88, b"\x03\xe8bye")
    yield "invalid UTF-8", frame(0x81, b"abc\xff")
    yield "too large", frame(0x81, b"x" * (MAX_SIZE + 1))
    yield "masked", frame(0x81, b"abc", mask=b"abcd")


@pytest.mark.parametrize("middle", [pytest.param(made, id=name) for name, made in every_kind()])
def test_a_frame_cut_at_every_byte(middle: bytes) -> None:
    before, after = frame(0x81, b"before"), frame(0x82, b"after") + frame(0x81, b"later")
    stream = before + middle + after
    expected = run(Alone(), stream).outcome
    whole = len(Joining().response() + stream)
    for first in range(whole):
        assert run(Fast(), stream, [first]).outcome == expected
    assert run(Fast(), stream, range(whole)).outcome == expected


def test_plain_frames_do_not_reach_the_library() -> None:
    link = Fast()
    stream = frame(0x81, b"text") + frame(0x82, b"x" * 300) + frame(0x82, b"", width=8)
    run(link, stream * 5, range(200, 1000, 7))
    assert link.cut == 15
    assert link.given == len(link.protocol.response())


@pytest.mark.parametrize("middle", [frame(0x8A, b"pong"), frame(0x01, b"a") + frame(0x80, b"b")])
def test_the_loop_falls_into_step_again(middle: bytes) -> None:
    link = Fast()
    run(link, frame(0x81, b"1") + middle + frame(0x81, b"2"), range(1000))
    assert link.cut == 2
    assert link.given == len(link.protocol.response() + middle)


def test_a_pause_in_a_segment_of_ten_thousand_messages() -> None:
    held: list[int] = []

    def pause(cutter: FrameCutter, number: int) -> None:
        held.append(number)
        if number % 16 == 0:
            cutter.pause()

    link = Fast(pause)
    link.feed(link.protocol.response())
    count = 10_000
    link.feed(b"".join(frame(0x81, b"%d" % number) for number in range(1, count + 1)))
    rounds = 0
    while link.cutter.is_waiting:
        assert link.cutter.is_paused
        assert len(held) == 16 * (rounds + 1)
        rounds += 1
        link.cutter.resume()
    assert [data for name, data in link.events if name == "message"] == [
        str(number) for number in range(1, count + 1)
    ]


def test_resuming_inside_a_message_goes_on_after_it() -> None:
    depth = 0

    def resume(cutter: FrameCutter, number: int) -> None:
        nonlocal depth
        depth += 1
        assert depth == 1
        cutter.pause()
        cutter.resume()
        depth -= 1

    link = Fast(resume)
    run(link, frame(0x81, b"x") * 5)
    assert link.cut == 5


def test_a_large_message_in_small_segments_is_joined_once() -> None:
    link = Fast()
    cutter = FrameCutter(link.deliver, link.library, link.is_open, 2**24)
    cutter.feed(link.protocol.response())
    stream = frame(0x82, bytes(2**22)) + frame(0x81, b"next")
    for at in range(0, len(stream), 1000):  # quadratic work would take minutes
        cutter.feed(stream[at : at + 1000])
    assert [data for name, data in link.events if name == "message"] == [bytes(2**22), "next"]


def test_everything_goes_to_the_library_when_told() -> None:
    link = Fast()
    link.cutter = FrameCutter(link.deliver, link.library, link.is_open, MAX_SIZE, slow=True)
    stream = frame(0x81, b"text") * 3
    assert run(link, stream, range(0, 1000, 3)).outcome == run(Alone(), stream).outcome
    assert link.cut == 0


def test_a_refused_opening_is_left_to_the_library() -> None:
    link = Fast()
    link.feed(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\n")
    link.feed(b"\x81\x01x")
    assert link.cut == 0
    assert link.events == [("open", 403)]


def test_fits() -> None:
    assert library_fits(Joining())
    logging = Joining()
    logging.debug = True
    assert not library_fits(logging)
