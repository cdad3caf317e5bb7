"""Plain code: nothing moves until ``run``, which drives every link to its end."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from servers.echo import EchoServer
from servers.fixtures import Start
from servers.frames import text
from servers.harness import Events, run, until
from servers.scripted import Peer, ScriptedServer
from wxsocket import (
    ConnectSocketOption,
    GeneralCallbackResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
    ReconnectingSocket,
    Wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_nothing_moves_until_run(echo: EchoServer) -> None:
    app = Wx()
    seen: list[str] = []
    task = app.connectSocket(url=echo.url, success=lambda res: seen.append(res.errMsg))
    assert seen == ["connectSocket:ok"]  # inside the call
    events = Events(task)
    time.sleep(0.05)
    assert events.kinds == []
    assert task.readyState == 0
    task.onOpen(lambda res: task.send(data="x"))
    task.onMessage(lambda res: task.close(code=1000, reason="enough"))
    app.run()
    assert events.kinds == ["open", "message", "close"]
    assert task.readyState == 3


def test_run_without_links_returns_at_once() -> None:
    app = Wx()
    app.run()
    app.onSocketOpen(lambda res: None)
    app.run()


def test_run_waits_for_coroutine_callbacks(echo: EchoServer) -> None:
    app = Wx()
    steps: list[str] = []

    async def slow(res: GeneralCallbackResult) -> None:
        await asyncio.sleep(0.05)
        steps.append(res.errMsg)

    app.sendSocketMessage(data="x", fail=slow)
    assert steps == []
    app.run()
    assert steps == ["sendSocketMessage:fail WebSocket is not connected"]


def test_links_made_by_callbacks_keep_run_going(echo: EchoServer) -> None:
    app = Wx()
    rounds: list[int] = []

    @app.onSocketOpen
    def on_open(res: OnSocketOpenListenerResult) -> None:
        app.closeSocket(code=1000)

    @app.onSocketClose
    def on_close(res: object) -> None:
        rounds.append(len(rounds))
        if len(rounds) < 4:
            app.connectSocket(url=echo.url)

    app.connectSocket(url=echo.url)
    app.run()
    assert rounds == [0, 1, 2, 3]


def test_run_gives_up_and_leaves_the_links(echo: EchoServer) -> None:
    app = Wx()
    task = app.connectSocket(url=echo.url)
    events = Events(task)
    with pytest.raises(TimeoutError, match="still active"):
        app.run(timeout=0.5)
    assert task.readyState == 1
    assert events.kinds == ["open"]
    task.send(data="after")
    task.onMessage(lambda res: task.close(code=1000))
    app.run()
    assert events.kinds == ["open", "message", "close"]


def test_run_inside_a_running_loop() -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError, match="running"):
            Wx().run()

    run(main())


def test_run_again_after_the_end(echo: EchoServer) -> None:
    app = Wx()
    for _ in range(3):
        task = app.connectSocket(url=echo.url)
        events = Events(task)
        task.onOpen(lambda res: app.closeSocket(code=1000))
        app.run()
        assert events.kinds == ["open", "close"]


def test_listener_registered_in_the_same_tick_misses_nothing(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            task = app.connectSocket(url="ws://127.0.0.1:1")
            refused = app.connectSocket(url="ws://127.0.0.1:1")
            refused.close()
            first, second = Events(task), Events(refused)
            await until(lambda: first.count("close") == second.count("close") == 1)
            assert first.kinds == second.kinds == ["error", "close"]

    run(main())


def test_run_while_another_thread_runs(echo: EchoServer) -> None:
    app = Wx()
    task = app.connectSocket(url=echo.url)
    opened = threading.Event()
    task.onOpen(lambda res: opened.set())
    thread = threading.Thread(target=app.run)
    thread.start()
    assert opened.wait(30)
    with pytest.raises(RuntimeError, match="under way in another thread"):
        app.run()
    task.close(code=1000)
    thread.join(30)
    assert not thread.is_alive()
    assert task.readyState == 3


def test_run_while_the_links_live_on_the_loop_of_another_thread(echo: EchoServer) -> None:
    app = Wx()
    opened, leave = threading.Event(), threading.Event()

    async def elsewhere() -> None:
        async with app.connectSocket(url=echo.url):
            opened.set()
            await asyncio.to_thread(leave.wait, 30)

    thread = threading.Thread(target=lambda: asyncio.run(elsewhere()))
    thread.start()
    assert opened.wait(30)
    with pytest.raises(RuntimeError, match="loop of another thread"):
        app.run()
    leave.set()
    thread.join(30)
    app.run()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("event", ["onOpen", "onMessage", "onClose"])
@pytest.mark.parametrize("kind", ["a link", "one that is opened again"])
def test_a_listener_ends_the_program(
    echo: EchoServer, kind: str, event: str, stop: type[BaseException]
) -> None:
    def end(res: object) -> None:
        raise stop

    app = Wx()
    option = ConnectSocketOption(url=echo.url)
    task = app.connectSocket(option) if kind == "a link" else ReconnectingSocket(app, option)
    task.onOpen(lambda res: task.send(data="x"))
    task.onMessage(lambda res: task.close() if event == "onClose" else None)
    getattr(task, event)(end)
    with pytest.raises(stop):
        app.run(timeout=30)
    app.close()
    assert task.readyState == 3


@pytest.mark.needs_sockets
@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_listener_ends_the_program_at_the_end_of_the_stream(
    start: Start, stop: type[BaseException]
) -> None:
    """A taker is slow, so reading pauses; what waited is handed on when the server is gone."""
    count = 300

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.read_message()
        await peer.send(b"".join(text(str(number)) for number in range(count)))
        await peer.fin()

    heard: list[str | bytes] = []

    def end(res: OnSocketMessageListenerResult) -> None:
        heard.append(res.data)
        if len(heard) == count - 1:
            raise stop

    app = Wx()
    task = app.connectSocket(url=start(ScriptedServer(script)).url)
    task.onMessage(end)

    @task.onOpen
    async def take(res: OnSocketOpenListenerResult) -> None:
        taken = asyncio.ensure_future(task.receive())
        await asyncio.sleep(0)
        await task.send(data="begin")
        assert await taken == "0"

    with pytest.raises(stop):
        app.run(timeout=30)
    assert heard == [str(number) for number in range(count)]
    assert task.closeCode == 1006
    app.close()
