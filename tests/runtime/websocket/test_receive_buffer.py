"""Messages that wait for their consumer, and when reading pauses for them."""

from __future__ import annotations

import asyncio

from servers.harness import run
from wxruntime.websocket.receive_buffer import HIGH, HIGH_SIZE, LOW, ReceiveBuffer


def test_buffer_pauses_above_high_and_resumes_at_low() -> None:
    async def main() -> None:
        changes: list[bool] = []
        buffer = ReceiveBuffer(lambda: changes.append(buffer.is_full))
        for index in range(HIGH + 1):
            assert not buffer.is_full
            buffer.put(str(index))
        assert changes == [True]
        for index in range(HIGH + 1):
            assert buffer.is_full is (HIGH + 1 - index > LOW)
            assert await buffer.receive() == str(index)
        assert changes == [True, False]

    run(main())


def test_buffer_pauses_for_few_large_messages_too() -> None:
    async def main() -> None:
        buffer = ReceiveBuffer(lambda: None)
        full: list[bool] = []
        for _ in range(2):
            buffer.put(bytes(HIGH_SIZE * 3 // 4))
            full.append(buffer.is_full)
        for _ in range(2):
            await buffer.receive()
            full.append(buffer.is_full)
        assert full == [False, True, True, False]

    run(main())


def test_buffer_yields_everything_then_ends() -> None:
    async def main() -> None:
        buffer = ReceiveBuffer(lambda: None)
        buffer.put("a")
        buffer.put(b"b")
        buffer.end()
        assert [message async for message in buffer.iterate()] == ["a", b"b"]
        assert [message async for message in buffer.iterate()] == []

    run(main())


def test_buffer_knows_whether_it_is_consumed() -> None:
    async def main() -> None:
        buffer = ReceiveBuffer(lambda: None)
        buffer.put("a")
        iterated = [buffer.is_consumed]
        async for _ in buffer.iterate():
            iterated.append(buffer.is_consumed)
            break
        iterated.append(buffer.is_consumed)
        assert iterated == [False, True, False]

    run(main())


def test_cancelled_taker_loses_no_message() -> None:
    async def main() -> None:
        buffer = ReceiveBuffer(lambda: None)
        first = asyncio.create_task(buffer.receive())
        second = asyncio.create_task(buffer.receive())
        await asyncio.sleep(0)
        buffer.put("a")  # wakes the first, which is cancelled before it runs
        first.cancel()
        assert await second == "a"

    run(main())
