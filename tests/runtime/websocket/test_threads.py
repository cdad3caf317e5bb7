"""Calls from other threads than the loop's."""

from __future__ import annotations

import asyncio
import threading

import pytest

from servers.echo import EchoServer
from servers.harness import Events, run, until
from wxsocket import (
    SocketTask,
    Wx,
    WxError,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def in_thread(function: object, *arguments: object) -> None:
    """Run a function on a thread of its own, and raise what it raises."""
    problems: list[BaseException] = []

    def main() -> None:
        try:
            function(*arguments)  # type: ignore[operator]
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=main)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    if problems:
        raise problems[0]


def test_calls_from_another_thread(echo: EchoServer) -> None:
    async def main() -> None:
        loop_thread = threading.get_ident()
        threads: set[int] = set()
        async with Wx() as app:
            task = app.connectSocket(url=echo.url)
            events = Events(task)
            task.onMessage(lambda res: threads.add(threading.get_ident()))
            await until(lambda: task.readyState == 1)

            def work() -> None:
                calls = [
                    task.send(data=str(n), success=lambda res: threads.add(threading.get_ident()))
                    for n in range(200)
                ]
                for call in calls:
                    assert call.result(timeout=10).errMsg == "sendSocketMessage:ok"
                assert app.sendSocketMessage(data="main").result(10).errMsg.endswith(":ok")
                with pytest.raises(WxError, match="unknown data"):
                    task.send(data=5).result(10)  # type: ignore[call-overload]

            await asyncio.to_thread(in_thread, work)
            await until(lambda: len(events.messages) == 201)
            assert events.messages == [*map(str, range(200)), "main"]
            assert threads == {loop_thread}

    run(main())


def test_bytes_are_read_at_the_call_of_another_thread(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            task = app.connectSocket(url=echo.url)
            events = Events(task)
            await until(lambda: task.readyState == 1)

            def work() -> None:
                data = bytearray(b"before")
                task.send(data=data)
                data[:] = b"behind"

            await asyncio.to_thread(work)
            await until(lambda: events.count("message") == 1)
            assert events.messages == [b"before"]

    run(main())


@pytest.mark.needs_sockets  # in memory the link may open before its listeners are there
def test_link_made_by_another_thread(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            made: list[SocketTask] = []
            seen: list[Events] = []

            def work() -> None:
                task = app.connectSocket(url=echo.url)
                seen.append(Events(task))
                made.append(task)
                refused = app.connectSocket(url="test.php")
                assert refused.readyState in (0, 3)
                made.append(refused)

            await asyncio.to_thread(work)
            await until(lambda: seen[0].count("open") == 1)
            assert made[1].readyState == 3
            await asyncio.to_thread(lambda: app.closeSocket(code=1000).result(10))
            await until(lambda: seen[0].count("close") == 1)

    run(main())


def test_thread_beside_run(echo: EchoServer) -> None:
    app = Wx()
    task = app.connectSocket(url=echo.url)
    events = Events(task)

    def work() -> None:
        for n in range(50):
            task.send(data=str(n)).result(10)
        task.close(code=1000).result(10)

    thread = threading.Thread(target=work)
    task.onOpen(lambda res: thread.start())
    app.run(timeout=30)
    thread.join(10)
    assert events.kinds[0] == "open"
    assert events.kinds[-1] == "close"


def test_result_on_the_loop_does_not_block_for_ever(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app, app.connectSocket(url=echo.url) as task:
            assert task.send(data="x").result().errMsg == "sendSocketMessage:ok"  # done already
            call = task.send(data=bytes(8 * 2**20))
            if not call.done():
                with pytest.raises(RuntimeError, match="await"):
                    call.result()
            await call

    run(main())


def test_result_times_out(echo: EchoServer) -> None:
    app = Wx()
    task = app.connectSocket(url=echo.url)
    task.onOpen(lambda res: None)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            task.send(data="x").result(timeout=0.05)  # nobody drives the loop yet
        except BaseException as failure:
            failures.append(failure)
        task.close()

    in_thread(work)
    assert [type(failure) for failure in failures] == [TimeoutError]
    app.run(timeout=30)
