"""What a message costs, compared with the websockets library used by hand.

Usage: python tests/bench/messages.py [--rounds N] [--messages N]

Prints the processor time of this process for each message, and the ratio to websockets, which is
what to quote: both are measured in turn within one run, so the machine's speed cancels out. The
server runs in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, broadcast, serve

from wxsocket import Wx

Measure = Callable[[str, str, int], Awaitable[float]]
LIMIT = 2**24


def serve_apart(pipe: Connection) -> None:
    """Serve until killed: `flood COUNT SIZE` is answered with as many texts, the rest is dropped."""

    async def handle(connection: ServerConnection) -> None:
        async for message in connection:
            if isinstance(message, str) and message.startswith("flood "):
                _, count, size = message.split()
                for _ in range(int(count)):
                    broadcast([connection], "x" * int(size))
                    if connection.transport.get_write_buffer_size() > 2**20:
                        await connection.drain()
            elif message == "done?":
                await connection.send("done")

    async def main() -> None:
        async with serve(handle, "127.0.0.1", 0, compression=None, max_size=LIMIT) as server:
            pipe.send(next(iter(server.sockets)).getsockname()[1])
            await asyncio.Future()

    asyncio.run(main())


async def receive_ours(url: str, text: str, count: int) -> float:
    async with Wx() as app, app.connectSocket(url=url) as task:
        left = count
        done = asyncio.Event()

        def on_message(_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                done.set()

        task.onMessage(on_message)
        start = time.process_time()
        task.send(data=f"flood {count} {len(text)}")
        await done.wait()
        return time.process_time() - start


async def receive_theirs(url: str, text: str, count: int) -> float:
    async with connect(url, compression=None, max_size=LIMIT) as connection:
        start = time.process_time()
        await connection.send(f"flood {count} {len(text)}")
        for _ in range(count):
            await connection.recv()
        return time.process_time() - start


async def send_ours(url: str, text: str, count: int) -> float:
    async with Wx() as app, app.connectSocket(url=url) as task:
        start = time.process_time()
        for _ in range(count):
            await task.send(data=text)
        spent = time.process_time() - start
        await task.send(data="done?")
        async for _ in task:
            break
        return spent


async def send_theirs(url: str, text: str, count: int) -> float:
    async with connect(url, compression=None, max_size=LIMIT) as connection:
        start = time.process_time()
        for _ in range(count):
            await connection.send(text)
        spent = time.process_time() - start
        await connection.send("done?")
        await connection.recv()
        return spent


CASES: dict[str, tuple[Measure, Measure]] = {
    "receive": (receive_ours, receive_theirs),
    "send": (send_ours, send_theirs),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--messages", type=int, default=20_000)
    arguments = parser.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve_apart, args=(there,))
    server.start()
    try:
        url = f"ws://127.0.0.1:{here.recv()}"
        print(f"{'':8}{'size':>8}{'wxsocket':>12}{'websockets':>12}{'ratio':>8}")
        for name, (ours, theirs) in CASES.items():
            for size in (32, 1024, 65536):
                count = max(200, arguments.messages // max(1, size // 1024))
                pairs = [
                    (
                        asyncio.run(ours_or_theirs(ours, url, size, count)),
                        asyncio.run(ours_or_theirs(theirs, url, size, count)),
                    )
                    for _ in range(arguments.rounds)
                ]
                mine, other = (
                    statistics.median(times) / count * 1e6 for times in zip(*pairs, strict=True)
                )
                ratio = statistics.median(a / b for a, b in pairs)
                print(f"{name:8}{size:>8}{mine:>9.2f} µs{other:>9.2f} µs{ratio:>8.2f}")
    finally:
        server.terminate()
        server.join()


async def ours_or_theirs(measure: Measure, url: str, size: int, count: int) -> float:
    return await measure(url, "x" * size, count)


if __name__ == "__main__":
    main()
