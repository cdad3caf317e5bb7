"""The contract: blocks, iteration, and when reading pauses."""

from __future__ import annotations

import asyncio

import pytest

from servers import EchoServer, Peer, ScriptedServer, frames
from servers.fixtures import Start
from servers.frames import text
from servers.harness import (
    failure,
    opened,
    run,
    until,
)
from servers.texts import (
    NOT_OPEN,
)
from wxsocket import (
    Wx,
    WxError,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_async_with_wx_closes_what_is_open(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            assert isinstance(app, Wx)
            links = [await opened(app, echo.url) for _ in range(3)]
        for task, _ in links:
            assert task.readyState == 3
        for _, events in links:
            await events.wait("close")
            assert events.log == [("open",), ("close", 1000, "")]
        for index in range(3):
            assert (await echo.ended(index)).closed == (1000, "")

    run(main())


def test_async_with_a_task(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        async with app.connectSocket(url=f"{echo.url}") as task:
            assert task.readyState == 1
            await task.send(data="!burst 100")
            await task.send(data=b"bytes")
            await task.send(data="!close 4001 bye")
            received = [message async for message in task]
        assert received == [*map(str, range(100)), b"bytes"]
        assert task.readyState == 3

        async with app.connectSocket(url=echo.url) as task:
            pass
        assert task.readyState == 3
        assert (await echo.ended(1)).closed == (1000, "")

    run(main())


def test_async_with_a_task_that_fails(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        with pytest.raises(WxError):
            async with app.connectSocket(url=f"{echo.url}refuse"):
                raise AssertionError("it cannot have opened")
        with pytest.raises(WxError) as caught:
            async with app.connectSocket(url="test.php"):
                raise AssertionError("it cannot have opened")
        assert caught.value.errMsg == 'connectSocket:fail invalid url "test.php"'

    run(main())


def test_every_message_after_the_open_is_iterated(start: Start) -> None:
    """Those too that came in one segment with the answer, or while nobody asked."""
    count = 3000
    data = b"".join(text(str(number)) for number in range(count)) + frames.close(1000)

    async def script(peer: Peer) -> None:
        await peer.accept(after=data)
        await peer.read_until_close()

    async def main(server: ScriptedServer) -> None:
        received = []
        async with Wx().connectSocket(url=server.url) as task:
            await asyncio.sleep(0.05)
            async for message in task:
                received.append(message)
                if len(received) % 1000 == 0:
                    await asyncio.sleep(0.02)
        assert received == [str(number) for number in range(count)]

    server = start(ScriptedServer(script))
    run(main(server))


def test_reading_pauses_while_the_consumer_is_slow(start: Start) -> None:
    """The server cannot get rid of 32 MiB while nobody takes a message."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        for _ in range(512):
            await peer.send(frames.frame(frames.BINARY, b"x" * 65536))
        peer.server.gate("sent").open()
        await peer.send(frames.close(1000))
        await peer.read_until_close()

    async def main(server: ScriptedServer) -> None:
        async with Wx().connectSocket(url=server.url) as task:
            await asyncio.sleep(0.5)
            assert not server.gate("sent").is_open
            size = sum([len(message) async for message in task])
        assert size == 512 * 65536

    server = start(ScriptedServer(script))
    run(main(server))


@pytest.mark.parametrize("through", ["task", "wx"])
@pytest.mark.parametrize("delay", [0.0, 0.3], ids=["at once", "after a pause"])
def test_a_link_with_listeners_that_is_not_iterated_is_not_paused(
    start: Start, through: str, delay: float
) -> None:
    """Nor does it stay paused: a listener that comes late starts the reading again."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        for _ in range(512):
            await peer.send(frames.frame(frames.BINARY, b"x" * 65536))
        peer.server.gate("sent").open()
        await peer.read_until_close()
        await peer.send(frames.close(1000))

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        async with app.connectSocket(url=server.url) as task:
            await asyncio.sleep(delay)
            (task.onMessage if through == "task" else app.onSocketMessage)(lambda res: None)
            await server.gate("sent").wait()

    server = start(ScriptedServer(script))
    run(main(server))


def test_a_link_that_the_peer_closes_is_closing_until_the_connection_has_ended(
    start: Start,
) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept(after=frames.close(4000, "bye"))
        await peer.read_until_close()
        await peer.server.gate("seen").wait()

    async def main(server: ScriptedServer) -> None:
        task, events = await opened(Wx(), server.url)
        await until(lambda: task.readyState != 1)
        assert task.readyState == 2
        assert await failure(task.send(data="x")) == NOT_OPEN
        server.gate("seen").open()
        await events.wait("close")
        assert task.readyState == 3
        assert events.log == [("open",), ("close", 4000, "bye")]

    server = start(ScriptedServer(script))
    run(main(server))
