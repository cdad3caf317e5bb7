"""Hundreds of reconnections: nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import os
import tracemalloc

import pytest

from servers.echo import EchoServer
from servers.fixtures import Start
from servers.harness import run, ticks, until
from wxsocket import Backoff, ConnectSocketOption, Heartbeat, ReconnectingSocket, Wx

pytestmark = pytest.mark.usefixtures("each_loop")

WARM, TRACED = 100, 500


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no /proc to count descriptors in")
def test_500_reconnections_leave_nothing_behind(start: Start) -> None:
    echo = start(EchoServer())

    async def make() -> ConnectSocketOption:
        return ConnectSocketOption(url=echo.url)

    async def cycles(socket: ReconnectingSocket, count: int) -> tuple[int, int, int]:
        """Lose links; returns how many objects, tasks and descriptors there are then."""
        for number in range(count):
            attempts = socket.attempts
            await socket.send(data=f"message {number}")
            assert await socket.receive() == f"message {number}"
            await socket.send(data="!drop" if number % 2 else "!close 1000")
            await until(lambda seen=attempts: socket.attempts > seen)  # type: ignore[misc]
        await socket.send(data="the last one")
        assert await socket.receive() == "the last one"
        echo.clients.clear()
        await ticks()
        gc.collect()
        objects = sum(
            1 for thing in gc.get_objects() if str(type(thing).__module__).startswith("wx")
        )
        return objects, len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd"))

    async def main() -> None:
        async with Wx() as app:
            socket = ReconnectingSocket(
                app, make, backoff=Backoff(initial=0), heartbeat=Heartbeat(1000, "ping")
            )
            async with socket:
                before = await cycles(socket, WARM)
                tracemalloc.start()
                after = await cycles(socket, TRACED)
                ours = tracemalloc.Filter(True, "*/wxruntime/*")
                traces = tracemalloc.take_snapshot().filter_traces([ours]).traces
                growth = sum(trace.size for trace in traces)
                tracemalloc.stop()
                assert socket.attempts == WARM + TRACED + 1
                assert after[:2] == before[:2]
                # The server may let go of a descriptor a moment later.
                await until(lambda: len(os.listdir("/proc/self/fd")) <= before[2])
                # What a link left behind would be an object at least, and none is this small. (The
                # server of this process keeps things of its own.)
                assert growth < 50 * TRACED

    run(main(), timeout=110)
