"""The peer is within its rights, however odd it is."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from servers import Peer, ScriptedServer, frames, scripts
from servers.faults import OPEN, Fault, check, said
from servers.fixtures import Start
from servers.frames import BINARY, CONT, PING, PONG, TEXT, frame, text
from servers.harness import (
    Events,
    run,
)
from wxsocket import Wx

pytestmark = pytest.mark.usefixtures("each_loop")

SMALL: dict[str, Any] = {"app": {"max_message_size": 1000}}


def test_largest_message(start: Start) -> None:
    data = b"x" * 1000
    check(
        start,
        Fault(
            "largest",
            scripts.closes(
                1000,
                before=frame(BINARY, data)
                + frame(BINARY, data[:600], fin=False)
                + frame(CONT, data[600:]),
            ),
            (OPEN, said(data), said(data), ("close", 1000, "")),
            sent=(1000,),
            **SMALL,
        ),
    )


def test_fragments(start: Start) -> None:
    """Seams within a character, empty fragments, and control frames between fragments."""
    euro = "€".encode()
    data = (
        frame(TEXT, euro[:1], fin=False)
        + frame(PING, b"p")
        + frame(CONT, b"", fin=False)
        + frame(PONG, b"unasked")
        + frame(CONT, euro[1:])
        + frame(BINARY, b"", fin=False)
        + frame(CONT, b"")
        + frame(TEXT, b"", fin=False)
        + frame(CONT, b"x", fin=False)
        + frame(CONT, b"")
    )
    check(
        start,
        Fault(
            "fragments",
            scripts.closes(1000, before=data),
            (OPEN, said("€"), said(b""), said("x"), ("close", 1000, "")),
            sent=(1000,),
        ),
    )


def test_a_message_in_many_fragments(start: Start) -> None:
    parts = [str(number) for number in range(5000)]
    data = frame(TEXT, b"", fin=False)
    data += b"".join(frame(CONT, part.encode(), fin=False) for part in parts)
    check(
        start,
        Fault(
            "many fragments",
            scripts.closes(1000, before=data + frame(CONT, b"")),
            (OPEN, said("".join(parts)), ("close", 1000, "")),
            sent=(1000,),
        ),
    )


def test_pings_are_answered(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frame(PING, b"one") + frame(PONG, b"unasked") + frame(PING, b""))
        first, second = await peer.read(), await peer.read()
        assert (first.opcode, first.payload) == (PONG, b"one")
        assert (second.opcode, second.payload) == (PONG, b"")
        await peer.send(frames.close(1000))
        await peer.read_until_close()

    check(start, Fault("pings", script, (OPEN, ("close", 1000, "")), sent=(1000,)))


def test_ten_thousand_messages_right_behind_the_answer(start: Start) -> None:
    texts = [str(number) for number in range(10_000)]
    data = b"".join(map(text, texts))

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        heard = Events(app)
        task = app.connectSocket(url=server.url)
        events = Events(task)
        await events.wait("message", 10_000)
        await task.close(code=1000)
        await events.wait("close")
        assert events.log == [OPEN, *map(said, texts), ("close", 1000, "")]
        assert heard.log == events.log

    server = start(ScriptedServer(scripts.answered_with(data)))
    run(main(server))


@pytest.mark.parametrize("pause", [0.0, 0.001])
def test_an_answer_in_single_bytes(start: Start, pause: float) -> None:
    async def script(peer: Peer) -> None:
        for byte in peer.answer() + text("hé") + frames.close(4000, "bye"):
            await peer.send(bytes([byte]))
            await asyncio.sleep(pause)
        await peer.read_until_close()

    check(
        start,
        Fault("single bytes", script, (OPEN, said("hé"), ("close", 4000, "bye")), sent=(4000,)),
    )
