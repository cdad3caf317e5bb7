"""The real network: opens connections over TCP and TLS, through proxies, as the websockets library does.

Of the library's asyncio client it uses the way to a TCP connection, and nothing else.
"""

from __future__ import annotations

import asyncio
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.proxy import get_proxy, parse_proxy
from websockets.uri import WebSocketURI, parse_uri

from wxruntime.websocket.arguments import Opening
from wxruntime.websocket.connection import SocketConnection
from wxruntime.websocket.handshake import OpeningFailed
from wxruntime.websocket.joining import JoiningProtocol
from wxruntime.websocket.network import Observer, Settings

__all__ = ["WebsocketsNetwork"]


class WebsocketsNetwork:
    """Opens connections over TCP and TLS.

    Args:
        wrap: Given each connection and its observer, returns what its transport is to have instead:
            for those who watch the bytes. Default: the connection itself.
    """

    def __init__(
        self, wrap: Callable[[asyncio.Protocol, Observer], asyncio.Protocol] | None = None
    ) -> None:
        self._wrap = wrap

    async def open(self, opening: Opening, settings: Settings, observer: Observer) -> None:
        """Open a connection. See `Network.open`."""
        uri = parse_uri(opening.url)
        proxy = _proxy(uri)
        extra: dict[str, Any] = {}
        if settings.ssl is not None and uri.secure:
            extra["ssl"] = settings.ssl
        if urllib.parse.urlsplit(opening.url).port == 0:
            extra["port"] = 0  # the library would take it for no port at all
        connector = connect(opening.url, compression=None, proxy=proxy, **extra)
        connection: SocketConnection | None = None

        def make(uri: WebSocketURI) -> ClientConnection:
            nonlocal connection
            protocol = JoiningProtocol(uri, opening.protocols, settings.max_message_size)
            connection = SocketConnection(protocol, settings, observer, opening.no_delay)
            wrapped = connection if self._wrap is None else self._wrap(connection, observer)
            return cast(ClientConnection, wrapped)

        connector.factory = make
        try:
            await connector.open_tcp_connection()
            assert connection is not None
            await connection.shake_hands(opening.header)
        except BaseException:
            if connection is not None:
                connection.abandon()
            raise


def _proxy(uri: WebSocketURI) -> str | None:
    """Find the proxy that the environment names.

    A wrong address is refused here: the library's message may hold its password.
    """
    if not urllib.request.getproxies():
        return None  # as nearly always; the library looks through the environment twice
    proxy = get_proxy(uri)
    try:
        if proxy is not None:
            parse_proxy(proxy)
    except Exception:
        raise OpeningFailed("the proxy that the environment names has no valid address") from None
    return proxy
