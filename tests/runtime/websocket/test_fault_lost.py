"""The connection is lost while the link is open."""

from __future__ import annotations

import pytest

from servers import EchoServer, Peer, ScriptedServer, scripts
from servers.faults import FAILED, OPEN, Fault, check, ids, said
from servers.fixtures import Start
from servers.frames import CLOSE, CONT, TEXT, frame, text
from servers.harness import (
    Events,
    echoes,
    opened,
    run,
    shut,
)
from wxsocket import Wx

pytestmark = [pytest.mark.usefixtures("each_loop"), pytest.mark.needs_sockets]

LOST = [
    Fault(
        "FIN after 101",
        scripts.then(b"", scripts.fin),
        (OPEN, *FAILED),
        errors="the connection was lost",
    ),
    Fault(
        "FIN after a message",
        scripts.then(text("last words"), scripts.fin),
        (OPEN, said("last words"), *FAILED),
        errors="the connection was lost",
    ),
]
for where, data in {
    "a frame's header": b"\x81",
    "a frame's length": b"\x82\x7f\x00\x00",
    "a frame's payload": frame(TEXT, b"hello", claim=20),
    "a close frame": frame(CLOSE, b"\x03", claim=2),
    "a fragmented message": frame(TEXT, b"hel", fin=False),
    "the second fragment": frame(TEXT, b"hel", fin=False) + frame(CONT, b"l", claim=2),
}.items():
    LOST.append(
        Fault(
            f"FIN in {where}",
            scripts.then(data, scripts.fin),
            (OPEN, *FAILED),
            errors="the connection was lost",
        )
    )


@ids(LOST)
def test_lost(start: Start, fault: Fault) -> None:
    # The RFC's code for a connection that is lost is 1006, which no frame may carry.
    check(start, fault)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x81", frame(TEXT, b"hello", claim=20), frame(TEXT, b"hel", fin=False)],
    ids=["101", "a header", "a payload", "a fragment"],
)
def test_reset_after(start: Start, echo: EchoServer, data: bytes) -> None:
    """A reset may overtake the bytes before it, so it waits until the link is open."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.server.gate("open").wait()
        await peer.send(data)
        await peer.rst()

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        other = await opened(app, echo.url)
        task, events = await opened(app, server.url)
        server.gate("open").open()
        await events.wait("close")
        await echoes(*other)
        await shut(other)
        assert events.log == [OPEN, *FAILED]
        assert task.readyState == 3

    server = start(ScriptedServer(script))
    run(main(server))


def test_a_fin_without_a_close_frame_is_answered_with_none(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.writer.write_eof()
        await peer.read_until_close()

    check(start, Fault("half-closed", script, (OPEN, *FAILED), errors="the connection was lost"))


def test_all_five_links_fail_in_their_own_ways(start: Start) -> None:
    async def main(servers: list[ScriptedServer]) -> None:
        app = Wx()
        links = [Events(app.connectSocket(url=server.url)) for server in servers]
        for events in links:
            await events.wait("close")
        assert [events.log for events in links] == [
            [OPEN, *FAILED],
            [OPEN, *FAILED],
            [*FAILED],
            [OPEN, ("close", 4000, "bye")],
            [OPEN, said("x"), *FAILED],
        ]
        assert [said for events in links for said in events.errors] == [
            "the server broke the protocol: invalid opcode",
            "the server broke the protocol: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
            "the link could not be opened: the server answered with HTTP 500",
            "the connection was lost",
        ]

    a = start(ScriptedServer(scripts.offend(frame(3))))
    b = start(ScriptedServer(scripts.offend(frame(TEXT, b"\xff"))))
    c = start(ScriptedServer(scripts.status(500)))
    d = start(ScriptedServer(scripts.closes(4000, "bye")))
    e = start(ScriptedServer(scripts.then(text("x"), scripts.fin)))
    run(main([a, b, c, d, e]))
