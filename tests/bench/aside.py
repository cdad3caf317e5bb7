"""What is measured in fresh processes: the time of an import, the memory of an idle link."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from .measure import Spread
from .server import running_server

__all__ = ["Aside", "measure_imports", "measure_memory", "python"]

Aside = dict[str, list[float]]
"""For each client its measurements, round by round."""

IMPORTS: Final = {
    "wxsocket": "wxsocket",
    "websockets": "websockets.asyncio.client",
    "aiohttp": "aiohttp",
    "picows": "picows",
    "websocket-client": "websocket",
}
IMPORT_GOAL: Final = 1.15
LINKS: Final = 200

_IMPORT: Final = (
    "import time; start = time.process_time(); import {}; print(time.process_time() - start)"
)


def measure_imports(rounds: int) -> Aside:
    """Measure the processor time of imports, in milliseconds."""
    costs: Aside = {name: [] for name in IMPORTS}
    for number in range(-1, rounds):
        for name, module in IMPORTS.items():
            spent = float(python("-c", _IMPORT.format(module)))
            if number >= 0:
                costs[name].append(spent * 1000)
    return costs


def measure_memory(rounds: int) -> Aside:
    """Measure what an open, idle link takes, in KiB that Python has allocated."""
    costs: Aside = {}
    with running_server() as address:
        for _ in range(rounds):
            for name in ("wxsocket", "websockets", "aiohttp"):
                script = str(Path(__file__).with_name("idle.py"))
                spent = float(python(script, name, f"{address}/close", str(LINKS)))
                costs.setdefault(name, []).append(spent / 1024)
    return costs


def ratio(costs: Aside, other: str, ours: str = "wxsocket") -> Spread:
    """Compare ours with another client's, round by round."""
    return Spread.of([mine / its for mine, its in zip(costs[ours], costs[other], strict=True)])


def medians(costs: Aside) -> dict[str, float]:
    """The median of each client."""
    return {name: statistics.median(values) for name, values in costs.items()}


def python(*arguments: str) -> Any:
    """Run Python as another process. Returns the JSON that it prints."""
    done = subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True, timeout=120
    )
    return json.loads(done.stdout)
