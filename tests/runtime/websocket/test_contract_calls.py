"""The contract: how calls succeed and fail, and when events come."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest

from servers import EchoServer
from servers.harness import (
    FAIL,
    OK,
    Calls,
    Events,
    failure,
    opened,
    run,
    shut,
    ticks,
    until,
    untyped,
)
from servers.texts import (
    CLOSE_NOT_CONNECTED,
    CLOSE_OK,
    CONNECT_OK,
    NO_TASK,
    NOT_OPEN,
    SEND_NOT_CONNECTED,
    SEND_OK,
)
from wxsocket import (
    CloseSocketOption,
    ConnectSocketOption,
    GeneralCallbackResult,
    OnSocketCloseListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
    SendSocketMessageOption,
    SocketTaskCloseOption,
    SocketTaskSendOption,
    Wx,
    WxError,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_success_runs_within_the_call_and_complete_gets_the_same_object(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        connect, send, task_send, close, task_close = (Calls() for _ in range(5))
        task = app.connectSocket(url=echo.url, **connect.options)
        connect.check(OK, CONNECT_OK)
        events = Events(task)
        await events.wait("open")
        sent = app.sendSocketMessage(data="one", **send.options)
        send.check(OK, SEND_OK)
        task_sent = task.send(data="two", **task_send.options)
        task_send.check(OK, SEND_OK)
        other, other_events = await opened(app, echo.url)
        closed = other.close(**task_close.options)
        task_close.check(OK, CLOSE_OK)
        wx_closed = app.closeSocket(**close.options)
        close.check(OK, CLOSE_OK)
        for call, errMsg in [
            (sent, SEND_OK),
            (task_sent, SEND_OK),
            (closed, CLOSE_OK),
            (wx_closed, CLOSE_OK),
        ]:
            result = await call
            assert isinstance(result, GeneralCallbackResult)
            assert result.errMsg == errMsg
        await events.wait("close")
        await other_events.wait("close")
        for calls in (connect, send, task_send, close, task_close):
            assert calls.kinds == ["success", "complete"]

    run(main())


def test_fail_runs_within_the_call_and_complete_gets_the_same_object(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        send, task_send, close, task_close = (Calls() for _ in range(4))
        for call in (
            app.sendSocketMessage(data="x", **send.options),
            app.closeSocket(**close.options),
        ):
            with pytest.raises(WxError):
                await call
        send.check(FAIL, SEND_NOT_CONNECTED)
        close.check(FAIL, CLOSE_NOT_CONNECTED)
        task, events = await opened(app, echo.url)
        await shut((task, events))
        task.send(data="x", **task_send.options)
        task_send.check(FAIL, NOT_OPEN)
        task.close(**task_close.options)
        task_close.check(FAIL, NO_TASK)
        await ticks()
        for calls in (send, task_send, close, task_close):
            assert calls.kinds == ["fail", "complete"]

    run(main())


def test_an_awaited_failure_raises_with_the_errmsg() -> None:
    async def main() -> None:
        with pytest.raises(WxError) as caught:
            await Wx().sendSocketMessage(data="x")
        assert caught.value.errMsg == SEND_NOT_CONNECTED
        assert isinstance(caught.value, Exception)

    run(main())


def test_both_call_styles_do_the_same(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        seen: list[str] = []

        def note(res: GeneralCallbackResult) -> None:
            seen.append(res.errMsg)

        task = app.connectSocket(ConnectSocketOption(url=echo.url, success=note))
        events = Events(task)
        await events.wait("open")
        await app.sendSocketMessage(SendSocketMessageOption(data="one", success=note))
        await task.send(SocketTaskSendOption(data=b"two", complete=note))
        await events.wait("message", 2)
        assert events.messages == ["one", b"two"]
        other = await opened(app, echo.url)
        await other[0].close(SocketTaskCloseOption(code=4001, reason="x", success=note))
        await app.closeSocket(CloseSocketOption(code=4002, reason="y", success=note))
        await events.wait("close")
        await other[1].wait("close")
        assert seen == [CONNECT_OK, SEND_OK, SEND_OK, CLOSE_OK, CLOSE_OK]
        assert events.log[-1] == ("close", 4002, "y")
        assert other[1].log[-1] == ("close", 4001, "x")

    run(main())


def test_mixed_missing_and_unknown_arguments_are_type_errors() -> None:
    async def main() -> None:
        app = untyped(Wx())
        task = app.connectSocket(url="nowhere", fail=lambda res: None)
        mistakes: list[Callable[[], object]] = [
            lambda: app.connectSocket(ConnectSocketOption(url="ws://h/"), timeout=5),
            lambda: app.connectSocket(),
            lambda: app.connectSocket(url="ws://h/", uri="ws://h/"),
            lambda: app.connectSocket("ws://h/"),
            lambda: app.sendSocketMessage(SendSocketMessageOption(data="x"), data="x"),
            lambda: app.sendSocketMessage(),
            lambda: app.sendSocketMessage("x"),
            lambda: app.closeSocket(CloseSocketOption(), code=1000),
            lambda: app.closeSocket(status=1000),
            lambda: app.closeSocket(1000),
            lambda: task.send(),
            lambda: task.send(SocketTaskSendOption(data="x"), data="x"),
            lambda: task.close(SocketTaskCloseOption(), reason="x"),
            lambda: task.close(because="x"),
            lambda: untyped(ConnectSocketOption)(),
            lambda: untyped(ConnectSocketOption)("ws://h/"),
            lambda: untyped(SendSocketMessageOption)(),
            lambda: untyped(CloseSocketOption)(status=1),
        ]
        for mistake in mistakes:
            with pytest.raises(TypeError):
                mistake()

    run(main())


def test_none_means_absent(echo: EchoServer) -> None:
    async def main() -> None:
        task, events = await opened(
            Wx(),
            echo.url,
            header=None,
            protocols=None,
            tcpNoDelay=None,
            timeout=None,
            success=None,
            fail=None,
            complete=None,
        )
        await task.send(data="x", success=None, fail=None, complete=None)
        await events.wait("message")
        await task.close(code=None, reason=None, success=None)
        await events.wait("close")
        assert (await echo.ended()).closed == (1003, "")

    run(main())


def test_events_never_come_within_the_call_that_causes_them(echo: EchoServer) -> None:
    """A listener registered in the same tick misses nothing."""

    async def main() -> None:
        app = Wx()
        early = Events(app)
        task = app.connectSocket(url=echo.url)
        assert task.readyState == 0
        assert early.log == []
        events = Events(task)
        await events.wait("open")
        assert task.readyState == 1
        task.close(code=1000)
        assert task.readyState == 2
        assert events.kinds == ["open"]
        late: list[OnSocketCloseListenerResult] = []
        task.onClose(late.append)
        await events.wait("close")
        assert task.readyState == 3
        await ticks()
        assert [res.code for res in late] == [1000]
        assert early.log == events.log == [("open",), ("close", 1000, "")]

    run(main())


def test_async_callbacks_and_listeners_run_as_tasks(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        heard: list[str] = []

        async def ok(res: GeneralCallbackResult) -> None:
            await asyncio.sleep(0)
            heard.append(res.errMsg)

        task = app.connectSocket(url=echo.url, success=ok)

        @task.onOpen
        async def _(res: OnSocketOpenListenerResult) -> None:
            await asyncio.sleep(0)
            heard.append("open")
            await task.send(data="x")

        @app.onSocketMessage
        async def _(res: OnSocketMessageListenerResult) -> None:
            await asyncio.sleep(0)
            heard.append(f"message {res.data!r}")
            await task.close(code=1000)

        @task.onClose
        async def _(res: OnSocketCloseListenerResult) -> None:
            await asyncio.sleep(0)
            heard.append(f"close {res.code}")

        await until(lambda: len(heard) == 4)
        assert heard == [CONNECT_OK, "open", "message 'x'", "close 1000"]

    run(main())


def test_listener_registration_returns_the_listener() -> None:
    async def main() -> None:
        app = Wx()
        task = untyped(app.connectSocket(url="nowhere", fail=lambda res: None))

        def listener(res: Any) -> None: ...

        for source, names in (
            (task, ("onOpen", "onMessage", "onError", "onClose")),
            (app, ("onSocketOpen", "onSocketMessage", "onSocketError", "onSocketClose")),
        ):
            for name in names:
                assert getattr(source, name)(listener) is listener

    run(main())


def test_a_failure_that_nobody_could_see_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        app = Wx()
        app.sendSocketMessage(data="unseen")
        app.sendSocketMessage(data="seen", fail=lambda res: None)
        app.sendSocketMessage(data="seen", complete=lambda res: None)
        assert await failure(app.sendSocketMessage(data="seen")) == SEND_NOT_CONNECTED
        with pytest.raises(WxError):
            app.sendSocketMessage(data="seen").result()

    run(main())
    gc.collect()
    logged = [record for record in caplog.records if record.name == "wxsocket"]
    assert [record.levelname for record in logged] == ["WARNING"]
    assert SEND_NOT_CONNECTED in logged[0].getMessage()


def test_an_unseen_failure_is_logged_when_its_loop_ends(caplog: pytest.LogCaptureFixture) -> None:
    """Even when the call is still held by somebody, and when it was a `connectSocket`."""
    held: list[object] = []

    async def main() -> None:
        app = Wx()
        held.append(app)
        held.append(app.sendSocketMessage(data="unseen"))
        held.append(app.connectSocket(url="unseen.php"))

    run(main())
    logged = [record.getMessage() for record in caplog.records if record.name == "wxsocket"]
    assert len(logged) == 2
    assert any(SEND_NOT_CONNECTED in message for message in logged)
    assert any('connectSocket:fail invalid url "unseen.php"' in message for message in logged)
    held.clear()
    gc.collect()
    assert len([record for record in caplog.records if record.name == "wxsocket"]) == 2
