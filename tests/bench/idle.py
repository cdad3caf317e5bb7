"""Opens links and prints how many bytes each takes: `idle.py CLIENT URL COUNT`."""

from __future__ import annotations

import asyncio
import gc
import sys
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack


async def wxsocket(stack: AsyncExitStack, url: str) -> None:
    from wxsocket import Wx

    app = await stack.enter_async_context(Wx())  # one for each link: a Wx has five at most
    await stack.enter_async_context(app.connectSocket(url=url))


async def websockets(stack: AsyncExitStack, url: str) -> None:
    from websockets.asyncio.client import connect

    await stack.enter_async_context(connect(url, compression=None))


async def aiohttp(stack: AsyncExitStack, url: str) -> None:
    from aiohttp import ClientSession

    session = await stack.enter_async_context(ClientSession())
    await stack.enter_async_context(session.ws_connect(url))


OPEN: dict[str, Callable[[AsyncExitStack, str], Awaitable[None]]] = {
    "wxsocket": wxsocket,
    "websockets": websockets,
    "aiohttp": aiohttp,
}


async def measure(client: str, url: str, count: int) -> float:
    async with AsyncExitStack() as stack:
        for _ in range(10):  # what is made once
            await OPEN[client](stack, url)
        gc.collect()
        tracemalloc.start()
        for _ in range(count):
            await OPEN[client](stack, url)
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return taken / count


if __name__ == "__main__":
    print(asyncio.run(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
