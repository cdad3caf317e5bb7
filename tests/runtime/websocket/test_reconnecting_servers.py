"""Reconnecting to servers that die, refuse, close at once, fall silent, and come back."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from servers.echo import EchoServer
from servers.fixtures import Start
from servers.harness import ABNORMAL, Events, run, ticks, until
from servers.scripted import ClosedPort, Peer, Script, ScriptedServer
from servers.scripts import closes, echo, fin, half_answer, rst, status, then, wrong_answer
from wxsocket import Backoff, ConnectSocketOption, Heartbeat, ReconnectingSocket, Wx

pytestmark = pytest.mark.usefixtures("each_loop")

SOON = Backoff(initial=0.001, maximum=0.01)
NEVER = Backoff(initial=1000, maximum=1000)


def reconnecting(
    app: Wx, url: str, *, backoff: Backoff = SOON, heartbeat: Heartbeat | None = None
) -> ReconnectingSocket:
    return ReconnectingSocket(
        app, ConnectSocketOption(url=url), backoff=backoff, heartbeat=heartbeat
    )


def in_turn(*scripts: Script) -> Script:
    """Play one script on each connection, and the last one on all that follow."""

    async def script(peer: Peer) -> None:
        number = peer.server.peers.index(peer)
        await scripts[min(number, len(scripts) - 1)](peer)

    return script


# Servers that die.


@asynccontextmanager
async def restartable(port: int = 0) -> AsyncIterator[int]:
    """A server on this loop that dies at the end of the block: its links are lost, its port free."""

    async def serve_one(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async with serve(serve_one, "127.0.0.1", port, ping_interval=None) as server:
        yield next(iter(server.sockets)).getsockname()[1]
        for connection in list(server.connections):
            connection.transport.abort()


def test_server_that_restarts_on_the_same_port() -> None:
    async def main() -> None:
        async with restartable() as port:
            pass  # a port that is free now
        async with Wx() as app:
            socket = reconnecting(app, f"ws://127.0.0.1:{port}/")
            events = Events(socket)
            for number in range(3):
                # Nobody is there, and it goes on trying.
                attempts = socket.attempts
                waiting = socket.send(data=f"waiting {number}")
                await until(lambda seen=attempts: socket.attempts > seen + 1)  # type: ignore[misc]
                assert socket.readyState == 0
                assert not waiting.done()
                async with restartable(port):
                    await waiting
                    await socket.send(data=f"sent {number}")
                    await events.wait("message", 2 * number + 2)
                    assert socket.readyState == 1
                await until(lambda: socket.readyState == 0)
            assert events.messages == [
                text for number in range(3) for text in (f"waiting {number}", f"sent {number}")
            ]
            assert events.count("open") == 3

    run(main())


@pytest.mark.parametrize(
    "dying",
    [
        status(503),
        half_answer(fin),
        half_answer(rst),
        wrong_answer(key="wrong"),
        then(b"", fin),
        then(b"", rst),
        then(b"\xff\xff", fin),
        closes(1001, "going away"),
        closes(None),
    ],
    ids=["503", "half", "half rst", "wrong key", "fin", "rst", "broken", "1001", "empty close"],
)
def test_link_is_opened_again_whatever_ended_it(start: Start, dying: Script) -> None:
    server = start(ScriptedServer(in_turn(dying, dying, echo)))

    async def main() -> None:
        async with Wx() as app:
            socket = reconnecting(app, server.url)
            events = Events(socket)
            await events.wait("close", 2)
            await until(lambda: socket.readyState == 1)
            await socket.send(data="hello")
            await events.wait("message")
            assert socket.attempts == 3
            # The events of each link are those of a `SocketTask`.
            length = events.kinds.index("close") + 1
            assert events.log[:length] == events.log[length : 2 * length]
            assert events.log[2 * length :] == [("open",), ("message", "hello")]
        assert events.log[-1] == ("close", 1000, "")

    run(main())


def test_port_that_refuses(start: Start) -> None:
    port = start(ClosedPort())

    async def main() -> None:
        async with Wx() as app:
            socket = reconnecting(app, port.url)
            events = Events(socket)
            await until(lambda: socket.attempts >= 5)
            await events.wait("close", 4)
            assert events.log[:8] == [("error",), ABNORMAL] * 4
            assert socket.readyState == 0
        assert socket.readyState == 3

    run(main())


def test_delay_grows_at_a_server_that_accepts_and_closes_at_once(start: Start) -> None:
    server = start(ScriptedServer(closes(1000)))

    async def main() -> None:
        async with Wx() as app:
            loop = asyncio.get_running_loop()
            opened: list[float] = []
            socket = reconnecting(app, server.url, backoff=Backoff(0.05, 2, 100, 0))
            socket.onOpen(lambda res: opened.append(loop.time()))
            await until(lambda: len(opened) == 4)
            pauses = [after - before for before, after in itertools.pairwise(opened)]
            for pause, delay in zip(pauses, (0.05, 0.1, 0.2), strict=True):
                assert pause > delay * 0.99

    run(main())


def test_delay_starts_again_after_a_steady_link(start: Start) -> None:
    server = start(ScriptedServer(in_turn(status(500), status(500), closes(1000), echo)))

    async def main() -> None:
        async with Wx() as app:
            # The third delay would be 1000 s: whatever was open was open long enough.
            backoff = Backoff(initial=0.001, factor=1000, maximum=1000, jitter=0, steady=0)
            socket = reconnecting(app, server.url, backoff=backoff)
            await until(lambda: socket.attempts == 4)

    run(main())


# Servers that fall silent.


async def mute(peer: Peer) -> None:
    """Answer 101, read on, and say nothing; the close neither."""
    await peer.accept()
    while True:
        await peer.read()


def beat(interval: float = 0.05, **more: object) -> Heartbeat:
    return Heartbeat(interval, "ping", timeout=1.0, **more)  # type: ignore[arg-type]


def test_silent_server_is_left_without_waiting_for_its_answer(start: Start) -> None:
    server = start(ScriptedServer(in_turn(mute, mute, echo)))

    async def main() -> None:
        async with Wx(close_timeout=1000) as app:
            socket = reconnecting(app, server.url, heartbeat=beat())
            events = Events(socket)
            await events.wait("open", 3)
            for index in range(2):
                peer = await server.peer(index)
                await until(lambda peer=peer: peer.close_frame is not None)  # type: ignore[misc]
                assert peer.close_frame is not None
                assert peer.close_frame.code == 3008
                assert peer.frames[0].payload == b"ping"
            await events.wait("message", 2)  # the third one answers
            assert events.kinds[:3] == ["open"] * 3, "nobody has answered the closes"
            assert socket.readyState == 1
            assert socket.attempts == 3
            # They count no longer, but are there until they have closed.
            server._thread.call(drop(server.peers[0], server.peers[1]))
            await events.wait("close", 2)
            assert "error" not in events.kinds
            assert events.log.count(ABNORMAL) == 2

    async def drop(*peers: Peer) -> None:
        for peer in peers:
            peer.writer.transport.abort()

    run(main())


def test_lively_server_is_kept(start: Start, echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            heartbeat = Heartbeat(0.02, "ping", timeout=30)
            socket = reconnecting(app, echo.url, heartbeat=heartbeat)
            events = Events(socket)
            await events.wait("message", 10)
            assert events.messages == ["ping"] * len(events.messages), "answers reach listeners"
            assert socket.attempts == 1

    run(main())


def test_only_an_answer_counts(start: Start) -> None:
    async def chatter(peer: Peer) -> None:
        await peer.accept()
        while True:
            await peer.send(b"\x81\x05noise")
            await asyncio.sleep(0.01)

    server = start(ScriptedServer(chatter))

    async def main() -> None:
        async with Wx(close_timeout=0.1) as app:
            heartbeat = beat(answer=lambda data: data == "pong")
            socket = reconnecting(app, server.url, heartbeat=heartbeat)
            events = Events(socket)
            await events.wait("open", 2)
            assert set(events.messages) == {"noise"}

    run(main())


def test_messages_made_for_each_beat(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            numbers = iter(range(10**6))
            heartbeat = Heartbeat(
                0.02, lambda: f"ping {next(numbers)}", lambda data: str(data)[:4] == "ping", 30
            )
            socket = reconnecting(app, echo.url, heartbeat=heartbeat)
            events = Events(socket)
            await events.wait("message", 3)
            assert events.messages[:3] == ["ping 0", "ping 1", "ping 2"]

    run(main())


def test_beats_that_cannot_be_made_are_reported(echo: EchoServer) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        problems: list[dict[str, object]] = []
        loop.set_exception_handler(lambda loop, problem: problems.append(problem))

        def fails() -> str:
            if len(problems) < 2:
                raise LookupError("no token")
            return "ping"

        def never(data: object) -> bool:
            raise ArithmeticError

        async with Wx(close_timeout=0.1) as app:
            heartbeat = Heartbeat(0.02, fails, never, timeout=0.1)
            socket = reconnecting(app, echo.url, heartbeat=heartbeat)
            events = Events(socket)
            await events.wait("message")
            await events.wait("open", 2)
        kinds = [type(problem["exception"]) for problem in problems]
        assert kinds[:2] == [LookupError, LookupError]
        assert set(kinds[2:]) == {ArithmeticError}

    run(main())


def test_nobody_is_silent_while_reading_is_paused(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            socket = reconnecting(app, echo.url, heartbeat=Heartbeat(0.05, "ping", None, 1.0))
            async with socket:
                await socket.send(data="!burst 300")
                await asyncio.sleep(2.5)  # several beats, none of whose answers can be read
                assert socket.attempts == 1
                received: list[str | bytes] = []
                async for message in socket:
                    received.append(message)
                    if message == "299":
                        break
                numbers = [message for message in received if message != "ping"]
                assert numbers == [str(number) for number in range(300)]
            assert socket.attempts == 1

    run(main())


def test_retry_is_asked_about_a_silent_server(start: Start) -> None:
    server = start(ScriptedServer(mute))

    async def main() -> None:
        asked: list[tuple[int, str]] = []

        def retry(res: object) -> bool:
            asked.append((res.code, res.reason))  # type: ignore[attr-defined]
            return False

        async with Wx(close_timeout=0.1) as app:
            option = ConnectSocketOption(url=server.url)
            socket = ReconnectingSocket(app, option, heartbeat=beat(), retry=retry)
            events = Events(socket)
            assert (await socket.waitClosed()).code == 1006
            assert asked == [(3008, "heartbeat timeout")]
            assert events.kinds == ["open", "close"]
            assert socket.attempts == 1
            await ticks()

    run(main())
