"""Every way in which a server can fail, and the exact events that the contract names for it."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from servers import ClosedPort, EchoServer, Peer, Script, ScriptedServer, frames, scripts, tls
from servers.frames import BINARY, CLOSE, CONT, PING, PONG, TEXT, frame, text
from servers.harness import (
    ABNORMAL,
    OK,
    Calls,
    Event,
    Events,
    echoes,
    opened,
    run,
    shut,
    ticks,
    until,
)
from wxsocket import Wx

OPEN: Event = ("open",)
ERROR: Event = ("error",)


def said(message: str | bytes) -> Event:
    return ("message", message)


@dataclass
class Fault:
    """A server's behaviour, and what the app and the server must then see.

    Attributes:
        script: what the server does.
        events: what the listeners hear, all of it.
        told: the codes one of which the server must receive in a close frame; none at all if empty.
        errors: a text that the errMsg must contain.
        link: further arguments of connectSocket.
        app: further arguments of Wx.
        server: further arguments of ScriptedServer.
        close: the arguments of a close by the app, right after the link has opened.
    """

    name: str
    script: Script
    events: Sequence[Event]
    told: Sequence[int] = ()
    errors: str = ""
    link: dict[str, Any] = field(default_factory=dict)
    app: dict[str, Any] = field(default_factory=dict)
    server: dict[str, Any] = field(default_factory=dict)
    close: dict[str, Any] | None = None


def check(fault: Fault) -> None:
    with ScriptedServer(fault.script, **fault.server) as server:
        run(_check(fault, server, server.url))
        assert len(server.peers) == 1, "a link connects once"


async def _check(fault: Fault, server: ScriptedServer | None, url: str) -> None:
    app = Wx(**fault.app)
    heard = Events(app)
    calls = Calls()
    with EchoServer() as honest:
        faulty = app.connectSocket(url=url, **fault.link, **calls.options)
        events = Events(faulty)
        calls.check(OK, "connectSocket:ok")
        unharmed = await opened(app, honest.url)
        if fault.close is not None:
            await events.wait("open")
            await faulty.close(**fault.close)
        await events.wait("close")
        assert faulty.readyState == 3
        await echoes(*unharmed)
        await shut(unharmed)
        assert unharmed[1].kinds == ["open", "message", "close"]
    assert events.log == list(fault.events)
    assert heard.log == events.log, "the wx-listeners hear what the main link's own hear"
    assert calls.kinds == ["success", "complete"], "fail is not called for what the network did"
    for message in events.errors:
        assert isinstance(message, str)
        assert fault.errors in message
    if server is not None:
        peer = await server.finished()
        if fault.told:
            assert peer.close_frame is not None
            assert peer.close_frame.code in fault.told
        elif fault.close is None:
            assert peer.close_frame is None


def ids(faults: Sequence[Fault]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fault", faults, ids=[fault.name for fault in faults])


# -- the link never opens ------------------------------------------------------------------

FAILED = (ERROR, ABNORMAL)

NO_ANSWER = [
    Fault("accepts, then FIN", scripts.fin, FAILED, server={"read_request": False}),
    Fault("accepts, then RST", scripts.rst, FAILED, server={"read_request": False}),
    Fault("FIN after the request", scripts.fin, FAILED),
    Fault("RST after the request", scripts.rst, FAILED),
    Fault("FIN after half the answer", scripts.half_answer(scripts.fin), FAILED),
    Fault("RST after half the answer", scripts.half_answer(scripts.rst), FAILED),
]

WRONG_ANSWER = [
    Fault("garbage", scripts.raw(b"\x00\xff\x16 garbage\r\n\r\n"), FAILED),
    Fault("garbage, then FIN", scripts.raw(b"SSH-2.0-OpenSSH_9.2\r\n", scripts.fin), FAILED),
    Fault("HTTP/0.9", scripts.raw(b"<html>hello</html>\r\n\r\n", scripts.fin), FAILED),
    Fault(
        "HTTP/1.0", scripts.raw(b"HTTP/1.0 101 Switching Protocols\r\n\r\n", scripts.fin), FAILED
    ),
    Fault("endless header", scripts.raw(b"HTTP/1.1 101 X\r\nX: " + b"x" * 1_000_000), FAILED),
    Fault("endless headers", scripts.raw(b"HTTP/1.1 101 X\r\n" + b"X: x\r\n" * 100_000), FAILED),
    Fault("wrong accept", scripts.wrong_answer(key="AAAAAAAAAAAAAAAAAAAAAAAAAAA="), FAILED),
    Fault("no accept", scripts.wrong_answer(without=["Sec-WebSocket-Accept"]), FAILED),
    Fault("no Upgrade", scripts.wrong_answer(without=["Upgrade"]), FAILED),
    Fault("no Connection", scripts.wrong_answer(without=["Connection"]), FAILED),
    Fault(
        "another Upgrade",
        scripts.wrong_answer([("Upgrade", "h2c")], without=["Upgrade"]),
        FAILED,
    ),
    Fault(
        "subprotocol nobody offered",
        scripts.wrong_answer([("Sec-WebSocket-Protocol", "chat")]),
        FAILED,
    ),
    Fault(
        "another subprotocol than those offered",
        scripts.wrong_answer([("Sec-WebSocket-Protocol", "chat")]),
        FAILED,
        link={"protocols": ["protocol1", "protocol2"]},
    ),
    Fault(
        "extension nobody offered",
        scripts.wrong_answer([("Sec-WebSocket-Extensions", "permessage-deflate")]),
        FAILED,
    ),
]

STATUSES = [
    Fault(f"status {code}", scripts.status(code), FAILED)
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
def test_no_answer(fault: Fault) -> None:
    check(fault)


@ids(WRONG_ANSWER)
def test_wrong_answer(fault: Fault) -> None:
    check(fault)


@ids(STATUSES)
def test_status(fault: Fault) -> None:
    check(fault)


@ids(TIMEOUTS)
def test_timeout(fault: Fault) -> None:
    check(fault)


def test_a_dripping_answer_does_not_put_the_timeout_off() -> None:
    async def drip(peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 101 Switching Protocols\r\n")
        while True:
            await peer.send(b"X-Drip: drop\r\n")
            await asyncio.sleep(0.05)

    check(Fault("drips", drip, FAILED, errors="timeout", link={"timeout": 300}))


def test_refused() -> None:
    with ClosedPort() as port:
        run(_check(Fault("refused", scripts.stay, FAILED), None, port.url))


@pytest.mark.parametrize("code", [300, 301, 302, 303, 307, 308])
def test_redirects_are_not_followed(code: int) -> None:
    with EchoServer() as target:
        check(Fault(f"redirect {code}", scripts.redirect(code, target.url), FAILED))
        assert target.clients == []


# -- TLS -----------------------------------------------------------------------------------


def _tls_refused(context: ssl.SSLContext | None, host: str = "127.0.0.1") -> None:
    """The server never sees a request: the connection ends in the TLS handshake."""

    async def main(url: str) -> None:
        app = Wx(ssl=context)
        calls = Calls()
        events = Events(app.connectSocket(url=url, **calls.options))
        calls.check(OK, "connectSocket:ok")
        await events.wait("close")
        await ticks()
        assert events.log == [ERROR, ABNORMAL]

    with EchoServer(tls=tls.server_context(host)) as server:
        run(main(server.url))
        assert server.clients == []


@pytest.mark.parametrize("context", [None, ssl.create_default_context()], ids=["None", "default"])
def test_tls_certificate_of_an_unknown_authority(context: ssl.SSLContext | None) -> None:
    _tls_refused(context)


def test_tls_certificate_of_another_host() -> None:
    _tls_refused(tls.client_context(), "example.org")


def test_tls_to_a_server_without() -> None:
    async def main(port: int) -> None:
        app = Wx(ssl=tls.client_context())
        events = Events(app.connectSocket(url=f"wss://127.0.0.1:{port}/"))
        await events.wait("close")
        await ticks()
        assert events.log == [ERROR, ABNORMAL]

    with ScriptedServer(scripts.fin, read_request=False) as server:
        run(main(server.port))


@pytest.mark.parametrize("ending", [scripts.fin, scripts.rst])
def test_tls_connection_lost(ending: scripts.Ending) -> None:
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

    with ScriptedServer(script, tls=tls.server_context()) as server:
        run(main(server))


# -- the connection is lost while open -----------------------------------------------------

LOST = [
    Fault("FIN after 101", scripts.then(b"", scripts.fin), (OPEN, *FAILED)),
    Fault(
        "FIN after a message",
        scripts.then(text("last words"), scripts.fin),
        (OPEN, said("last words"), *FAILED),
    ),
]
for where, data in {
    "a frame's header": b"\x81",
    "a frame's length": b"\x82\x7f\x00\x00",
    "a frame's payload": frame(TEXT, b"hello", claim=20),
    "a close frame": frame(CLOSE, b"\x03", claim=2),
    "a fragmented message": frame(TEXT, b"hel", fin=False),
    "the second fragment": frame(TEXT, b"hel", fin=False) + frame(CONT, b"l", claim=2),
}.items():
    LOST.append(Fault(f"FIN in {where}", scripts.then(data, scripts.fin), (OPEN, *FAILED)))


@ids(LOST)
def test_lost(fault: Fault) -> None:
    # The RFC's code for a connection that is lost is 1006, which no frame may carry.
    check(fault)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x81", frame(TEXT, b"hello", claim=20), frame(TEXT, b"hel", fin=False)],
    ids=["101", "a header", "a payload", "a fragment"],
)
def test_reset_after(data: bytes) -> None:
    """A reset may overtake the bytes before it, so it waits until the link is open."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.server.gate("open").wait()
        await peer.send(data)
        await peer.rst()

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        with EchoServer() as honest:
            other = await opened(app, honest.url)
            task, events = await opened(app, server.url)
            server.gate("open").open()
            await events.wait("close")
            await echoes(*other)
            await shut(other)
        assert events.log == [OPEN, *FAILED]
        assert task.readyState == 3

    with ScriptedServer(script) as server:
        run(main(server))


def test_a_fin_without_a_close_frame_is_answered_with_none() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.writer.write_eof()
        await peer.read_until_close()

    check(Fault("half-closed", script, (OPEN, *FAILED)))


# -- the peer breaks the protocol ----------------------------------------------------------

BROKEN: list[Fault] = []


def broken(name: str, told: int | Sequence[int], *data: bytes, **options: Any) -> None:
    codes = (told,) if isinstance(told, int) else told
    BROKEN.append(Fault(name, scripts.offend(*data), (OPEN, *FAILED), codes, **options))


for opcode in (0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF):
    broken(f"reserved opcode {opcode:#x}", 1002, frame(opcode, b"x"))
for rsv in (1, 2, 4, 7):
    broken(f"text with rsv {rsv:03b}", 1002, frame(TEXT, b"x", rsv=rsv))
broken("binary with an rsv bit", 1002, frame(BINARY, b"x", rsv=4))
broken("ping with an rsv bit", 1002, frame(PING, b"", rsv=1))
broken("empty text with an rsv bit", 1002, frame(TEXT, b"", rsv=4))
broken(
    "continuation with an rsv bit",
    1002,
    frame(TEXT, b"x", fin=False),
    frame(CONT, b"y", rsv=4),
)
broken("masked text", 1002, frame(TEXT, b"hello", masked=True))
broken("masked binary", 1002, frame(BINARY, b"hello", masked=True))
broken("masked close", 1002, frame(CLOSE, frames.close_payload(1000), masked=True))
broken("masked ping", 1002, frame(PING, b"x", masked=True))
broken("fragmented ping", 1002, frame(PING, b"x", fin=False))
broken("fragmented close", 1002, frame(CLOSE, frames.close_payload(1000), fin=False))
broken("ping of 126 bytes", 1002, frame(PING, b"x" * 126))
broken("close of 126 bytes", 1002, frames.close(1000, "x" * 124))
broken("continuation without a start", 1002, frame(CONT, b"x"))
broken("unfinished continuation without a start", 1002, frame(CONT, b"x", fin=False))
broken("text within text", 1002, frame(TEXT, b"a", fin=False), frame(TEXT, b"b"))
broken("binary within binary", 1002, frame(BINARY, b"a", fin=False), frame(BINARY, b"b"))
broken("close of one byte", 1002, frame(CLOSE, b"\x03"))
for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535):
    broken(f"close with code {code}", 1002, frames.close(code))
broken("close with an invalid reason", (1002, 1007), frames.close(1000, b"\xff\xfe"))
for name, payload in {
    "0xff": b"\xff",
    "overlong": b"\xc0\xaf",
    "a surrogate": b"\xed\xa0\x80",
    "above U+10FFFF": b"\xf4\x90\x80\x80",
    "cut short": "abcé".encode()[:-1],
}.items():
    broken(f"invalid UTF-8: {name}", 1007, frame(TEXT, payload))
broken("invalid UTF-8 in fragments", 1007, frame(TEXT, b"ok", fin=False), frame(CONT, b"\xff"))
broken(
    "invalid UTF-8 at a seam",
    1007,
    frame(TEXT, b"\xce\xba\xe1\xbd", fin=False),
    frame(CONT, b"\xc0"),
)
SMALL: dict[str, Any] = {"app": {"max_message_size": 1000}}
broken("too large, says the header", 1009, frame(BINARY, b"", claim=17 << 20))
broken("far too large, says the header", (1002, 1009), frame(BINARY, b"", claim=1 << 62))
broken("too large binary", 1009, frame(BINARY, b"x" * 1001), **SMALL)
broken("too large text", 1009, frame(TEXT, b"x" * 1001), **SMALL)
broken(
    "too large in fragments",
    1009,
    frame(BINARY, b"x" * 600, fin=False),
    frame(CONT, b"x" * 401),
    **SMALL,
)
broken(
    "too large text in characters of several bytes",
    1009,
    frame(TEXT, ("é" * 501).encode()),
    **SMALL,
)


@ids(BROKEN)
def test_broken(fault: Fault) -> None:
    check(fault)


def test_messages_before_the_fault_are_delivered_and_none_after_it() -> None:
    check(
        Fault(
            "between",
            scripts.offend(text("before"), frame(3), text("after")),
            (OPEN, said("before"), *FAILED),
            told=(1002,),
        )
    )


@pytest.mark.parametrize(
    "behind",
    [text("after"), frame(TEXT, b"\xff"), frame(PING), frames.close(4000)],
    ids=["a message", "another invalid text", "a ping", "a close frame"],
)
def test_what_comes_in_one_segment_with_an_invalid_text_changes_nothing(behind: bytes) -> None:
    script = scripts.offend(frame(TEXT, b"\xff") + behind)
    check(Fault("behind", script, (OPEN, *FAILED), told=(1007,)))


def test_the_peer_that_broke_the_protocol_and_then_stays() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frame(3))
        await peer.read_until_close()
        await scripts.stay(peer)

    check(
        Fault("stays", script, (OPEN, *FAILED), told=(1002,), app={"close_timeout": 0.2}),
    )


def test_the_peer_that_broke_the_protocol_and_goes_on_sending() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frame(3) + text("x") * 1000)
        await peer.read_until_close()
        await peer.send(text("y") * 1000)

    check(Fault("goes on", script, (OPEN, *FAILED), told=(1002,)))


# -- the peer is within its rights ---------------------------------------------------------


def test_largest_message() -> None:
    data = b"x" * 1000
    check(
        Fault(
            "largest",
            scripts.closes(
                1000,
                before=frame(BINARY, data)
                + frame(BINARY, data[:600], fin=False)
                + frame(CONT, data[600:]),
            ),
            (OPEN, said(data), said(data), ("close", 1000, "")),
            told=(1000,),
            **SMALL,
        )
    )


def test_fragments() -> None:
    """Seams within a character, empty fragments, and control frames between fragments."""
    euro = "€".encode()
    data = (
        frame(TEXT, euro[:1], fin=False)
        + frame(PING, b"p")
        + frame(CONT, b"", fin=False)
        + frame(PONG, b"unasked")
        + frame(CONT, euro[1:])
        + frame(BINARY, b"", fin=False)
        + frame(CONT, b"")
        + frame(TEXT, b"", fin=False)
        + frame(CONT, b"x", fin=False)
        + frame(CONT, b"")
    )
    check(
        Fault(
            "fragments",
            scripts.closes(1000, before=data),
            (OPEN, said("€"), said(b""), said("x"), ("close", 1000, "")),
            told=(1000,),
        )
    )


def test_a_message_in_many_fragments() -> None:
    parts = [str(number) for number in range(5000)]
    data = frame(TEXT, b"", fin=False)
    data += b"".join(frame(CONT, part.encode(), fin=False) for part in parts)
    check(
        Fault(
            "many fragments",
            scripts.closes(1000, before=data + frame(CONT, b"")),
            (OPEN, said("".join(parts)), ("close", 1000, "")),
            told=(1000,),
        )
    )


def test_pings_are_answered() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frame(PING, b"one") + frame(PONG, b"unasked") + frame(PING, b""))
        first, second = await peer.read(), await peer.read()
        assert (first.opcode, first.payload) == (PONG, b"one")
        assert (second.opcode, second.payload) == (PONG, b"")
        await peer.send(frames.close(1000))
        await peer.read_until_close()

    check(Fault("pings", script, (OPEN, ("close", 1000, "")), told=(1000,)))


def test_ten_thousand_messages_right_behind_the_answer() -> None:
    texts = [str(number) for number in range(10_000)]
    data = b"".join(map(text, texts))

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        heard = Events(app)
        task = app.connectSocket(url=server.url)
        events = Events(task)
        await events.wait("message", 10_000)
        await task.close(code=1000)
        await events.wait("close")
        assert events.log == [OPEN, *map(said, texts), ("close", 1000, "")]
        assert heard.log == events.log

    with ScriptedServer(scripts.answered_with(data)) as server:
        run(main(server))


@pytest.mark.parametrize("pause", [0.0, 0.001])
def test_an_answer_in_single_bytes(pause: float) -> None:
    async def script(peer: Peer) -> None:
        for byte in peer.answer() + text("hé") + frames.close(4000, "bye"):
            await peer.send(bytes([byte]))
            await asyncio.sleep(pause)
        await peer.read_until_close()

    check(
        Fault("single bytes", script, (OPEN, said("hé"), ("close", 4000, "bye")), told=(4000,)),
    )


CLOSES = [
    Fault(
        f"code {code}",
        scripts.closes(code, reason),
        (OPEN, ("close", code, reason)),
        told=(code,),
    )
    for code, reason in [
        (1000, ""),
        (1001, "going away"),
        (1002, ""),
        (1003, ""),
        (1007, ""),
        (1008, ""),
        (1009, ""),
        (1010, ""),
        (1011, "oops"),
        (1012, ""),
        (1013, ""),
        (1014, ""),
        (3000, ""),
        (4001, "größer €"),
        (4999, "x" * 123),
    ]
]
CLOSES += [
    Fault(
        "after messages",
        scripts.closes(4000, before=text("a") + text("b")),
        (OPEN, said("a"), said("b"), ("close", 4000, "")),
        told=(4000,),
    ),
    Fault(
        "before more frames",
        scripts.closes(4000, "bye", after=text("late") + frame(3) + frames.close(4001)),
        (OPEN, ("close", 4000, "bye")),
        told=(4000,),
    ),
    Fault(
        "within a message",
        scripts.closes(4000, before=frame(TEXT, b"half", fin=False)),
        (OPEN, ("close", 4000, "")),
        told=(4000,),
    ),
]


@ids(CLOSES)
def test_the_peer_closes(fault: Fault) -> None:
    check(fault)


def test_the_peer_closes_with_an_empty_frame() -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx()
        events = Events(app.connectSocket(url=server.url))
        await events.wait("close")
        await ticks()
        assert events.log == [OPEN, ("close", 1005, "no status rcvd")]
        peer = await server.finished()
        assert peer.close_frame is not None, "a close frame is answered"

    with ScriptedServer(scripts.closes(None)) as server:
        run(main(server))


def test_the_peer_closes_and_keeps_the_connection() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frames.close(4000, "bye"))
        await peer.read_until_close()
        await scripts.stay(peer)

    check(
        Fault(
            "keeps",
            script,
            (OPEN, ("close", 4000, "bye")),
            told=(4000,),
            app={"close_timeout": 0.2},
        )
    )


def test_the_peer_closes_and_ends_the_connection_at_once() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(frames.close(4000, "bye"))
        await peer.fin()

    async def main(server: ScriptedServer) -> None:
        events = Events(Wx().connectSocket(url=server.url))
        await events.wait("close")
        await ticks()
        assert events.log == [OPEN, ("close", 4000, "bye")]

    with ScriptedServer(script) as server:
        run(main(server))


# -- the app closes, and the peer does what it likes ---------------------------------------

SHORT: dict[str, Any] = {"close_timeout": 1.0}
MINE: dict[str, Any] = {"code": 4001, "reason": "mine"}

CLOSING = [
    Fault(
        "echoes it",
        scripts.echo,
        (OPEN, ("close", 4001, "mine")),
        told=(4001,),
        close=MINE,
    ),
    Fault(
        "answers another code",
        scripts.on_close(frames.close(4002, "yours")),
        (OPEN, ("close", 4002, "yours")),
        told=(4001,),
        close=MINE,
    ),
    Fault(
        "answers an empty frame",
        scripts.on_close(frames.close()),
        (OPEN, ("close", 1005, "no status rcvd")),
        told=(4001,),
        close=MINE,
    ),
    Fault(
        "answers and keeps the connection",
        scripts.on_close(frames.close(4001, "mine"), ending=scripts.stay),
        (OPEN, ("close", 4001, "mine")),
        told=(4001,),
        close=MINE,
        app=SHORT,
    ),
    Fault(
        "ignores it",
        scripts.on_close(ending=scripts.stay),
        (OPEN, ABNORMAL),
        told=(4001,),
        close=MINE,
        app=SHORT,
    ),
    Fault(
        "messages before the answer",
        scripts.on_close(text("late"), frame(BINARY, b"later"), frames.close(4001, "mine")),
        (OPEN, ("close", 4001, "mine")),
        told=(4001,),
        close=MINE,
    ),
]


@ids(CLOSING)
def test_closing(fault: Fault) -> None:
    check(fault)


@pytest.mark.parametrize("ending", [scripts.fin, scripts.rst])
def test_lost_while_closing(ending: scripts.Ending) -> None:
    """The end of the connection instead of an answer: the contract names onClose alone."""

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        with EchoServer() as honest:
            other = await opened(app, honest.url)
            task, events = await opened(app, server.url)
            await task.close(code=4001)
            await events.wait("close")
            await echoes(*other)
            await shut(other)
        assert [event for event in events.log if event != ERROR] == [OPEN, ABNORMAL]
        assert events.log[-1] == ABNORMAL

    with ScriptedServer(scripts.on_close(ending=ending)) as server:
        run(main(server))


def test_the_peer_floods_and_ignores_the_close() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        while True:
            await peer.send(text("x" * 1000) * 20)
            await asyncio.sleep(0.001)

    async def main(server: ScriptedServer) -> None:
        app = Wx(close_timeout=0.2)
        task, events = await opened(app, server.url)
        await events.wait("message")
        await task.close(code=1000)
        before = len(events.messages)
        await events.wait("close")
        await ticks()
        assert len(events.messages) == before, "messages after a local close are dropped"
        assert events.kinds == ["open", *["message"] * before, "close"]
        assert events.log[-1] == ABNORMAL

    with ScriptedServer(script) as server:
        run(main(server))


def test_the_peer_never_reads_and_the_close_is_given_up() -> None:
    """The close frame waits behind 8 MiB that never leave."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.stop_reading()
        await peer.server.gate("over").wait()

    async def main(server: ScriptedServer) -> None:
        app = Wx(close_timeout=0.2)
        with EchoServer() as honest:
            other = await opened(app, honest.url)
            task, events = await opened(app, server.url)
            task.send(data=b"x" * (8 << 20))
            task.close(code=1000)
            await events.wait("close")
            assert events.log == [OPEN, ABNORMAL]
            await echoes(*other)
            await shut(other)
            server.gate("over").open()

    with ScriptedServer(script, receive_buffer=16384) as server:
        run(main(server))


# -- the peer is silent, or slow -----------------------------------------------------------


def test_never_pongs() -> None:
    async def main(server: ScriptedServer, honest: EchoServer) -> None:
        app = Wx(ping_interval=0.2, ping_timeout=1.0, close_timeout=0.2)
        heard = Events(app)
        task = app.connectSocket(url=server.url)
        events = Events(task)
        other = await opened(app, honest.url)
        await events.wait("close")
        assert events.log == [OPEN, *FAILED]
        assert heard.log == events.log
        await echoes(*other)
        await shut(other)
        peer = await server.finished()
        assert peer.frames[0].opcode == PING

    with ScriptedServer(scripts.never_pongs) as server, EchoServer() as honest:
        run(main(server, honest))


def test_never_reads_and_so_never_pongs() -> None:
    """The pings wait behind 8 MiB that never leave."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.stop_reading()
        await peer.server.gate("over").wait()

    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=0.2, ping_timeout=0.2, close_timeout=0.2)
        task, events = await opened(app, server.url)
        task.send(data=b"x" * (8 << 20))
        await events.wait("close")
        await ticks()
        assert events.log == [OPEN, *FAILED]
        server.gate("over").open()

    with ScriptedServer(script, receive_buffer=16384) as server:
        run(main(server))


def test_pongs_keep_a_link() -> None:
    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=0.05, ping_timeout=5.0)
        task, events = await opened(app, server.url)
        peer = await server.peer()
        await until(lambda: [read.opcode for read in peer.frames].count(PING) >= 5, "five pings")
        await echoes(task, events)
        await shut((task, events))

    with ScriptedServer(scripts.echo) as server:
        run(main(server))


def test_a_link_whose_reading_is_paused_is_not_judged_silent() -> None:
    """The pongs are there, but behind more messages than the consumer has taken."""
    count, size = 400, 1 << 16

    async def script(peer: Peer) -> None:
        await peer.accept()

        async def flood() -> None:
            for number in range(count):
                await peer.send(frame(BINARY, number.to_bytes(size, "big")))

        flooding = asyncio.ensure_future(flood())
        await peer.read_until_close()
        await flooding
        await peer.send(frames.close(1000))

    async def main(server: ScriptedServer) -> None:
        app = Wx(ping_interval=0.1, ping_timeout=1.0)
        events = []
        numbers = []
        async with app.connectSocket(url=server.url) as task:
            task.onError(lambda res: events.append("error"))
            task.onClose(lambda res: events.append("close"))
            async for message in task:
                assert isinstance(message, bytes)
                numbers.append(int.from_bytes(message, "big"))
                if len(numbers) == 1:
                    await asyncio.sleep(3)
                    assert events == []
                    assert task.readyState == 1
                if len(numbers) == count:
                    break
        assert numbers == list(range(count))
        await until(lambda: "close" in events)
        assert events == ["close"]

    with ScriptedServer(script) as server:
        run(main(server))


def test_slow_peer() -> None:
    """A send resolves when the buffer has room again; nothing is dropped."""
    big = b"0123456789abcdef" * (1 << 19)

    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.stop_reading()
        await peer.server.gate("read").wait()
        peer.resume_reading()
        await peer.echo()

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        with EchoServer() as honest:
            other = await opened(app, honest.url)
            task, events = await opened(app, server.url)
            assert (await task.send(data="small")).errMsg == "sendSocketMessage:ok"
            calls = Calls()
            waiting = asyncio.ensure_future(_wait(task.send(data=big, **calls.options)))
            calls.check(OK, "sendSocketMessage:ok")
            behind = asyncio.ensure_future(_wait(task.send(data="behind")))
            await echoes(*other)
            await asyncio.sleep(0.1)
            assert not waiting.done()
            assert not behind.done()
            server.gate("read").open()
            assert await waiting == "sendSocketMessage:ok"
            assert await behind == "sendSocketMessage:ok"
            await events.wait("message", 3)
            assert events.messages == ["small", big, "behind"]
            await shut(other, (task, events))

    with ScriptedServer(script, receive_buffer=16384) as server:
        run(main(server))


async def _wait(call: Any) -> str:
    res = await call
    assert isinstance(res.errMsg, str)
    return str(res.errMsg)


def test_a_send_that_waits_when_the_connection_is_lost_comes_to_an_end() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.stop_reading()
        await peer.server.gate("reset").wait()
        await peer.rst()

    async def main(server: ScriptedServer) -> None:
        app = Wx()
        task, events = await opened(app, server.url)
        waiting = asyncio.ensure_future(
            asyncio.wait_for(_wait(task.send(data=b"x" * (8 << 20))), 20)
        )
        await ticks()
        assert not waiting.done()
        server.gate("reset").open()
        await events.wait("close")
        assert events.log == [OPEN, *FAILED]
        # Its callbacks have said ok within the call; how its awaitable ends is not the contract's.
        await asyncio.wait([waiting])
        assert not isinstance(waiting.exception(), TimeoutError)

    with ScriptedServer(script, receive_buffer=16384) as server:
        run(main(server))


def test_all_five_links_fail_in_their_own_ways() -> None:
    async def main(servers: list[ScriptedServer]) -> None:
        app = Wx()
        links = [Events(app.connectSocket(url=server.url)) for server in servers]
        for events in links:
            await events.wait("close")
        assert [events.log for events in links] == [
            [OPEN, *FAILED],
            [OPEN, *FAILED],
            [*FAILED],
            [OPEN, ("close", 4000, "bye")],
            [OPEN, said("x"), *FAILED],
        ]

    with (
        ScriptedServer(scripts.offend(frame(3))) as a,
        ScriptedServer(scripts.offend(frame(TEXT, b"\xff"))) as b,
        ScriptedServer(scripts.status(500)) as c,
        ScriptedServer(scripts.closes(4000, "bye")) as d,
        ScriptedServer(scripts.then(text("x"), scripts.fin)) as e,
    ):
        run(main([a, b, c, d, e]))


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
def test_refusal_is_known_by_its_head(head: str) -> None:
    """The body may be short, endless or huge: nobody waits for it."""

    async def script(peer: Peer) -> None:
        await peer.send(f"HTTP/1.1 {head}".encode())
        await peer.read_to_end()

    async def main(server: ScriptedServer) -> None:
        events = Events(Wx().connectSocket(url=server.url, timeout=600_000))
        await events.wait("close")
        assert events.kinds == ["error", "close"]
        assert f"HTTP {head[:3]}" in str(events.errors[0])

    with ScriptedServer(script) as server:
        run(main(server))


def test_links_that_the_peer_closes_free_their_place() -> None:
    async def script(peer: Peer) -> None:
        await peer.accept(after=frames.close(4000))
        await peer.server.gate("leave").wait()

    async def main(server: ScriptedServer, honest: EchoServer) -> None:
        app = Wx()
        closing = [app.connectSocket(url=server.url) for _ in range(5)]
        await until(lambda: all(task.readyState == 2 for task in closing))
        sixth = app.connectSocket(url=honest.url)
        await until(lambda: sixth.readyState == 1)
        server.gate("leave").open()
        sixth.close(code=1000)
        await until(lambda: all(task.readyState == 3 for task in (*closing, sixth)))

    with ScriptedServer(script) as server, EchoServer() as honest:
        run(main(server, honest))
