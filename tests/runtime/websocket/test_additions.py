"""What the bindings add for Python: states, ``async with``, ``async for``, awaitables, decorators."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from typing import Any

import pytest

from servers.echo import EchoServer
from servers.harness import ABNORMAL, Events, run, ticks, until
from wxsocket import (
    Call,
    ConnectSocketOption,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
    SocketTask,
    SocketTaskSendOption,
    Wx,
    WxError,
    wx,
)

# async with.


def test_block_waits_until_open_and_closes_with_1000(echo: EchoServer) -> None:
    async def main() -> None:
        task = Wx().connectSocket(url=echo.url)
        assert task.readyState == 0
        events = Events(task)
        async with task as same:
            assert same is task
            assert task.readyState == 1
        assert task.readyState == 3
        assert events.kinds == ["open", "close"]
        assert (await echo.ended()).closed == (1000, "")

    run(main())


@pytest.mark.parametrize("url", ["test.php", "ws://127.0.0.1:1/"])
def test_block_raises_when_the_link_does_not_open(url: str) -> None:
    async def main() -> None:
        task = Wx().connectSocket(url=url)
        with pytest.raises(WxError, match="^connectSocket:fail ") as caught:
            async with task:
                pytest.fail("the block was entered")
        assert caught.value.errMsg == str(caught.value)
        assert task.readyState == 3

    run(main())


def test_block_raises_when_the_link_is_closed_meanwhile(echo: EchoServer) -> None:
    async def main() -> None:
        task = Wx().connectSocket(url=echo.url)
        events = Events(task)
        asyncio.get_running_loop().call_soon(task.close)
        with pytest.raises(WxError):
            async with task:
                pytest.fail("the block was entered")
        assert events.kinds == ["error", "close"]

    run(main())


def test_block_that_is_cancelled_before_it_opens_closes_the_link(echo: EchoServer) -> None:
    async def main() -> None:
        task = Wx().connectSocket(url=echo.url)
        events = Events(task)

        async def enter() -> None:
            async with task:
                pytest.fail("the block was entered")

        entering = asyncio.create_task(enter())
        await asyncio.sleep(0)
        entering.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await entering
        await until(lambda: bool(events.count("close")))
        assert events.kinds == ["error", "close"]

    run(main())


def test_block_of_a_link_that_has_closed_already_is_not_entered(echo: EchoServer) -> None:
    async def main() -> None:
        task = Wx().connectSocket(url=echo.url)
        async with task:
            pass
        with pytest.raises(WxError, match="^connectSocket:fail the link has been closed$"):
            async with task:
                pytest.fail("the block was entered")

    run(main())


def test_block_ends_also_when_the_server_has_closed(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            events = Events(task)
            await echo.client()
            echo.close(4000, "go")
            await until(lambda: task.readyState == 3)
        assert events.kinds == ["close"]

    run(main())


# async for.


def test_iteration_yields_text_and_bytes_in_order_and_ends(echo: EchoServer) -> None:
    async def main() -> None:
        messages: list[str | bytes] = []
        async with Wx().connectSocket(url=echo.url) as task:
            sent: list[str | bytes] = ["a", b"b", "", b"", "é" * 1000]
            for message in sent:
                await task.send(data=message)
            async for message in task:
                messages.append(message)
                if len(messages) == len(sent):
                    task.close(code=1000)
        assert messages == sent

    run(main())


def test_messages_before_the_iteration_are_buffered_from_the_block_on(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            await echo.client()
            echo.push_soon("early")
            await asyncio.sleep(0.05)
            async for message in task:
                assert message == "early"
                break

    run(main())


def test_iteration_goes_on_where_it_broke_off(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            for n in range(100):
                await task.send(data=str(n))
            received: list[str | bytes] = []
            while len(received) < 100:
                async for message in task:
                    received.append(message)
                    if len(received) % 7 == 0 or len(received) == 100:
                        break
            assert received == [str(n) for n in range(100)]

    run(main())


def test_what_was_buffered_is_yielded_after_the_close(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            closed: list[int] = []
            task.onClose(lambda res: closed.append(res.code))
            await echo.client()
            for n in range(5):
                echo.push(str(n))
            echo.close(1000, "")
            await until(lambda: closed == [1000])
            assert [message async for message in task] == ["0", "1", "2", "3", "4"]
            assert [message async for message in task] == []

    run(main())


def test_reading_pauses_while_the_consumer_is_slow(echo: EchoServer) -> None:
    async def main() -> None:
        size, count = 2**20, 48
        async with Wx().connectSocket(url=echo.url) as task:
            await echo.client()
            for n in range(count):
                echo.push_soon(bytes([n]) * size)
            # As many as fit between the two ends get through; the rest waits on the server's side.
            await asyncio.sleep(0.3)
            waiting = len(inbox(task))
            assert waiting < count
            await asyncio.sleep(0.3)
            assert len(inbox(task)) == waiting
            received = 0
            async for message in task:
                assert message == bytes([received]) * size
                received += 1
                if received == count:
                    break

    run(main())


def inbox(task: SocketTask) -> Any:
    """The messages that wait in a link, found without help from the package's public side."""
    return task._inbox._waiting  # type: ignore[attr-defined]


def test_link_with_listeners_neither_buffers_nor_pauses(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            events = Events(task)
            for n in range(100):
                await task.send(data=str(n))
            await until(lambda: events.count("message") == 100)
            assert len(inbox(task)) == 0

    run(main())


def test_listener_added_later_lets_a_paused_link_go_on(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app, app.connectSocket(url=echo.url) as task:
            await echo.client()
            for _ in range(40):
                echo.push_soon(bytes(2**18))
            await until(lambda: len(inbox(task)) > 4)
            waiting = len(inbox(task))
            heard: list[int] = []
            app.onSocketMessage(lambda res: heard.append(len(res.data)))
            await until(lambda: len(heard) == 40 - waiting)

    run(main())


def test_iterated_link_with_listeners_feeds_both(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            events = Events(task)
            await task.send(data="x")
            async for message in task:
                assert message == "x"
                break
            assert events.messages == ["x"]
            # No longer iterated, and listened to: nothing is buffered any more.
            gc.collect()
            await task.send(data="y")
            await until(lambda: events.count("message") == 2)
            assert len(inbox(task)) == 0

    run(main())


def test_iteration_without_a_block_begins_with_itself(echo: EchoServer) -> None:
    async def main() -> None:
        task = Wx().connectSocket(url=echo.url)
        task.onOpen(lambda res: task.send(data="x"))
        async for message in task:
            assert message == "x"
            task.close(code=1000)
        assert task.readyState == 3

    run(main())


def test_iteration_of_a_refused_link_ends_at_once() -> None:
    async def main() -> None:
        task = Wx().connectSocket(url="test.php", fail=lambda res: None)
        assert [message async for message in task] == []

    run(main())


def test_local_close_of_a_paused_link_completes(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            events = Events(task)  # registers listeners, so drop the message one by iterating
            iterator = aiter(task)
            await echo.client()
            for _ in range(60):
                echo.push_soon(bytes(2**18))
            await until(lambda: len(inbox(task)) > 4)
            task.close(code=1000)
            await until(lambda: task.readyState == 3)
            assert events.kinds[-1] == "close"
            assert events.count("error") == 0
            del iterator

    run(main())


# Awaitables.


def test_awaited_calls(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            sent = task.send(data="x")
            assert isinstance(sent, Call)
            assert (await sent).errMsg == "sendSocketMessage:ok"
            assert (await sent).errMsg == sent.result().errMsg  # as often as one likes
            assert (await task.close(code=1000)).errMsg == "closeSocket:ok"
            again = task.close()
            for _ in range(2):
                with pytest.raises(WxError, match="^closeSocket:fail taskID not exist$"):
                    await again

    run(main())


def test_awaited_send_waits_for_room_in_the_buffer_and_success_does_not(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx(max_message_size=2**26).connectSocket(url=echo.url) as task:
            steps: list[str] = []
            call = task.send(data=bytes(2**25), success=lambda res: steps.append("success"))
            assert steps == ["success"]
            assert not call.done()
            with pytest.raises(TimeoutError):  # who gives up waiting harms nothing
                await asyncio.wait_for(call, 0.0001)
            await call
            async for message in task:
                assert message == bytes(2**25)
                break

    run(main())


def test_pending_sends_are_settled_when_the_link_ends(echo: EchoServer) -> None:
    async def main() -> None:
        task = Wx().connectSocket(url=echo.url)
        async with task:
            calls = [task.send(data=bytes(2**24)) for _ in range(4)]
        await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 30)

    run(main())


# Listeners.


def test_listeners_are_decorators(echo: EchoServer) -> None:
    def plain(res: OnSocketOpenListenerResult) -> None: ...

    async def slow(res: OnSocketMessageListenerResult) -> None: ...

    async def main() -> None:
        app = Wx()
        task = app.connectSocket(url=echo.url)
        assert task.onOpen(plain) is plain
        assert app.onSocketOpen(plain) is plain
        assert task.onMessage(slow) is slow
        assert app.onSocketMessage(slow) is slow
        async with task:
            pass
        assert task.onOpen(plain) is plain  # also when nothing will follow

    run(main())


def test_coroutine_listeners_run_as_tasks_and_report_their_exceptions(echo: EchoServer) -> None:
    async def main() -> None:
        problems: list[dict[str, Any]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: problems.append(context))
        async with Wx().connectSocket(url=echo.url) as task:
            done: list[str | bytes] = []

            @task.onMessage
            async def work(res: OnSocketMessageListenerResult) -> None:
                await asyncio.sleep(0)
                done.append(res.data)
                raise ValueError(res.data)

            await task.send(data="x")
            await task.send(data="y")
            await until(lambda: len(problems) == 2)
            assert done == ["x", "y"]
            assert [str(problem["exception"]) for problem in problems] == ["x", "y"]
            assert all(problem["exception"].__traceback__ for problem in problems)
            assert task.readyState == 1

    run(main())


def test_cancellation_that_a_coroutine_raises_by_itself_is_reported(echo: EchoServer) -> None:
    async def main() -> None:
        problems: list[dict[str, Any]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: problems.append(context))

        async def cancelled(res: object) -> None:
            raise asyncio.CancelledError

        async with Wx().connectSocket(url=echo.url, success=cancelled):
            await until(lambda: bool(problems))
        assert [type(problem["exception"]) for problem in problems] == [asyncio.CancelledError]

    run(main())


def test_listener_registered_by_an_error_hears_the_close() -> None:
    async def main() -> None:
        codes: list[int] = []
        task = Wx().connectSocket(url="ws://127.0.0.1:1")

        @task.onError
        def on_error(res: object) -> None:
            task.onClose(lambda res: codes.append(res.code))

        await until(lambda: bool(codes))
        assert codes == [1006]

    run(main())


def test_listener_that_is_none() -> None:
    wrong: Any = 5
    with pytest.raises(TypeError, match="a listener is a function, not int"):
        wx.onSocketOpen(wrong)

    async def main() -> None:
        task = Wx().connectSocket(url="ws://127.0.0.1:1")
        with pytest.raises(TypeError, match="a listener is a function, not int"):
            task.onClose(wrong)
        task.close()
        await until(lambda: task.readyState == 3)

    run(main())


# The two styles.


def test_styles_are_not_mixed() -> None:
    call: Any = wx.connectSocket
    with pytest.raises(TypeError, match="either a ConnectSocketOption or keywords, not both"):
        call(ConnectSocketOption(url="ws://a"), url="ws://b")
    with pytest.raises(TypeError, match="either a ConnectSocketOption or keywords, not both"):
        call(ConnectSocketOption(url="ws://a"), success=None)
    with pytest.raises(TypeError, match="expected a ConnectSocketOption or keywords, got str"):
        call("ws://a")
    with pytest.raises(TypeError, match="got SocketTaskSendOption"):
        call(SocketTaskSendOption(data="x"))
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'url'"):
        call()
    with pytest.raises(TypeError, match="unexpected keyword argument 'uri'"):
        call(url="ws://a", uri="ws://a")


def test_use_on_another_loop(echo: EchoServer) -> None:
    app = Wx()
    task = app.connectSocket(url=echo.url)

    async def elsewhere() -> None:
        with pytest.raises(RuntimeError, match="loop on which it lives"):
            async with task:
                pass
        with pytest.raises(RuntimeError, match="loop on which it lives"):
            aiter(task)

    asyncio.run(elsewhere())
    task.close()
    app.run()


@pytest.mark.parametrize("version", ["", "1", "1.5", "newest", "1.5.0.0", "1.5.x"])
def test_bad_version(version: str) -> None:
    with pytest.raises(ValueError, match="sdk_version"):
        Wx(sdk_version=version)


@pytest.mark.parametrize(
    "arguments",
    [
        {"sdk_version": None},
        {"max_message_size": 0},
        {"max_message_size": 1.5},
        {"ping_interval": 0},
        {"ping_interval": "20"},
        {"ping_timeout": None},
        {"close_timeout": -1},
        {"close_timeout": float("nan")},
        {"ssl": "yes"},
    ],
    ids=str,
)
def test_bad_setting(arguments: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError), match=next(iter(arguments))):
        Wx(**arguments)


def test_state_while_the_server_closes(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            states: list[int] = []
            task.onClose(lambda res: states.append(task.readyState))
            await echo.client()
            echo.close(1000, "")
            await until(lambda: bool(states))
            assert states == [3]
        await ticks()

    run(main())


def test_abnormal_is_what_the_contract_names() -> None:
    assert ABNORMAL == ("close", 1006, "abnormal closure")
