"""The contract: the arguments of ``connectSocket``, and wrong ones of every call."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

import pytest

from servers import EchoServer, Peer, ScriptedServer, scripts, tls
from servers.fixtures import Start
from servers.harness import (
    ABNORMAL,
    FAIL,
    Calls,
    Events,
    echoes,
    failure,
    opened,
    refused,
    run,
    shut,
    sockets_to,
    untyped,
)
from servers.texts import (
    wrong,
)
from wxsocket import (
    Wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")


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


def test_urls_that_are_valid(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        for index, (rest, target) in enumerate(
            [("", "/"), ("/", "/"), ("/a/b?c=d&e=%20", "/a/b?c=d&e=%20"), ("?q", "/?q")]
        ):
            link = await opened(app, f"WS://127.0.0.1:{echo.port}{rest}")
            assert (await echo.client(index)).path == target
            await shut(link)

    run(main())


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
def test_other_arguments_of_a_wrong_type(
    echo: EchoServer, name: str, value: Any, wanted: str, found: str
) -> None:
    async def main() -> None:
        await refused(
            Wx(), wrong("connectSocket", name, wanted, found), url=echo.url, **{name: value}
        )
        assert echo.clients == []

    run(main())


def test_values_within_arguments_are_not_converted(echo: EchoServer) -> None:
    async def main() -> None:
        said = await refused(Wx(), None, url=echo.url, header={"X-Number": 5})
        assert said.startswith("connectSocket:fail parameter error: parameter.header")
        assert said.endswith(" should be String instead of Number;")
        said = await refused(Wx(), None, url=echo.url, protocols=["chat", 5])
        assert said.startswith("connectSocket:fail parameter error: parameter.protocols")
        assert said.endswith(" should be String instead of Number;")
        assert echo.clients == []

    run(main())


def test_a_callback_of_a_wrong_type(echo: EchoServer) -> None:
    async def main() -> None:
        app = untyped(Wx())
        seen: list[str] = []
        app.connectSocket(url=echo.url, success=5, fail=lambda res: seen.append(res.errMsg))
        assert seen == [wrong("connectSocket", "success", "Function", "Number")]
        task, events = await opened(app, echo.url)
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

    run(main())


def test_close_arguments_of_a_wrong_type(echo: EchoServer) -> None:
    async def main() -> None:
        app = untyped(Wx())
        task, events = await opened(app, echo.url)
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

    run(main())


@pytest.mark.parametrize("timeout", [None, 0, -1, -0.5])
def test_a_timeout_that_is_none(start: Start, timeout: float | None) -> None:
    async def answer_late(peer: Peer) -> None:
        await asyncio.sleep(0.2)
        await scripts.echo(peer)

    async def main(server: ScriptedServer) -> None:
        link = await opened(Wx(), server.url, timeout=timeout)
        await echoes(*link)
        await shut(link)

    server = start(ScriptedServer(answer_late))
    run(main(server))


def test_timeout_runs_from_the_call_and_no_longer_than_to_the_open(
    start: Start, echo: EchoServer
) -> None:
    async def main(silent: ScriptedServer) -> None:
        app = Wx()
        started = time.monotonic()
        late = Events(app.connectSocket(url=silent.url, timeout=300))
        link = await opened(app, echo.url, timeout=5000)
        brief = await opened(app, echo.url, timeout=2000)
        await late.wait("close")
        assert time.monotonic() - started >= 0.29
        assert late.log == [("error",), ABNORMAL]
        assert "timeout" in late.errors[0]
        await silent.finished()
        await asyncio.sleep(max(0, started + 2.2 - time.monotonic()))
        await echoes(*brief)
        await shut(link, brief)

    silent = start(ScriptedServer(scripts.stay))
    run(main(silent))


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
@pytest.mark.parametrize("options", [{}, {"tcpNoDelay": False}, {"tcpNoDelay": True}])
def test_tcp_no_delay(start: Start, options: dict[str, bool], secure: bool) -> None:
    async def main(server: EchoServer) -> None:
        link = await opened(Wx(ssl=tls.client_context()), server.url, **options)
        sockets = sockets_to(server.port)
        assert sockets
        for sock in sockets:
            value = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            sock.close()
            assert bool(value) is options.get("tcpNoDelay", False)
        await shut(link)

    server = start(EchoServer(tls=tls.server_context() if secure else None))
    run(main(server))
