"""Fragmented messages, which the engine joins itself."""

from __future__ import annotations

import pytest

from servers.fixtures import Start
from servers.frames import CONT, PING, PONG, TEXT, close, frame
from servers.harness import Events, run
from servers.scripted import Peer, ScriptedServer
from wxsocket import Wx

pytestmark = pytest.mark.usefixtures("each_loop")

# More than the websockets library would join, and cut inside characters.
PIECES = [bytes([byte]) for byte in ("☃é" * 1500).encode()]


async def serve_pieces(peer: Peer) -> None:
    first, *rest = PIECES
    data = frame(TEXT, first, fin=False)
    for index, piece in enumerate(rest):
        data += frame(CONT, piece, fin=False)
        if index % 1000 == 0:
            data += frame(PING, b"between")
    data += frame(CONT, b"", fin=True)
    # A message of nothing but empty fragments costs no memory, and is one empty message.
    data += frame(TEXT, b"", fin=False) + frame(CONT, b"", fin=False) * 20_000 + frame(CONT, b"")
    await peer.accept(after=data + frame(TEXT, b"end") + close(1000))
    while not peer.close_frame:
        await peer.read()


def test_thousands_of_fragments_with_pings_between_make_one_message(start: Start) -> None:
    async def main(server: ScriptedServer) -> None:
        events = Events(Wx().connectSocket(url=server.url))
        await events.wait("close")
        assert events.messages == ["☃é" * 1500, "", "end"]
        assert events.kinds == ["open", *["message"] * 3, "close"]
        peer = await server.finished()
        pongs = [read.payload for read in peer.frames if read.opcode == PONG]
        assert pongs == [b"between"] * len(range(0, len(PIECES) - 1, 1000))

    server = start(ScriptedServer(serve_pieces))
    run(main(server))
