"""A peer that has sent its FIN and does not read, while there is still something to be written to it."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from servers import PATIENCE, Peer, ScriptedServer, tls
from servers.faults import FAILED, OPEN
from servers.fixtures import Start
from servers.harness import ABNORMAL, echoes, opened, run, shut, ticks
from wxsocket import Wx

pytestmark = pytest.mark.usefixtures("each_loop")

BIG = b"x" * (8 << 20)
QUICK: dict[str, Any] = {"ping_interval": 0.2, "ping_timeout": 0.5, "close_timeout": 0.5}


async def half_close(peer: Peer) -> None:
    """Stop reading; once the client has written, send FIN; and keep the connection."""
    await peer.accept()
    peer.stop_reading()
    await peer.server.gate("written").wait()
    # Below TLS, too, where there is no close_notify then.
    peer.writer.get_extra_info("socket").shutdown(socket.SHUT_WR)
    peer.server.gate("half-closed").open()
    await peer.server.gate("over").wait(3 * PATIENCE)


def deaf(start: Start, secure: bool) -> ScriptedServer:
    context = tls.server_context() if secure else None
    return start(ScriptedServer(half_close, receive_buffer=16384, tls=context))


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
def test_the_link_ends_and_its_sends_are_settled(start: Start, secure: bool) -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx(ssl=tls.client_context(), **QUICK)
        task, events = await opened(app, server.url)
        sends = [asyncio.ensure_future(wait(task.send(data=BIG))) for _ in range(2)]
        await ticks()
        server.gate("written").open()
        await server.gate("half-closed").wait()
        await events.wait("close")
        assert events.log == [OPEN, *FAILED]
        assert task.readyState == 3
        _, pending = await asyncio.wait(sends, timeout=PATIENCE)
        assert not pending, "a send still waits for a link that has ended"
        server.gate("over").open()

    run(main(deaf(start, secure)))


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
def test_its_place_is_free_and_other_links_are_unharmed(start: Start, secure: bool) -> None:
    async def main(server: ScriptedServer, honest: ScriptedServer) -> None:
        app = Wx(ssl=tls.client_context(), **QUICK)
        other = await opened(app, honest.url)
        links = [await opened(app, server.url) for _ in range(4)]
        for task, _ in links:
            task.send(data=BIG)
        await ticks()
        server.gate("written").open()
        for _, events in links:
            await events.wait("close")
        links = [await opened(app, honest.url) for _ in range(4)]
        await echoes(*other)
        await shut(other, *links)
        server.gate("over").open()

    async def honest(peer: Peer) -> None:
        await peer.accept()
        await peer.echo()

    context = tls.server_context() if secure else None
    run(main(deaf(start, secure), start(ScriptedServer(honest, tls=context))))


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
def test_a_close_by_the_app_is_given_up(start: Start, secure: bool) -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx(ssl=tls.client_context(), close_timeout=0.5)
        task, events = await opened(app, server.url)
        task.send(data=BIG)
        await ticks()
        server.gate("written").open()
        task.close(code=1000)
        await events.wait("close")
        assert [event for event in events.log if event != ("error",)] == [OPEN, ABNORMAL]
        server.gate("over").open()

    run(main(deaf(start, secure)))


def test_without_keepalive_the_link_ends_all_the_same(start: Start) -> None:
    """The FIN itself is enough: nothing can follow it."""

    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=None, close_timeout=0.5)
        task, events = await opened(app, server.url)
        task.send(data=BIG)
        await ticks()
        server.gate("written").open()
        await events.wait("close")
        assert events.log == [OPEN, *FAILED]
        server.gate("over").open()

    run(main(deaf(start, secure=False)))


async def wait(call: Any) -> str:
    res = await call
    return str(res.errMsg)
