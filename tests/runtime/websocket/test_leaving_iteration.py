"""What was paused for a slow consumer goes on when the consumer leaves."""

from __future__ import annotations

import asyncio

import pytest

from servers import EchoServer
from servers.harness import opened, run, shut
from wxruntime.websocket.receive_buffer import HIGH, ReceiveBuffer
from wxsocket import Wx

pytestmark = pytest.mark.usefixtures("each_loop")


def test_leaving_an_iteration_resumes_reading_for_the_listeners(echo: EchoServer) -> None:
    count = HIGH * 20

    async def main() -> None:
        task, events = await opened(Wx(), echo.url)
        messages = aiter(task)
        await task.send(data=f"!burst {count}")
        assert await anext(messages) == "0"
        await asyncio.sleep(0.1)
        assert len(events.messages) < count  # paused, for a consumer that takes no more
        del messages
        await events.wait("message", count)
        assert events.messages == [str(number) for number in range(count)]
        await shut((task, events))

    run(main())


def test_one_of_two_iterations_that_ends_leaves_the_other_its_messages(echo: EchoServer) -> None:
    async def main() -> None:
        task, events = await opened(Wx(), echo.url)
        first, second = aiter(task), aiter(task)
        await task.send(data="!burst 3")
        assert await anext(first) == "0"
        del first
        assert [await anext(second), await anext(second)] == ["1", "2"]
        await shut((task, events))

    run(main())


def test_the_buffer_says_that_its_consumer_has_left() -> None:
    async def main() -> None:
        changes: list[bool] = []
        buffer = ReceiveBuffer(lambda: changes.append(buffer.is_consumed))
        messages = buffer.iterate()
        changes.clear()
        del messages
        assert changes == [False]

    run(main())
