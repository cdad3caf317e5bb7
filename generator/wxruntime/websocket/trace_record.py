"""What a trace consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Direction", "Kind", "Trace", "TraceRecord"]

Direction = Literal["out", "in"]
Kind = Literal["call", "answer", "event", "frame"]


@dataclass(frozen=True, slots=True)
class TraceRecord:
    """One thing that happened on a link.

    Attributes:
        time: When, in seconds since the epoch.
        link: Which link: 1 for the first that the `Wx` made; 0 for a call that met none.
        url: The address of the link, without user and password.
        direction: "out" for calls and what is sent, "in" for answers, events and what is received.
        kind: "call", "answer" (the errMsg that the call was answered with), "event" or "frame".
        name: The call; the event ("open", "message", "error", "close"); the frame ("request" and
            "response" for the handshake, then "text", "binary", "continuation", "close", "ping",
            "pong", with " fragment" if more of the message follows).
        size: How many bytes: the message of a call or event, the payload of a frame, the handshake.
        text: The first characters; of binary data the first bytes, as hexadecimal. The whole header
            of a handshake, but for credentials and cookies; the code and reason of a close.
    """

    time: float
    link: int
    url: str
    direction: Direction
    kind: Kind
    name: str
    size: int
    text: str


Trace = Callable[[TraceRecord], object]
"""Called with each record, on the loop of the link."""
