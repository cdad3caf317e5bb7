"""One suite of behaviour against servers of other makes: what holds for one holds for all."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from servers import EchoServer, tls
from servers.echo import BANNER
from servers.harness import ABNORMAL, OK, Calls, Events, echoes, failure, opened, run, shut
from servers.strangers import AiohttpServer, NginxServer, NodeServer, Unavailable
from wxsocket import OnSocketMessageListenerResult, Wx

Server = EchoServer | NodeServer | AiohttpServer | NginxServer

MAKES = ("websockets", "ws", "aiohttp", "nginx")


@pytest.fixture(scope="module", params=MAKES)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    server: Server
    if request.param == "websockets":
        server = EchoServer(subprotocols=["chat", "superchat"])
    elif request.param == "ws":
        server = NodeServer()
    elif request.param == "aiohttp":
        server = AiohttpServer()
    else:
        server = NginxServer(tmp_path_factory.mktemp("nginx"))
    with ExitStack() as servers:
        try:
            servers.enter_context(server)
        except Unavailable as exc:
            pytest.skip(str(exc))
        yield server


def new_app(**options: Any) -> Wx:
    return Wx(ssl=tls.client_context(), **options)


async def ask(app: Wx, server: Server, command: str) -> Any:
    """The server's answer, on a link of its own, to a command that is answered in JSON."""
    link = await opened(app, server.url)
    await link[0].send(data=command)
    await link[1].wait("message")
    await shut(link)
    return json.loads(link[1].messages[0])


async def saw_close(app: Wx, server: Server, code: int, reason: str) -> None:
    """See that the server has received a close frame with this code and reason."""
    for _ in range(200):
        if [code, reason] in await ask(app, server, "!closes"):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"the server never received {code} {reason!r}")


def test_connect(server: Server) -> None:
    async def main() -> None:
        app = new_app()
        heard = Events(app)
        calls = Calls()
        task = app.connectSocket(url=server.url, **calls.options)
        calls.check(OK, "connectSocket:ok")
        events = Events(task)
        await events.wait("open")
        lower = {name.lower(): value for name, value in events.headers[0].items()}
        assert lower[BANNER.lower()] == server.name
        assert lower["upgrade"].lower() == "websocket"
        assert "sec-websocket-protocol" not in lower
        assert "sec-websocket-extensions" not in lower
        assert heard.headers == events.headers
        await shut((task, events))
        assert heard.log == events.log

    run(main())


def test_header(server: Server) -> None:
    async def main() -> None:
        link = await opened(
            new_app(),
            server.url,
            header={
                "X-App": "yes, it is",
                "Referer": "https://x/",
                "HOST": "other",
                "Cookie": "a=b",
            },
        )
        await link[0].send(data="!headers")
        await link[1].wait("message")
        received = json.loads(link[1].messages[0])
        assert received["x-app"] == "yes, it is"
        assert received["cookie"] == "a=b"
        assert "referer" not in received
        assert received["host"] == server.url.split("/")[2]
        await shut(link)

    run(main())


@pytest.mark.parametrize(
    ("protocols", "picked"),
    [(["chat"], "chat"), (["unknown", "superchat", "chat"], "superchat"), (["unknown"], None)],
)
def test_subprotocol(server: Server, protocols: list[str], picked: str | None) -> None:
    async def main() -> None:
        link = await opened(new_app(), server.url, protocols=protocols)
        lower = {name.lower(): value for name, value in link[1].headers[0].items()}
        assert lower.get("sec-websocket-protocol") == picked
        await echoes(*link)
        await shut(link)

    run(main())


MESSAGES: list[str | bytes] = [
    "text",
    "",
    b"",
    b"bytes\x00\xff",
    "größer €\U0001f600\0",
    *("x" * size for size in (125, 126, 127, 65535, 65536)),
    b"\x00\x01\x02\x03" * (1 << 18),
    "é" * (1 << 19),
    "last",
]


def test_messages(server: Server) -> None:
    async def main() -> None:
        link = await opened(new_app(), server.url)
        for message in MESSAGES:
            await link[0].send(data=message)
        await link[1].wait("message", len(MESSAGES))
        assert link[1].messages == MESSAGES
        assert [type(m) for m in link[1].messages] == [type(m) for m in MESSAGES]
        await shut(link)

    run(main())


def test_lone_surrogates_and_buffers(server: Server) -> None:
    async def main() -> None:
        link = await opened(new_app(), server.url)
        await link[0].send(data="a\ud800b")
        await link[0].send(data=memoryview(b"abcdef")[::2])
        await link[0].send(data=bytearray(b"array"))
        await link[1].wait("message", 3)
        assert link[1].messages == ["a\ufffdb", b"ace", b"array"]
        await shut(link)

    run(main())


def test_a_burst_comes_in_order(server: Server) -> None:
    async def main() -> None:
        link = await opened(new_app(), server.url)
        await link[0].send(data="!burst 5000")
        await link[1].wait("message", 5000)
        assert link[1].messages == [str(number) for number in range(5000)]
        await shut(link)

    run(main())


def test_a_message_above_the_limit(server: Server) -> None:
    async def main() -> None:
        app = new_app(max_message_size=70_000)
        unharmed = await opened(app, server.url)
        link = await opened(app, server.url)
        await link[0].send(data=b"x" * 70_000)
        await link[0].send(data=b"x" * 70_001)
        await link[1].wait("close")
        assert link[1].kinds == ["open", "message", "error", "close"]
        assert link[1].log[-1] == ABNORMAL
        await echoes(*unharmed)
        await shut(unharmed)

    run(main())


@pytest.mark.parametrize(
    ("code", "reason"), [(1000, ""), (1000, "done"), (1001, "bye"), (1011, ""), (4001, "größer €")]
)
def test_the_server_closes(server: Server, code: int, reason: str) -> None:
    async def main() -> None:
        link = await opened(new_app(), server.url)
        await link[0].send(data=f"!close {code} {reason}")
        await link[1].wait("close")
        assert link[1].log == [("open",), ("close", code, reason)]
        assert link[0].readyState == 3

    run(main())


@pytest.mark.parametrize("server", ["websockets", "ws"], indirect=True)  # aiohttp cannot
def test_the_server_closes_without_a_code(server: Server) -> None:
    async def main() -> None:
        link = await opened(new_app(), server.url)
        await link[0].send(data="!close")
        await link[1].wait("close")
        assert link[1].log == [("open",), ("close", 1005, "no status rcvd")]

    run(main())


@pytest.mark.parametrize("through", ["task", "wx"])
@pytest.mark.parametrize(
    ("options", "received"),
    [
        ({}, (1003, "")),
        ({"code": 1000, "reason": "done"}, (1000, "done")),
        ({"code": 4002, "reason": "größer €"}, (4002, "größer €")),
        ({"code": 4003, "reason": "x" * 123}, (4003, "x" * 123)),
    ],
)
def test_we_close(
    server: Server, options: dict[str, Any], received: tuple[int, str], through: str
) -> None:
    async def main() -> None:
        app = new_app()
        link = await opened(app, server.url)
        await link[0].send(data="before")
        close = link[0].close if through == "task" else app.closeSocket
        assert (await close(**options)).errMsg == "closeSocket:ok"
        await link[1].wait("close")
        # aiohttp answers every close with 1000, the others with an echo.
        answer = (1000, "") if server.name == "aiohttp" else received
        assert link[1].log == [("open",), ("close", *answer)]
        await saw_close(new_app(), server, *received)

    run(main())


def test_the_server_drops_the_connection(server: Server) -> None:
    async def main() -> None:
        app = new_app()
        heard = Events(app)
        link = await opened(app, server.url)
        unharmed = await opened(app, server.url)
        await link[0].send(data="!drop")
        await link[1].wait("close")
        assert link[1].log == heard.log == [("open",), ("error",), ABNORMAL]
        await echoes(*unharmed)
        await shut(unharmed)

    run(main())


def test_the_server_refuses(server: Server) -> None:
    async def main() -> None:
        app = new_app()
        calls = Calls()
        task = app.connectSocket(url=f"{server.url}refuse", **calls.options)
        events = Events(task)
        await events.wait("close")
        assert events.log == [("error",), ABNORMAL]
        assert calls.kinds == ["success", "complete"]
        await shut(await opened(app, server.url))

    run(main())


def test_five_links_and_a_sixth(server: Server) -> None:
    async def main() -> None:
        app = new_app()
        links = [await opened(app, server.url) for _ in range(5)]
        calls = Calls()
        sixth = app.connectSocket(url=server.url, **calls.options)
        calls.check("fail", "connectSocket:fail exceed max task count")
        assert sixth.readyState == 3
        for number, link in enumerate(links):
            await echoes(*link, f"link {number}")
        await app.sendSocketMessage(data="main")
        await links[0][1].wait("message", 2)
        assert [events.messages for _, events in links] == [
            ["link 0", "main"],
            *([f"link {number}"] for number in range(1, 5)),
        ]
        await app.closeSocket(code=1000)
        for _, events in links:
            await events.wait("close")
            assert events.kinds[-1] == "close"
            assert "error" not in events.kinds

    run(main())


def test_iteration(server: Server) -> None:
    async def main() -> None:
        async with new_app().connectSocket(url=server.url) as task:
            await task.send(data="!burst 2000")
            await task.send(data="!close 1000 done")
            received = []
            async for message in task:
                received.append(message)
                if len(received) == 100:
                    await asyncio.sleep(0.05)
            assert received == [str(number) for number in range(2000)]
        assert task.readyState == 3

    run(main())


def test_keepalive(server: Server) -> None:
    """Every server answers the pings, so none is judged silent."""

    async def main() -> None:
        link = await opened(new_app(ping_interval=0.05, ping_timeout=10), server.url)
        await asyncio.sleep(0.5)
        await echoes(*link)
        await shut(link)
        assert link[1].kinds == ["open", "message", "close"]

    run(main())


def test_calls_on_a_closed_link(server: Server) -> None:
    async def main() -> None:
        app = new_app()
        link = await opened(app, server.url)
        await shut(link)
        assert (
            await failure(link[0].send(data="x"))
            == "SocketTask.send:fail SocketTask.readyState is not OPEN"
        )
        assert await failure(link[0].close()) == "closeSocket:fail taskID not exist"
        assert (
            await failure(app.sendSocketMessage(data="x"))
            == "sendSocketMessage:fail WebSocket is not connected"
        )

    run(main())


def test_plain_code(server: Server) -> None:
    app = new_app()
    seen: list[object] = []
    app.onSocketOpen(lambda res: app.sendSocketMessage(data="hello"))

    @app.onSocketMessage
    def _(res: OnSocketMessageListenerResult) -> None:
        seen.append(res.data)
        app.closeSocket()

    app.onSocketClose(lambda res: seen.append("closed"))
    app.connectSocket(url=server.url)
    app.run(timeout=30)
    assert seen == ["hello", "closed"]
