"""The WebSocket engine: makes the calls work over the websockets library.

============== ===================================================================
interface      what is read from option objects, and how results are made
declaration    which calls the engine implements, for the generator
error_texts    what each errMsg says
arguments      what each argument must be
addresses      which addresses are accepted, and how they are written
state          the states of a link, and what each transition reports
registry       which links there are, which is the main one, how many there may be
listeners      who listens
receive_buffer messages that wait for ``async for`` and ``receive()``
network        what a link asks of a network
handshake      what is asked at the opening, and how the answer is judged
real_network   opens connections over TCP and TLS
connection     one of them
joining        the library's protocol: frames to messages
memory         a connection without a network
testing        the fakes: a server in memory, and the links to it
keepalive      when a server counts as silent
link_base      who listens to a link, receives from it, and waits for it
link_calls     its calls: sending and closing
link           one link: behind `SocketTask`
fastpath       plain frames, cut and made without the library
engine         the namespace: behind `Wx`
task_link      what stands behind a `SocketTask`: a link, or one that is opened again
additions      what the bindings add to both
trace          watching links: calls and events
wiretap        watching links: frames
command        ``python -m wxsocket``
console        its terminal, or pipe
locust         load: users of Locust; with locust_tasks, and loaded with Locust only
============== ===================================================================

A link that is opened again when it is lost:

======================= ==========================================================
attempts                how links are made, and what waits for them
backoff                 how long to wait before each attempt
heartbeat               when a server that sends nothing counts as silent
reconnect_state         the states, and the queue of messages
reconnecting            the logical link: behind `ReconnectingSocket`
reconnecting_additions  what `ReconnectingSocket` has beside what `SocketTask` has
======================= ==========================================================
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

__all__ = [
    "Backoff",
    "Heartbeat",
    "Limits",
    "ReconnectingAdditions",
    "SocketTaskAdditions",
    "TraceRecord",
    "WxAdditions",
]

if TYPE_CHECKING:
    from wxruntime.websocket.additions import SocketTaskAdditions, WxAdditions
    from wxruntime.websocket.backoff import Backoff
    from wxruntime.websocket.heartbeat import Heartbeat
    from wxruntime.websocket.interface import Limits
    from wxruntime.websocket.reconnecting_additions import ReconnectingAdditions
    from wxruntime.websocket.trace_record import TraceRecord

_MODULES: Final = {
    "Backoff": "backoff",
    "Heartbeat": "heartbeat",
    "Limits": "interface",
    "ReconnectingAdditions": "reconnecting_additions",
    "SocketTaskAdditions": "additions",
    "TraceRecord": "trace_record",
    "WxAdditions": "additions",
}


def __getattr__(name: str) -> object:
    # Loaded when first touched: the generator reads `interface` alone.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
    return getattr(module, name)
