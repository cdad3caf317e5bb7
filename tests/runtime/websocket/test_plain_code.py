"""Plain code beside ``run``: ``result``, ``close``, ``with``, apps that are dropped, loops that are gone."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
import warnings
from typing import Any

import pytest

from servers import PATIENCE, Peer, ScriptedServer
from servers.echo import EchoServer
from servers.fixtures import Start
from servers.harness import Events, opened, run, shut, ticks
from servers.texts import NOT_OPEN
from wxsocket import SocketTask, Wx, WxError

pytestmark = [pytest.mark.usefixtures("each_loop"), pytest.mark.needs_sockets]

BIG = bytes(8 << 20)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def falls_to(count: int) -> None:
    """Wait until no more descriptors are open; the server's ends of connections last a moment.

    A loop that is let go of runs once more to its end. What was alive then waits for the next pass.
    """
    deadline = time.monotonic() + PATIENCE
    while descriptors() > count:
        assert time.monotonic() < deadline, f"{descriptors()} descriptors instead of {count}"
        gc.collect()
        time.sleep(0.01)


needs_proc = pytest.mark.skipif(
    not os.path.isdir("/proc/self/fd"), reason="no /proc to count descriptors in"
)


async def never_reads(peer: Peer) -> None:
    await peer.accept()
    peer.stop_reading()
    await peer.server.gate("over").wait(3 * PATIENCE)


# Results.


def test_result_between_two_runs(echo: EchoServer) -> None:
    """Nobody drives the link, so ``result`` does, until the call is done."""
    app = Wx()
    task = app.connectSocket(url=echo.url)
    opens: list[object] = []
    task.onOpen(opens.append)
    while not opens:
        with pytest.raises(TimeoutError):
            app.run(timeout=0.05)
    assert task.send(data=BIG).result(PATIENCE).errMsg == "sendSocketMessage:ok"
    assert app.sendSocketMessage(data="x").result().errMsg == "sendSocketMessage:ok"
    assert app.closeSocket(code=1000).result(PATIENCE).errMsg == "closeSocket:ok"
    app.run(timeout=PATIENCE)
    assert task.readyState == 3


def test_result_of_a_call_that_takes_too_long(start: Start) -> None:
    server = start(ScriptedServer(never_reads, receive_buffer=16384))
    app = Wx(close_timeout=0.2)
    task = app.connectSocket(url=server.url)
    with pytest.raises(TimeoutError):
        app.run(timeout=0.3)
    call = task.send(data=BIG)
    with pytest.raises(TimeoutError):
        call.result(timeout=0.2)
    assert task.readyState == 1, "who gives up waiting harms nothing"
    task.close()
    app.run(timeout=PATIENCE)
    server.gate("over").open()
    with pytest.raises(WxError):
        task.send(data="x").result(PATIENCE)


@pytest.mark.parametrize("awaited", ["before the end", "after the end"])
def test_await_on_another_loop_when_the_loop_of_the_link_ends(start: Start, awaited: str) -> None:
    server = start(ScriptedServer(never_reads, receive_buffer=16384))
    calls: list[Any] = []
    sent, leave, ended = threading.Event(), threading.Event(), threading.Event()

    async def elsewhere() -> None:
        task, _ = await opened(Wx(), server.url)
        calls.append(task.send(data=BIG))
        await ticks()
        assert not calls[0].done()
        sent.set()
        await asyncio.to_thread(leave.wait, PATIENCE)

    def work() -> None:
        asyncio.run(elsewhere())
        ended.set()

    async def main() -> None:
        waiting = asyncio.ensure_future(outcome(calls[0]))
        if awaited == "before the end":
            await ticks()
            leave.set()
        await asyncio.wait_for(waiting, PATIENCE)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert sent.wait(PATIENCE)
    if awaited == "after the end":
        leave.set()
        assert ended.wait(PATIENCE)
    asyncio.run(main())
    thread.join(PATIENCE)
    assert not thread.is_alive()
    server.gate("over").open()


async def outcome(call: Any) -> str:
    """How a call ends is not the point here; that it ends is."""
    try:
        return str((await call).errMsg)
    except WxError as error:
        return error.errMsg


def test_await_on_another_loop_when_the_loop_of_the_link_was_just_closed(start: Start) -> None:
    """Nobody has shut it down: not even its tasks were cancelled."""
    server = start(ScriptedServer(never_reads, receive_buffer=16384))

    async def begin() -> tuple[SocketTask, Any]:
        task, _ = await opened(Wx(), server.url)
        return task, task.send(data=BIG)

    async def main(task: SocketTask, call: Any) -> None:
        assert task.readyState == 3
        await asyncio.wait_for(outcome(call), PATIENCE)
        assert await asyncio.wait_for(outcome(task.send(data="x")), PATIENCE) == NOT_OPEN

    def leave_and_await() -> None:
        loop = asyncio.new_event_loop()
        task, call = loop.run_until_complete(begin())
        loop.close()
        asyncio.run(main(task, call))

    try:
        leave_and_await()
    finally:
        server.gate("over").open()
        with warnings.catch_warnings():  # the transport of such a loop is nobody's
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


# Loops.


def test_a_loop_that_goes_on_after_its_async_generators_were_shut_down(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        link = await opened(app, echo.url)
        await asyncio.get_running_loop().shutdown_asyncgens()
        assert link[0].readyState in (1, 3)
        for _ in range(2):
            task = app.connectSocket(url=echo.url)
            events = Events(task)
            await events.wait("open")
            await task.send(data="x")
            await events.wait("message")
            await shut((task, events))

    run(main())


# Apps that are dropped.


@needs_proc
# The collector ends what is in the cycle in any order, and then says what nobody closed.
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning",
    "ignore::RuntimeWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
@pytest.mark.parametrize("driven", [False, True], ids=["never driven", "given up"])
def test_a_dropped_app_whose_listener_refers_to_it(
    echo: EchoServer, driven: bool, request: pytest.FixtureRequest
) -> None:
    if driven and "uvloop" in request.node.name:
        pytest.skip("uvloop keeps whatever its timers refer to")

    def drop() -> None:
        app = Wx()
        task = app.connectSocket(url=echo.url)
        app.onSocketOpen(lambda res: app.sendSocketMessage(data="x"))
        task.onMessage(lambda res: app.sendSocketMessage(data=str(task.readyState)))
        if driven:
            with pytest.raises(TimeoutError):
                app.run(timeout=0.001)

    drop()
    gc.collect()
    settled = descriptors()
    for _ in range(20):
        drop()
    gc.collect()
    falls_to(settled + 2)


# close, and with.


def test_close_in_plain_code(echo: EchoServer) -> None:
    app = Wx()
    tasks = [app.connectSocket(url=echo.url) for _ in range(3)]
    links = [Events(task) for task in tasks]
    tasks[0].onOpen(lambda res: tasks[0].send(data="x"))
    while not links[0].count("message"):
        with pytest.raises(TimeoutError):
            app.run(timeout=0.05)
    app.close()
    for events in links:
        assert events.log[-1] == ("close", 1000, "")
    assert [task.readyState for task in tasks] == [3] * 3
    app.close()


def test_close_cancels_what_is_connecting_and_what_was_never_driven(echo: EchoServer) -> None:
    app = Wx()
    task = app.connectSocket(url=echo.url)
    events = Events(task)
    app.close()
    assert task.readyState == 3
    assert events.kinds in (["open", "close"], ["error", "close"])


def test_close_without_links() -> None:
    Wx().close()


@needs_proc
def test_close_lets_go_of_the_loop(echo: EchoServer) -> None:
    def use() -> None:
        app = Wx()
        app.onSocketOpen(lambda res: app.sendSocketMessage(data="x"))
        app.onSocketMessage(lambda res: app.closeSocket(code=1000))
        app.connectSocket(url=echo.url)
        app.run(timeout=PATIENCE)
        app.close()
        kept.append(app)  # what still refers to it does not matter

    kept: list[Wx] = []
    use()
    gc.collect()
    gc.disable()
    try:
        settled = descriptors()
        for _ in range(10):
            use()
        falls_to(settled + 2)
    finally:
        gc.enable()


def test_an_app_can_be_used_again_after_close(echo: EchoServer) -> None:
    app = Wx()
    for _ in range(3):
        task = app.connectSocket(url=echo.url)
        events = Events(task)
        task.onOpen(lambda res: app.closeSocket(code=1000))
        app.run(timeout=PATIENCE)
        assert events.kinds == ["open", "close"]
        app.close()


def test_with_an_app_in_plain_code(echo: EchoServer) -> None:
    with Wx() as app:
        assert isinstance(app, Wx)
        task = app.connectSocket(url=echo.url)
        events = Events(task)
        task.onOpen(lambda res: task.send(data="x"))
        while not events.count("message"):
            with pytest.raises(TimeoutError):
                app.run(timeout=0.05)
    assert events.log == [("open",), ("message", "x"), ("close", 1000, "")]
    assert run(echo.ended()).closed == (1000, "")


def test_with_an_app_whose_body_raises(echo: EchoServer) -> None:
    links: list[Events] = []

    def use() -> None:
        with Wx() as app:
            links.append(Events(app.connectSocket(url=echo.url)))
            app.onSocketOpen(lambda res: app.sendSocketMessage(data="x"))
            while not links[0].count("message"):
                with pytest.raises(TimeoutError):
                    app.run(timeout=0.05)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use()
    assert links[0].kinds == ["open", "message", "close"]
    assert links[0].log[-1] == ("close", 1000, "")


def test_with_an_app_inside_a_running_loop() -> None:
    async def main() -> None:
        app = Wx()
        with pytest.raises(RuntimeError), app:
            pytest.fail("the block was entered")

    run(main())
