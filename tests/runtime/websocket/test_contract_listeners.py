"""The contract: which listeners are called, in which order, and how often."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from servers import EchoServer, Peer, ScriptedServer, frames, scripts
from servers.fixtures import Start
from servers.frames import text
from servers.harness import (
    Events,
    echoes,
    failure,
    opened,
    run,
    shut,
    ticks,
    until,
)
from servers.texts import (
    BAD_CODE,
    CONNECT_OK,
)
from wxsocket import (
    Wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_a_later_wx_listener_replaces_the_earlier_and_outlives_links(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        first, second = Events(app), Events(app)
        for _ in range(2):
            link = await opened(app, echo.url)
            await echoes(*link)
            await shut(link)
        assert first.log == []
        assert second.kinds == ["open", "message", "close"] * 2

    run(main())


def test_task_listeners_add_up_and_run_before_the_wx_listener(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        order: list[str] = []

        def noting(name: str) -> Callable[[object], None]:
            return lambda res: order.append(name)

        twice = noting("twice")
        app.onSocketOpen(noting("wx"))
        app.onSocketMessage(noting("wx"))
        app.onSocketClose(noting("wx"))
        task = app.connectSocket(url=echo.url)
        for register in (task.onOpen, task.onMessage, task.onClose):
            register(noting("first"))
            register(twice)
            register(twice)
            register(noting("last"))
        expected = ["first", "twice", "twice", "last", "wx"]
        await until(lambda: len(order) >= 5)
        assert order == expected
        await task.send(data="x")
        await until(lambda: len(order) >= 10)
        assert order == expected * 2
        await task.close()
        await until(lambda: len(order) >= 15)
        await ticks()
        assert order == expected * 3

    run(main())


def test_task_listeners_run_before_the_wx_listener_for_errors(start: Start) -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx()
        order: list[str] = []
        app.onSocketError(lambda res: order.append("wx"))
        task = app.connectSocket(url=server.url)
        task.onError(lambda res: order.append("one"))
        task.onError(lambda res: order.append("two"))
        events = Events(task)
        await events.wait("close")
        assert order == ["one", "two", "wx"]

    server = start(ScriptedServer(scripts.fin))
    run(main(server))


def test_task_listeners_are_dropped_once_the_close_is_delivered(echo: EchoServer) -> None:
    class Listener:
        def __call__(self, res: object) -> None: ...

    async def main() -> None:
        task, events = await opened(Wx(), echo.url)
        refs = []
        for register in (task.onOpen, task.onMessage, task.onError, task.onClose):
            listener = Listener()
            register(listener)
            refs.append(weakref.ref(listener))
            del listener
        gc.collect()
        assert all(ref() is not None for ref in refs)
        await shut((task, events))
        await ticks()
        gc.collect()
        assert [ref() for ref in refs] == [None] * 4
        assert task.readyState == 3

    run(main())


class Boom(Exception):
    pass


def test_a_callback_that_raises_is_reported_and_the_rest_goes_on(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        errors: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, ctx: errors.append(ctx))

        def boom(res: object) -> None:
            raise Boom

        async def async_boom(res: object) -> None:
            await asyncio.sleep(0)
            raise Boom

        completed: list[str] = []
        task = app.connectSocket(
            url=echo.url, success=boom, complete=lambda res: completed.append(res.errMsg)
        )
        for register in (task.onOpen, task.onMessage, task.onClose):
            register(boom)
            register(async_boom)
        app.onSocketMessage(boom)
        events = Events(task)
        await events.wait("open")
        await task.send(data="x", success=boom, complete=boom)
        await events.wait("message")
        assert await failure(task.close(code=1, fail=boom, complete=boom)) == BAD_CODE
        await echoes(task, events)
        await shut((task, events))
        await until(lambda: len(errors) >= 15)
        await ticks()
        # connect 1, open 2, send 2, messages 2 x 3, close's fail 2, close 2
        assert len(errors) == 15
        for error in errors:
            assert isinstance(error["exception"], Boom)
            assert error["exception"].__traceback__ is not None
        assert completed == [CONNECT_OK]
        assert events.kinds == ["open", "message", "message", "close"]

    run(main())


def test_no_message_listener_at_the_time(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept(after=text("gone"))
        await peer.send(text("gone too") + frames.frame(frames.PING))
        assert (await peer.read()).opcode == frames.PONG, "so the messages have been read"
        peer.server.gate("read").open()
        await peer.echo()

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        task = app.connectSocket(url=server.url)
        await server.gate("read").wait()
        events = Events(task)
        heard = Events(app)
        await echoes(task, events, "heard")
        assert events.messages == heard.messages == ["heard"]
        await shut((task, events))

    server = start(ScriptedServer(script))
    run(main(server))
