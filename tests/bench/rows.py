"""What is measured: the rows of the table, and the goals that each has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["ROWS", "Kind", "Row"]

Kind = Literal["listen", "iterate", "burst", "await", "echo", "connect"]
KIB: Final = 1024


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: A short name, to choose rows by.
        label: What the table says.
        kind: What a client does.
        size: The size of a message, in bytes.
        count: How many messages, or connections, one measurement takes.
        batch: How many messages the server writes at a time, or the client sends in a tick.
        pace: Microseconds from one write of the server to the next; 0 is as fast as it goes.
        goals: For each competitor, the ratio that wxsocket is to reach.
        compiled_goals: The same for wxsocket compiled by mypyc.
        without: Clients that are left out.
    """

    name: str
    label: str
    kind: Kind
    size: int
    count: int
    batch: int = 1
    pace: int = 0
    goals: tuple[tuple[str, float], ...] = ()
    compiled_goals: tuple[tuple[str, float], ...] = ()
    without: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """What the server is told."""
        match self.kind:
            case "listen" | "iterate":
                return f"/receive/{self.size}/{self.batch}/{self.count}/{self.pace}"
            case "burst" | "await":
                return f"/sink/{self.size}/{self.count}"
            case "echo":
                return f"/echo/{self.size}/{self.count}"
            case "connect":
                return "/close"


ROWS: Final = (
    Row(
        "receive-32",
        "receive, listener, 32 B, 100 a write",
        "listen",
        size=32,
        count=20_000,
        batch=100,
        goals=(("websockets", 0.25), ("aiohttp", 0.85), ("websocket-client", 0.08)),
        compiled_goals=(("websockets", 0.08), ("aiohttp", 0.30), ("picows", 2.0)),
    ),
    Row(
        "iterate-32",
        "receive, `async for`, 32 B, 100 a write",
        "iterate",
        size=32,
        count=20_000,
        batch=100,
        goals=(("websockets", 0.28), ("aiohttp", 0.90)),
    ),
    Row(
        "receive-32-single",
        "receive, listener, 32 B, one a segment",
        "listen",
        size=32,
        count=2_000,
        pace=200,
        goals=(("websockets", 0.85), ("aiohttp", 0.95)),
    ),
    Row(
        "receive-1k",
        "receive, listener, 1 KiB, 20 a write",
        "listen",
        size=KIB,
        count=8_000,
        batch=20,
        goals=(("websockets", 0.32), ("aiohttp", 1.0)),
        compiled_goals=(("websockets", 0.16),),
    ),
    Row(
        "receive-64k",
        "receive, listener, 64 KiB",
        "listen",
        size=64 * KIB,
        count=1_500,
        goals=(("websockets", 0.75), ("aiohttp", 1.0)),
        without=("websocket-client",),  # it checks UTF-8 in Python, 15 ms a message
    ),
    Row(
        "send-32",
        "send, not awaited, 32 B, bursts of 100 in a tick",
        "burst",
        size=32,
        count=20_000,
        batch=100,
        goals=(("websockets", 0.32), ("aiohttp", 0.70)),
        compiled_goals=(("websockets", 0.22), ("aiohttp", 0.45)),
    ),
    Row(
        "send-32-awaited",
        "send, awaited one by one, 32 B",
        "await",
        size=32,
        count=20_000,
        goals=(("websockets", 0.42), ("aiohttp", 0.85)),
    ),
    Row(
        "send-1k",
        "send, bursts of 100 in a tick, 1 KiB",
        "burst",
        size=KIB,
        count=10_000,
        batch=100,
        goals=(("websockets", 0.42), ("aiohttp", 1.0)),
    ),
    Row(
        "echo-32",
        "echo round trip, 32 B",
        "echo",
        size=32,
        count=3_000,
        goals=(("websockets", 0.62), ("aiohttp", 0.95)),
    ),
    Row(
        "connect",
        "connect and close",
        "connect",
        size=0,
        count=100,
        goals=(("websockets", 1.05),),
    ),
)
