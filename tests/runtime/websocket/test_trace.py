"""Watching a link: every call, event and frame is recorded, and nothing is changed by that."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from servers import EchoServer, Peer, ScriptedServer, scripts, tls
from servers.fixtures import Start
from servers.frames import CONT, PING, PONG, TEXT, frame
from servers.harness import Events, echoes, opened, run, shut, untyped
from servers.texts import BAD_CODE, CLOSE_NOT_CONNECTED, SEND_NOT_CONNECTED
from wxruntime.websocket.trace import TraceRecord
from wxsocket import Wx


class Trace:
    """What was recorded, in short."""

    def __init__(self) -> None:
        self.records: list[TraceRecord] = []

    def __call__(self, record: TraceRecord) -> None:
        self.records.append(record)

    @property
    def lines(self) -> list[str]:
        """Each record in a line; of handshakes the first line of the text."""
        arrows = {"out": ">", "in": "<"}
        return [
            " ".join(
                [
                    str(one.link),
                    arrows[one.direction],
                    one.kind,
                    one.name,
                    *one.text.split("\n")[:1],
                ]
            ).strip()
            for one in self.records
        ]

    def of(self, kind: str) -> list[str]:
        """The lines of one kind."""
        return [
            line for line, one in zip(self.lines, self.records, strict=True) if one.kind == kind
        ]


@pytest.mark.usefixtures("each_loop")
@pytest.mark.needs_sockets
def test_a_whole_conversation(echo: EchoServer) -> None:
    trace = Trace()

    async def main() -> None:
        task, events = await opened(Wx(trace=trace), echo.url)
        await echoes(task, events, "hello")
        task.send(data=b"\x00\xff")
        await events.wait("message", 2)
        await task.close(code=1000, reason="done")
        await events.wait("close")

    run(main())
    assert trace.lines == [
        f"1 > call connectSocket {echo.url}",
        "1 < answer connectSocket connectSocket:ok",
        "1 > frame request GET / HTTP/1.1",
        "1 < frame response HTTP/1.1 101 Switching Protocols",
        "1 < event open",
        "1 > call SocketTask.send hello",
        "1 > frame text hello",
        "1 < answer SocketTask.send sendSocketMessage:ok",
        "1 < frame text hello",
        "1 < event message hello",
        "1 > call SocketTask.send 00 ff",
        "1 > frame binary 00 ff",
        "1 < answer SocketTask.send sendSocketMessage:ok",
        "1 < frame binary 00 ff",
        "1 < event message 00 ff",
        "1 > call SocketTask.close 1000 done",
        "1 > frame close 1000 done",
        "1 < answer SocketTask.close closeSocket:ok",
        "1 < frame close 1000 done",
        "1 < event close 1000 done",
    ]
    sizes = {line: one.size for line, one in zip(trace.lines, trace.records, strict=True)}
    assert sizes["1 > frame text hello"] == sizes["1 > call SocketTask.send hello"] == 5
    assert sizes["1 > frame close 1000 done"] == 6
    assert sizes["1 < event close 1000 done"] == 4
    times = [one.time for one in trace.records]
    assert times == sorted(times)
    assert {one.url for one in trace.records} == {echo.url}


@pytest.mark.needs_sockets
def test_bursts_and_large_messages(echo: EchoServer) -> None:
    trace = Trace()

    async def main() -> None:
        task, events = await opened(Wx(trace=trace), echo.url)
        await task.send(data="!burst 300")
        for number in range(300):
            task.send(data=f"{number} up")
        await task.send(data="\u2603" * 100_000)
        await events.wait("message", 601)
        await shut((task, events))

    run(main())
    down = [f"1 < frame text {number}" for number in range(300)]
    up = [f"1 > frame text {number} up" for number in range(300)]
    snow = "\u2603" * 80 + "…"
    found = trace.of("frame")
    assert [line for line in found if line in down] == down
    assert [line for line in found if line in up] == up
    assert f"1 > frame text {snow}" in found
    large = [one for one in trace.records if one.text == snow]
    assert [one.size for one in large] == [300_000] * 4  # call, frame; frame, event


def test_calls_that_fail(echo: EchoServer) -> None:
    trace = Trace()
    heard: list[str] = []

    async def main() -> None:
        app = Wx(trace=trace)
        app.sendSocketMessage(data="x", fail=lambda res: heard.append(res.errMsg))
        app.closeSocket(complete=lambda res: heard.append(res.errMsg))
        app.connectSocket(url="test.php", fail=lambda res: None)
        task, events = await opened(app, echo.url)
        task.close(code=7, fail=lambda res: None)
        task.send(data=untyped(7), fail=lambda res: None)
        app.sendSocketMessage(data="main", success=lambda res: heard.append(res.errMsg))
        app.closeSocket(code=1000)
        await events.wait("close")

    run(main())
    assert heard == [SEND_NOT_CONNECTED, CLOSE_NOT_CONNECTED, "sendSocketMessage:ok"]
    assert [line for line in trace.lines if "frame" not in line] == [
        "0 > call sendSocketMessage x",
        f"0 < answer sendSocketMessage {SEND_NOT_CONNECTED}",
        "0 > call closeSocket 1003",
        f"0 < answer closeSocket {CLOSE_NOT_CONNECTED}",
        "1 > call connectSocket test.php",
        '1 < answer connectSocket connectSocket:fail invalid url "test.php"',
        f"2 > call connectSocket {echo.url}",
        "2 < answer connectSocket connectSocket:ok",
        "2 < event open",
        "2 > call SocketTask.close",
        f"2 < answer SocketTask.close {BAD_CODE}",
        "2 > call SocketTask.send",
        "2 < answer SocketTask.send sendSocketMessage:fail unknown data",
        "2 > call sendSocketMessage main",
        "2 < answer sendSocketMessage sendSocketMessage:ok",
        "2 > call closeSocket 1000",
        "2 < answer closeSocket closeSocket:ok",
        "2 < event close 1000",
    ]


def test_a_failure_without_callbacks_is_recorded_and_still_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    trace = Trace()
    app = Wx(trace=trace)
    app.sendSocketMessage(data="x")
    app.connectSocket(url="x")
    app.run()
    assert trace.of("answer") == [
        f"0 < answer sendSocketMessage {SEND_NOT_CONNECTED}",
        '1 < answer connectSocket connectSocket:fail invalid url "x"',
    ]
    assert len(caplog.records) == 2


def test_no_secret_is_shown(start: Start) -> None:
    echo = start(EchoServer(tls=tls.server_context()))
    trace = Trace()

    async def main() -> None:
        app = Wx(trace=trace, ssl=tls.client_context())
        url = echo.url.replace("//", "//user:secret@")
        first = await opened(app, url, header={"cookie": "id=secret"})
        second = await opened(app, echo.url, header={"Authorization": "Bearer secret"})
        await shut(first, second)

    run(main())
    assert "secret" not in repr(trace.records)
    requests = [one.text for one in trace.records if one.name == "request"]
    assert ["Authorization: ***" in text for text in requests] == [True, True]
    assert "cookie: ***" in requests[0]


def test_pings_and_fragments(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.send(
            frame(PING, b"\x01")
            + frame(TEXT, b"one ", fin=False)
            + frame(PONG)
            + frame(CONT, b"two ", fin=False)
            + frame(CONT, b"three")
        )
        await peer.echo()

    server = start(ScriptedServer(script))
    trace = Trace()

    async def main() -> None:
        task, events = await opened(Wx(trace=trace), server.url)
        await events.wait("message")
        await shut((task, events))

    run(main())
    assert trace.of("frame")[2:-2] == [
        "1 < frame ping 01",
        "1 < frame text fragment one",
        "1 < frame pong",
        "1 < frame continuation fragment two",
        "1 < frame continuation three",
        "1 > frame pong 01",
    ]
    assert "1 < event message one two three" in trace.lines


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (scripts.status(403, body=b"\x81\x05hello" * 9), "HTTP/1.1 403 Status"),
        (scripts.raw(b"SSH-2.0-OpenSSH_9.6\r\n", scripts.fin), "SSH-2.0-OpenSSH_9.6"),
    ],
)
def test_an_opening_that_fails(script: Callable[[Peer], Any], shown: str, start: Start) -> None:
    server = start(ScriptedServer(script))
    trace = Trace()

    async def main() -> None:
        events = Events(Wx(trace=trace).connectSocket(url=server.url))
        await events.wait("close")

    run(main())
    assert trace.of("frame") == ["1 > frame request GET / HTTP/1.1", f"1 < frame response {shown}"]
    assert [line.split(" ")[3] for line in trace.of("event")] == ["error", "close"]


def test_what_breaks_the_protocol_is_shown(start: Start) -> None:
    server = start(ScriptedServer(scripts.then(frame(0x3, b"?"), scripts.stay)))
    trace = Trace()

    async def main() -> None:
        events = Events(Wx(trace=trace).connectSocket(url=server.url))
        await events.wait("close")

    run(main())
    found = trace.lines
    assert "1 < frame opcode 3 3f" in found
    assert any(line.startswith("1 > frame close 1002") for line in found)
    assert found[-1] == "1 < event close 1006 abnormal closure"


def test_a_trace_that_raises_is_reported_and_the_link_lives(
    echo: EchoServer, caplog: pytest.LogCaptureFixture
) -> None:
    def trace(record: TraceRecord) -> None:
        raise RuntimeError("no trace today")

    app = Wx(trace=trace)
    with app.connectSocket(url=echo.url) as task:
        task.send(data="x")
        for message in task:
            assert message == "x"
            break
    assert "no trace today" in caplog.text


def test_a_coroutine_function_is_run_as_a_task(echo: EchoServer) -> None:
    names: list[str] = []

    async def trace(record: TraceRecord) -> None:
        await asyncio.sleep(0)
        names.append(record.name)

    app = Wx(trace=trace)
    with app.connectSocket(url=echo.url):
        pass
    app.run()
    assert names[0] == "connectSocket"
    assert names[-1] == "close"


def test_calls_from_another_thread_are_recorded_on_the_loop(echo: EchoServer) -> None:
    threads: set[int] = set()

    async def main() -> None:
        task, events = await opened(
            Wx(trace=lambda record: threads.add(threading.get_ident())), echo.url
        )
        await asyncio.to_thread(lambda: task.send(data="x").result(timeout=60))
        await events.wait("message")
        await shut((task, events))

    run(main())
    assert threads == {threading.get_ident()}


def test_what_cannot_be_called() -> None:
    with pytest.raises(TypeError, match="trace is a function, not str"):
        Wx(trace=untyped("x"))


def test_without_a_trace_none_of_it_is_loaded() -> None:
    program = (
        "import sys, wxsocket; wxsocket.Wx(); sys.exit('wxruntime.websocket.trace' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0
