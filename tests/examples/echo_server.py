"""An echo server to try the examples with, on port 8765: `python tests/examples/echo_server.py`."""

import asyncio
import sys
from collections.abc import Sequence

from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


def choose(connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return offered[0] if offered else None


async def main(port: int) -> None:
    async with serve(echo, "127.0.0.1", port, select_subprotocol=choose) as server:
        print(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 8765))
    except KeyboardInterrupt:
        pass
