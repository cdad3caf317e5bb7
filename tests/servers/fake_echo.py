"""The echo server in memory: what `EchoServer` does, over a `FakeServer`.

What passes with both has not drifted apart.
"""

import json
from collections.abc import Coroutine
from types import TracebackType
from typing import Any

from websockets.uri import parse_uri

from wxruntime.websocket.arguments import Opening
from wxruntime.websocket.network import Network, Observer, Settings
from wxruntime.websocket.testing import FakeLink, FakeServer

from .echo import BANNER, Client, EchoServer


class FakeClient(Client):
    """What the server knows of one client."""

    def __init__(self, link: "_EchoLink") -> None:
        self.link = link
        self.path = parse_uri(link.url).resource_name
        self.headers = list(link.header.items())
        if link.protocols:
            self.headers.append(("Sec-WebSocket-Protocol", ", ".join(link.protocols)))
        self.subprotocol = None
        self.received = link.received

    @property
    def closed(self) -> tuple[int, str] | None:  # type: ignore[override]
        """The app's own close frame, or its answer to the server's."""
        return self.link.closedWith or (self.link.answered if self.ended else None)

    @property
    def ended(self) -> bool:  # type: ignore[override]
        return self.link._connection.is_gone


class FakeEcho(EchoServer):
    """Has the interface of `EchoServer`, but no thread, and no sockets.

    Its address leads there through a `FakeEchoNetwork`.
    """

    name = "memory"
    port = 2
    url = "ws://127.0.0.1:2/"

    def __init__(self) -> None:
        super().__init__()
        self.clients: list[Client] = []

    def __enter__(self) -> "FakeEcho":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def link(self, client: int = -1) -> "_EchoLink":
        fake = self.clients[client]
        assert isinstance(fake, FakeClient)
        return fake.link

    def push(self, message: str | bytes, client: int = -1) -> None:
        self.link(client).send(message)

    push_soon = push

    def waiting(self, client: int = -1) -> int:
        """How much was sent that the app has not read yet."""
        coming = self.link(client)._connection._coming
        return sum(len(data) for data in coming if isinstance(data, str | bytes))

    def close(self, code: int = 1000, reason: str = "", client: int = -1) -> None:
        self.link(client).close(code, reason)


class FakeEchoNetwork(FakeServer):
    """Leads to a `FakeEcho`, and to everywhere else."""

    def __init__(self, server: FakeEcho, others: Network) -> None:
        super().__init__(accept=False)
        self._server = server
        self._others = others

    def open(
        self, opening: Opening, settings: Settings, observer: Observer
    ) -> Coroutine[Any, Any, None]:
        uri = parse_uri(opening.url)
        if (uri.host, uri.port) != ("127.0.0.1", self._server.port):
            return self._others.open(opening, settings, observer)
        work = super().open(opening, settings, observer)
        link = self.links[-1]
        if uri.resource_name == "/refuse":
            link.refuse()
        else:
            link.accept(header={BANNER: self._server.name})
        return work

    def _make_link(self, opening: Opening, settings: Settings, observer: Observer) -> FakeLink:
        link = _EchoLink(opening, settings, observer)
        link.server = self._server
        return link


class _EchoLink(FakeLink):
    server: FakeEcho
    answered: tuple[int, str] | None = None

    def accept(self, header: Any = None, protocol: str | None = None) -> None:
        super().accept(header, protocol)
        self.client = FakeClient(self)
        self.server.clients.append(self.client)

    def close(self, code: int | None = 1000, reason: str = "") -> None:
        super().close(code, reason)
        self.answered = (1005, "") if code is None else (code, reason)

    def _take_message(self, data: str | bytes) -> None:
        super()._take_message(data)
        if self.isOpen:
            self._react(data)

    def _react(self, message: str | bytes) -> None:
        if not isinstance(message, str) or not message.startswith("!"):
            if self.client.path != "/mute":
                self.send(message)
            return
        command, _, rest = message[1:].partition(" ")
        if command == "close":
            code, _, reason = rest.partition(" ")
            self.close(int(code) if code else None, reason)
        elif command == "headers":
            self.send(json.dumps({k.lower(): v for k, v in self.client.headers}))
        elif command == "closes":
            closed = [client.closed for client in self.server.clients]
            self.send(json.dumps([close for close in closed if close]))
        elif command == "burst":
            for number in range(int(rest)):
                self.send(str(number))
        elif command == "drop":
            self.drop()
