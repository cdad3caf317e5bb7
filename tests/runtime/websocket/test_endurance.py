"""Many links, many cycles, large messages: nothing is lost, and nothing grows."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import tracemalloc
from collections.abc import Iterator

import pytest

from servers.echo import EchoServer
from servers.harness import run, until
from wxsocket import Wx

pytestmark = pytest.mark.needs_sockets

SETTLED = 300  # after so many, everything that is made once is there
TRACED = 300
MORE = 500
AT_ONCE = 10  # mini programs, each with one link at a time


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no /proc to count descriptors in")
def test_thousands_of_cycles_of_connect_echo_close_do_not_grow(echo: EchoServer) -> None:
    async def cycle(app: Wx, number: int) -> None:
        async with app.connectSocket(url=echo.url) as task:
            await task.send(data=f"message {number}")
            assert await task.receive() == f"message {number}"

    async def worker(app: Wx, numbers: Iterator[int]) -> None:
        for number in numbers:  # shared: whoever is ready takes the next
            await cycle(app, number)

    async def cycles(apps: list[Wx], count: int) -> None:
        numbers = iter(range(count))
        await asyncio.gather(*(worker(app, numbers) for app in apps))
        await until(lambda: all(client.ended for client in echo.clients), "the server's ends")
        echo.clients.clear()

    async def left(settled: int | None) -> tuple[int, int, int]:
        """What there is while no link is."""
        await until(lambda: settled is None or descriptors() <= settled, "descriptors")
        gc.collect()
        modules = (str(type(thing).__module__) for thing in gc.get_objects())
        objects = sum(1 for name in modules if name.startswith(("wxsocket", "wxruntime")))
        return objects, len(asyncio.all_tasks()), descriptors()

    async def traced(apps: list[Wx]) -> int:
        """How many bytes are there after some cycles that were not before; tracing is slow."""
        tracemalloc.start()
        try:
            await cycles(apps, TRACED)
            gc.collect()
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

    async def main() -> None:
        apps = [Wx() for _ in range(AT_ONCE)]
        await cycles(apps, SETTLED)
        before = await left(None)
        growth = await traced(apps)
        await cycles(apps, MORE)
        growth_at_the_end = await traced(apps)
        assert await left(before[2]) == before
        # What a cycle left behind would be an object at least, and none is this small.
        assert growth < 100 * TRACED
        assert growth_at_the_end < 100 * TRACED
        assert len(apps) == AT_ONCE

    run(main(), timeout=110)


def test_500_links_of_100_apps_lose_nothing(echo: EchoServer) -> None:
    async def talk(app: Wx, name: str, rounds: int) -> list[str | bytes]:
        received: list[str | bytes] = []
        async with app.connectSocket(url=echo.url) as task:
            opened.append(name)
            await everyone.wait()
            for number in range(rounds):
                await task.send(data=f"{name}:{number}")
            async for message in task:
                received.append(message)
                if len(received) == rounds:
                    break
        return received

    opened: list[str] = []
    everyone = asyncio.Event()

    async def main() -> None:
        apps = [Wx() for _ in range(100)]
        names = [(app, f"{n}.{m}") for n, app in enumerate(apps) for m in range(5)]
        talks = [asyncio.create_task(talk(app, name, 10)) for app, name in names]
        await until(lambda: len(opened) == 500)  # all at the same time
        everyone.set()
        for (_, name), received in zip(names, await asyncio.gather(*talks), strict=True):
            assert received == [f"{name}:{number}" for number in range(10)]

    run(main(), timeout=110)


@pytest.mark.parametrize("kind", ["text", "binary"])
def test_16_mib_both_ways_intact(echo: EchoServer, kind: str) -> None:
    size = 16 * 2**20
    data: str | bytes = random.Random(1).randbytes(size)
    if kind == "text":
        data = "☃" * (size // 3) + "x" * (size % 3)
        assert len(data.encode()) == size

    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            await task.send(data=data)
            async for message in task:
                assert message == data
                break

    run(main())


def test_one_byte_more_than_16_mib_is_refused(echo: EchoServer) -> None:
    async def main() -> None:
        task = Wx().connectSocket(url=echo.url)
        closes: list[tuple[int, str]] = []
        errors: list[str] = []
        task.onError(lambda res: errors.append(res.errMsg))
        task.onClose(lambda res: closes.append((res.code, res.reason)))
        task.onOpen(lambda res: task.send(data=bytes(16 * 2**20 + 1)))
        await until(lambda: bool(closes))
        assert closes == [(1006, "abnormal closure")]
        assert len(errors) == 1
        assert ((await echo.ended()).closed or (0,))[0] in (0, 1009)

    run(main())
