"""Several apps, several loops, and loops that are gone."""

from __future__ import annotations

import asyncio
import threading

import pytest

from servers.echo import EchoServer
from servers.harness import Events, run, until
from wxsocket import (
    GeneralCallbackResult,
    SocketTask,
    Wx,
    WxError,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_several_apps_are_strangers(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as one, Wx() as other:
            heard: list[str] = []
            one.onSocketMessage(lambda res: heard.append("one"))
            other.onSocketMessage(lambda res: heard.append("other"))
            tasks = [app.connectSocket(url=echo.url) for app in (one, other) for _ in range(5)]
            await until(lambda: all(task.readyState == 1 for task in tasks))
            await other.sendSocketMessage(data="x")
            await until(lambda: bool(heard))
            assert heard == ["other"]
            await one.closeSocket(code=1000)
            await until(lambda: all(task.readyState == 3 for task in tasks[:5]))
            assert [task.readyState for task in tasks[5:]] == [1] * 5

    run(main())


def test_a_loop_and_an_app_on_each_of_several_threads(echo: EchoServer) -> None:
    def work(name: str) -> None:
        async def main() -> None:
            async with Wx() as app, app.connectSocket(url=echo.url) as task:
                for n in range(50):
                    await task.send(data=f"{name}{n}")
                received = 0
                async for message in task:
                    assert message == f"{name}{received}"
                    received += 1
                    if received == 50:
                        break

        asyncio.run(main())

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_links_of_a_closed_loop_count_as_closed(echo: EchoServer) -> None:
    app = Wx()
    heard: list[str] = []
    app.onSocketOpen(lambda res: heard.append("open"))

    async def leave_open() -> list[SocketTask]:
        tasks = [app.connectSocket(url=echo.url) for _ in range(5)]
        await until(lambda: all(task.readyState == 1 for task in tasks))
        return tasks

    first = asyncio.run(leave_open())
    assert [task.readyState for task in first] == [3] * 5
    second = asyncio.run(leave_open())  # the places are free, and one is main
    assert heard == ["open", "open"]
    assert [task.readyState for task in second] == [3] * 5
    errors: list[str] = []
    first[0].send(data="x", fail=lambda res: errors.append(res.errMsg))
    first[0].close(fail=lambda res: errors.append(res.errMsg))
    app.sendSocketMessage(data="x", fail=lambda res: errors.append(res.errMsg))
    assert errors == [
        "SocketTask.send:fail SocketTask.readyState is not OPEN",
        "closeSocket:fail taskID not exist",
        "sendSocketMessage:fail WebSocket is not connected",
    ]


def test_async_with_closes_what_is_open(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            tasks = [app.connectSocket(url=echo.url) for _ in range(3)]
            await until(lambda: all(task.readyState == 1 for task in tasks[:2]))
            events = [Events(task) for task in tasks]
        assert [task.readyState for task in tasks] == [3] * 3
        assert all(event.kinds[-1] == "close" for event in events)

    run(main())


def test_async_with_closes_although_the_body_raises(echo: EchoServer) -> None:
    async def main() -> None:
        with pytest.raises(ZeroDivisionError):
            async with Wx() as app, app.connectSocket(url=echo.url) as task:
                raise ZeroDivisionError
        assert task.readyState == 3

    run(main())


def test_calls_handed_to_a_loop_that_ends_are_answered(echo: EchoServer) -> None:
    answers: list[str] = []

    def talk(task: SocketTask) -> None:
        while True:
            try:
                task.send(data="x").result()
            except WxError as error:
                answers.append(error.errMsg)
                return

    async def main() -> list[threading.Thread]:
        tasks = [Wx().connectSocket(url=echo.url) for _ in range(4)]
        await until(lambda: all(task.readyState == 1 for task in tasks))
        threads = [threading.Thread(target=talk, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        await asyncio.sleep(0.05)
        return threads  # while they talk

    for thread in asyncio.run(main()):
        thread.join(30)
        assert not thread.is_alive()
    assert answers == ["SocketTask.send:fail SocketTask.readyState is not OPEN"] * 4


def test_call_handed_to_a_loop_that_is_closed_before_it_turns(echo: EchoServer) -> None:
    loop = asyncio.new_event_loop()

    async def open_and_close() -> SocketTask:
        async with Wx().connectSocket(url=echo.url) as task:
            return task

    task = loop.run_until_complete(open_and_close())
    answers: list[str] = []
    handed = threading.Event()

    def send() -> None:
        call = task.send(data="x", fail=lambda res: answers.append(res.errMsg))
        handed.set()
        try:
            call.result()
        except WxError as error:
            answers.append(error.errMsg)

    thread = threading.Thread(target=send)
    thread.start()
    assert handed.wait(30)
    loop.close()
    thread.join(30)
    assert not thread.is_alive()
    assert answers == ["SocketTask.send:fail SocketTask.readyState is not OPEN"] * 2


async def abandoned(app: Wx, url: str) -> SocketTask:
    task = app.connectSocket(url=url)
    await until(lambda: task.readyState == 1)
    return task


def test_coroutine_callbacks_of_a_link_whose_loop_is_gone(echo: EchoServer) -> None:
    task = asyncio.run(abandoned(Wx(), echo.url))
    failed: list[str] = []

    async def main() -> None:
        async def fail(res: GeneralCallbackResult) -> None:
            await asyncio.sleep(0)
            failed.append(res.errMsg)

        task.send(data="x", fail=fail)
        await until(lambda: bool(failed))

    run(main())
    assert failed == ["SocketTask.send:fail SocketTask.readyState is not OPEN"]


def test_iteration_and_block_of_a_link_whose_loop_is_gone(echo: EchoServer) -> None:
    task = asyncio.run(abandoned(Wx(), echo.url))

    async def main() -> None:
        assert [message async for message in task] == []
        with pytest.raises(WxError):
            async with task:
                pytest.fail("the block was entered")

    run(main())


def test_listener_that_reconnects_does_not_outlive_the_block(echo: EchoServer) -> None:
    async def main() -> None:
        made: list[SocketTask] = []
        async with Wx() as app:

            def connect(res: object = None) -> None:
                made.append(app.connectSocket(url=echo.url))
                made[-1].onClose(connect)

            connect()
            await until(lambda: made[0].readyState == 1)
        assert len(made) > 1
        assert {task.readyState for task in made} == {3}

    run(main())


def test_plain_code_closes_links_whose_loop_stands_between_two_runs(echo: EchoServer) -> None:
    with asyncio.Runner() as runner:
        app = Wx()

        async def connect() -> SocketTask:
            task = app.connectSocket(url=echo.url)
            await until(lambda: task.readyState == 1)
            return task

        task = runner.run(connect())
        app.close()
        assert (task.readyState, task.closeCode) == (3, 1000)
