# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 9b82b9a9c279879a).
# Do not edit; run: wxgen generate
"""The option objects, one for each call that takes options.

`None` for an optional field means that it is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from wxruntime.sequences import SequenceNotStr

from .types import GeneralCallbackResult

if not TYPE_CHECKING:
    from wxruntime.records import dataclass
else:
    from dataclasses import dataclass

__all__ = [
    "CloseSocketOption",
    "ConnectSocketOption",
    "SendSocketMessageOption",
    "SocketTaskCloseOption",
    "SocketTaskSendOption",
]


@dataclass(kw_only=True)
class SendSocketMessageOption:
    """The options of sendSocketMessage.

    Section of the document: sendSocketMessage.
    """

    data: str | bytes | bytearray | memoryview
    """The message. A string is sent as text, an ArrayBuffer as binary."""

    success: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call succeeds, before it returns."""

    fail: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call fails, before it returns."""

    complete: Callable[[GeneralCallbackResult], object] | None = None
    """Called after either, with the same object."""


@dataclass(kw_only=True)
class ConnectSocketOption:
    """The options of connectSocket.

    Section of the document: connectSocket.
    """

    url: str
    """The address of the server, absolute, with the scheme wss (or ws)."""

    header: Mapping[str, str] | None = None
    """Header fields to send with the opening request. `Referer` cannot be set, nor can the fields
    of the handshake itself; those are left out.
    """

    protocols: SequenceNotStr[str] | None = None
    """The subprotocols to offer, the preferred one first."""

    tcpNoDelay: bool | None = False
    """Whether to set TCP_NODELAY on the connection, which turns Nagle's algorithm off. Default:
    False.
    """

    timeout: float | None = None
    """How long the opening may take as a whole, counted from the call. Unit: milliseconds. Default:
    60000 when absent or not above 0.
    """

    success: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call succeeds, before it returns."""

    fail: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call fails, before it returns."""

    complete: Callable[[GeneralCallbackResult], object] | None = None
    """Called after either, with the same object."""


@dataclass(kw_only=True)
class CloseSocketOption:
    """The options of closeSocket.

    Section of the document: closeSocket.
    """

    code: int | None = 1003
    """The status code that tells the server why. Permitted are 1000, 1003 and 3000 to 4999.
    Default: 1003.
    """

    reason: str | None = None
    """A sentence that tells the server why. Unit: at most 123 bytes of UTF-8."""

    success: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call succeeds, before it returns."""

    fail: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call fails, before it returns."""

    complete: Callable[[GeneralCallbackResult], object] | None = None
    """Called after either, with the same object."""


@dataclass(kw_only=True)
class SocketTaskCloseOption:
    """The options of SocketTask.close.

    Section of the document: SocketTask.close.
    """

    code: int | None = 1003
    """The status code that tells the server why. Permitted are 1000, 1003 and 3000 to 4999.
    Default: 1003.
    """

    reason: str | None = None
    """A sentence that tells the server why. Unit: at most 123 bytes of UTF-8."""

    success: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call succeeds, before it returns."""

    fail: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call fails, before it returns."""

    complete: Callable[[GeneralCallbackResult], object] | None = None
    """Called after either, with the same object."""


@dataclass(kw_only=True)
class SocketTaskSendOption:
    """The options of SocketTask.send.

    Section of the document: SocketTask.send.
    """

    data: str | bytes | bytearray | memoryview
    """The message. A string is sent as text, an ArrayBuffer as binary."""

    success: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call succeeds, before it returns."""

    fail: Callable[[GeneralCallbackResult], object] | None = None
    """Called when the call fails, before it returns."""

    complete: Callable[[GeneralCallbackResult], object] | None = None
    """Called after either, with the same object."""
