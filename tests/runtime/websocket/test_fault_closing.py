"""One side closes, and the other does what it likes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from servers import EchoServer, Peer, ScriptedServer, frames, scripts
from servers.faults import ERROR, OPEN, Fault, check, ids, said
from servers.fixtures import Start
from servers.frames import BINARY, TEXT, frame, text
from servers.harness import (
    ABNORMAL,
    Events,
    echoes,
    opened,
    run,
    shut,
    ticks,
    until,
)
from wxsocket import Wx

pytestmark = [pytest.mark.usefixtures("each_loop"), pytest.mark.needs_sockets]

CLOSES = [
    Fault(
        f"code {code}",
        scripts.closes(code, reason),
        (OPEN, ("close", code, reason)),
        sent=(code,),
    )
    for code, reason in [
        (1000, ""),
        (1001, "going away"),
        (1002, ""),
        (1003, ""),
        (1007, ""),
        (1008, ""),
        (1009, ""),
        (1010, ""),
        (1011, "oops"),
        (1012, ""),
        (1013, ""),
        (1014, ""),
        (3000, ""),
        (4001, "größer €"),
        (4999, "x" * 123),
    ]
]
CLOSES += [
    Fault(
        "after messages",
        scripts.closes(4000, before=text("a") + text("b")),
        (OPEN, said("a"), said("b"), ("close", 4000, "")),
        sent=(4000,),
    ),
    Fault(
        "before more frames",
        scripts.closes(4000, "bye", after=text("late") + frame(3) + frames.close(4001)),
        (OPEN, ("close", 4000, "bye")),
        sent=(4000,),
    ),
    Fault(
        "within a message",
        scripts.closes(4000, before=frame(TEXT, b"half", fin=False)),
        (OPEN, ("close", 4000, "")),
        sent=(4000,),
    ),
]


@ids(CLOSES)
def test_the_peer_closes(start: Start, fault: Fault) -> None:
    check(start, fault)


def test_the_peer_closes_with_an_empty_frame(start: Start) -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx()
        events = Events(app.connectSocket(url=server.url))
        await events.wait("close")
        await ticks()
        assert events.log == [OPEN, ("close", 1005, "no status rcvd")]
        peer = await server.finished()
        assert peer.close_frame is not None, "a close frame is answered"

    server = start(ScriptedServer(scripts.closes(None)))
    run(main(server))


def test_the_peer_closes_and_keeps_the_connection(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frames.close(4000, "bye"))
        await peer.read_until_close()
        await scripts.stay(peer)

    check(
        start,
        Fault(
            "keeps",
            script,
            (OPEN, ("close", 4000, "bye")),
            sent=(4000,),
            app={"close_timeout": 0.2},
        ),
    )


def test_the_peer_closes_and_ends_the_connection_at_once(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frames.close(4000, "bye"))
        await peer.fin()

    async def main(server: ScriptedServer) -> None:
        events = Events(Wx().connectSocket(url=server.url))
        await events.wait("close")
        await ticks()
        assert events.log == [OPEN, ("close", 4000, "bye")]

    server = start(ScriptedServer(script))
    run(main(server))


def test_links_that_the_peer_closes_free_their_place(start: Start, echo: EchoServer) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept(after=frames.close(4000))
        await peer.server.gate("leave").wait()

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        closing = [app.connectSocket(url=server.url) for _ in range(5)]
        await until(lambda: all(task.readyState == 2 for task in closing))
        sixth = app.connectSocket(url=echo.url)
        await until(lambda: sixth.readyState == 1)
        server.gate("leave").open()
        sixth.close(code=1000)
        await until(lambda: all(task.readyState == 3 for task in (*closing, sixth)))

    server = start(ScriptedServer(script))
    run(main(server))


# The app closes.

SHORT: dict[str, Any] = {"close_timeout": 1.0}
MINE: dict[str, Any] = {"code": 4001, "reason": "mine"}

CLOSING = [
    Fault(
        "echoes it",
        scripts.echo,
        (OPEN, ("close", 4001, "mine")),
        sent=(4001,),
        close=MINE,
    ),
    Fault(
        "answers another code",
        scripts.on_close(frames.close(4002, "yours")),
        (OPEN, ("close", 4002, "yours")),
        sent=(4001,),
        close=MINE,
    ),
    Fault(
        "answers an empty frame",
        scripts.on_close(frames.close()),
        (OPEN, ("close", 1005, "no status rcvd")),
        sent=(4001,),
        close=MINE,
    ),
    Fault(
        "answers and keeps the connection",
        scripts.on_close(frames.close(4001, "mine"), ending=scripts.stay),
        (OPEN, ("close", 4001, "mine")),
        sent=(4001,),
        close=MINE,
        app=SHORT,
    ),
    Fault(
        "ignores it",
        scripts.on_close(ending=scripts.stay),
        (OPEN, ABNORMAL),
        sent=(4001,),
        close=MINE,
        app=SHORT,
    ),
    Fault(
        "messages before the answer",
        scripts.on_close(text("late"), frame(BINARY, b"later"), frames.close(4001, "mine")),
        (OPEN, ("close", 4001, "mine")),
        sent=(4001,),
        close=MINE,
    ),
]


@ids(CLOSING)
def test_closing(start: Start, fault: Fault) -> None:
    check(start, fault)


@pytest.mark.parametrize("ending", [scripts.fin, scripts.rst])
def test_lost_while_closing(start: Start, echo: EchoServer, ending: scripts.Ending) -> None:
    """The end of the connection instead of an answer: the contract names onClose alone."""

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        other = await opened(app, echo.url)
        task, events = await opened(app, server.url)
        await task.close(code=4001)
        await events.wait("close")
        await echoes(*other)
        await shut(other)
        assert [event for event in events.log if event != ERROR] == [OPEN, ABNORMAL]
        assert events.log[-1] == ABNORMAL

    server = start(ScriptedServer(scripts.on_close(ending=ending)))
    run(main(server))


def test_the_peer_floods_and_ignores_the_close(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        while True:
            await peer.send(text("x" * 1000) * 20)
            await asyncio.sleep(0.001)

    async def main(server: ScriptedServer) -> None:
        app = Wx(close_timeout=0.2)
        task, events = await opened(app, server.url)
        await events.wait("message")
        await task.close(code=1000)
        before = len(events.messages)
        await events.wait("close")
        await ticks()
        assert len(events.messages) == before, "messages after a local close are dropped"
        assert events.kinds == ["open", *["message"] * before, "close"]
        assert events.log[-1] == ABNORMAL

    server = start(ScriptedServer(script))
    run(main(server))


def test_the_peer_never_reads_and_the_close_is_given_up(start: Start, echo: EchoServer) -> None:
    """The close frame waits behind 8 MiB that never leave."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.stop_reading()
        await peer.server.gate("over").wait()

    async def main(server: ScriptedServer) -> None:
        app = Wx(close_timeout=0.2)
        other = await opened(app, echo.url)
        task, events = await opened(app, server.url)
        task.send(data=b"x" * (8 << 20))
        task.close(code=1000)
        await events.wait("close")
        assert events.log == [OPEN, ABNORMAL]
        await echoes(*other)
        await shut(other)
        server.gate("over").open()

    server = start(ScriptedServer(script, receive_buffer=16384))
    run(main(server))
