"""What the WebSocket engine implements, for the generator, which compares specs with it."""

from __future__ import annotations

from typing import Final

from wxruntime.engines import EngineCall, EngineClass, EngineInterface
from wxruntime.websocket.interface import (
    CloseOptions,
    ConnectOptions,
    MakesCloseResult,
    MakesErrorResult,
    MakesMessageResult,
    MakesOpenResult,
    SendOptions,
)

__all__ = ["INTERFACE"]

_SEND: Final = EngineCall(SendOptions, MakesErrorResult)
_CLOSE: Final = EngineCall(CloseOptions, MakesErrorResult)
_OPENED: Final = EngineCall(None, MakesOpenResult)
_MESSAGE: Final = EngineCall(None, MakesMessageResult)
_ERROR: Final = EngineCall(None, MakesErrorResult)
_CLOSED: Final = EngineCall(None, MakesCloseResult)

INTERFACE: Final = EngineInterface(
    name="websocket",
    module="wxruntime.websocket",
    namespace=EngineClass(
        additions="WxAdditions",
        attribute="_engine",
        calls={
            "connectSocket": EngineCall(ConnectOptions, MakesErrorResult, returns=True),
            "sendSocketMessage": _SEND,
            "closeSocket": _CLOSE,
            "onSocketOpen": _OPENED,
            "onSocketMessage": _MESSAGE,
            "onSocketError": _ERROR,
            "onSocketClose": _CLOSED,
        },
    ),
    classes={
        "SocketTask": EngineClass(
            additions="SocketTaskAdditions",
            attribute="_link",
            calls={
                "send": _SEND,
                "close": _CLOSE,
                "onOpen": _OPENED,
                "onMessage": _MESSAGE,
                "onError": _ERROR,
                "onClose": _CLOSED,
            },
            results={"_close_result": "onClose"},
        )
    },
    limits=("MAX_LINKS", "MAX_LINKS_BEFORE_1_5_0", "MULTIPLE_LINKS_SINCE", "MAX_REASON_BYTES"),
    derived={"ReconnectingSocket": ("SocketTask", "ReconnectingAdditions")},
    exports=("Backoff", "Heartbeat", "TraceRecord"),
)
