"""``wxsocket.testing``: the engine over a server in memory."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest

from servers.harness import (
    ABNORMAL,
    Calls,
    Events,
    failure,
    opened,
    refused,
    run,
    ticks,
    until,
    untyped,
)
from servers.texts import CLOSE_OK, NO_TASK, NOT_OPEN, SEND_OK, TOO_MANY
from wxsocket import SocketTask, Wx, WxError
from wxsocket.testing import FakeLink, FakeServer

pytestmark = pytest.mark.usefixtures("each_loop")

URL = "ws://example.com/chat"


def connecting(**options: Any) -> tuple[FakeLink, SocketTask, Events]:
    """A link that waits for its server's answer."""
    server = FakeServer(accept=False)
    task = Wx(network=server).connectSocket(url=URL, **options)
    return server.links[0], task, Events(task)


async def linked(**options: Any) -> tuple[FakeLink, SocketTask, Events]:
    """A link that is open."""
    server = FakeServer()
    task, events = await opened(Wx(network=server, **options), URL)
    return server.links[0], task, events


# What the server sees.


def test_a_link_is_there_when_connect_socket_returns() -> None:
    async def main() -> None:
        server = FakeServer()
        app = Wx(network=server)
        assert server.links == []
        for number in range(3):
            app.connectSocket(url=f"wss://host/{number}")
            assert [link.url for link in server.links] == [
                f"wss://host/{made}" for made in range(number + 1)
            ]
        await refused(app, None, url="test.php")
        assert len(server.links) == 3
        assert [await server.nextLink() for _ in range(3)] == server.links
        async with app:
            pass

    run(main())


def test_what_would_be_sent() -> None:
    async def main() -> None:
        server = FakeServer()
        async with Wx(network=server) as app:
            app.connectSocket(url="ws://host")
            app.connectSocket(
                url="wss://me:secret@host:81/path?query",
                header={"X-One": "1", "x-one": "2", "Referer": "no", "Host": "no", "Cookie": "c"},
                protocols=("a", "b"),
                tcpNoDelay=True,
            )
            app.connectSocket(url="wss://me:secret@host/", header={"authorization": "Bearer"})
        plain, rich, token = server.links
        assert (plain.url, plain.header, plain.protocols, plain.tcpNoDelay) == (
            "ws://host",
            {},
            [],
            False,
        )
        assert rich.url == "wss://me:secret@host:81/path?query"
        assert rich.header == {"x-one": "2", "Cookie": "c", "Authorization": "Basic bWU6c2VjcmV0"}
        assert rich.protocols == ["a", "b"]
        assert rich.tcpNoDelay is True
        assert token.header == {"authorization": "Bearer"}
        assert "secret" not in repr(rich)

    run(main())


def test_next_link_gives_each_once_in_order_and_times_out() -> None:
    async def main() -> None:
        server = FakeServer()
        async with Wx(network=server) as app:
            waiting = [asyncio.ensure_future(server.nextLink()) for _ in range(2)]
            await ticks()
            for _ in range(3):
                app.connectSocket(url=URL)
            assert [await one for one in waiting] == server.links[:2]
            assert await server.nextLink(timeout=0) is server.links[2]
            with pytest.raises(TimeoutError, match=r"^no link came within 0\.01 s$"):
                await server.nextLink(timeout=0.01)
            cancelled = asyncio.ensure_future(server.nextLink(timeout=None))
            await ticks()
            cancelled.cancel()
            app.connectSocket(url=URL)
            assert await server.nextLink() is server.links[3]

    run(main())


def test_messages_of_the_app() -> None:
    async def main() -> None:
        link, task, _ = await linked()
        calls = Calls()
        await task.send(data="one", **calls.options)
        assert calls.log[0][1].errMsg == SEND_OK
        task.send(data=b"two")
        task.send(data=bytearray(b"three"))
        task.send(data="\ud800")
        assert link.received == ["one", b"two", b"three", "\ufffd"], "at once"
        assert task.bufferedAmount == 0
        assert [await link.nextMessage() for _ in range(4)] == link.received
        with pytest.raises(TimeoutError, match=r"^no message came within 0\.01 s$"):
            await link.nextMessage(timeout=0.01)
        asyncio.get_running_loop().call_soon(lambda: task.send(data="later"))
        assert await link.nextMessage() == "later"
        await task.close()

    run(main())


def test_messages_of_the_server() -> None:
    async def main() -> None:
        link, _, events = await linked()
        for data in ("one", b"two", bytearray(b"three"), memoryview(b"four"), "a\ud800"):
            link.send(data)
        assert events.messages == [], "never inside the call"
        link.close(4000, "bye")
        await events.wait("close")
        assert events.log == [
            ("open",),
            *(("message", data) for data in ("one", b"two", b"three", b"four", "a\ufffd")),
            ("close", 4000, "bye"),
        ]
        with pytest.raises(TypeError):
            link.send(untyped(5))

    run(main())


# The opening.


def test_accepting_later() -> None:
    async def main() -> None:
        link, task, events = connecting(protocols=["a", "b"])
        await ticks()
        assert (task.readyState, link.isOpen) == (0, False)
        link.accept(header={"X-Served": "here"}, protocol="b")
        assert link.isOpen
        assert events.log == []
        await events.wait("open")
        assert events.headers[0]["X-Served"] == "here"
        assert events.headers[0]["Sec-WebSocket-Protocol"] == "b"
        assert task.protocol == "b"
        await task.close()

    run(main())


def test_the_headers_of_the_answer_are_joined() -> None:
    async def main() -> None:
        link, task, events = connecting()
        link.accept(header=[("X-A", "1"), ("x-a", "2"), ("X-B", ""), ("X-A", "3")])
        await events.wait("open")
        header = events.headers[0]
        assert (header["X-A"], header["X-B"]) == ("1, 2, 3", "")
        assert "x-a" not in header
        assert header["Upgrade"] == "websocket"
        await task.close()

    run(main())


@pytest.mark.parametrize("offered", [None, ["a", "b"]])
def test_a_protocol_that_was_not_offered(offered: list[str] | None) -> None:
    async def main() -> None:
        link, task, events = connecting(protocols=offered)
        link.accept(protocol="c")
        await events.wait("close")
        assert events.log == [("error",), ABNORMAL]
        assert task.protocol == ""
        assert not link.isOpen

    run(main())


def test_refusing() -> None:
    async def main() -> None:
        for options, status in (({}, 403), ({"status": 302}, 302), ({"status": 200}, 200)):
            link, task, events = connecting()
            link.refuse(**options)
            assert events.log == []
            await events.wait("close")
            assert events.log == [("error",), ABNORMAL]
            assert f"HTTP {status}" in events.errors[0]
            assert not link.isOpen
            with pytest.raises(WxError, match="^connectSocket:fail "):
                async with task:
                    pass
        link, task, _ = connecting()
        with pytest.raises(ValueError, match="101"):
            link.refuse(101)
        task.close()

    run(main())


def test_the_opening_times_out() -> None:
    async def main() -> None:
        link, _, events = connecting(timeout=10)
        await events.wait("close")
        assert events.log == [("error",), ABNORMAL]
        assert "timeout" in events.errors[0]
        with pytest.raises(RuntimeError, match="given up by the app"):
            link.accept()

    run(main())


@pytest.mark.parametrize("turns", [0, 1, 5])
def test_the_app_closes_before_it_is_open(turns: int) -> None:
    async def main() -> None:
        link, task, events = connecting()
        await ticks(turns)
        assert (await task.close()).errMsg == CLOSE_OK
        await events.wait("close")
        assert events.log == [("error",), ABNORMAL]
        assert link.closedWith is None
        assert not link.isOpen
        with pytest.raises(RuntimeError):
            link.accept()

    run(main())


def test_the_app_closes_at_once_although_the_server_has_accepted() -> None:
    async def main() -> None:
        server = FakeServer()
        task = Wx(network=server).connectSocket(url=URL)
        events = Events(task)
        link = server.links[0]
        link.send("too early")
        task.close()
        await events.wait("close")
        assert events.log == [("error",), ABNORMAL]
        assert not link.isOpen

    run(main())


def test_dropping_before_it_is_open() -> None:
    async def main() -> None:
        link, _, events = connecting()
        link.drop()
        link.drop()
        await events.wait("close")
        assert events.log == [("error",), ABNORMAL]

    run(main())


# The end.


@pytest.mark.parametrize("through", ["task", "wx", "block"])
def test_the_app_closes(through: str) -> None:
    async def main() -> None:
        server = FakeServer()
        app = Wx(network=server)
        task, events = await opened(app, URL)
        link = server.links[0]
        link.send("dropped, since the close is quicker")
        if through == "task":
            await task.close(code=4001, reason="größer")
        elif through == "wx":
            await app.closeSocket(code=4001, reason="größer")
        else:
            async with app:
                pass
        expected = (1000, "") if through == "block" else (4001, "größer")
        assert link.closedWith == expected
        assert not link.isOpen
        await events.wait("close")
        assert events.log == [("open",), ("close", *expected)], "the echo"
        assert await failure(task.close()) == NO_TASK

    run(main())


@pytest.mark.parametrize(
    ("arguments", "heard"),
    [
        ((), (1000, "")),
        ((1001,), (1001, "")),
        ((1011, "why"), (1011, "why")),
        ((4999, "€" * 41), (4999, "€" * 41)),
        ((None,), (1005, "no status rcvd")),
    ],
)
def test_the_server_closes(arguments: tuple[Any, ...], heard: tuple[int, str]) -> None:
    async def main() -> None:
        link, task, events = await linked()
        states: list[int] = []
        link.close(*arguments)
        assert not link.isOpen
        assert task.readyState == 1
        while task.readyState != 3:
            states.append(task.readyState)
            await asyncio.sleep(0)
        assert 2 in states, "closing until the connection has ended"
        assert events.log == [("open",), ("close", *heard)]
        assert link.closedWith is None, "the app only answered"

    run(main())


@pytest.mark.parametrize(
    ("code", "reason"), [(1005, ""), (1006, ""), (999, ""), (1000, "x" * 124), (None, "x")]
)
def test_close_frames_that_cannot_be(code: int | None, reason: str) -> None:
    async def main() -> None:
        link, task, _ = await linked()
        with pytest.raises(ValueError, match="."):
            link.close(code, reason)
        assert link.isOpen
        await task.close()

    run(main())


def test_both_close_at_once() -> None:
    async def main() -> None:
        link, task, events = await linked()
        link.close(4000, "server")
        await task.close(code=4001)
        await events.wait("close")
        assert events.log == [("open",), ("close", 4000, "server")]
        assert link.closedWith == (4001, "")

    run(main())


def test_dropping() -> None:
    async def main() -> None:
        link, task, events = await linked()
        link.send("last")
        link.drop()
        assert not link.isOpen
        await events.wait("close")
        assert events.log == [("open",), ("message", "last"), ("error",), ABNORMAL]
        assert link.closedWith is None
        assert await failure(task.send(data="x")) == NOT_OPEN
        link.drop()

    run(main())


@pytest.mark.parametrize(("data", "fits"), [("é" * 5, True), ("é" * 6, False), (b"x" * 11, False)])
def test_a_message_above_the_limit(data: str | bytes, fits: bool) -> None:
    async def main() -> None:
        link, _, events = await linked(max_message_size=10)
        link.send(data)
        link.send("behind it")
        if fits:
            await events.wait("message", 2)
            link.close()
        await events.wait("close")
        if fits:
            assert events.log[-1] == ("close", 1000, "")
        else:
            assert events.log == [("open",), ("error",), ABNORMAL]
            assert link.closedWith is not None
            assert link.closedWith[0] == 1009
            assert not link.isOpen

    run(main())


def test_calls_that_have_no_place() -> None:
    def check(link: FakeLink, *calls: str) -> None:
        actions: dict[str, Callable[[], None]] = {
            "accept": link.accept,
            "refuse": link.refuse,
            "send": lambda: link.send("x"),
            "close": link.close,
        }
        for name in calls:
            with pytest.raises(RuntimeError, match=rf"^{name}\(\) has no place here: the link "):
                actions[name]()

    async def main() -> None:
        everything = ("accept", "refuse", "send", "close")
        waiting, task, _ = connecting()
        check(waiting, "send", "close")
        task.close()
        link, task, _ = await linked()
        check(link, "accept", "refuse")
        await task.close()
        check(link, *everything)
        link, task, _ = await linked()
        link.close()
        check(link, *everything)
        await task.waitClosed()
        check(link, *everything)
        link, task, _ = await linked()
        link.drop()
        check(link, *everything)
        link, task, _ = connecting()
        link.refuse()
        check(link, *everything)
        assert "was refused" in repr(link)

    run(main())


# The engine is the real one.


def test_the_limit_and_the_main_link() -> None:
    async def main() -> None:
        server = FakeServer()
        async with Wx(network=server) as app:
            heard = Events(app)
            links = [await opened(app, URL) for _ in range(5)]
            await refused(app, TOO_MANY, url=URL)
            await app.sendSocketMessage(data="x")
            assert [link.received for link in server.links] == [["x"], [], [], [], []]
            server.links[1].send("not main")
            server.links[0].send("main")
            await links[1][1].wait("message")
            await heard.wait("message")
            assert heard.messages == ["main"]

    run(main())


def test_reading_pauses_while_the_consumer_is_slow() -> None:
    async def main() -> None:
        server = FakeServer()
        count = 0
        async with Wx(network=server).connectSocket(url=URL) as task:
            link = server.links[0]
            for number in range(1000):
                link.send(str(number))
            link.close()
            await ticks()
            assert task.readyState == 1
            async for message in task:
                assert message == str(count)
                count += 1
                assert task.readyState == 1 or count > 900
        assert count == 1000

    run(main())


def test_plain_code() -> None:
    server = FakeServer()
    app = Wx(network=server)
    seen: list[str] = []
    task = app.connectSocket(url=URL)
    task.onOpen(lambda res: seen.append("open"))
    task.onMessage(lambda res: seen.append(str(res.data)))
    task.onClose(lambda res: seen.append(str(res.code)))
    server.links[0].send("hello")
    assert seen == []
    with pytest.raises(TimeoutError):
        app.run(timeout=0.01)
    assert seen == ["open", "hello"]
    server.links[0].close(4000)
    app.run()
    assert seen == ["open", "hello", "4000"]

    with app.connectSocket(url=URL) as task:
        link = server.links[1]
        assert task.send(data="x").result().errMsg == SEND_OK
        assert link.received == ["x"]
        link.send("y")
        link.close()
        assert list(task) == ["y"]
    assert task.waitClosed().result().code == 1000
    app.close()


def test_a_listener_that_ends_the_program() -> None:
    server = FakeServer()
    app = Wx(network=server)
    codes: list[int] = []
    task = app.connectSocket(url=URL)
    server.links[0].send("x")
    server.links[0].send("y")

    @task.onMessage
    def leave(res: object) -> None:
        raise SystemExit(3)

    task.onClose(lambda res: codes.append(res.code))
    with pytest.raises(SystemExit):
        app.run(timeout=10)
    assert codes == [1000]
    assert server.links[0].closedWith == (1000, "")


def test_the_loop_ends() -> None:
    server = FakeServer(accept=False)
    app = Wx(network=server)

    async def leave() -> None:
        for _ in range(3):
            app.connectSocket(url=URL)
        await ticks()
        server.links[0].accept()
        await ticks()
        assert server.links[0].isOpen

    asyncio.run(leave())
    assert [link.isOpen for link in server.links] == [False] * 3
    with pytest.raises(RuntimeError):
        server.links[1].accept()

    async def again() -> None:
        task = app.connectSocket(url=URL)
        server.links[3].accept()
        async with task:
            task.send(data="x")
        assert [await server.nextLink() for _ in range(4)] == server.links
        assert await server.links[3].nextMessage() == "x"

    run(again())


def test_a_loop_that_is_closed_without_its_end() -> None:
    server = FakeServer()
    loop = asyncio.new_event_loop()
    app = Wx(network=server)

    async def leave() -> None:
        await opened(app, URL)

    loop.run_until_complete(leave())
    loop.close()
    assert not server.links[0].isOpen
    server.links[0].drop()
    gc.collect()


def test_a_server_used_from_another_thread() -> None:
    async def main() -> None:
        link, task, events = await linked()

        def work() -> None:
            for number in range(100):
                link.send(str(number))

        await asyncio.to_thread(work)
        await events.wait("message", 100)
        assert events.messages == [str(n) for n in range(100)]
        await asyncio.to_thread(lambda: task.send(data="x").result(10))
        assert await link.nextMessage() == "x"
        await task.close()

    run(main())


def test_a_thousand_links_leave_nothing_behind() -> None:
    async def main() -> None:
        server = FakeServer()
        async with Wx(network=server) as app:
            for _ in range(1000):
                async with app.connectSocket(url=URL) as task:
                    task.send(data="x")
            assert all(link.closedWith == (1000, "") for link in server.links)
            await until(lambda: len(asyncio.all_tasks()) == 1)

    run(main())
