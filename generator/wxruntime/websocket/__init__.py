"""The WebSocket engine: makes the calls work over the websockets library.

============== ===================================================================
interface      what is read from option objects, and how results are made
error_texts    what each errMsg says
arguments      what each argument must be
addresses      which addresses are accepted, and how they are written
state          the states of a link, and what each transition reports
registry       which links there are, which is the main one, how many there may be
listeners      who listens
receive_buffer messages that wait for ``async for`` and ``receive()``
network        what a link asks of a network
connection     the real network, over websockets
keepalive      when a server counts as silent
link           one link: behind `SocketTask`
engine         the namespace: behind `Wx`
additions      what the bindings add to both
locust         load: users of Locust; with locust_tasks, and loaded with Locust only
============== ===================================================================
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__all__ = ["Limits", "SocketTaskAdditions", "WxAdditions"]

if TYPE_CHECKING:
    from wxruntime.websocket.additions import SocketTaskAdditions, WxAdditions
    from wxruntime.websocket.interface import Limits


def __getattr__(name: str) -> object:
    # Loaded when first touched: the generator reads `interface` alone.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "interface" if name == "Limits" else "additions"
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)
