"""The contract: close codes, reasons, and what a close does to messages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from servers import EchoServer, Peer, ScriptedServer, frames, scripts
from servers.fixtures import Start
from servers.frames import text
from servers.harness import (
    ABNORMAL,
    FAIL,
    OK,
    Calls,
    Events,
    echoes,
    failure,
    opened,
    run,
    shut,
    ticks,
    untyped,
)
from servers.texts import (
    BAD_CODE,
    CLOSE_NOT_CONNECTED,
    CLOSE_OK,
    LONG_REASON,
    NO_TASK,
    SEND_OK,
)
from wxsocket import (
    Wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_close_socket_before_the_main_link_is_open(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        task = app.connectSocket(url=echo.url)
        events = Events(task)
        calls = Calls()
        app.closeSocket(**calls.options)
        calls.check(FAIL, CLOSE_NOT_CONNECTED)
        await events.wait("open")
        await echoes(task, events)
        await app.closeSocket()
        await events.wait("close")
        assert events.kinds == ["open", "message", "close"]

    run(main())


def test_close_socket_with_no_link_and_with_a_closed_one(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        assert await failure(app.closeSocket()) == CLOSE_NOT_CONNECTED
        assert await failure(app.closeSocket(code=1000, reason="x")) == CLOSE_NOT_CONNECTED
        await shut(await opened(app, echo.url))
        assert await failure(app.closeSocket()) == CLOSE_NOT_CONNECTED

    run(main())


@pytest.mark.parametrize("when", ["at once", "a tick later", "when the request has arrived"])
def test_closing_a_task_before_it_is_open_cancels_the_attempt(start: Start, when: str) -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx()
        heard = Events(app)
        task = app.connectSocket(url=server.url)
        events = Events(task)
        if when == "a tick later":
            await asyncio.sleep(0)
        elif when != "at once":
            await server.peer()
        calls = Calls()
        call = task.close(code=4001, reason="x", **calls.options)
        calls.check(OK, CLOSE_OK)
        assert events.log == []
        assert (await call).errMsg == CLOSE_OK
        await events.wait("close")
        await ticks()
        assert events.log == heard.log == [("error",), ABNORMAL]
        assert task.readyState == 3
        assert await failure(task.close()) == NO_TASK
        if when.startswith("when"):
            peer = await server.finished()
            assert peer.frames == []

    server = start(ScriptedServer(scripts.stay))
    run(main(server))


def test_closing_a_task_a_second_time(echo: EchoServer) -> None:
    async def main() -> None:
        task, events = await opened(Wx(), echo.url)
        task.close(code=4001)
        for options in ({}, {"code": 1000}, {"code": 1001}, {"reason": "x" * 200}, {"code": "x"}):
            calls = Calls()
            assert await failure(untyped(task).close(**options, **calls.options)) == NO_TASK
            calls.check(FAIL, NO_TASK)
        await events.wait("close")
        assert await failure(task.close()) == NO_TASK
        await ticks()
        assert events.log == [("open",), ("close", 4001, "")]

    run(main())


@pytest.mark.parametrize(
    ("options", "received"),
    [
        ({}, (1003, "")),
        ({"code": 1000}, (1000, "")),
        ({"code": 1003}, (1003, "")),
        ({"code": 3000}, (3000, "")),
        ({"code": 4000}, (4000, "")),
        ({"code": 4999}, (4999, "")),
        ({"reason": "why"}, (1003, "why")),
        ({"code": 1000, "reason": ""}, (1000, "")),
        ({"code": 4000, "reason": "größer €\U0001f600"}, (4000, "größer €\U0001f600")),
        ({"code": 4000, "reason": "x" * 123}, (4000, "x" * 123)),
        ({"code": 4000, "reason": "é" * 61 + "a"}, (4000, "é" * 61 + "a")),
        ({"code": 4000, "reason": "€" * 41}, (4000, "€" * 41)),
    ],
)
@pytest.mark.parametrize("through", ["task", "wx"])
def test_close_codes_and_reasons(
    echo: EchoServer, through: str, options: dict[str, Any], received: tuple[int, str]
) -> None:
    async def main() -> None:
        app = Wx()
        task, events = await opened(app, echo.url)
        close = task.close if through == "task" else app.closeSocket
        calls = Calls()
        untyped(close)(**options, **calls.options)
        calls.check(OK, CLOSE_OK)
        await events.wait("close")
        assert events.log == [("open",), ("close", *received)], "the peer's echo"
        assert (await echo.ended()).closed == received

    run(main())


def test_close_codes_and_reasons_that_are_refused(echo: EchoServer) -> None:
    codes = (-1, 0, 1, 999, 1001, 1002, 1004, 1005, 1006, 1007, 1009, 1011, 1015, 2999, 5000, 65536)
    reasons = ("x" * 124, "é" * 62, "€" * 41 + "x", "x" * 10_000)

    async def main() -> None:
        app = Wx()
        task, events = await opened(app, echo.url)
        for close in (task.close, app.closeSocket):
            for code in codes:
                calls = Calls()
                assert await failure(close(code=code, **calls.options)) == BAD_CODE
                calls.check(FAIL, BAD_CODE)
            for reason in reasons:
                calls = Calls()
                call = close(code=1000, reason=reason, **calls.options)
                assert await failure(call) == LONG_REASON
                calls.check(FAIL, LONG_REASON)
        assert task.readyState == 1
        await echoes(task, events)
        await shut((task, events))
        assert events.kinds == ["open", "message", "close"]

    run(main())


@pytest.mark.parametrize("through", ["task", "wx"])
def test_messages_sent_before_a_close_are_delivered_before_it(
    echo: EchoServer, through: str
) -> None:
    messages: list[str | bytes] = [str(number) for number in range(1000)]
    messages.insert(500, b"x" * (4 << 20))

    async def main() -> None:
        app = Wx()
        task, events = await opened(app, f"{echo.url}mute")
        calls = [task.send(data=message) for message in messages]
        await (task.close(code=4001) if through == "task" else app.closeSocket(code=4001))
        await events.wait("close")
        assert events.log == [("open",), ("close", 4001, "")]
        client = await echo.ended()
        assert client.received == messages
        assert client.closed == (4001, "")
        for call in calls:
            assert (await call).errMsg == SEND_OK

    run(main())


def test_messages_that_arrive_after_a_local_close_are_dropped(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept(after=text("before"))
        read = await peer.read_until_close()
        await peer.send(text("late") + frames.frame(frames.BINARY, b"later"))
        await peer.send(text("last") + frames.frame(frames.CLOSE, read.payload))

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        heard = Events(app)
        task = app.connectSocket(url=server.url)
        events = Events(task)
        await events.wait("message")
        await task.close(code=1000)
        await events.wait("close")
        await ticks()
        assert events.log == heard.log == [("open",), ("message", "before"), ("close", 1000, "")]

    server = start(ScriptedServer(script))
    run(main(server))


@pytest.mark.parametrize("through", ["task", "wx"])
def test_messages_behind_the_one_whose_listener_closes_are_dropped(
    start: Start, through: str
) -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx()
        task = app.connectSocket(url=server.url)
        close = task.close if through == "task" else app.closeSocket
        task.onMessage(lambda res: close(code=1000, fail=lambda res: None))
        events = Events(task)
        await events.wait("close")
        assert events.log == [("open",), ("message", "0"), ("close", 1000, "")]

    data = [text(str(number)) for number in range(10)]
    server = start(ScriptedServer(scripts.answered_with(*data)))
    run(main(server))


def test_the_server_closes(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        heard = Events(app)
        link = await opened(app, echo.url)
        other = await opened(app, echo.url)
        echo.close(4001, "gehört dazu €", client=0)
        await link[1].wait("close")
        assert heard.log == link[1].log == [("open",), ("close", 4001, "gehört dazu €")]
        assert (await echo.ended(0)).closed == (4001, "gehört dazu €")
        await echoes(*other)
        await shut(other)

    run(main())
