"""The contract: threads, loops and ``run``."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import threading
import time

import pytest

import wxsocket
from servers import EchoServer, Peer, ScriptedServer, tls
from servers.fixtures import Start
from servers.harness import (
    Events,
    echoes,
    failure,
    opened,
    run,
    shut,
)
from servers.texts import (
    BAD_CODE,
    CLOSE_OK,
    CONNECT_OK,
    NOT_OPEN,
    SEND_NOT_CONNECTED,
    SEND_OK,
)
from wxsocket import (
    OnSocketCloseListenerResult,
    OnSocketErrorListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
    SocketTask,
    Wx,
    WxError,
    wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_calls_from_another_thread_are_carried_out_in_order(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        task, events = await opened(app, f"{echo.url}mute")
        here = threading.get_ident()
        ran: list[int] = []

        def work() -> list[str]:
            calls = [
                task.send(data=str(number), success=lambda res: ran.append(threading.get_ident()))
                for number in range(200)
            ]
            calls += [app.sendSocketMessage(data="wx")]
            said = [call.result(20).errMsg for call in calls]
            with pytest.raises(WxError) as caught:
                task.close(code=1).result(20)
            said.append(caught.value.errMsg)
            said.append(task.close(code=4001).result(20).errMsg)
            with pytest.raises(WxError) as caught:
                task.send(data="late").result(20)
            said.append(caught.value.errMsg)
            return said

        said = await asyncio.to_thread(work)
        assert said == [SEND_OK] * 201 + [BAD_CODE, CLOSE_OK, NOT_OPEN]
        assert set(ran) == {here}
        await events.wait("close")
        client = await echo.ended()
        assert client.received == [*map(str, range(200)), "wx"]
        assert client.closed == (4001, "")

    run(main())


def test_a_link_made_on_another_thread_lives_on_the_loop(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.server.gate("listened to").wait()  # the loop does not wait for the thread
        await peer.accept()
        await peer.echo()

    server = start(ScriptedServer(script))

    async def main() -> None:
        app = Wx()
        here = threading.get_ident()
        ran: list[int] = []
        ended = asyncio.Event()

        def note(res: object) -> None:
            ran.append(threading.get_ident())

        def work() -> None:
            task = app.connectSocket(url=server.url, success=note)
            task.onOpen(note)
            task.onOpen(lambda res: task.close(code=1000))
            task.onClose(note)
            task.onClose(lambda res: ended.set())
            server.gate("listened to").open()

        await asyncio.to_thread(work)
        async with asyncio.timeout(20):
            await ended.wait()
        assert ran == [here] * 3

    run(main())


def test_each_wx_is_a_mini_program_of_its_own(echo: EchoServer) -> None:
    async def main() -> None:
        one, two = Wx(), Wx()
        heard_one, heard_two = Events(one), Events(two)
        first, second = await opened(one, echo.url), await opened(two, echo.url)
        await one.sendSocketMessage(data="one")
        await two.sendSocketMessage(data="two")
        await first[1].wait("message")
        await second[1].wait("message")
        await one.closeSocket(code=1000)
        await first[1].wait("close")
        await echoes(*second)
        assert heard_one.messages == ["one"]
        assert heard_two.messages == ["two", "are you there"]
        await shut(second)

    run(main())


def test_plain_code(echo: EchoServer) -> None:
    app = Wx()
    seen: list[str] = []

    def on_open(res: OnSocketOpenListenerResult) -> None:
        seen.append("open")
        app.sendSocketMessage(data="hello")

    def on_message(res: OnSocketMessageListenerResult) -> None:
        seen.append(f"message {res.data!r}")
        app.closeSocket(code=1000)

    def on_error(res: OnSocketErrorListenerResult) -> None:
        seen.append("error")

    def on_close(res: OnSocketCloseListenerResult) -> None:
        seen.append(f"close {res.code}")

    app.onSocketOpen(on_open)
    app.onSocketMessage(on_message)
    app.onSocketError(on_error)
    app.onSocketClose(on_close)
    app.connectSocket(url=echo.url, success=lambda res: seen.append(res.errMsg))
    assert seen == [CONNECT_OK]
    time.sleep(0.1)
    assert seen == [CONNECT_OK], "nothing moves until run"
    app.run(timeout=20)
    assert seen == [CONNECT_OK, "open", "message 'hello'", "close 1000"]
    app.run(timeout=20)
    del seen[:]
    app.connectSocket(url=echo.url)
    app.run(timeout=20)
    assert seen == ["open", "message 'hello'", "close 1000"]


def test_run_gives_up_and_leaves_the_links_as_they_are(echo: EchoServer) -> None:
    app = Wx()
    seen: list[str] = []
    task = app.connectSocket(url=echo.url)
    task.onOpen(lambda res: seen.append("open"))
    task.onMessage(lambda res: seen.append(str(res.data)))
    task.onMessage(lambda res: task.close(code=1000))
    task.onClose(lambda res: seen.append("close"))
    deadline = time.monotonic() + 20
    while not seen and time.monotonic() < deadline:
        with pytest.raises(TimeoutError):
            app.run(timeout=0.2)
    assert seen == ["open"]
    assert task.readyState == 1
    task.send(data="x")
    app.run(timeout=20)
    assert seen == ["open", "x", "close"]


def test_run_within_a_running_loop() -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError):
            Wx().run()

    run(main())


@pytest.mark.needs_sockets
def test_ctrl_c_closes_the_links_and_is_raised_again(echo: EchoServer) -> None:
    program = """
        import os, signal, sys
        from wxsocket import Wx
        app = Wx()
        for _ in range(2):
            task = app.connectSocket(url=sys.argv[1])
            task.onClose(lambda res: print("close", res.code, flush=True))
        task.onMessage(lambda res: os.kill(os.getpid(), signal.SIGINT))
        task.onOpen(lambda res: task.send(data="x"))
        try:
            app.run(timeout=30)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), echo.url],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout.split("\n") == ["close 1000", "close 1000", "interrupted", ""]
    assert ended.stderr == ""

    async def codes() -> list[object]:
        return [(await echo.ended(index)).closed for index in range(2)]

    assert run(codes()) == [(1000, ""), (1000, "")]


def test_links_of_a_loop_that_was_closed_count_as_closed(echo: EchoServer) -> None:
    app = Wx()
    made: list[SocketTask] = []

    async def leave() -> None:
        for _ in range(5):
            made.append((await opened(app, echo.url))[0])

    async def come_back() -> None:
        assert [task.readyState for task in made] == [3] * 5
        assert await failure(made[0].send(data="x")) == NOT_OPEN
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        links = [await opened(app, echo.url) for _ in range(5)]
        await app.sendSocketMessage(data="main")
        await links[0][1].wait("message")
        await shut(*links)

    asyncio.run(leave())
    run(come_back())


@pytest.mark.needs_sockets
def test_the_ready_made_instance(echo: EchoServer) -> None:
    async def main() -> None:
        assert isinstance(wx, Wx)
        assert wxsocket.wx is wx
        link = await opened(wx, echo.url)
        await wx.sendSocketMessage(data="x")
        await link[1].wait("message")
        await wx.closeSocket()
        await link[1].wait("close")
        assert link[1].log[-1] == ("close", 1003, "")

    run(main())


def test_tls(start: Start) -> None:
    async def main(server: EchoServer) -> None:
        app = Wx(ssl=tls.client_context())
        link = await opened(app, server.url)
        await echoes(*link)
        await shut(link)
        assert link[1].kinds == ["open", "message", "close"]

    server = start(EchoServer(tls=tls.server_context()))
    run(main(server))
