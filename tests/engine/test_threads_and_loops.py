"""Where the code runs: coroutines, plain code with ``run``, other threads, several loops."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator

import pytest

from servers.echo import EchoServer
from servers.harness import Events, run, until
from wxsocket import (
    GeneralCallbackResult,
    OnSocketOpenListenerResult,
    SocketTask,
    Wx,
    WxError,
)


@pytest.fixture(scope="module")
def echo() -> Iterator[EchoServer]:
    with EchoServer() as server:
        yield server


# Plain code.


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


# Other threads.


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


# Several of everything.


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
    told: list[str] = []

    async def main() -> None:
        async def fail(res: GeneralCallbackResult) -> None:
            await asyncio.sleep(0)
            told.append(res.errMsg)

        task.send(data="x", fail=fail)
        await until(lambda: bool(told))

    run(main())
    assert told == ["SocketTask.send:fail SocketTask.readyState is not OPEN"]


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


# Failures that nobody saw.


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage().split(" (")[0]
        for record in caplog.records
        if record.name == "wxsocket" and record.levelno == logging.WARNING
    ]


NOT_CONNECTED = "sendSocketMessage:fail WebSocket is not connected"


def test_unseen_failure_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        app = Wx()
        app.sendSocketMessage(data="x")
        gc.collect()
        assert warnings_of(caplog) == [NOT_CONNECTED]

    run(main())
    assert warnings_of(caplog) == [NOT_CONNECTED]


def test_kept_failure_is_logged_when_the_loop_ends(caplog: pytest.LogCaptureFixture) -> None:
    kept: list[object] = []

    async def main() -> None:
        kept.append(Wx().sendSocketMessage(data="x"))
        assert warnings_of(caplog) == []

    asyncio.run(main())
    assert warnings_of(caplog) == [NOT_CONNECTED]
    kept.clear()
    gc.collect()
    assert warnings_of(caplog) == [NOT_CONNECTED]


def test_kept_failure_is_logged_when_run_ends(caplog: pytest.LogCaptureFixture) -> None:
    app = Wx()
    kept = app.sendSocketMessage(data="x")
    assert warnings_of(caplog) == []
    app.run()
    assert warnings_of(caplog) == [NOT_CONNECTED]
    del kept


def test_refused_link_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        Wx().connectSocket(url="test.php")

    run(main())
    gc.collect()
    assert warnings_of(caplog) == ['connectSocket:fail invalid url "test.php"']


def test_seen_failures_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        app = Wx()
        app.sendSocketMessage(data="x", fail=lambda res: None)
        app.sendSocketMessage(data="x", complete=lambda res: None)
        with pytest.raises(WxError):
            await app.sendSocketMessage(data="x")
        with pytest.raises(WxError):
            app.sendSocketMessage(data="x").result()
        with pytest.raises(WxError):
            async with app.connectSocket(url="test.php"):
                pass

    run(main())
    gc.collect()
    assert warnings_of(caplog) == []


# A process of its own: warnings are errors there, and the end of the interpreter counts.


def program(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(text), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "body",
    [
        # Open links when asyncio.run ends.
        """
        async def main():
            task = wx.connectSocket(url=url)
            opened = asyncio.Event()
            task.onOpen(lambda res: opened.set())
            await opened.wait()
        asyncio.run(main())
        """,
        # Connecting links when asyncio.run ends.
        """
        async def main():
            for _ in range(5):
                wx.connectSocket(url=url)
            await asyncio.sleep(0)
        asyncio.run(main())
        """,
        # Links, messages and a callback that is still waiting.
        """
        async def main():
            async def wait(res):
                await asyncio.sleep(1000)
            task = wx.connectSocket(url=url, success=wait)
            async with task:
                task.onMessage(wait)
                await task.send(data="x")
                async for message in task:
                    break
            wx.connectSocket(url=url)
        asyncio.run(main())
        """,
        # Plain code that never runs.
        "wx.connectSocket(url=url)",
        # Plain code that gives up.
        """
        task = wx.connectSocket(url=url)
        try:
            wx.run(timeout=0.3)
        except TimeoutError:
            assert task.readyState == 1
        else:
            raise AssertionError
        """,
        # Both, and a Wx that is dropped.
        """
        app = Wx()
        app.connectSocket(url=url)
        del app
        async def main():
            app = Wx()
            async with app.connectSocket(url=url):
                pass
        asyncio.run(main())
        asyncio.run(main())
        """,
    ],
    ids=["open", "connecting", "callbacks", "never run", "gives up", "dropped"],
)
def test_nothing_is_left_behind(echo: EchoServer, body: str) -> None:
    start = "import asyncio, sys\nfrom wxsocket import Wx, wx\nurl = sys.argv[1]\n"
    ended = program(start + textwrap.dedent(body), echo.url)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


INTERRUPTED = """
import signal, sys
from wxsocket import wx
task = wx.connectSocket(url=sys.argv[1])
task.onClose(lambda res: print("close", res.code, flush=True))
task.onOpen(lambda res: {how})
try:
    wx.run(timeout=30)
except KeyboardInterrupt:
    print("interrupted", task.readyState)
"""


@pytest.mark.parametrize("how", ["signal.raise_signal(signal.SIGINT)", "raising()"])
def test_interrupt_closes_the_links(echo: EchoServer, how: str) -> None:
    raising = "def raising():\n    raise KeyboardInterrupt\n"
    ended = program(raising + INTERRUPTED.format(how=how), echo.url)
    assert (ended.stdout, ended.stderr) == ("close 1000\ninterrupted 3\n", "")
