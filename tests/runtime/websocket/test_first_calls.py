"""The first calls come from several threads, or come when the loop has gone: one place for loops."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from servers import PATIENCE
from servers.echo import EchoServer
from servers.harness import run, until
from servers.texts import CLOSE_NOT_CONNECTED, NOT_OPEN, SEND_NOT_CONNECTED
from wxsocket import SocketTask, Wx, WxError

pytestmark = pytest.mark.needs_sockets


@pytest.fixture(autouse=True)
def _busy_switching() -> Iterator[None]:
    """Let threads take turns as often as can be, so that what can go wrong does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def on_threads(*functions: Callable[[], None]) -> None:
    """Run the functions at the same time, each on a thread, and raise what one of them raises."""
    problems: list[BaseException] = []
    together = threading.Barrier(len(functions))

    def work(function: Callable[[], None]) -> None:
        try:
            together.wait()
            function()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(f,), daemon=True) for f in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE)
        assert not thread.is_alive(), "a thread hangs"
    if problems:
        raise problems[0]


@pytest.mark.parametrize("_", range(40))
def test_links_that_several_threads_made_first_are_all_driven_by_run(
    echo: EchoServer, _: int
) -> None:
    app = Wx()
    seen: list[str] = []
    tasks: list[SocketTask] = []

    def connect() -> None:
        task = app.connectSocket(url=echo.url)
        task.onOpen(lambda res: seen.append("open"))
        task.onOpen(lambda res: task.close(code=1000))
        task.onClose(lambda res: seen.append("close"))
        tasks.append(task)

    on_threads(*[connect] * 5)
    app.run(timeout=PATIENCE)
    assert sorted(seen) == ["close"] * 5 + ["open"] * 5
    assert [task.readyState for task in tasks] == [3] * 5


@pytest.mark.parametrize("_", range(40))
def test_other_first_calls_from_several_threads(echo: EchoServer, _: int) -> None:
    """Listeners, sends and closes beside the connecting."""
    app = Wx()
    seen: list[str] = []

    def connect() -> None:
        task = app.connectSocket(url=echo.url)
        task.onOpen(lambda res: task.close(code=1000))
        task.onClose(lambda res: seen.append("task"))

    def listen() -> None:
        app.onSocketClose(lambda res: seen.append("wx"))

    def send() -> None:
        app.sendSocketMessage(data="x", fail=lambda res: None)

    on_threads(connect, connect, listen, send)
    app.run(timeout=PATIENCE)
    assert sorted(seen) == ["task", "task", "wx"], "the main link is one of the two"


def test_calls_of_threads_that_outlive_the_loop_are_settled(echo: EchoServer) -> None:
    app = Wx()

    async def main() -> SocketTask:
        async with app.connectSocket(url=echo.url) as task:
            await task.send(data="x")
        return task

    task = asyncio.run(main())
    failures: list[str] = []

    def work() -> None:
        for call in (app.sendSocketMessage(data="x"), task.send(data="x"), app.closeSocket()):
            try:
                call.result(PATIENCE)
            except WxError as error:
                failures.append(error.errMsg)

    on_threads(*[work] * 8)
    assert sorted(failures) == sorted([SEND_NOT_CONNECTED, NOT_OPEN, CLOSE_NOT_CONNECTED] * 8)


def test_threads_call_while_loops_come_and_go(echo: EchoServer) -> None:
    """Whatever the threads see of the links, no call raises, and each is settled."""
    app = Wx()
    over = threading.Event()
    settled = [0]

    def talk() -> None:
        while not over.is_set():
            for call in (app.sendSocketMessage(data="x"), app.sendSocketMessage(data=b"y")):
                try:
                    call.result(PATIENCE)
                except WxError as error:
                    assert error.errMsg == SEND_NOT_CONNECTED
                settled[0] += 1

    def come_and_go() -> None:
        async def once() -> None:
            tasks = [app.connectSocket(url=echo.url, fail=lambda res: None) for _ in range(2)]
            for task in tasks:
                task.onError(lambda res: None)
            await until(lambda: all(task.readyState in (1, 3) for task in tasks))
            await asyncio.sleep(0)

        try:
            for _ in range(40):
                asyncio.run(once())
        finally:
            over.set()

    on_threads(come_and_go, talk, talk, talk)
    assert settled[0] > 0


def test_links_are_made_and_refused_on_many_threads_beside_a_running_loop(
    echo: EchoServer,
) -> None:
    """The registry changes on the loop while other threads read it."""

    async def main() -> None:
        app = Wx()
        outcomes: list[str] = []

        def work() -> None:
            for _ in range(50):
                app.connectSocket(
                    url=echo.url,
                    success=lambda res: outcomes.append(res.errMsg),
                    fail=lambda res: outcomes.append(res.errMsg),
                ).onOpen(lambda res: None)
                app.sendSocketMessage(data="x", fail=lambda res: None)
                app.closeSocket(code=1000, fail=lambda res: None)

        async with app:
            await asyncio.gather(*[asyncio.to_thread(work) for _ in range(6)])
            await until(lambda: len(outcomes) == 300, "the outcome of every connectSocket")
        assert set(outcomes) <= {"connectSocket:ok", "connectSocket:fail exceed max task count"}

    run(main())
