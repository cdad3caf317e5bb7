"""``async with`` and ``async for``: waiting until open, buffering, pausing."""

from __future__ import annotations

import asyncio
import contextlib
import gc

import pytest

from servers.echo import EchoServer
from servers.harness import Events, run, until
from wxsocket import (
    Wx,
    WxError,
)

pytestmark = pytest.mark.usefixtures("each_loop")

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


@pytest.mark.needs_sockets
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
            await echo.stuck()
            waiting = echo.waiting()
            await asyncio.sleep(0.3)
            assert echo.waiting() == waiting
            received = 0
            async for message in task:
                assert message == bytes([received]) * size
                received += 1
                if received == count:
                    break

    run(main())


def test_link_with_listeners_neither_buffers_nor_pauses(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            events = Events(task)
            for n in range(100):
                await task.send(data=str(n))
            await until(lambda: events.count("message") == 100)
            await task.send(data="afterwards")
            async for message in task:
                assert message == "afterwards", "what was heard was buffered as well"
                break

    run(main())


def test_listener_added_later_lets_a_paused_link_go_on(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx() as app, app.connectSocket(url=echo.url) as task:
            await echo.client()
            for number in range(80):
                echo.push_soon(bytes([number]) * 2**18)
            await echo.stuck()
            heard: list[str | bytes] = []
            app.onSocketMessage(lambda res: heard.append(res.data))
            await until(lambda: bool(heard) and heard[-1] == bytes([79]) * 2**18)
            app.onSocketMessage(lambda res: None)
            echo.close()
            buffered = [message async for message in task]
            assert buffered
            assert [*buffered, *heard] == [bytes([number]) * 2**18 for number in range(80)]

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
            await task.send(data="z")
            async for message in task:
                assert message == "z", "what was heard was buffered as well"
                break

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
            for _ in range(80):
                echo.push_soon(bytes(2**18))
            await echo.stuck()
            task.close(code=1000)
            await until(lambda: task.readyState == 3)
            assert events.kinds[-1] == "close"
            assert events.count("error") == 0
            del iterator

    run(main())
