"""The clients that are measured. Each does the same work, in the way its own documentation shows.

A work takes a row and an address, and returns the processor time that its messages took: from the
first message asked for to the last one here, or with the server; without opening and closing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
import picows
import websocket
from websockets.asyncio.client import ClientConnection, connect

from wxsocket import OnSocketMessageListenerResult, Wx

from .rows import Kind, Row

__all__ = ["ASYNC_CLIENTS", "SYNC_CLIENTS", "AsyncWork", "SyncWork"]

AsyncWork = Callable[[str, Row], Awaitable[float]]
SyncWork = Callable[[str, Row], float]
LIMIT: Final = 2**24
clock: Final = time.process_time


# wxsocket.


async def wx_listen(url: str, row: Row) -> float:
    async with Wx(max_message_size=LIMIT) as app, app.connectSocket(url=url) as task:
        left = row.count
        done = asyncio.Event()

        def on_message(_: OnSocketMessageListenerResult) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                done.set()

        task.onMessage(on_message)
        start = clock()
        task.send(data="go")
        await done.wait()
        return clock() - start


async def wx_iterate(url: str, row: Row) -> float:
    async with Wx(max_message_size=LIMIT) as app, app.connectSocket(url=url) as task:
        left = row.count
        start = clock()
        task.send(data="go")
        async for _ in task:
            left -= 1
            if left == 0:
                break
        return clock() - start


async def wx_burst(url: str, row: Row) -> float:
    text = "x" * row.size
    async with Wx() as app, app.connectSocket(url=url) as task:
        start = clock()
        for _ in range(row.count // row.batch):
            for _ in range(row.batch - 1):
                task.send(data=text)
            await task.send(data=text)
            await asyncio.sleep(0)
        await task.receive()
        return clock() - start


async def wx_await(url: str, row: Row) -> float:
    text = "x" * row.size
    async with Wx() as app, app.connectSocket(url=url) as task:
        start = clock()
        for _ in range(row.count):
            await task.send(data=text)
        await task.receive()
        return clock() - start


async def wx_echo(url: str, row: Row) -> float:
    text = "x" * row.size
    async with Wx() as app, app.connectSocket(url=url) as task:
        left = row.count
        done = asyncio.Event()

        def on_message(_: OnSocketMessageListenerResult) -> None:
            nonlocal left
            left -= 1
            if left:
                task.send(data=text)
            else:
                done.set()

        task.onMessage(on_message)
        start = clock()
        task.send(data=text)
        await done.wait()
        return clock() - start


async def wx_connect(url: str, row: Row) -> float:
    async with Wx() as app:
        start = clock()
        for _ in range(row.count):
            async with app.connectSocket(url=url):
                pass
        return clock() - start


# websockets.


def ws_connect(url: str) -> connect:
    return connect(url, compression=None, max_size=LIMIT)


async def ws_receive(url: str, row: Row) -> float:
    async with ws_connect(url) as connection:
        start = clock()
        await connection.send("go")
        for _ in range(row.count):
            await connection.recv()
        return clock() - start


async def ws_iterate(url: str, row: Row) -> float:
    async with ws_connect(url) as connection:
        left = row.count
        start = clock()
        await connection.send("go")
        async for _ in connection:
            left -= 1
            if left == 0:
                break
        return clock() - start


async def ws_send(url: str, row: Row) -> float:
    async with ws_connect(url) as connection:
        start = clock()
        await _ws_send(connection, row)
        await connection.recv()
        return clock() - start


async def _ws_send(connection: ClientConnection, row: Row) -> None:
    """Every send has to be awaited; in a burst none of them waits."""
    text = "x" * row.size
    for number in range(row.count):
        await connection.send(text)
        if row.kind == "burst" and number % row.batch == 0:
            await asyncio.sleep(0)


async def ws_echo(url: str, row: Row) -> float:
    text = "x" * row.size
    async with ws_connect(url) as connection:
        start = clock()
        for _ in range(row.count):
            await connection.send(text)
            await connection.recv()
        return clock() - start


async def ws_open(url: str, row: Row) -> float:
    start = clock()
    for _ in range(row.count):
        async with ws_connect(url):
            pass
    return clock() - start


# aiohttp.


async def aio_receive(url: str, row: Row) -> float:
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
        left = row.count
        start = clock()
        await link.send_str("go")
        async for _ in link:
            left -= 1
            if left == 0:
                break
        return clock() - start


async def aio_send(url: str, row: Row) -> float:
    text = "x" * row.size
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
        start = clock()
        for number in range(row.count):
            await link.send_str(text)
            if row.kind == "burst" and number % row.batch == 0:
                await asyncio.sleep(0)
        await link.receive()
        return clock() - start


async def aio_echo(url: str, row: Row) -> float:
    text = "x" * row.size
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
        start = clock()
        for _ in range(row.count):
            await link.send_str(text)
            await link.receive()
        return clock() - start


async def aio_connect(url: str, row: Row) -> float:
    async with aiohttp.ClientSession() as session:
        start = clock()
        for _ in range(row.count):
            async with session.ws_connect(url):
                pass
        return clock() - start


# picows: the native limit.


class Counting(picows.WSListener):  # type: ignore[misc, unused-ignore]
    """Decodes each text, and counts them.

    Args:
        count: After how many messages it is done.
        answer: What each one is answered with.
    """

    def __init__(self, count: int, answer: bytes = b"") -> None:
        self.left = count
        self.answer = answer
        self.done = asyncio.Event()

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type is not picows.WSMsgType.TEXT:
            return
        frame.get_payload_as_utf8_text()
        self.left -= 1
        if self.left == 0:
            self.done.set()
        elif self.answer:
            transport.send(picows.WSMsgType.TEXT, self.answer)


async def _pico_connect(url: str, listener: Counting) -> picows.WSTransport:
    transport, _ = await picows.ws_connect(lambda: listener, url, max_frame_size=LIMIT)
    return transport


async def _pico_close(transport: picows.WSTransport) -> None:
    transport.send_close(picows.WSCloseCode.OK)
    await transport.wait_disconnected()


async def pico_listen(url: str, row: Row) -> float:
    listener = Counting(row.count)
    transport = await _pico_connect(url, listener)
    start = clock()
    transport.send(picows.WSMsgType.TEXT, b"go")
    await listener.done.wait()
    spent = clock() - start
    await _pico_close(transport)
    return spent


async def pico_send(url: str, row: Row) -> float:
    text = "x" * row.size
    listener = Counting(1)
    transport = await _pico_connect(url, listener)
    start = clock()
    for number in range(row.count):
        transport.send(picows.WSMsgType.TEXT, text.encode())
        if number % row.batch == 0 and row.kind == "burst":
            await asyncio.sleep(0)
    await listener.done.wait()
    spent = clock() - start
    await _pico_close(transport)
    return spent


async def pico_echo(url: str, row: Row) -> float:
    text = b"x" * row.size
    listener = Counting(row.count, text)
    transport = await _pico_connect(url, listener)
    start = clock()
    transport.send(picows.WSMsgType.TEXT, text)
    await listener.done.wait()
    spent = clock() - start
    await _pico_close(transport)
    return spent


async def pico_connect(url: str, row: Row) -> float:
    start = clock()
    for _ in range(row.count):
        await _pico_close(await _pico_connect(url, Counting(0)))
    return clock() - start


# websocket-client, which blocks.


def _blocking(url: str) -> websocket.WebSocket:
    return websocket.create_connection(url)


def blocking_receive(url: str, row: Row) -> float:
    link = _blocking(url)
    start = clock()
    link.send("go")
    for _ in range(row.count):
        link.recv()
    spent = clock() - start
    link.close()
    return spent


def blocking_send(url: str, row: Row) -> float:
    text = "x" * row.size
    link = _blocking(url)
    start = clock()
    for _ in range(row.count):
        link.send(text)
    link.recv()
    spent = clock() - start
    link.close()
    return spent


def blocking_echo(url: str, row: Row) -> float:
    text = "x" * row.size
    link = _blocking(url)
    start = clock()
    for _ in range(row.count):
        link.send(text)
        link.recv()
    spent = clock() - start
    link.close()
    return spent


def blocking_connect(url: str, row: Row) -> float:
    start = clock()
    for _ in range(row.count):
        _blocking(url).close()
    return clock() - start


def _works(
    listen: AsyncWork,
    iterate: AsyncWork,
    burst: AsyncWork,
    awaited: AsyncWork,
    echo: AsyncWork,
    connect: AsyncWork,
) -> dict[Kind, AsyncWork]:
    return {
        "listen": listen,
        "iterate": iterate,
        "burst": burst,
        "await": awaited,
        "echo": echo,
        "connect": connect,
    }


ASYNC_CLIENTS: Final[dict[str, dict[Kind, AsyncWork]]] = {
    "wxsocket": _works(wx_listen, wx_iterate, wx_burst, wx_await, wx_echo, wx_connect),
    "websockets": _works(ws_receive, ws_iterate, ws_send, ws_send, ws_echo, ws_open),
    "aiohttp": _works(aio_receive, aio_receive, aio_send, aio_send, aio_echo, aio_connect),
    "picows": _works(pico_listen, pico_listen, pico_send, pico_send, pico_echo, pico_connect),
}

SYNC_CLIENTS: Final[dict[str, dict[Kind, SyncWork]]] = {
    "websocket-client": {
        "listen": blocking_receive,
        "iterate": blocking_receive,
        "burst": blocking_send,
        "await": blocking_send,
        "echo": blocking_echo,
        "connect": blocking_connect,
    }
}
