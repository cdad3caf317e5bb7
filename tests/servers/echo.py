"""An honest server, over `websockets`: echoes, and remembers what it was sent."""

import asyncio
import json
import ssl
from collections.abc import Sequence
from http import HTTPStatus
from types import TracebackType

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from .gate import LoopThread, until

BANNER = "X-Stranger"
"""The header in the answer of every test server that speaks for itself."""


class Client:
    """What the server knows of one client.

    Attributes:
        path: the target of its request.
        headers: its request headers, in their order and their case.
        subprotocol: what was negotiated.
        received: the messages that came, the last last.
        closed: the code and the reason of its close frame, once there is one.
    """

    def __init__(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        self.connection = connection
        self.path = connection.request.path
        self.headers = list(connection.request.headers.raw_items())
        self.subprotocol: str | None = connection.subprotocol
        self.received: list[str | bytes] = []
        self.closed: tuple[int, str] | None = None
        self.ended = False

    def header(self, name: str) -> list[str]:
        """The values of a request header, whatever the case of its name."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class EchoServer:
    """Echoes text and binary messages, in a thread of its own; a context manager.

    A text that begins with `!` is a command, the same as every stranger knows:

    | command | what the server does |
    |---|---|
    | `!close CODE REASON` | closes so; `!close` alone sends an empty close frame |
    | `!headers` | sends the request's headers, as a JSON object, names in lower case |
    | `!closes` | sends the codes and reasons of the clients that have closed, as JSON |
    | `!burst N` | sends the texts 0 to N-1 |
    | `!drop` | ends the connection without a close frame |

    On the path `/mute` nothing is echoed.

    Args:
        subprotocols: those it can speak; it picks the client's first that is among them.
    """

    name = "websockets"

    def __init__(
        self, *, subprotocols: Sequence[str] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.subprotocols = subprotocols
        self.tls = tls
        self.clients: list[Client] = []

    @property
    def url(self) -> str:
        return f"{'wss' if self.tls else 'ws'}://127.0.0.1:{self.port}/"

    def push(self, message: str | bytes, client: int = -1) -> None:
        """Send a message to a client, from any thread."""
        self._thread.call(self.clients[client].connection.send(message))

    def push_soon(self, message: str | bytes, client: int = -1) -> None:
        """Send a message to a client, from any thread, without waiting until it fits."""
        asyncio.run_coroutine_threadsafe(
            self.clients[client].connection.send(message), self._thread.loop
        )

    def close(self, code: int = 1000, reason: str = "", client: int = -1) -> None:
        """Close a client's connection, from any thread, without waiting for its answer."""

        async def start() -> None:
            task = asyncio.ensure_future(self.clients[client].connection.close(code, reason))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

        self._thread.call(start())

    def waiting(self, client: int = -1) -> int:
        """How many bytes to a client the kernel has not taken yet."""
        return self.clients[client].connection.transport.get_write_buffer_size()

    async def stuck(self) -> None:
        """Wait until the last client has stopped to take what it is sent."""
        last, since = 0, 0.0
        loop = asyncio.get_running_loop()

        def is_stuck() -> bool:
            nonlocal last, since
            if (now := self.waiting()) != last or now == 0:
                last, since = now, loop.time()
            return loop.time() - since > 0.3

        since = loop.time()
        await until(is_stuck, "a client that stops reading")

    async def client(self, index: int = 0) -> Client:
        """The client of this number, once it is connected."""
        await until(lambda: len(self.clients) > index, "a client")
        return self.clients[index]

    async def ended(self, index: int = 0) -> Client:
        """The client of this number, once its connection has ended."""
        client = await self.client(index)
        await until(lambda: client.ended, "the end of a client's connection")
        return client

    async def got(self, count: int, index: int = 0) -> list[str | bytes]:
        """What a client has sent, once it is `count` messages."""
        client = await self.client(index)
        await until(lambda: len(client.received) >= count, f"{count} messages")
        return client.received

    def __enter__(self) -> "EchoServer":
        self._thread = LoopThread("echo server")
        self._closing: set[asyncio.Future[None]] = set()
        self._server = self._thread.call(self._start())
        self.port: int = next(iter(self._server.sockets)).getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.call(self._stop())
        self._thread.stop()

    async def _start(self) -> Server:
        def pick(
            connection: ServerConnection, offered: Sequence[Subprotocol]
        ) -> Subprotocol | None:
            known = self.subprotocols or ()
            return next((name for name in offered if name in known), None)

        def answer(connection: ServerConnection, request: Request, response: Response) -> None:
            response.headers[BANNER] = self.name

        def refuse(connection: ServerConnection, request: Request) -> Response | None:
            if request.path == "/refuse":
                return connection.respond(HTTPStatus.FORBIDDEN, "no\n")
            return None

        return await serve(
            self._serve,
            "127.0.0.1",
            0,
            ssl=self.tls,
            select_subprotocol=pick,
            process_request=refuse,
            process_response=answer,
            max_size=None,
            ping_interval=None,
            close_timeout=5,
        )

    async def _stop(self) -> None:
        for connection in list(self._server.all_connections):
            connection.transport.abort()
        self._server.close(close_connections=False)
        await self._server.wait_closed()

    async def _serve(self, connection: ServerConnection) -> None:
        client = Client(connection)
        self.clients.append(client)
        try:
            async for message in connection:
                client.received.append(message)
                await self._react(client, message)
            await connection.wait_closed()
        except ConnectionClosed:
            pass
        finally:
            frame = connection.protocol.close_rcvd
            if frame is not None:
                client.closed = (frame.code, frame.reason)
            client.ended = True

    async def _react(self, client: Client, message: str | bytes) -> None:
        connection = client.connection
        if not isinstance(message, str) or not message.startswith("!"):
            if client.path != "/mute":
                await connection.send(message)
            return
        command, _, rest = message[1:].partition(" ")
        if command == "close":
            code, _, reason = rest.partition(" ")
            if not code:
                connection.protocol.send_close()
                connection.send_data()
            else:
                await connection.close(int(code), reason)
        elif command == "headers":
            await connection.send(json.dumps({k.lower(): v for k, v in client.headers}))
        elif command == "closes":
            await connection.send(json.dumps([c.closed for c in self.clients if c.closed]))
        elif command == "burst":
            for number in range(int(rest)):
                await connection.send(str(number))
        elif command == "drop":
            connection.transport.abort()
