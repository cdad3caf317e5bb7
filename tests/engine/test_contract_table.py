"""The table of behaviours, row by row, against servers that do as they are told."""

import array
import asyncio
import gc
import os
import socket
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import wxsocket
from servers import EchoServer, Peer, ScriptedServer, frames, scripts, tls
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
    sockets_to,
    ticks,
    until,
)
from wxsocket import (
    CloseSocketOption,
    ConnectSocketOption,
    GeneralCallbackResult,
    OnSocketCloseListenerResult,
    OnSocketErrorListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
    SendSocketMessageOption,
    SocketTask,
    SocketTaskCloseOption,
    SocketTaskSendOption,
    Wx,
    WxError,
    wx,
)

CONNECT_OK = "connectSocket:ok"
SEND_OK = "sendSocketMessage:ok"
CLOSE_OK = "closeSocket:ok"
SEND_NOT_CONNECTED = "sendSocketMessage:fail WebSocket is not connected"
CLOSE_NOT_CONNECTED = "closeSocket:fail WebSocket is not connected"
NOT_OPEN = "SocketTask.send:fail SocketTask.readyState is not OPEN"
NO_TASK = "closeSocket:fail taskID not exist"
BAD_CODE = "closeSocket:fail The code must be either 1000, 1003, or between 3000 and 4999"
LONG_REASON = "closeSocket:fail reason must not be longer than 123 bytes of UTF-8"
TOO_MANY = "connectSocket:fail exceed max task count"
UNKNOWN_DATA = "sendSocketMessage:fail unknown data"


def wrong(call: str, name: str, wanted: str, found: str) -> str:
    return f"{call}:fail parameter error: parameter.{name} should be {wanted} instead of {found};"


def untyped(thing: object) -> Any:
    """For arguments that no type checker would let pass."""
    return thing


async def refused(app: Wx, errMsg: str | None, **options: Any) -> str:
    """See that a `connectSocket` is refused at once; returns the errMsg."""
    calls = Calls()
    task = untyped(app).connectSocket(**{**options, **calls.options})
    assert isinstance(task, SocketTask)
    assert calls.kinds == ["fail", "complete"]
    said = calls.log[0][1].errMsg
    calls.check(FAIL, said if errMsg is None else errMsg)
    events = Events(task)
    assert task.readyState == 3
    assert await failure(task.send(data="x")) == NOT_OPEN
    assert await failure(task.close()) == NO_TASK
    assert await failure(task.close(code=1001)) == NO_TASK
    await ticks()
    assert events.log == []
    return said


# -- calls ---------------------------------------------------------------------------------


def test_success_runs_within_the_call_and_complete_gets_the_same_object() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        connect, send, task_send, close, task_close = (Calls() for _ in range(5))
        task = app.connectSocket(url=server.url, **connect.options)
        connect.check(OK, CONNECT_OK)
        events = Events(task)
        await events.wait("open")
        sent = app.sendSocketMessage(data="one", **send.options)
        send.check(OK, SEND_OK)
        task_sent = task.send(data="two", **task_send.options)
        task_send.check(OK, SEND_OK)
        other, other_events = await opened(app, server.url)
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

    with EchoServer() as server:
        run(main(server))


def test_fail_runs_within_the_call_and_complete_gets_the_same_object() -> None:
    async def main(server: EchoServer) -> None:
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
        task, events = await opened(app, server.url)
        await shut((task, events))
        task.send(data="x", **task_send.options)
        task_send.check(FAIL, NOT_OPEN)
        task.close(**task_close.options)
        task_close.check(FAIL, NO_TASK)
        await ticks()
        for calls in (send, task_send, close, task_close):
            assert calls.kinds == ["fail", "complete"]

    with EchoServer() as server:
        run(main(server))


def test_an_awaited_failure_raises_with_the_errmsg() -> None:
    async def main() -> None:
        with pytest.raises(WxError) as caught:
            await Wx().sendSocketMessage(data="x")
        assert caught.value.errMsg == SEND_NOT_CONNECTED
        assert isinstance(caught.value, Exception)

    run(main())


def test_both_call_styles_do_the_same() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        seen: list[str] = []

        def note(res: GeneralCallbackResult) -> None:
            seen.append(res.errMsg)

        task = app.connectSocket(ConnectSocketOption(url=server.url, success=note))
        events = Events(task)
        await events.wait("open")
        await app.sendSocketMessage(SendSocketMessageOption(data="one", success=note))
        await task.send(SocketTaskSendOption(data=b"two", complete=note))
        await events.wait("message", 2)
        assert events.messages == ["one", b"two"]
        other = await opened(app, server.url)
        await other[0].close(SocketTaskCloseOption(code=4001, reason="x", success=note))
        await app.closeSocket(CloseSocketOption(code=4002, reason="y", success=note))
        await events.wait("close")
        await other[1].wait("close")
        assert seen == [CONNECT_OK, SEND_OK, SEND_OK, CLOSE_OK, CLOSE_OK]
        assert events.log[-1] == ("close", 4002, "y")
        assert other[1].log[-1] == ("close", 4001, "x")

    with EchoServer() as server:
        run(main(server))


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


def test_none_means_absent() -> None:
    async def main(server: EchoServer) -> None:
        task, events = await opened(
            Wx(),
            server.url,
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
        assert (await server.ended()).closed == (1003, "")

    with EchoServer() as server:
        run(main(server))


def test_events_never_come_within_the_call_that_causes_them() -> None:
    """A listener registered in the same tick misses nothing."""

    async def main(server: EchoServer) -> None:
        app = Wx()
        early = Events(app)
        task = app.connectSocket(url=server.url)
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

    with EchoServer() as server:
        run(main(server))


def test_async_callbacks_and_listeners_run_as_tasks() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        heard: list[str] = []

        async def ok(res: GeneralCallbackResult) -> None:
            await asyncio.sleep(0)
            heard.append(res.errMsg)

        task = app.connectSocket(url=server.url, success=ok)

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

    with EchoServer() as server:
        run(main(server))


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


# -- connectSocket: the arguments ----------------------------------------------------------


def test_url_of_a_wrong_type() -> None:
    async def main() -> None:
        app = Wx()
        await refused(app, wrong("connectSocket", "url", "String", "Number"), url=5)
        await refused(app, wrong("connectSocket", "url", "String", "Number"), url=1.5)
        await refused(app, wrong("connectSocket", "url", "String", "Boolean"), url=True)
        await refused(app, wrong("connectSocket", "url", "String", "Array"), url=["ws://h/"])
        await refused(app, wrong("connectSocket", "url", "String", "Object"), url={})

    run(main())


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "test.php",
        "/chat",
        "//127.0.0.1/chat",
        "?q",
        "127.0.0.1:80",
        "localhost:80/x",
        "ws://127.0.0.1/#fragment",
        "ws://127.0.0.1/#",
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "wsx://127.0.0.1/",
        "ws",
        "ws:",
        "ws://",
        "ws://127.0.0.1:65536/",
        "ws://127.0.0.1:port/",
        "ws://[::1/",
        "ws://a b/",
    ],
)
def test_invalid_url(url: str) -> None:
    run(refused(Wx(), f'connectSocket:fail invalid url "{url}"', url=url))


def test_urls_that_are_valid() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        for index, (rest, target) in enumerate(
            [("", "/"), ("/", "/"), ("/a/b?c=d&e=%20", "/a/b?c=d&e=%20"), ("?q", "/?q")]
        ):
            link = await opened(app, f"WS://127.0.0.1:{server.port}{rest}")
            assert (await server.client(index)).path == target
            await shut(link)

    with EchoServer() as server:
        run(main(server))


@pytest.mark.parametrize(
    ("name", "value", "wanted", "found"),
    [
        ("header", "x", "Object", "String"),
        ("header", 5, "Object", "Number"),
        ("header", ["a"], "Object", "Array"),
        ("protocols", "chat", "Array", "String"),
        ("protocols", 5, "Array", "Number"),
        ("protocols", {"chat": 1}, "Array", "Object"),
        ("tcpNoDelay", 1, "Boolean", "Number"),
        ("tcpNoDelay", "true", "Boolean", "String"),
        ("timeout", "5", "Number", "String"),
        ("timeout", True, "Number", "Boolean"),
    ],
)
def test_other_arguments_of_a_wrong_type(name: str, value: Any, wanted: str, found: str) -> None:
    async def main(server: EchoServer) -> None:
        await refused(
            Wx(), wrong("connectSocket", name, wanted, found), url=server.url, **{name: value}
        )
        assert server.clients == []

    with EchoServer() as server:
        run(main(server))


def test_values_within_arguments_are_not_converted() -> None:
    async def main(server: EchoServer) -> None:
        said = await refused(Wx(), None, url=server.url, header={"X-Number": 5})
        assert said.startswith("connectSocket:fail parameter error: parameter.header")
        assert said.endswith(" should be String instead of Number;")
        said = await refused(Wx(), None, url=server.url, protocols=["chat", 5])
        assert said.startswith("connectSocket:fail parameter error: parameter.protocols")
        assert said.endswith(" should be String instead of Number;")
        assert server.clients == []

    with EchoServer() as server:
        run(main(server))


def test_a_callback_of_a_wrong_type() -> None:
    async def main(server: EchoServer) -> None:
        app = untyped(Wx())
        seen: list[str] = []
        app.connectSocket(url=server.url, success=5, fail=lambda res: seen.append(res.errMsg))
        assert seen == [wrong("connectSocket", "success", "Function", "Number")]
        task, events = await opened(app, server.url)
        seen.clear()
        untyped(task).send(data="x", success="x", fail=lambda res: seen.append(res.errMsg))
        untyped(task).close(complete=[1], fail=lambda res: seen.append(res.errMsg))
        assert seen == [
            wrong("sendSocketMessage", "success", "Function", "String"),
            wrong("closeSocket", "complete", "Function", "Array"),
        ]
        await echoes(task, events)
        assert events.messages == ["are you there"]
        await shut((task, events))

    with EchoServer() as server:
        run(main(server))


def test_close_arguments_of_a_wrong_type() -> None:
    async def main(server: EchoServer) -> None:
        app = untyped(Wx())
        task, events = await opened(app, server.url)
        for close in (app.closeSocket, task.close):
            cases: list[tuple[dict[str, Any], str | None]] = [
                ({"code": "1000"}, wrong("closeSocket", "code", "Number", "String")),
                ({"code": True}, wrong("closeSocket", "code", "Number", "Boolean")),
                ({"code": [1000]}, wrong("closeSocket", "code", "Number", "Array")),
                ({"reason": 5}, wrong("closeSocket", "reason", "String", "Number")),
                ({"reason": b"x", "code": 1000}, None),
            ]
            for options, errMsg in cases:
                calls = Calls()
                said = await failure(close(**options, **calls.options))
                calls.check(FAIL, said)
                if errMsg is not None:
                    assert said == errMsg
                assert task.readyState == 1
        await echoes(task, events)
        await shut((task, events))

    with EchoServer() as server:
        run(main(server))


@pytest.mark.parametrize("timeout", [None, 0, -1, -0.5])
def test_a_timeout_that_is_none(timeout: float | None) -> None:
    async def answer_late(peer: Peer) -> None:
        await asyncio.sleep(0.2)
        await scripts.echo(peer)

    async def main(server: ScriptedServer) -> None:
        link = await opened(Wx(), server.url, timeout=timeout)
        await echoes(*link)
        await shut(link)

    with ScriptedServer(answer_late) as server:
        run(main(server))


def test_timeout_runs_from_the_call_and_no_longer_than_to_the_open() -> None:
    async def main(silent: ScriptedServer, server: EchoServer) -> None:
        app = Wx()
        started = time.monotonic()
        late = Events(app.connectSocket(url=silent.url, timeout=300))
        link = await opened(app, server.url, timeout=5000)
        brief = await opened(app, server.url, timeout=2000)
        await late.wait("close")
        assert time.monotonic() - started >= 0.29
        assert late.log == [("error",), ABNORMAL]
        assert "timeout" in late.errors[0]
        await silent.finished()
        await asyncio.sleep(max(0, started + 2.2 - time.monotonic()))
        await echoes(*brief)
        await shut(link, brief)

    with ScriptedServer(scripts.stay) as silent, EchoServer() as server:
        run(main(silent, server))


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
@pytest.mark.parametrize("options", [{}, {"tcpNoDelay": False}, {"tcpNoDelay": True}])
def test_tcp_no_delay(options: dict[str, bool], secure: bool) -> None:
    async def main(server: EchoServer) -> None:
        link = await opened(Wx(ssl=tls.client_context()), server.url, **options)
        sockets = sockets_to(server.port)
        assert sockets
        for sock in sockets:
            value = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert bool(value) is options.get("tcpNoDelay", False)
        del sock, sockets
        await shut(link)

    with EchoServer(tls=tls.server_context() if secure else None) as server:
        run(main(server))


# -- connectSocket: headers and subprotocols -----------------------------------------------


def test_headers_are_sent_as_given() -> None:
    header = {
        "X-Mixed-Case": "Value with, commas; and spaces",
        "x-lower": "1",
        "X-Empty": "",
        "Authorization": "Bearer abc",
        "Cookie": "a=b; c=d",
        "Origin": "https://servicewechat.com",
        "User-Agent": "MicroMessenger",
        "content-type": "application/json",
    }

    async def main(server: ScriptedServer) -> None:
        link = await opened(Wx(), server.url, header=header)
        peer = await server.peer()
        for name, value in header.items():
            assert [v for k, v in peer.headers if k == name] == [value]
            assert len(peer.header(name)) == 1
        await shut(link)

    with ScriptedServer(scripts.echo) as server:
        run(main(server))


@pytest.mark.parametrize("change", [str, str.lower, str.upper, str.swapcase])
def test_headers_that_cannot_be_set_are_dropped(change: Callable[[str], str]) -> None:
    names = ["Referer", "Host", "Connection", "Upgrade"]
    names += [
        f"Sec-WebSocket-{name}"
        for name in ("Key", "Version", "Protocol", "Extensions", "Accept", "Whatever")
    ]

    async def main(server: ScriptedServer) -> None:
        header = {change(name): "mine" for name in names}
        link = await opened(Wx(), server.url, header={**header, "X-Kept": "yes"})
        peer = await server.peer()
        assert "mine" not in [value for _, value in peer.headers]
        assert peer.header("Referer") == []
        assert peer.header("Host") == [f"127.0.0.1:{server.port}"]
        assert peer.header("Upgrade") == ["websocket"]
        assert peer.header("Connection") == ["Upgrade"]
        assert peer.header("Sec-WebSocket-Version") == ["13"]
        assert len(peer.header("Sec-WebSocket-Key")) == 1
        assert peer.header("Sec-WebSocket-Protocol") == []
        assert peer.header("Sec-WebSocket-Extensions") == [], "compression is off"
        assert peer.header("X-Kept") == ["yes"]
        await echoes(*link)
        await shut(link)

    with ScriptedServer(scripts.echo) as server:
        run(main(server))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X", "a\r\nInjected: yes"),
        ("X", "a\rb"),
        ("X", "a\nb"),
        ("X", "a\r\n"),
        ("X", "a\0b"),
        ("X\r\nInjected", "a"),
        ("X\n", "a"),
        ("X: Injected", "a"),
        ("X Y", "a"),
        ("X\0", "a"),
        ("", "a"),
        ("Ü", "a"),
    ],
)
def test_headers_that_would_break_the_request(name: str, value: str) -> None:
    async def main(server: EchoServer) -> None:
        said = await refused(Wx(), None, url=server.url, header={name: value})
        assert said.startswith("connectSocket:fail ")
        assert server.clients == []

    with EchoServer() as server:
        run(main(server))


def test_on_open_gets_the_headers_of_the_response() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept(
            [
                ("X-Single", "one"),
                ("Set-Cookie", "a=1"),
                ("X-Repeated", "1"),
                ("x-repeated", "2"),
                ("Set-Cookie", "b=2"),
                ("X-Repeated", "3"),
                ("X-Empty", ""),
            ]
        )
        await peer.echo()

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        heard = Events(app)
        link = await opened(app, server.url)
        for events in (heard, link[1]):
            (header,) = events.headers
            assert type(header) is dict
            lower = {name.lower(): value for name, value in header.items()}
            assert len(lower) == len(header)
            assert lower["upgrade"] == "websocket"
            assert lower["x-single"] == "one"
            assert lower["x-repeated"] == "1, 2, 3"
            assert lower["set-cookie"] == "a=1, b=2"
            assert lower["x-empty"] == ""
        await shut(link)

    with ScriptedServer(script) as server:
        run(main(server))


def test_protocols_are_offered_in_order() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        link = await opened(app, server.url, protocols=["zeta", "alpha", "chat", "Chat"])
        client = await server.client()
        offered = ", ".join(client.header("Sec-WebSocket-Protocol"))
        assert [name.strip() for name in offered.split(",")] == ["zeta", "alpha", "chat", "Chat"]
        assert client.subprotocol == "alpha"
        (header,) = link[1].headers
        assert {k.lower(): v for k, v in header.items()}["sec-websocket-protocol"] == "alpha"
        await echoes(*link)
        await shut(link)

    with EchoServer(subprotocols=["chat", "alpha"]) as server:
        run(main(server))


@pytest.mark.parametrize("protocols", [["a", "b"], ("a",), [], None])
def test_a_server_that_picks_no_protocol_leaves_the_link_open(protocols: Any) -> None:
    async def main(server: EchoServer) -> None:
        link = await opened(Wx(), server.url, protocols=protocols)
        await echoes(*link)
        assert (await server.client()).subprotocol is None
        if not protocols:
            assert server.clients[0].header("Sec-WebSocket-Protocol") == []
        await shut(link)

    with EchoServer() as server:
        run(main(server))


@pytest.mark.parametrize(
    "protocols",
    [["a b"], ["a", ""], ["a,b"], ["é"], ["a", "b", "a"], ["a\r\n"], ["a:b"], ["(a)"], ["a/b"]],
)
def test_protocols_that_are_no_tokens_or_repeated(protocols: list[str]) -> None:
    async def main(server: EchoServer) -> None:
        said = await refused(Wx(), None, url=server.url, protocols=protocols)
        assert said.startswith("connectSocket:fail ")
        assert server.clients == []

    with EchoServer() as server:
        run(main(server))


# -- the main link -------------------------------------------------------------------------


def test_two_links() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        heard = Events(app)
        first, second, third = [await opened(app, server.url) for _ in range(3)]
        await app.sendSocketMessage(data="through wx")
        await first[1].wait("message")
        await echoes(*second)
        await echoes(*third)
        assert second[1].messages == third[1].messages == ["are you there"]
        assert heard.log == [("open",), ("message", "through wx")]

        calls = Calls()
        app.closeSocket(code=4001, reason="main", **calls.options)
        calls.check(OK, CLOSE_OK)
        assert [task.readyState for task, _ in (first, second, third)] == [2, 2, 2]
        for _, events in (first, second, third):
            await events.wait("close")
        assert first[1].log[-1] == ("close", 4001, "main")
        assert second[1].log[-1] == third[1].log[-1] == ("close", 1003, "")
        assert heard.log == first[1].log
        assert calls.kinds == ["success", "complete"]
        assert [(await server.ended(i)).closed for i in range(3)] == [
            (4001, "main"),
            (1003, ""),
            (1003, ""),
        ]

    with EchoServer() as server:
        run(main(server))


def test_close_socket_with_arguments_that_are_refused_closes_nothing() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        links = [await opened(app, server.url) for _ in range(2)]
        assert await failure(app.closeSocket(code=1001)) == BAD_CODE
        assert await failure(app.closeSocket(reason="x" * 124)) == LONG_REASON
        for link in links:
            assert link[0].readyState == 1
            await echoes(*link)
        await shut(*links)

    with EchoServer() as server:
        run(main(server))


def test_the_main_link_has_closed_and_others_are_open() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        heard = Events(app)
        first = await opened(app, server.url)
        second = await opened(app, server.url)
        await shut(first)
        silence = list(heard.log)
        assert silence == first[1].log
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        await echoes(*second)
        assert heard.log == silence
        third = await opened(app, server.url)
        await app.sendSocketMessage(data="new main")
        await third[1].wait("message")
        assert heard.log == [*silence, ("open",), ("message", "new main")]
        assert second[1].messages == ["are you there"]
        await shut(second, third)
        assert heard.log == [*silence, *third[1].log]

    with EchoServer() as server:
        run(main(server))


def test_close_socket_when_the_main_link_has_closed_closes_the_others() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        first = await opened(app, server.url)
        others = [await opened(app, server.url) for _ in range(2)]
        await shut(first)
        assert await failure(app.closeSocket(code=4001, reason="x")) == CLOSE_NOT_CONNECTED
        for _, events in others:
            await events.wait("close")
            assert events.log[-1] == ("close", 1003, "")

    with EchoServer() as server:
        run(main(server))


def test_the_main_link_is_replaced_only_when_it_has_closed() -> None:
    """A link made while the main link is still closing, or still connecting, is not main."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.read_until_close()
        await peer.server.gate("answer").wait()
        await peer.send(frames.close(1000))

    async def main(slow: ScriptedServer, server: EchoServer) -> None:
        app = Wx()
        heard = Events(app)
        first = await opened(app, slow.url)
        first[0].close(code=1000)
        second = await opened(app, server.url)
        assert first[0].readyState == 2
        assert heard.kinds == ["open"]
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        slow.gate("answer").open()
        await first[1].wait("close")
        assert heard.kinds == ["open", "close"]
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        third = await opened(app, server.url)
        assert heard.kinds == ["open", "close", "open"]
        await app.sendSocketMessage(data="x")
        await third[1].wait("message")
        assert second[1].messages == []
        await shut(second, third)

    with ScriptedServer(script) as slow, EchoServer() as server:
        run(main(slow, server))


def test_a_link_that_is_refused_does_not_become_main() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        await refused(app, None, url="test.php")
        link = await opened(app, server.url)
        await refused(app, None, url="test.php")
        await app.sendSocketMessage(data="x")
        await link[1].wait("message")
        await shut(link)

    with EchoServer() as server:
        run(main(server))


# -- listeners -----------------------------------------------------------------------------


def test_a_later_wx_listener_replaces_the_earlier_and_outlives_links() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        first, second = Events(app), Events(app)
        for _ in range(2):
            link = await opened(app, server.url)
            await echoes(*link)
            await shut(link)
        assert first.log == []
        assert second.kinds == ["open", "message", "close"] * 2

    with EchoServer() as server:
        run(main(server))


def test_task_listeners_add_up_and_run_before_the_wx_listener() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        order: list[str] = []

        def noting(name: str) -> Callable[[object], None]:
            return lambda res: order.append(name)

        twice = noting("twice")
        app.onSocketOpen(noting("wx"))
        app.onSocketMessage(noting("wx"))
        app.onSocketClose(noting("wx"))
        task = app.connectSocket(url=server.url)
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

    with EchoServer() as server:
        run(main(server))


def test_task_listeners_run_before_the_wx_listener_for_errors() -> None:
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

    with ScriptedServer(scripts.fin) as server:
        run(main(server))


def test_task_listeners_are_dropped_once_the_close_is_delivered() -> None:
    class Listener:
        def __call__(self, res: object) -> None: ...

    async def main(server: EchoServer) -> None:
        task, events = await opened(Wx(), server.url)
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

    with EchoServer() as server:
        run(main(server))


class Boom(Exception):
    pass


def test_a_callback_that_raises_is_reported_and_the_rest_goes_on() -> None:
    async def main(server: EchoServer) -> None:
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
            url=server.url, success=boom, complete=lambda res: completed.append(res.errMsg)
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

    with EchoServer() as server:
        run(main(server))


def test_no_message_listener_at_the_time() -> None:
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

    with ScriptedServer(script) as server:
        run(main(server))


# -- sending -------------------------------------------------------------------------------


def test_sending_when_the_link_is_not_open() -> None:
    async def main(silent: ScriptedServer, server: EchoServer) -> None:
        app = Wx()
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        connecting = app.connectSocket(url=silent.url)
        events = Events(connecting)
        assert await failure(connecting.send(data="x")) == NOT_OPEN
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        await silent.peer()
        assert await failure(connecting.send(data="x")) == NOT_OPEN
        connecting.close()
        assert await failure(connecting.send(data="x")) == NOT_OPEN
        await events.wait("close")
        assert await failure(connecting.send(data="x")) == NOT_OPEN

        task, events = await opened(app, server.url)
        task.close(code=1000)
        assert await failure(task.send(data="closing")) == NOT_OPEN
        assert await failure(app.sendSocketMessage(data="closing")) == SEND_NOT_CONNECTED
        await events.wait("close")
        assert await failure(task.send(data="closed")) == NOT_OPEN
        assert await failure(app.sendSocketMessage(data="closed")) == SEND_NOT_CONNECTED
        assert (await server.ended()).received == []

    with ScriptedServer(scripts.stay) as silent, EchoServer() as server:
        run(main(silent, server))


def test_kinds_of_data() -> None:
    mutable = bytearray(b"before")
    numbers = array.array("I", [1, 2, 3])
    view = memoryview(bytearray(b"view"))
    kinds: list[tuple[Any, str | bytes]] = [
        ("text", "text"),
        ("", ""),
        ("größer €\U0001f600\0", "größer €\U0001f600\0"),
        ("a\ud800b", "a\ufffdb"),
        ("\udfff", "\ufffd"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        (b"bytes", b"bytes"),
        (b"", b""),
        (bytearray(b"array"), b"array"),
        (mutable, b"before"),
        (view, b"view"),
        (memoryview(b"abcdef")[::2], b"ace"),
        (memoryview(b"abcdef")[::-1], b"fedcba"),
        (memoryview(numbers), numbers.tobytes()),
        (bytes(range(256)) * 300, bytes(range(256)) * 300),
        ("x" * 125, "x" * 125),
        ("x" * 126, "x" * 126),
        ("x" * 65535, "x" * 65535),
        ("x" * 65536, "x" * 65536),
    ]

    async def main(server: EchoServer) -> None:
        app = Wx()
        task, events = await opened(app, server.url)
        for send in (task.send, app.sendSocketMessage):
            before = len(events.messages)
            mutable[:] = b"before"
            view[:] = b"view"
            calls = [untyped(send)(data=data) for data, _ in kinds]
            mutable[:] = b"after!"
            view[:] = b"gone"
            for call in calls:
                assert (await call).errMsg == SEND_OK
            await events.wait("message", before + len(kinds))
            received = events.messages[before:]
            assert received == [expected for _, expected in kinds]
            assert [type(data) for data in received] == [type(data) for _, data in kinds]
        await shut((task, events))

    with EchoServer() as server:
        run(main(server))


@pytest.mark.parametrize("data", [5, 1.5, True, None, [1], ["x"], {"a": 1}, object(), ("x",)])
def test_unknown_data(data: Any) -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        task, events = await opened(app, server.url)
        for send in (untyped(task).send, untyped(app).sendSocketMessage):
            calls = Calls()
            assert await failure(send(data=data, **calls.options)) == UNKNOWN_DATA
            calls.check(FAIL, UNKNOWN_DATA)
        await echoes(task, events)
        assert events.messages == ["are you there"]
        await shut((task, events))

    with EchoServer() as server:
        run(main(server))


# -- closing -------------------------------------------------------------------------------


def test_close_socket_before_the_main_link_is_open() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        task = app.connectSocket(url=server.url)
        events = Events(task)
        calls = Calls()
        app.closeSocket(**calls.options)
        calls.check(FAIL, CLOSE_NOT_CONNECTED)
        await events.wait("open")
        await echoes(task, events)
        await app.closeSocket()
        await events.wait("close")
        assert events.kinds == ["open", "message", "close"]

    with EchoServer() as server:
        run(main(server))


def test_close_socket_with_no_link_and_with_a_closed_one() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        assert await failure(app.closeSocket()) == CLOSE_NOT_CONNECTED
        assert await failure(app.closeSocket(code=1000, reason="x")) == CLOSE_NOT_CONNECTED
        await shut(await opened(app, server.url))
        assert await failure(app.closeSocket()) == CLOSE_NOT_CONNECTED

    with EchoServer() as server:
        run(main(server))


@pytest.mark.parametrize("when", ["at once", "a tick later", "when the request has arrived"])
def test_closing_a_task_before_it_is_open_cancels_the_attempt(when: str) -> None:
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

    with ScriptedServer(scripts.stay) as server:
        run(main(server))


def test_closing_a_task_a_second_time() -> None:
    async def main(server: EchoServer) -> None:
        task, events = await opened(Wx(), server.url)
        task.close(code=4001)
        for options in ({}, {"code": 1000}, {"code": 1001}, {"reason": "x" * 200}, {"code": "x"}):
            calls = Calls()
            assert await failure(untyped(task).close(**options, **calls.options)) == NO_TASK
            calls.check(FAIL, NO_TASK)
        await events.wait("close")
        assert await failure(task.close()) == NO_TASK
        await ticks()
        assert events.log == [("open",), ("close", 4001, "")]

    with EchoServer() as server:
        run(main(server))


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
    through: str, options: dict[str, Any], received: tuple[int, str]
) -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        task, events = await opened(app, server.url)
        close = task.close if through == "task" else app.closeSocket
        calls = Calls()
        untyped(close)(**options, **calls.options)
        calls.check(OK, CLOSE_OK)
        await events.wait("close")
        assert events.log == [("open",), ("close", *received)], "the peer's echo"
        assert (await server.ended()).closed == received

    with EchoServer() as server:
        run(main(server))


def test_close_codes_and_reasons_that_are_refused() -> None:
    codes = (-1, 0, 1, 999, 1001, 1002, 1004, 1005, 1006, 1007, 1009, 1011, 1015, 2999, 5000, 65536)
    reasons = ("x" * 124, "é" * 62, "€" * 41 + "x", "x" * 10_000)

    async def main(server: EchoServer) -> None:
        app = Wx()
        task, events = await opened(app, server.url)
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

    with EchoServer() as server:
        run(main(server))


@pytest.mark.parametrize("through", ["task", "wx"])
def test_messages_sent_before_a_close_are_delivered_before_it(through: str) -> None:
    messages: list[str | bytes] = [str(number) for number in range(1000)]
    messages.insert(500, b"x" * (4 << 20))

    async def main(server: EchoServer) -> None:
        app = Wx()
        task, events = await opened(app, f"{server.url}mute")
        calls = [task.send(data=message) for message in messages]
        await (task.close(code=4001) if through == "task" else app.closeSocket(code=4001))
        await events.wait("close")
        assert events.log == [("open",), ("close", 4001, "")]
        client = await server.ended()
        assert client.received == messages
        assert client.closed == (4001, "")
        for call in calls:
            assert (await call).errMsg == SEND_OK

    with EchoServer() as server:
        run(main(server))


def test_messages_that_arrive_after_a_local_close_are_dropped() -> None:
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

    with ScriptedServer(script) as server:
        run(main(server))


@pytest.mark.parametrize("through", ["task", "wx"])
def test_messages_behind_the_one_whose_listener_closes_are_dropped(through: str) -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx()
        task = app.connectSocket(url=server.url)
        close = task.close if through == "task" else app.closeSocket
        task.onMessage(lambda res: close(code=1000, fail=lambda res: None))
        events = Events(task)
        await events.wait("close")
        assert events.log == [("open",), ("message", "0"), ("close", 1000, "")]

    data = [text(str(number)) for number in range(10)]
    with ScriptedServer(scripts.answered_with(*data)) as server:
        run(main(server))


def test_the_server_closes() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        heard = Events(app)
        link = await opened(app, server.url)
        other = await opened(app, server.url)
        server.close(4001, "gehört dazu €", client=0)
        await link[1].wait("close")
        assert heard.log == link[1].log == [("open",), ("close", 4001, "gehört dazu €")]
        assert (await server.ended(0)).closed == (4001, "gehört dazu €")
        await echoes(*other)
        await shut(other)

    with EchoServer() as server:
        run(main(server))


# -- limits --------------------------------------------------------------------------------


def test_a_sixth_link() -> None:
    async def main(silent: ScriptedServer, server: EchoServer) -> None:
        app = Wx()
        links = [await opened(app, server.url) for _ in range(3)]
        connecting = [app.connectSocket(url=silent.url) for _ in range(2)]
        waiting = [Events(task) for task in connecting]
        await refused(app, TOO_MANY, url=server.url)
        await refused(Wx(), None, url="invalid")
        assert len((await opened_and_shut(Wx(), server)).log) == 2, "another Wx has its own limit"

        # An accepted close frees the place at once, also one that cancels.
        links[0][0].close(code=1000)
        links.append(await opened(app, server.url))
        await refused(app, TOO_MANY, url=server.url)
        connecting[0].close()
        sixth = app.connectSocket(url=server.url)
        links.append((sixth, Events(sixth)))
        await refused(app, TOO_MANY, url=server.url)
        await links[-1][1].wait("open")

        # So does the end of the link.
        again: list[SocketTask] = []
        links[1][0].onClose(lambda res: again.append(app.connectSocket(url=server.url)))
        server.close(1000, client=1)
        await links[1][1].wait("close")
        await until(lambda: bool(again))
        assert again[0].readyState == 0
        links.append((again[0], Events(again[0])))
        await links[-1][1].wait("open")
        await refused(app, TOO_MANY, url=server.url)

        # A close that is refused frees nothing.
        assert await failure(links[2][0].close(code=1)) == BAD_CODE
        await refused(app, TOO_MANY, url=server.url)

        await echoes(*links[2])
        connecting[1].close()
        await shut(*links[2:])
        for events in waiting:
            await events.wait("close")

    async def opened_and_shut(app: Wx, server: EchoServer) -> Events:
        link = await opened(app, server.url)
        await shut(link)
        return link[1]

    with ScriptedServer(scripts.stay) as silent, EchoServer() as server:
        run(main(silent, server))


def test_a_failed_opening_frees_the_place() -> None:
    async def main(bad: ScriptedServer, server: EchoServer) -> None:
        app = Wx()
        for _ in range(3):
            failing = [Events(app.connectSocket(url=bad.url)) for _ in range(5)]
            await refused(app, TOO_MANY, url=server.url)
            for events in failing:
                await events.wait("close")
        await shut(await opened(app, server.url))

    with ScriptedServer(scripts.status(503)) as bad, EchoServer() as server:
        run(main(bad, server))


def test_wx_close_socket_frees_every_place_at_once() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        old = [await opened(app, server.url) for _ in range(5)]
        app.closeSocket(code=1000)
        new = [app.connectSocket(url=server.url) for _ in range(5)]
        links = [(task, Events(task)) for task in new]
        for _, events in links:
            await events.wait("open")
        for _, events in old:
            await events.wait("close")
        await shut(*links)

    with EchoServer() as server:
        run(main(server))


@pytest.mark.parametrize("version", ["1.5.0", "1.5.1", "1.10.0", "2.0.0", "10.0.0", "latest"])
def test_sdk_versions_with_five_links(version: str) -> None:
    async def main(server: EchoServer) -> None:
        app = Wx(sdk_version=version)
        links = [await opened(app, server.url) for _ in range(5)]
        await refused(app, TOO_MANY, url=server.url)
        for link in links:
            await echoes(*link)
        await shut(*links)

    with EchoServer() as server:
        run(main(server))


@pytest.mark.parametrize("version", ["1.4.99", "1.4.4", "1.0.0", "0.9.9"])
def test_sdk_versions_with_one_link(version: str) -> None:
    async def main(server: EchoServer) -> None:
        app = Wx(sdk_version=version)
        heard = Events(app)
        first = await opened(app, server.url)
        calls = Calls()
        task = app.connectSocket(url=server.url, **calls.options)
        calls.check(OK, CONNECT_OK)
        second = (task, Events(task))
        assert first[0].readyState >= 2
        await first[1].wait("close")
        await second[1].wait("open")
        assert first[1].kinds == ["open", "close"]
        await heard.wait("open", 2)
        assert heard.count("close") == 1, "the old link's end is delivered to the wx-listener too"
        await app.sendSocketMessage(data="to the new one")
        await second[1].wait("message")
        assert heard.messages == ["to the new one"]
        await shut(second)
        assert heard.count("close") == 2

    with EchoServer() as server:
        run(main(server))


def test_one_link_replaces_one_that_is_still_connecting() -> None:
    async def main(silent: ScriptedServer, server: EchoServer) -> None:
        app = Wx(sdk_version="1.4.0")
        first = Events(app.connectSocket(url=silent.url))
        await silent.peer()
        second = await opened(app, server.url)
        await first.wait("close")
        assert first.count("open") == 0
        await app.sendSocketMessage(data="x")
        await second[1].wait("message")
        await shut(second)

    with ScriptedServer(scripts.stay) as silent, EchoServer() as server:
        run(main(silent, server))


# -- where the code runs -------------------------------------------------------------------


def test_calls_from_another_thread_are_carried_out_in_order() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        task, events = await opened(app, f"{server.url}mute")
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
        client = await server.ended()
        assert client.received == [*map(str, range(200)), "wx"]
        assert client.closed == (4001, "")

    with EchoServer() as server:
        run(main(server))


def test_a_link_made_on_another_thread_lives_on_the_loop() -> None:
    async def main(server: EchoServer) -> None:
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

        await asyncio.to_thread(work)
        async with asyncio.timeout(20):
            await ended.wait()
        assert ran == [here] * 3

    with EchoServer() as server:
        run(main(server))


def test_each_wx_is_a_mini_program_of_its_own() -> None:
    async def main(server: EchoServer) -> None:
        one, two = Wx(), Wx()
        heard_one, heard_two = Events(one), Events(two)
        first, second = await opened(one, server.url), await opened(two, server.url)
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

    with EchoServer() as server:
        run(main(server))


def test_async_with_wx_closes_what_is_open() -> None:
    async def main(server: EchoServer) -> None:
        async with Wx() as app:
            assert isinstance(app, Wx)
            links = [await opened(app, server.url) for _ in range(3)]
        for task, _ in links:
            assert task.readyState == 3
        for _, events in links:
            await events.wait("close")
            assert events.log == [("open",), ("close", 1000, "")]
        for index in range(3):
            assert (await server.ended(index)).closed == (1000, "")

    with EchoServer() as server:
        run(main(server))


def test_async_with_a_task() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        async with app.connectSocket(url=f"{server.url}") as task:
            assert task.readyState == 1
            await task.send(data="!burst 100")
            await task.send(data=b"bytes")
            await task.send(data="!close 4001 bye")
            received = [message async for message in task]
        assert received == [*map(str, range(100)), b"bytes"]
        assert task.readyState == 3

        async with app.connectSocket(url=server.url) as task:
            pass
        assert task.readyState == 3
        assert (await server.ended(1)).closed == (1000, "")

    with EchoServer() as server:
        run(main(server))


def test_async_with_a_task_that_fails() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx()
        with pytest.raises(WxError):
            async with app.connectSocket(url=f"{server.url}refuse"):
                raise AssertionError("it cannot have opened")
        with pytest.raises(WxError) as caught:
            async with app.connectSocket(url="test.php"):
                raise AssertionError("it cannot have opened")
        assert caught.value.errMsg == 'connectSocket:fail invalid url "test.php"'

    with EchoServer() as server:
        run(main(server))


def test_every_message_after_the_open_is_iterated() -> None:
    """Those too that came in one segment with the answer, or while nobody asked."""
    count = 3000
    data = b"".join(text(str(number)) for number in range(count)) + frames.close(1000)

    async def script(peer: Peer) -> None:
        await peer.accept(after=data)
        await peer.read_until_close()

    async def main(server: ScriptedServer) -> None:
        received = []
        async with Wx().connectSocket(url=server.url) as task:
            await asyncio.sleep(0.05)
            async for message in task:
                received.append(message)
                if len(received) % 1000 == 0:
                    await asyncio.sleep(0.02)
        assert received == [str(number) for number in range(count)]

    with ScriptedServer(script) as server:
        run(main(server))


def test_reading_pauses_while_the_consumer_is_slow() -> None:
    """The server cannot get rid of 32 MiB while nobody takes a message."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        for _ in range(512):
            await peer.send(frames.frame(frames.BINARY, b"x" * 65536))
        peer.server.gate("sent").open()
        await peer.send(frames.close(1000))
        await peer.read_until_close()

    async def main(server: ScriptedServer) -> None:
        async with Wx().connectSocket(url=server.url) as task:
            await asyncio.sleep(0.5)
            assert not server.gate("sent").is_open
            size = sum([len(message) async for message in task])
        assert size == 512 * 65536

    with ScriptedServer(script) as server:
        run(main(server))


@pytest.mark.parametrize("through", ["task", "wx"])
@pytest.mark.parametrize("delay", [0.0, 0.3], ids=["at once", "after a pause"])
def test_a_link_with_listeners_that_is_not_iterated_is_not_paused(
    through: str, delay: float
) -> None:
    """Nor does it stay paused: a listener that comes late starts the reading again."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        for _ in range(512):
            await peer.send(frames.frame(frames.BINARY, b"x" * 65536))
        peer.server.gate("sent").open()
        await peer.read_until_close()
        await peer.send(frames.close(1000))

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        async with app.connectSocket(url=server.url) as task:
            await asyncio.sleep(delay)
            (task.onMessage if through == "task" else app.onSocketMessage)(lambda res: None)
            await server.gate("sent").wait()

    with ScriptedServer(script) as server:
        run(main(server))


def test_a_link_that_the_peer_closes_is_closing_until_the_connection_has_ended() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept(after=frames.close(4000, "bye"))
        await peer.read_until_close()
        await peer.server.gate("seen").wait()

    async def main(server: ScriptedServer) -> None:
        task, events = await opened(Wx(), server.url)
        await until(lambda: task.readyState != 1)
        assert task.readyState == 2
        assert await failure(task.send(data="x")) == NOT_OPEN
        server.gate("seen").open()
        await events.wait("close")
        assert task.readyState == 3
        assert events.log == [("open",), ("close", 4000, "bye")]

    with ScriptedServer(script) as server:
        run(main(server))


def test_plain_code() -> None:
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

    with EchoServer() as server:
        app.onSocketOpen(on_open)
        app.onSocketMessage(on_message)
        app.onSocketError(on_error)
        app.onSocketClose(on_close)
        app.connectSocket(url=server.url, success=lambda res: seen.append(res.errMsg))
        assert seen == [CONNECT_OK]
        time.sleep(0.1)
        assert seen == [CONNECT_OK], "nothing moves until run"
        app.run(timeout=20)
        assert seen == [CONNECT_OK, "open", "message 'hello'", "close 1000"]
        app.run(timeout=20)
        del seen[:]
        app.connectSocket(url=server.url)
        app.run(timeout=20)
        assert seen == ["open", "message 'hello'", "close 1000"]


def test_run_gives_up_and_leaves_the_links_as_they_are() -> None:
    app = Wx()
    seen: list[str] = []
    with EchoServer() as server:
        task = app.connectSocket(url=server.url)
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


def test_ctrl_c_closes_the_links_and_is_raised_again() -> None:
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
    with EchoServer() as server:
        ended = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program), server.url],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.stdout.split("\n") == ["close 1000", "close 1000", "interrupted", ""]
        assert ended.stderr == ""

        async def codes() -> list[object]:
            return [(await server.ended(index)).closed for index in range(2)]

        assert run(codes()) == [(1000, ""), (1000, "")]


def test_links_of_a_loop_that_was_closed_count_as_closed() -> None:
    app = Wx()
    made: list[SocketTask] = []

    async def leave(server: EchoServer) -> None:
        for _ in range(5):
            made.append((await opened(app, server.url))[0])

    async def come_back(server: EchoServer) -> None:
        assert [task.readyState for task in made] == [3] * 5
        assert await failure(made[0].send(data="x")) == NOT_OPEN
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        links = [await opened(app, server.url) for _ in range(5)]
        await app.sendSocketMessage(data="main")
        await links[0][1].wait("message")
        await shut(*links)

    with EchoServer() as server:
        asyncio.run(leave(server))
        run(come_back(server))


def test_the_ready_made_instance() -> None:
    async def main(server: EchoServer) -> None:
        assert isinstance(wx, Wx)
        assert wxsocket.wx is wx
        link = await opened(wx, server.url)
        await wx.sendSocketMessage(data="x")
        await link[1].wait("message")
        await wx.closeSocket()
        await link[1].wait("close")
        assert link[1].log[-1] == ("close", 1003, "")

    with EchoServer() as server:
        run(main(server))


def test_tls() -> None:
    async def main(server: EchoServer) -> None:
        app = Wx(ssl=tls.client_context())
        link = await opened(app, server.url)
        await echoes(*link)
        await shut(link)
        assert link[1].kinds == ["open", "message", "close"]

    with EchoServer(tls=tls.server_context()) as server:
        run(main(server))
