"""What a server answers to the opening handshake is bounded, and judged as soon as it can be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers import Peer, ScriptedServer, scripts
from servers.faults import FAILED
from servers.fixtures import Start
from servers.harness import Events, run, ticks
from wxsocket import Wx

pytestmark = pytest.mark.usefixtures("each_loop")

FOR_EVER = 600_000.0
"""A timeout of the opening, in milliseconds, that no test waits for."""

LIMIT = 64 << 20


def lines(start: bytes, more: bytes) -> Iterator[bytes]:
    yield start
    while True:
        yield more


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (b"HTTP/1.1 101 Switching Protocols\r\nX-Endless: ", b"x" * 65536),
        (b"HTTP/1.1 101 Switching Protocols\r\n", b"X-Line: x\r\n" * 5000),
        (b"HTTP/1.1 101 ", b"x" * 65536),
        (b"HTTP/1.1 403 Forbidden\r\nX-Endless: ", b"x" * 65536),
        (b"HTTP/1.1 403 Forbidden\r\n", b"X-Line: x\r\n" * 5000),
        (b"", b"\r\n" * 30000),
        (b"", b"\x00" * 65536),
    ],
    ids=["header", "headers", "reason", "refusal", "refusals", "empty lines", "zeros"],
)
def test_an_endless_answer_is_given_up(start: Start, begin: bytes, more: bytes) -> None:
    sent = [0]

    async def script(peer: Peer) -> None:
        for data in lines(begin, more):
            await peer.send(data)
            sent[0] += len(data)
            if sent[0] > LIMIT:
                break
        await scripts.stay(peer)

    async def main(server: ScriptedServer) -> None:
        events = Events(Wx().connectSocket(url=server.url, timeout=FOR_EVER))
        await events.wait("close")
        assert events.log == list(FAILED)
        await server.finished()
        # Buffers of the kernel are in this, on both sides; the connection was not read on.
        assert sent[0] < LIMIT / 2

    run(main(start(ScriptedServer(script))))


@pytest.mark.parametrize(
    "greeting",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"220 mail.example.com ESMTP\r\n",
        b"* OK IMAP4rev1 ready\r\n",
        b"RFB 003.008\n",
        b"HTTP/2 101 Switching Protocols\r\n",
        b"ICY 200 OK\r\n",
        b"<html>\n",
        b"\x15\x03\x01\x00\x02\x02\x0a",
        b"J\x00\x00\x00\x0a8.0.36\x00",
        b"\r\n",
        b"HELO",
        b"\x04\x00\x00\x00",
    ],
    ids=[
        "ssh",
        "smtp",
        "imap",
        "vnc",
        "http2",
        "icy",
        "html",
        "tls",
        "mysql",
        "empty",
        "no line",
        "binary",
    ],
)
@pytest.mark.parametrize("before", [False, True], ids=["answer", "greeting"])
def test_a_greeting_that_is_no_http_is_reported_at_once(
    start: Start, greeting: bytes, before: bool
) -> None:
    """Whether it is the answer to the request, or comes before it, as those of mail servers do."""

    async def script(peer: Peer) -> None:
        await peer.send(greeting)
        await scripts.stay(peer)

    async def main(server: ScriptedServer) -> None:
        events = Events(Wx().connectSocket(url=server.url, timeout=FOR_EVER))
        await events.wait("close")
        await ticks()
        assert events.log == list(FAILED)

    run(main(start(ScriptedServer(script, read_request=not before))))
