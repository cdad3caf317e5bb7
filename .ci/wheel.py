"""Import the installed packages, and exchange a message; see that nothing of the extras is needed."""

from __future__ import annotations

import asyncio
import importlib.metadata
import sys

from websockets.asyncio.server import ServerConnection, serve

import wxsocket


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


async def main() -> None:
    async with serve(echo, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with wxsocket.wx.connectSocket(url=f"ws://127.0.0.1:{port}") as task:
            await task.send(data="hello")
            async for message in task:
                assert message == "hello", message
                break


asyncio.run(main())
for module in ("wxgen", "jinja2", "yaml", "click"):
    assert module not in sys.modules, f"importing wxsocket has imported {module}"
installed = {dist.metadata["Name"].lower() for dist in importlib.metadata.distributions()}
assert installed <= {"wxsocket", "websockets", "pip", "setuptools"}, installed
print(f"wxsocket {importlib.metadata.version('wxsocket')}: imported, and echoed")
