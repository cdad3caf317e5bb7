"""The peer is silent, or slow."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from servers import EchoServer, Peer, ScriptedServer, frames, scripts
from servers.faults import FAILED, OPEN
from servers.fixtures import Start
from servers.frames import BINARY, PING, PONG, frame, text
from servers.harness import (
    OK,
    Calls,
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


def test_never_pongs(start: Start, echo: EchoServer) -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=0.2, ping_timeout=1.0, close_timeout=0.2)
        heard = Events(app)
        task = app.connectSocket(url=server.url)
        events = Events(task)
        other = await opened(app, echo.url)
        await events.wait("close")
        assert events.log == [OPEN, *FAILED]
        assert heard.log == events.log
        await echoes(*other)
        await shut(other)
        peer = await server.finished()
        assert peer.frames[0].opcode == PING

    server = start(ScriptedServer(scripts.never_pongs))
    run(main(server))


def test_never_reads_and_so_never_pongs(start: Start) -> None:
    """The pings wait behind 8 MiB that never leave."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.stop_reading()
        await peer.server.gate("over").wait()

    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=0.2, ping_timeout=0.2, close_timeout=0.2)
        task, events = await opened(app, server.url)
        task.send(data=b"x" * (8 << 20))
        await events.wait("close")
        await ticks()
        assert events.log == [OPEN, *FAILED]
        server.gate("over").open()

    server = start(ScriptedServer(script, receive_buffer=16384))
    run(main(server))


def test_pongs_keep_a_link(start: Start) -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=0.05, ping_timeout=5.0)
        task, events = await opened(app, server.url)
        peer = await server.peer()
        await until(lambda: [read.opcode for read in peer.frames].count(PING) >= 5, "five pings")
        await echoes(task, events)
        await shut((task, events))

    server = start(ScriptedServer(scripts.echo))
    run(main(server))


def test_a_link_whose_reading_is_paused_is_not_judged_silent(start: Start) -> None:
    """The pongs are there, but behind more messages than the consumer has taken."""
    count, size = 400, 1 << 16

    async def script(peer: Peer) -> None:
        await peer.accept()

        async def flood() -> None:
            for number in range(count):
                await peer.send(frame(BINARY, number.to_bytes(size, "big")))

        flooding = asyncio.ensure_future(flood())
        await peer.read_until_close()
        await flooding
        await peer.send(frames.close(1000))

    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=0.1, ping_timeout=1.0)
        events = []
        numbers = []
        async with app.connectSocket(url=server.url) as task:
            task.onError(lambda res: events.append("error"))
            task.onClose(lambda res: events.append("close"))
            async for message in task:
                assert isinstance(message, bytes)
                numbers.append(int.from_bytes(message, "big"))
                if len(numbers) == 1:
                    await asyncio.sleep(3)
                    assert events == []
                    assert task.readyState == 1
                if len(numbers) == count:
                    break
        assert numbers == list(range(count))
        await until(lambda: "close" in events)
        assert events == ["close"]

    server = start(ScriptedServer(script))
    run(main(server))


def test_slow_peer(start: Start, echo: EchoServer) -> None:
    """A send resolves when the buffer has room again; nothing is dropped."""
    big = b"0123456789abcdef" * (1 << 19)

    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.stop_reading()
        await peer.server.gate("read").wait()
        peer.resume_reading()
        await peer.echo()

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        other = await opened(app, echo.url)
        task, events = await opened(app, server.url)
        assert (await task.send(data="small")).errMsg == "sendSocketMessage:ok"
        calls = Calls()
        waiting = asyncio.ensure_future(_wait(task.send(data=big, **calls.options)))
        calls.check(OK, "sendSocketMessage:ok")
        behind = asyncio.ensure_future(_wait(task.send(data="behind")))
        await echoes(*other)
        await asyncio.sleep(0.1)
        assert not waiting.done()
        assert not behind.done()
        server.gate("read").open()
        assert await waiting == "sendSocketMessage:ok"
        assert await behind == "sendSocketMessage:ok"
        await events.wait("message", 3)
        assert events.messages == ["small", big, "behind"]
        await shut(other, (task, events))

    server = start(ScriptedServer(script, receive_buffer=16384))
    run(main(server))


async def _wait(call: Any) -> str:
    res = await call
    assert isinstance(res.errMsg, str)
    return str(res.errMsg)


def test_a_send_that_waits_when_the_connection_is_lost_comes_to_an_end(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.stop_reading()
        await peer.server.gate("reset").wait()
        await peer.rst()

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        task, events = await opened(app, server.url)
        waiting = asyncio.ensure_future(
            asyncio.wait_for(_wait(task.send(data=b"x" * (8 << 20))), 20)
        )
        await ticks()
        assert not waiting.done()
        server.gate("reset").open()
        await events.wait("close")
        assert events.log == [OPEN, *FAILED]
        # Its callbacks have said ok within the call; how its awaitable ends is not the contract's.
        await asyncio.wait([waiting])
        assert not isinstance(waiting.exception(), TimeoutError)

    server = start(ScriptedServer(script, receive_buffer=16384))
    run(main(server))


# What is judged, and when.


@pytest.mark.parametrize("behind", [0, 1 << 20], ids=["alone", "behind a message"])
def test_a_busy_loop_does_not_make_the_peer_silent(start: Start, behind: int) -> None:
    """The pong is there, but a listener is busy for longer than the pong may take."""
    rounds = 4

    async def script(peer: Peer) -> None:
        await peer.accept()
        for _ in range(rounds):
            while (read := await peer.read()).opcode != PING:
                pass
            await peer.send(text("be busy"))
            await asyncio.sleep(0.2)
            await peer.send(frame(BINARY, bytes(behind)) + frame(PONG, read.payload))
        await peer.send(text("enough"))
        await peer.read_until_close()
        await peer.send(frames.close(1000))

    async def main(server: ScriptedServer) -> None:
        task = Wx(ping_interval=0.2, ping_timeout=0.3).connectSocket(url=server.url)
        events = Events(task)
        task.onMessage(lambda res: time.sleep(0.8) if res.data == "be busy" else None)
        await events.wait("message", 2 * rounds + 1)
        await shut((task, events))
        assert "error" not in events.kinds

    run(main(start(ScriptedServer(script))))


def test_a_pong_that_answers_no_ping_is_no_sign_of_life(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        while True:
            if (await peer.read()).opcode == PING:
                await peer.send(frame(PONG, b"what?"))

    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=0.1, ping_timeout=0.3)
        _, events = await opened(app, server.url)
        await events.wait("close")
        assert events.log == [OPEN, *FAILED]

    run(main(start(ScriptedServer(script))))


@pytest.mark.parametrize("pause", [0.05, 0.5, 1.0], ids=["within a ping", "short", "long"])
def test_a_peer_that_falls_silent_after_a_pause_is_judged(start: Start, pause: float) -> None:
    """Reading was paused, and goes on: from then on silence counts again."""
    size, count = 1 << 16, 200

    async def script(peer: Peer) -> None:
        await peer.accept()
        for _ in range(count):
            await peer.send(frame(BINARY, b"x" * size))
        await scripts.stay(peer)

    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=0.2, ping_timeout=0.5)
        kinds: list[str] = []
        async with app.connectSocket(url=server.url) as task:
            task.onError(lambda res: kinds.append("error"))
            task.onClose(lambda res: kinds.append("close"))
            taken = 0
            async for _ in task:
                taken += 1
                if taken in (1, count // 2):
                    await asyncio.sleep(pause)
            assert taken == count
        await until(lambda: "close" in kinds)
        assert kinds == ["error", "close"]

    run(main(start(ScriptedServer(script))))
