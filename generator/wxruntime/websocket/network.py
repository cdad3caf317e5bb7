"""What a link asks of a network, and what a network tells the link.

The real network is in the module `connection`; a fake one stands in `wxruntime.websocket.testing`.
"""

from __future__ import annotations

import ssl as ssl_module
from collections.abc import Coroutine
from typing import Any, NamedTuple, Protocol

from wxruntime.websocket.arguments import Opening
from wxruntime.websocket.state import CloseFrame

__all__ = ["Connection", "Network", "Observer", "Settings"]


class Settings(NamedTuple):
    """What all links of one `Wx` share.

    Attributes:
        ssl: The TLS context for wss addresses; None stands for the system's certificates.
        max_message_size: The largest message accepted, in bytes.
        ping_interval: The time between keepalive pings, in seconds; None sends none.
        ping_timeout: How long a pong may take, in seconds.
        close_timeout: How long the server may take to answer a close, in seconds.
    """

    ssl: ssl_module.SSLContext | None
    max_message_size: int
    ping_interval: float | None
    ping_timeout: float
    close_timeout: float


class Connection(Protocol):
    """A connection that is open, as a link uses it."""

    @property
    def is_open(self) -> bool:
        """Whether a message can be sent."""

    @property
    def is_full(self) -> bool:
        """Whether the write buffer is above its high-water mark."""

    @property
    def buffered(self) -> int:
        """How many bytes were sent that the kernel has not taken yet."""

    def send_text(self, data: str) -> None:
        """Send a text message without waiting. The connection must be open."""

    def send_binary(self, data: bytes) -> None:
        """Send a binary message without waiting. The connection must be open."""

    def start_close(self, frame: CloseFrame) -> None:
        """Send a close frame, and give up if the server does not answer it in time."""

    def pause(self) -> None:
        """Stop reading."""

    def resume(self) -> None:
        """Go on reading."""

    def abort(self) -> None:
        """Drop the connection at once."""

    async def wait_gone(self) -> None:
        """Wait until the connection has been let go of."""


class Observer(Protocol):
    """What a connection calls with what happens. The network holds nothing of it after `lost`."""

    def opened(self, connection: Connection, header: dict[str, str], protocol: str) -> bool:
        """The server has accepted. Returns False when the opening was given up meanwhile."""

    def received(self, data: str | bytes) -> None:
        """A message has come."""

    def peer_closes(self) -> None:
        """The server's close frame has come."""

    def failed(self, text: str) -> None:
        """The server broke the protocol or fell silent; the connection will be lost."""

    def writable(self) -> None:
        """The write buffer has room again, or will never have."""

    def lost(self, frame: CloseFrame | None, cause: str) -> None:
        """The open connection has ended: the close frame received, or the cause."""


class Network(Protocol):
    """Opens connections."""

    def open(
        self, opening: Opening, settings: Settings, observer: Observer
    ) -> Coroutine[Any, Any, None]:
        """Begin to open a connection. Called inside ``connectSocket``.

        Args:
            opening: Where to, and how.
            settings: What all links share.
            observer: Called with everything that follows.

        Returns:
            A coroutine that ends when `Observer.opened` has been called and returned True. It raises
            when the connection cannot be opened, whatever the reason, or is cancelled; then it has
            let go of everything, and the observer hears no more.
        """
