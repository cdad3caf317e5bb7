"""Runs the rows: every client in turn, round after round."""

from __future__ import annotations

import asyncio
import gc
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import uvloop

from .clients import ASYNC_CLIENTS, SYNC_CLIENTS, AsyncWork
from .rows import Row

__all__ = ["OURS", "RowResult", "Spread", "measure_row", "on_uvloop"]

OURS: Final = "wxsocket"
UVLOOP: Final = " (uvloop)"


@dataclass(frozen=True)
class Spread:
    """The median of some measurements, and between what their middle half lies."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.low:.2f}, {self.high:.2f}]"

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Sum up measurements, one of each round."""
        if len(values) < 2:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


@dataclass
class RowResult:
    """All measurements of a row: for each client the microseconds a message, round by round."""

    row: Row
    costs: dict[str, list[float]] = field(default_factory=dict)

    def cost(self, client: str) -> float:
        """The median of a client, in microseconds of processor time a message."""
        return statistics.median(self.costs[client])

    def ratio(self, other: str) -> Spread | None:
        """Compare ours with another client's, on the same kind of loop."""
        ours = on_uvloop(OURS) if other.endswith(UVLOOP) else OURS
        if other not in self.costs or ours not in self.costs:
            return None
        pairs = zip(self.costs[ours], self.costs[other], strict=True)
        return Spread.of([mine / theirs for mine, theirs in pairs])


def on_uvloop(client: str) -> str:
    """The name of a client that runs on uvloop."""
    return client + UVLOOP


def measure_row(address: str, row: Row, rounds: int, *, uvloop_too: bool) -> RowResult:
    """Measure all clients on a row, one after the other in each round.

    Args:
        address: The server.
        row: What to measure.
        rounds: How many rounds; one more before them is not counted.
        uvloop_too: Whether to run the asynchronous clients on uvloop as well.
    """
    result = RowResult(row)
    for number in range(-1, rounds):
        for name, run in _runs(address + row.path, row, uvloop_too):
            gc.collect()
            spent = run() / row.count * 1e6
            if number >= 0:
                result.costs.setdefault(name, []).append(spent)
    return result


def _runs(url: str, row: Row, uvloop_too: bool) -> Iterator[tuple[str, Callable[[], float]]]:
    for name, works in ASYNC_CLIENTS.items():
        work = works[row.kind]
        yield name, partial(_run, work, url, row, asyncio.new_event_loop)
        if uvloop_too:
            yield on_uvloop(name), partial(_run, work, url, row, uvloop.new_event_loop)
    for name, blocking_works in SYNC_CLIENTS.items():
        if name not in row.without:
            yield name, partial(blocking_works[row.kind], url, row)


def _run(
    work: AsyncWork, url: str, row: Row, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> float:
    async def timed() -> float:
        return await work(url, row)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(timed())
