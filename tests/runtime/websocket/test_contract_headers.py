"""The contract: headers and subprotocols, both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from servers import EchoServer, Peer, ScriptedServer, scripts
from servers.fixtures import Start
from servers.harness import (
    Events,
    echoes,
    opened,
    refused,
    run,
    shut,
)
from wxsocket import (
    Wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_headers_are_sent_as_given(start: Start) -> None:
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

    server = start(ScriptedServer(scripts.echo))
    run(main(server))


@pytest.mark.parametrize("change", [str, str.lower, str.upper, str.swapcase])
def test_headers_that_cannot_be_set_are_dropped(start: Start, change: Callable[[str], str]) -> None:
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

    server = start(ScriptedServer(scripts.echo))
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
def test_headers_that_would_break_the_request(echo: EchoServer, name: str, value: str) -> None:
    async def main() -> None:
        said = await refused(Wx(), None, url=echo.url, header={name: value})
        assert said.startswith("connectSocket:fail ")
        assert echo.clients == []

    run(main())


def test_on_open_gets_the_headers_of_the_response(start: Start) -> None:
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

    server = start(ScriptedServer(script))
    run(main(server))


def test_protocols_are_offered_in_order(start: Start) -> None:
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

    server = start(EchoServer(subprotocols=["chat", "alpha"]))
    run(main(server))


@pytest.mark.parametrize("protocols", [["a", "b"], ("a",), [], None])
def test_a_server_that_picks_no_protocol_leaves_the_link_open(
    echo: EchoServer, protocols: Any
) -> None:
    async def main() -> None:
        link = await opened(Wx(), echo.url, protocols=protocols)
        await echoes(*link)
        assert (await echo.client()).subprotocol is None
        if not protocols:
            assert echo.clients[0].header("Sec-WebSocket-Protocol") == []
        await shut(link)

    run(main())


@pytest.mark.parametrize(
    "protocols",
    [["a b"], ["a", ""], ["a,b"], ["é"], ["a", "b", "a"], ["a\r\n"], ["a:b"], ["(a)"], ["a/b"]],
)
def test_protocols_that_are_no_tokens_or_repeated(echo: EchoServer, protocols: list[str]) -> None:
    async def main() -> None:
        said = await refused(Wx(), None, url=echo.url, protocols=protocols)
        assert said.startswith("connectSocket:fail ")
        assert echo.clients == []

    run(main())


@pytest.mark.parametrize("change", [str, str.lower, str.upper])
def test_headers_that_would_change_the_framing_are_dropped(
    start: Start, change: Callable[[str], str]
) -> None:
    names = ["Content-Length", "Transfer-Encoding", "TE", "Trailer", "Keep-Alive", "Expect"]

    async def main(server: ScriptedServer) -> None:
        header = {change(name): "17" for name in names}
        link = await opened(Wx(), server.url, header={**header, "X-Kept": "yes"})
        peer = await server.peer()
        assert [peer.header(name) for name in names] == [[]] * len(names)
        assert peer.header("X-Kept") == ["yes"]
        await echoes(*link)
        await shut(link)

    run(main(start(ScriptedServer(scripts.echo))))


def test_of_names_that_differ_in_case_the_last_counts(start: Start) -> None:
    async def main(server: ScriptedServer) -> None:
        link = await opened(Wx(), server.url, header={"X-A": "1", "x-a": "2", "X-a": "3"})
        assert (await server.peer()).header("X-A") == ["3"]
        await shut(link)

    run(main(start(ScriptedServer(scripts.echo))))


def test_authorization_wins_over_the_user_of_the_address(start: Start) -> None:
    async def main(server: ScriptedServer) -> None:
        url = server.url.replace("//", "//user:word@")
        link = await opened(Wx(), url, header={"authorization": "Bearer abc"})
        assert (await server.peer()).header("Authorization") == ["Bearer abc"]
        await shut(link)

    run(main(start(ScriptedServer(scripts.echo))))


@pytest.mark.parametrize("name", ["X\r\nInjected", "X\n", "X\r", "\r\n"])
def test_no_line_break_of_a_bad_name_stands_in_the_errmsg(name: str) -> None:
    said = run(refused(Wx(), None, url="ws://127.0.0.1:1/", header={name: "a"}))
    assert "\r" not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "proxy",
    ["http://me:secret@127.0.0.1:{}", "socks9://me:secret@127.0.0.1:{}", "http://me:secret@["],
)
def test_no_password_of_a_proxy_stands_in_the_errmsg(
    start: Start, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    server = start(ScriptedServer(scripts.status(407)))
    # A proxy in `socks_proxy` is spoken to in SOCKS, if python-socks is installed.
    names = ("socks_proxy",) if proxy.startswith("socks") else ("http_proxy", "https_proxy")
    for name in names:
        monkeypatch.setenv(name, proxy.format(server.port))

    async def main() -> None:
        events = Events(Wx().connectSocket(url="ws://example.invalid/"))
        await events.wait("close")
        assert events.kinds == ["error", "close"]
        assert "secret" not in events.errors[0]

    run(main())
