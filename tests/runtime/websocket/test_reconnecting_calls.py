"""`ReconnectingSocket` as the contract has it: attempts, queue, close, retry, blocks, where it lives."""

from __future__ import annotations

import _thread
import asyncio
import gc
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from servers.echo import EchoServer
from servers.fixtures import Start
from servers.harness import (
    ABNORMAL,
    Calls,
    Events,
    failure,
    opened,
    run,
    ticks,
    until,
    untyped,
)
from servers.scripted import ScriptedServer
from servers.scripts import stay
from wxsocket import (
    Backoff,
    ConnectSocketOption,
    Heartbeat,
    OnSocketCloseListenerResult,
    ReconnectingSocket,
    SocketTask,
    Wx,
    WxError,
)

pytestmark = pytest.mark.usefixtures("each_loop")

SOON = Backoff(initial=0.001, maximum=0.01)
NEVER = Backoff(initial=1000, maximum=1000)
NOWHERE = ConnectSocketOption(url="ws://127.0.0.1:1/")
FULL = "sendSocketMessage:fail queue is full"
NOT_CONNECTED = "sendSocketMessage:fail WebSocket is not connected"
GONE = "closeSocket:fail taskID not exist"


def to(server: EchoServer | ScriptedServer, app: Wx, **more: Any) -> ReconnectingSocket:
    return ReconnectingSocket(app, ConnectSocketOption(url=server.url), **{"backoff": SOON, **more})


@contextmanager
def problems() -> Iterator[list[dict[str, Any]]]:
    """What reaches the exception handler of the running loop."""
    found: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, problem: found.append(problem))
    yield found


# Attempts.


def test_constructor_makes_the_first_attempt(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            socket = to(echo, app)
            assert isinstance(socket, SocketTask)
            assert (socket.attempts, socket.readyState) == (1, 0)
            assert socket.url == echo.url
            assert repr(app) == "<Wx 1 link>"
            assert repr(socket) == f"<ReconnectingSocket {echo.url} connecting>"
            async with socket:
                assert (socket.attempts, socket.readyState) == (1, 1)
            assert socket.readyState == 3
            assert (socket.closeCode, socket.closeReason) == (1000, "")

    run(main())


def test_attempts_beyond_the_limit_are_tried_again(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            links = [await opened(app, echo.url) for _ in range(5)]
            socket = to(echo, app)
            events = Events(socket)
            assert events.log == []
            await events.wait("close", 3)
            assert events.log[:6] == [("error",), ABNORMAL] * 3
            assert set(events.errors) == {"connectSocket:fail exceed max task count"}
            assert socket.readyState == 0
            links[0][0].close()
            await events.wait("open")
            assert socket.closeCode == 1006

    run(main())


def test_attempt_with_refused_arguments_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with Wx() as app:
            socket = ReconnectingSocket(app, ConnectSocketOption(url="test.php"), backoff=SOON)
            events = Events(socket)
            queued = socket.send(data="x")
            assert events.log == []
            assert (await socket.waitClosed()).code == 1006
            assert events.log == [("error",), ABNORMAL]
            assert events.errors == ['connectSocket:fail invalid url "test.php"']
            assert await failure(queued) == NOT_CONNECTED
            assert socket.attempts == 1
            assert socket.readyState == 3
            with pytest.raises(WxError, match="could not be opened"):
                async with ReconnectingSocket(app, NOWHERE, retry=lambda res: False):
                    pytest.fail("the block was entered")
            with pytest.raises(WxError, match='^connectSocket:fail invalid url "x"$'):
                async with ReconnectingSocket(app, ConnectSocketOption(url="x")):
                    pytest.fail("the block was entered")

    run(main())
    gc.collect()
    assert [record for record in caplog.records if record.name == "wxsocket"] == []


def test_options_made_for_each_attempt(echo: EchoServer) -> None:
    async def main() -> None:
        tokens = iter("abc")

        def plain() -> ConnectSocketOption:
            return ConnectSocketOption(url=f"{echo.url}{next(tokens)}")

        async def slow() -> ConnectSocketOption:
            await asyncio.sleep(0.001)
            return plain()

        async with Wx() as app:
            async with ReconnectingSocket(app, plain, backoff=SOON) as socket:
                await socket.send(data="!drop")
                await until(lambda: socket.attempts == 2 and socket.readyState == 1)
                assert socket.url == f"{echo.url}b"
            async with ReconnectingSocket(app, slow, backoff=SOON) as socket:
                assert socket.attempts == 1
        assert [client.path for client in echo.clients] == ["/a", "/b", "/c"]

    run(main())


def test_option_functions_that_fail(echo: EchoServer) -> None:
    async def main() -> None:
        turns: list[str] = []

        async def make() -> ConnectSocketOption:
            turns.append("turn")
            if len(turns) < 3:
                raise LookupError("no token")
            return ConnectSocketOption(url=echo.url)

        def plain() -> ConnectSocketOption:
            turns.append("turn")
            if len(turns) < 6:
                raise ArithmeticError
            if len(turns) == 6:
                return untyped("not an option")  # type: ignore[no-any-return]
            return ConnectSocketOption(url=echo.url)

        with problems() as found:
            async with Wx() as app:
                for function in (make, plain):
                    found.clear()
                    socket = ReconnectingSocket(app, function, backoff=SOON)
                    events = Events(socket)
                    await events.wait("open")
                    assert events.log == [("open",)], "without events"
                    assert socket.attempts in (3, 4)
                    assert all(problem["callback"] is function for problem in found)
                kinds = [type(problem["exception"]) for problem in found]
                assert kinds == [ArithmeticError, ArithmeticError, TypeError]

    run(main())


def test_callbacks_of_the_option_are_run_for_each_attempt(echo: EchoServer) -> None:
    async def main() -> None:
        calls = Calls()
        async with Wx() as app:
            option = ConnectSocketOption(url=echo.url, **calls.options)
            async with ReconnectingSocket(app, option, backoff=SOON) as socket:
                await socket.send(data="!drop")
                await until(lambda: socket.attempts == 2)
        assert calls.kinds == ["success", "complete"] * 2

    run(main())


# The queue.


def test_messages_wait_for_a_link_and_keep_their_order(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            socket = to(echo, app, queue=3)
            log: list[str] = []
            calls = Calls()
            data = bytearray(b"two")

            def one_more(res: object) -> None:
                log.append("one")
                socket.send(data="later", success=lambda res: log.append("later"))

            socket.onOpen(lambda res: log.append("open"))
            first = socket.send(data="one", success=one_more)
            socket.send(data=data, success=lambda res: log.append("two"))
            data[:] = b"xxx"  # it was read at the call
            socket.send(data="three", success=lambda res: log.append("three"))
            socket.send(data="four", **calls.options)
            calls.check("fail", FULL)
            assert await failure(socket.send(data="five")) == FULL
            wrong = socket.send(data=5)  # type: ignore[call-overload]
            assert await failure(wrong) == "sendSocketMessage:fail unknown data"
            assert not first.done()
            assert (await first).errMsg == "sendSocketMessage:ok"
            assert log == ["one", "two", "three", "later", "open"]
            assert await echo.got(4) == ["one", b"two", "three", "later"]

    run(main())


def test_queue_of_nothing(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            socket = to(echo, app, queue=0)
            assert await failure(socket.send(data="x")) == FULL
            async with socket:
                await socket.send(data="x")

    run(main())


# The end.


def test_close_fails_the_queue_and_what_is_sent_later() -> None:
    async def main() -> None:
        async with Wx() as app:
            socket = ReconnectingSocket(app, NOWHERE, backoff=NEVER)
            events = Events(socket)
            await events.wait("close")
            await ticks()
            assert socket.readyState == 0, "it waits"
            waiting, closing = Calls(), Calls()
            queued = socket.send(data="x", **waiting.options)
            refused = socket.close(code=1001)
            assert "The code must be" in await failure(refused)
            assert not waiting.log
            await socket.close(**closing.options)
            closing.check("ok", "closeSocket:ok")
            waiting.check("fail", NOT_CONNECTED)
            assert await failure(queued) == NOT_CONNECTED
            assert await failure(socket.send(data="y")) == NOT_CONNECTED
            assert await failure(socket.close(code=1001)) == GONE
            assert socket.readyState == 3
            assert (await socket.waitClosed()).code == 1006
            await ticks()
            assert events.log == [("error",), ABNORMAL], "no link was there"
            assert socket.attempts == 1

    run(main())


def test_close_while_connecting(start: Start) -> None:
    server = start(ScriptedServer(stay))

    async def main() -> None:
        async with Wx() as app:
            socket = to(server, app)
            events = Events(socket)
            await server.peer()
            await socket.close(code=3001)
            assert socket.readyState == 2
            assert events.log == []
            assert (await socket.waitClosed()).code == 1006
            assert events.log == [("error",), ABNORMAL]

    run(main())


def test_close_while_options_are_made() -> None:
    async def main() -> None:
        cancelled: list[bool] = []

        async def forever() -> ConnectSocketOption:
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                cancelled.append(True)
                raise
            return NOWHERE

        async with Wx() as app:
            socket = ReconnectingSocket(app, forever)
            events = Events(socket)
            await ticks()
            assert socket.url == ""
            assert repr(socket) == "<ReconnectingSocket connecting>"
            await socket.close()
            assert socket.readyState == 3
            assert (await socket.waitClosed()).reason == "abnormal closure"
            await ticks()
            assert cancelled == [True]
            assert events.log == []

    run(main())


def test_close_within_what_it_calls(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            sockets: list[ReconnectingSocket] = []

            def accepted(res: object) -> None:
                if sockets and sockets[0].attempts == 2:
                    sockets[0].close(code=1000)

            option = ConnectSocketOption(url=echo.url, success=accepted)
            sockets.append(ReconnectingSocket(app, option, backoff=SOON))
            events = Events(sockets[0])
            sockets[0].send(data="!drop")
            await sockets[0].waitClosed()
            assert events.kinds == ["open", "error", "close", "error", "close"]

            async def make() -> ConnectSocketOption:
                await asyncio.sleep(0)
                sockets[1].close()
                await asyncio.sleep(0)
                return NOWHERE

            sockets.append(ReconnectingSocket(app, make))
            await sockets[1].waitClosed()

            def retry(res: object) -> bool:
                sockets[2].close()
                return True

            sockets.append(ReconnectingSocket(app, NOWHERE, backoff=SOON, retry=retry))
            await sockets[2].waitClosed()
            for event in ("onOpen", "onMessage", "onClose"):
                socket = to(echo, app)
                heard = Events(socket)
                getattr(socket, event)(lambda res, socket=socket: socket.close(code=1000))
                socket.send(data="x" if event == "onMessage" else "!close 1000 bye")
                await socket.waitClosed()
                assert socket.attempts == 1
                assert heard.count("close") == 1

    run(main())


def test_retry_is_asked_after_each_link(echo: EchoServer) -> None:
    async def main() -> None:
        asked: list[OnSocketCloseListenerResult] = []

        def retry(res: OnSocketCloseListenerResult) -> bool | None:
            asked.append(res)
            if len(asked) == 2:
                raise LookupError  # reported, and no answer
            return False if res.code == 4000 else None

        with problems() as found:
            async with Wx() as app:
                socket = to(echo, app, retry=retry)
                events = Events(socket)
                for text in ("!drop", "!drop", "!close 4000 enough"):
                    count = events.count("close")
                    await socket.send(data=text)
                    await events.wait("close", count + 1)
                assert (await socket.waitClosed()).code == 4000
                assert [res.code for res in asked] == [1006, 1006, 4000]
                assert (socket.closeCode, socket.closeReason) == (4000, "enough")
                assert repr(socket) == f"<ReconnectingSocket {echo.url} closed 4000>"
                assert await failure(socket.send(data="x")) == NOT_CONNECTED
                assert await failure(socket.close()) == GONE
        assert [type(problem["exception"]) for problem in found] == [LookupError]

    run(main())


def test_listeners_stay_and_hear_every_link(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            wx_events = Events(app)
            socket = to(echo, app)
            events = Events(socket)
            for number in range(3):
                await socket.send(data=f"{number}")
                await events.wait("message", number + 1)
                await socket.send(data="!close 1000 bye")
                await events.wait("close", number + 1)
            await socket.close()
            await socket.waitClosed()
            link = [("open",), ("close", 1000, "bye")]
            heard = [[link[0], ("message", f"{number}"), link[1]] for number in range(3)]
            assert events.log[:9] == [event for each in heard for event in each]
            assert wx_events.log[:9] == events.log[:9], "its links are links like any other"

    run(main())


# Blocks and iteration.


def test_iteration_goes_on_across_links(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app, to(echo, app) as socket:
            received: list[str | bytes] = []
            await socket.send(data="!burst 100")
            async for message in socket:
                received.append(message)
                if len(received) == 100:
                    await socket.send(data="!drop")
                    await until(lambda: socket.attempts == 2)
                    await socket.send(data="!burst 200")
                if len(received) == 300:
                    break
            assert received == [*map(str, range(100)), *map(str, range(200))]
            await socket.send(data="one")
            assert await socket.receive() == "one"
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.receive(), 0.01)
            await socket.send(data="two")
            assert await socket.receive() == "two"
            await socket.close(code=1000)
            with pytest.raises(WxError, match="^receive:fail WebSocket is not connected$"):
                await socket.receive()
            async for _ in socket:
                pytest.fail("there is nothing more")

    run(main())


def test_slow_consumer_pauses_each_link(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app, to(echo, app) as socket:
            big = 2**18
            for number in range(2):
                await echo.client(number)
                for _ in range(100):
                    echo.push_soon(bytes(big))
                await echo.stuck()
                taken = 0
                async for message in socket:
                    taken += 1
                    assert message == bytes(big)
                    if taken == 100:
                        break
                attempts = socket.attempts
                await socket.send(data="!drop")
                await until(lambda seen=attempts: socket.attempts > seen)  # type: ignore[misc]
                await socket.send(data="x")
                assert await socket.receive() == "x"

    run(main())


def test_unread_messages_do_not_stop_listeners(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            socket = to(echo, app)
            async with socket:
                events = Events(socket)
                await socket.send(data="!burst 1000")
                await events.wait("message", 1000)

    run(main())


def test_block_waits_for_the_first_open_link(start: Start, echo: EchoServer) -> None:
    async def main() -> None:
        turns: list[None] = []

        def make() -> ConnectSocketOption:
            turns.append(None)
            return NOWHERE if len(turns) < 4 else ConnectSocketOption(url=echo.url)

        async with Wx() as app:
            async with ReconnectingSocket(app, make, backoff=SOON) as socket:
                assert socket.attempts == 4
                assert socket.readyState == 1
            assert socket.readyState == 3
            with pytest.raises(WxError, match="has been closed$"):
                async with socket:
                    pytest.fail("the block was entered")
            waiting = ReconnectingSocket(app, NOWHERE, backoff=SOON)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05), waiting:
                    pytest.fail("the block was entered")
            assert (await waiting.waitClosed()).code == 1006

    run(main())


# Where it lives.


def test_end_of_the_block_ends_it(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            sockets = [
                to(echo, app),
                ReconnectingSocket(app, NOWHERE, backoff=NEVER),
                ReconnectingSocket(app, NOWHERE, backoff=Backoff(initial=0)),
                to(echo, app),
            ]
            await until(lambda: sockets[0].readyState == sockets[3].readyState == 1)
            sockets[0].onClose(lambda res: sockets.append(to(echo, app)))
        assert [socket.readyState for socket in sockets] == [3] * 5
        assert sockets[3].closeCode == 1000

    run(main())


def test_end_of_the_loop_ends_it(echo: EchoServer) -> None:
    app = Wx()

    async def main() -> tuple[ReconnectingSocket, Calls, Events]:
        async def forever() -> ConnectSocketOption:
            await asyncio.sleep(1000)
            return NOWHERE

        ReconnectingSocket(app, forever)
        ReconnectingSocket(app, NOWHERE, backoff=Backoff(initial=0))
        socket, calls = to(echo, app), Calls()
        events = Events(socket)
        await events.wait("open")
        ReconnectingSocket(app, NOWHERE, backoff=NEVER).send(data="x", **calls.options)
        return socket, calls, events

    socket, calls, events = asyncio.run(main())
    assert socket.readyState == 3
    assert events.log == [("open",)]
    calls.check("fail", NOT_CONNECTED)
    assert app._engine.persistent == set()


def test_plain_code(echo: EchoServer) -> None:
    app = Wx()
    with to(echo, app) as socket:
        assert socket.send(data="!burst 3").result().errMsg == "sendSocketMessage:ok"
        received = []
        for message in socket:
            received.append(message)
            if message == "2":
                socket.onOpen(lambda res: socket.send(data="after"))
                socket.send(data="!drop")
            if message == "after":
                break
        assert received == ["0", "1", "2", "after"]
        assert socket.attempts == 2
    assert socket.readyState == 3
    assert socket.waitClosed().result().code == 1000


def test_it_keeps_run_going(echo: EchoServer) -> None:
    app = Wx()
    socket = to(echo, app)
    events = Events(socket)
    socket.onOpen(lambda res: socket.send(data="!drop" if socket.attempts < 4 else "bye"))
    socket.onMessage(lambda res: socket.close(code=1000))
    app.run()
    assert events.count("open") == 4
    waiting = ReconnectingSocket(app, NOWHERE, backoff=NEVER)
    with pytest.raises(TimeoutError):
        app.run(timeout=0.2)
    assert waiting.readyState == 0
    app.close()
    assert waiting.readyState == 3


def test_ctrl_c_ends_it(echo: EchoServer) -> None:
    app = Wx()
    socket = to(echo, app)
    waiting = ReconnectingSocket(app, NOWHERE, backoff=NEVER)
    socket.onOpen(lambda res: _thread.interrupt_main())
    with pytest.raises(KeyboardInterrupt):
        app.run()
    assert socket.readyState == waiting.readyState == 3
    assert (socket.closeCode, waiting.closeCode) == (1000, 1006)
    assert app._engine.persistent == set()


def test_calls_from_another_thread(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            async with to(echo, app) as socket:
                events = Events(socket)

                def work() -> None:
                    calls = [socket.send(data=str(number)) for number in range(100)]
                    for call in calls:
                        assert call.result(20).errMsg == "sendSocketMessage:ok"

                await asyncio.to_thread(work)
                await events.wait("message", 100)
                assert events.messages == [str(number) for number in range(100)]
            made = await asyncio.to_thread(to, echo, app)
            async with made:
                assert made.attempts == 1
            ended = await asyncio.to_thread(
                lambda: ReconnectingSocket(app, NOWHERE).close().result(20)
            )
            assert ended.errMsg == "closeSocket:ok"
            assert threading.active_count() >= 1

    run(main())


def test_it_is_collected_once_it_has_ended(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app:
            socket = to(echo, app, heartbeat=Heartbeat(10, "ping"))
            async with socket:
                pass
            kind = type(socket._link)
            assert any(type(each) is kind for each in gc.get_objects())
            del socket
            await ticks()
            gc.collect()
            assert not any(type(each) is kind for each in gc.get_objects())

    run(main())


def test_one_link_at_a_time_below_1_5_0(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx(sdk_version="1.4.0") as app:
            socket = to(echo, app)
            events = Events(socket)
            await events.wait("open")
            task = app.connectSocket(url=echo.url)  # takes its place, which it takes back
            await events.wait("open", 2)
            await task.waitClosed()

    run(main())


def test_its_links_are_never_unheard(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with Wx() as app:
            socket = ReconnectingSocket(app, NOWHERE, backoff=SOON)
            await until(lambda: socket.attempts >= 3)

    with caplog.at_level(logging.WARNING):
        run(main())
    assert caplog.records == []


# Arguments.


def test_arguments_of_wrong_types() -> None:
    app = Wx()
    make: Any = ReconnectingSocket
    cases: list[tuple[tuple[Any, Any, dict[str, Any]], str]] = [
        ((object(), NOWHERE, {}), "^wx is a Wx, not object$"),
        ((app, {"url": "ws://x/"}, {}), "^option is a ConnectSocketOption or a function, not dict"),
        ((app, NOWHERE, {"backoff": 1}), "^backoff is a Backoff, not int$"),
        ((app, NOWHERE, {"heartbeat": 1}), "^heartbeat is a Heartbeat, not int$"),
        ((app, NOWHERE, {"queue": "x"}), "^queue is a number of messages, not str$"),
        ((app, NOWHERE, {"retry": 1}), "^retry is a function, not int$"),
    ]
    for arguments, match in cases:
        wx, option, more = arguments
        with pytest.raises(TypeError, match=match):
            make(wx, option, **more)
    with pytest.raises(ValueError, match="^queue is a number of messages, not -1$"):
        make(app, NOWHERE, queue=-1)
    for wrong in [(1, 5), (1, "x", 5)]:
        with pytest.raises(TypeError, match="is a"):
            Heartbeat(*wrong)  # type: ignore[arg-type]
    for times in [(0, "x"), ("1", "x"), (1, "x", None, -1)]:
        with pytest.raises(ValueError, match="is a positive number of seconds"):
            Heartbeat(*times)  # type: ignore[arg-type]


def test_a_fake_of_the_call_is_used(echo: EchoServer) -> None:
    class Counting(Wx):
        calls = 0

        def _connectSocket(self, option: ConnectSocketOption) -> SocketTask:
            self.calls += 1
            return super()._connectSocket(option)

    async def main() -> None:
        async with Counting() as app, to(echo, app) as socket:
            await socket.send(data="!drop")
            await until(lambda: socket.attempts == 2)
            assert app.calls == 2

    run(main())
