"""What the fast path relies on in the websockets library. Fails when a new version has moved it."""

from __future__ import annotations

import pytest
from websockets import frames
from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.protocol import State
from websockets.uri import parse_uri
from websockets.utils import accept_key

from wxruntime.websocket.fastpath import library_fits

MOVED = "websockets has changed, see wxruntime/websocket/fastpath.py: "


@pytest.fixture
def protocol() -> ClientProtocol:
    protocol = ClientProtocol(parse_uri("ws://localhost/"), max_size=1000)
    protocol.send_request(protocol.connect())
    protocol.data_to_send()
    return protocol


def open_it(protocol: ClientProtocol) -> None:
    protocol.receive_data(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_key(protocol.key)}\r\n\r\n".encode()
    )
    protocol.events_received()


def test_fits(protocol: ClientProtocol) -> None:
    assert library_fits(protocol), MOVED + "everything goes the slow way"


def test_does_not_fit_without_what_is_asked() -> None:
    class Other:
        debug = False

    assert not library_fits(Other())  # type: ignore[arg-type]


def test_the_response_ends_with_the_first_empty_line(protocol: ClientProtocol) -> None:
    open_it(protocol)
    assert protocol.state is State.OPEN, MOVED + "the response ends elsewhere"
    protocol.receive_data(b"\x81\x01x")
    assert len(protocol.events_received()) == 1, MOVED + "the response ends elsewhere"


@pytest.mark.parametrize(
    "frame",
    [
        b"\x89\x00",
        b"\x8a\x03abc",
        b"\x01\x00",
        b"\x82\x7e\x00\x80" + bytes(128),
        b"\x82\x7f" + (300).to_bytes(8, "big") + bytes(300),
    ],
)
def test_a_frame_is_complete_with_its_last_byte(protocol: ClientProtocol, frame: bytes) -> None:
    open_it(protocol)
    for count in (1, len(frame)):
        for at in range(0, len(frame), count):
            assert protocol.events_received() == [], MOVED + "a frame ends too early"
            protocol.receive_data(frame[at : at + count])
        assert len(protocol.events_received()) == 1, MOVED + "a frame ends too late"
        assert protocol.state is State.OPEN
        if frame[0] == Opcode.TEXT:
            return  # the second would break the protocol


def test_frames_to_send_are_whole(protocol: ClientProtocol) -> None:
    open_it(protocol)
    protocol.send_ping(b"ping")
    protocol.send_close(1000, "bye")
    sizes = [len(written) for written in protocol.data_to_send()]
    assert sizes == [10, 11], MOVED + "frames made by us cannot come between these"


def test_masking() -> None:
    mask = getattr(frames, "apply_mask", None)
    assert mask is not None, MOVED + "apply_mask, so masking is slow"
    assert mask(b"abcde", b"\x01\x02\x03\x04") == bytes(
        byte ^ key for byte, key in zip(b"abcde", b"\x01\x02\x03\x04\x01", strict=True)
    )
