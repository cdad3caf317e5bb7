"""The link never opens: no answer, a wrong one, a refusal, TLS that fails."""

from __future__ import annotations

import asyncio
import ssl

import pytest

from servers import ClosedPort, EchoServer, Peer, ScriptedServer, scripts, tls
from servers.faults import ERROR, FAILED, OPEN, Fault, check, check_address, ids, said
from servers.fixtures import Start
from servers.frames import text
from servers.harness import (
    ABNORMAL,
    OK,
    Calls,
    Events,
    run,
    ticks,
)
from wxsocket import Wx

pytestmark = [pytest.mark.usefixtures("each_loop"), pytest.mark.needs_sockets]

NO_ANSWER = [
    Fault(
        "accepts, then FIN",
        scripts.fin,
        FAILED,
        errors="the link could not be opened: ",
        server={"read_request": False},
    ),
    Fault(
        "accepts, then RST",
        scripts.rst,
        FAILED,
        errors="the link could not be opened: ",
        server={"read_request": False},
    ),
    Fault("FIN after the request", scripts.fin, FAILED, errors="connection closed while reading"),
    Fault("RST after the request", scripts.rst, FAILED, errors="the link could not be opened: "),
    Fault(
        "FIN after half the answer",
        scripts.half_answer(scripts.fin),
        FAILED,
        errors="connection closed while reading HTTP headers",
    ),
    Fault(
        "RST after half the answer",
        scripts.half_answer(scripts.rst),
        FAILED,
        errors="the link could not be opened: ",
    ),
]

WRONG_ANSWER = [
    Fault(
        "garbage",
        scripts.raw(b"\x00\xff\x16 garbage\r\n\r\n"),
        FAILED,
        errors="the server does not speak HTTP",
    ),
    Fault(
        "garbage, then FIN",
        scripts.raw(b"SSH-2.0-OpenSSH_9.2\r\n", scripts.fin),
        FAILED,
        errors="the server does not speak HTTP",
    ),
    Fault(
        "HTTP/0.9",
        scripts.raw(b"<html>hello</html>\r\n\r\n", scripts.fin),
        FAILED,
        errors="the server does not speak HTTP",
    ),
    Fault(
        "HTTP/1.0",
        scripts.raw(b"HTTP/1.0 101 Switching Protocols\r\n\r\n", scripts.fin),
        FAILED,
        errors="the server does not speak HTTP/1.1",
    ),
    Fault(
        "endless header",
        scripts.raw(b"HTTP/1.1 101 X\r\nX: " + b"x" * 1_000_000),
        FAILED,
        errors="expected no more than 8192 bytes",
    ),
    Fault(
        "endless headers",
        scripts.raw(b"HTTP/1.1 101 X\r\n" + b"X: x\r\n" * 100_000),
        FAILED,
        errors="expected no more than 128 headers",
    ),
    Fault(
        "wrong accept",
        scripts.wrong_answer(key="AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        FAILED,
        errors="invalid Sec-WebSocket-Accept header",
    ),
    Fault(
        "no accept",
        scripts.wrong_answer(without=["Sec-WebSocket-Accept"]),
        FAILED,
        errors="missing Sec-WebSocket-Accept header",
    ),
    Fault(
        "no Upgrade",
        scripts.wrong_answer(without=["Upgrade"]),
        FAILED,
        errors="missing Upgrade header",
    ),
    Fault(
        "no Connection",
        scripts.wrong_answer(without=["Connection"]),
        FAILED,
        errors="missing Connection header",
    ),
    Fault(
        "another Upgrade",
        scripts.wrong_answer([("Upgrade", "h2c")], without=["Upgrade"]),
        FAILED,
        errors="invalid Upgrade header: h2c",
    ),
    Fault(
        "subprotocol nobody offered",
        scripts.wrong_answer([("Sec-WebSocket-Protocol", "chat")]),
        FAILED,
        errors="no subprotocols supported",
    ),
    Fault(
        "another subprotocol than those offered",
        scripts.wrong_answer([("Sec-WebSocket-Protocol", "chat")]),
        FAILED,
        errors="unsupported subprotocol: chat",
        link={"protocols": ["protocol1", "protocol2"]},
    ),
    Fault(
        "extension nobody offered",
        scripts.wrong_answer([("Sec-WebSocket-Extensions", "permessage-deflate")]),
        FAILED,
        errors="no extensions supported",
    ),
]

STATUSES = [
    Fault(f"status {code}", scripts.status(code), FAILED, errors=f"HTTP {code}")
    for code in (200, 204, 400, 401, 403, 404, 426, 429, 500, 502, 503)
]

TIMEOUTS = [
    Fault("never answers", scripts.stay, FAILED, errors="timeout", link={"timeout": 200}),
    Fault(
        "stalls in the answer",
        scripts.half_answer(scripts.stay),
        FAILED,
        errors="timeout",
        link={"timeout": 200},
    ),
]


@ids(NO_ANSWER)
def test_no_answer(start: Start, fault: Fault) -> None:
    check(start, fault)


@ids(WRONG_ANSWER)
def test_wrong_answer(start: Start, fault: Fault) -> None:
    check(start, fault)


@ids(STATUSES)
def test_status(start: Start, fault: Fault) -> None:
    check(start, fault)


@ids(TIMEOUTS)
def test_timeout(start: Start, fault: Fault) -> None:
    check(start, fault)


def test_a_dripping_answer_does_not_put_the_timeout_off(start: Start) -> None:
    async def drip(peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 101 Switching Protocols\r\n")
        while True:
            await peer.send(b"X-Drip: drop\r\n")
            await asyncio.sleep(0.05)

    check(start, Fault("drips", drip, FAILED, errors="timeout", link={"timeout": 300}))


def test_refused(start: Start) -> None:
    port = start(ClosedPort())
    run(
        check_address(
            start,
            Fault("refused", scripts.stay, FAILED, errors="the link could not be opened: "),
            None,
            port.url,
        )
    )


@pytest.mark.parametrize("code", [300, 301, 302, 303, 307, 308])
def test_redirects_are_not_followed(start: Start, echo: EchoServer, code: int) -> None:
    check(
        start,
        Fault(f"redirect {code}", scripts.redirect(code, echo.url), FAILED, errors=f"HTTP {code}"),
    )
    assert echo.clients == []


@pytest.mark.parametrize(
    "head",
    [
        "302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n",
        "404 Not Found\r\nContent-Length: 1000\r\n\r\nshort",
        "500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
        "200 OK\r\nContent-Type: text/plain\r\n\r\n" + "x" * 4_000_000,
    ],
    ids=lambda head: str(head)[:3],
)
def test_refusal_is_known_by_its_head(start: Start, head: str) -> None:
    """The body may be short, endless or huge: nobody waits for it."""

    async def script(peer: Peer) -> None:
        await peer.send(f"HTTP/1.1 {head}".encode())
        await peer.read_to_end()

    async def main(server: ScriptedServer) -> None:
        events = Events(Wx().connectSocket(url=server.url, timeout=600_000))
        await events.wait("close")
        assert events.kinds == ["error", "close"]
        assert f"HTTP {head[:3]}" in str(events.errors[0])

    server = start(ScriptedServer(script))
    run(main(server))


# TLS.


def _tls_refused(start: Start, context: ssl.SSLContext | None, host: str = "127.0.0.1") -> None:
    """The server never sees a request: the connection ends in the TLS handshake."""

    async def main(url: str) -> None:
        app = Wx(ssl=context)
        calls = Calls()
        events = Events(app.connectSocket(url=url, **calls.options))
        calls.check(OK, "connectSocket:ok")
        await events.wait("close")
        await ticks()
        assert events.log == [ERROR, ABNORMAL]

    server = start(EchoServer(tls=tls.server_context(host)))
    run(main(server.url))
    assert server.clients == []


@pytest.mark.parametrize("context", [None, ssl.create_default_context()], ids=["None", "default"])
def test_tls_certificate_of_an_unknown_authority(
    start: Start, context: ssl.SSLContext | None
) -> None:
    _tls_refused(start, context)


def test_tls_certificate_of_another_host(start: Start) -> None:
    _tls_refused(start, tls.client_context(), "example.org")


def test_tls_to_a_server_without(start: Start) -> None:
    async def main(port: int) -> None:
        app = Wx(ssl=tls.client_context())
        events = Events(app.connectSocket(url=f"wss://127.0.0.1:{port}/"))
        await events.wait("close")
        await ticks()
        assert events.log == [ERROR, ABNORMAL]

    server = start(ScriptedServer(scripts.fin, read_request=False))
    run(main(server.port))


@pytest.mark.parametrize("ending", [scripts.fin, scripts.rst])
def test_tls_connection_lost(start: Start, ending: scripts.Ending) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept(after=text("last words"))
        await peer.server.gate("heard").wait()
        await ending(peer)

    async def main(server: ScriptedServer) -> None:
        app = Wx(ssl=tls.client_context())
        events = Events(app.connectSocket(url=server.url))
        await events.wait("message")
        server.gate("heard").open()
        await events.wait("close")
        await ticks()
        assert events.log == [OPEN, said("last words"), *FAILED]

    server = start(ScriptedServer(script, tls=tls.server_context()))
    run(main(server))
