# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 37e17bbc0b9ac1fd).
# Do not edit; run: wxgen generate
"""Typed bindings of the wx API: WebSocket.

Two-way messages between a mini program and a server. Seven functions of the `wx` namespace work on
the main link; the six methods of a `SocketTask` work on the one link that they belong to.

The reference is `API.md`, beside this file.
"""

from __future__ import annotations

from typing import Final

from wxruntime.call import Call
from wxruntime.errors import WxError
from wxruntime.websocket import Backoff, Heartbeat, TraceRecord

from .api import ReconnectingSocket, SocketTask, Wx
from .options import (
    CloseSocketOption,
    ConnectSocketOption,
    SendSocketMessageOption,
    SocketTaskCloseOption,
    SocketTaskSendOption,
)
from .types import (
    GeneralCallbackResult,
    OnSocketCloseListenerResult,
    OnSocketErrorListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
)

__all__ = [
    "Backoff",
    "Call",
    "CloseSocketOption",
    "ConnectSocketOption",
    "GeneralCallbackResult",
    "Heartbeat",
    "OnSocketCloseListenerResult",
    "OnSocketErrorListenerResult",
    "OnSocketMessageListenerResult",
    "OnSocketOpenListenerResult",
    "ReconnectingSocket",
    "SendSocketMessageOption",
    "SocketTask",
    "SocketTaskCloseOption",
    "SocketTaskSendOption",
    "TraceRecord",
    "Wx",
    "WxError",
    "wx",
]

__version__: Final = "0.1.0"

wx: Final = Wx()
"""The namespace, ready-made: one mini program for the whole process."""
