"""What was measured, as a table, as JSON and as a picture."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from wxruntime.build import is_compiled

from . import aside
from .aside import IMPORT_GOAL, Aside
from .generators import Generators
from .measure import OURS, RowResult, Spread
from .plot import draw
from .rows import Row

__all__ = ["Report"]

COMPETITORS: Final = ("websockets", "aiohttp", "websocket-client", "picows")
PACKAGES: Final = ("websockets", "aiohttp", "websocket-client", "picows", "uvloop")


@dataclass
class Report:
    """All results of a run.

    Attributes:
        rounds: How many rounds each figure is the median of.
        rows: The rows that were measured.
        imports: Milliseconds of imports.
        memory: KiB of an idle link.
        generators: What generators took.
    """

    rounds: int
    rows: list[RowResult] = field(default_factory=list)
    imports: Aside = field(default_factory=dict)
    memory: Aside = field(default_factory=dict)
    generators: Generators | None = None

    def row_text(self, result: RowResult) -> str:
        """A row, for the terminal."""
        lines = [result.row.label]
        for client in result.costs:
            ratio = result.ratio(client)
            goal = dict(_goals(result.row)).get(client)
            lines.append(
                f"    {client:28}{result.cost(client):10.2f} µs"
                + (f"   wxsocket takes {ratio}" if ratio and OURS not in client else "")
                + (f"   goal {goal}" + _verdict(ratio, goal) if goal and ratio else "")
            )
        return "\n".join(lines)

    def aside_text(self) -> str:
        """What was measured beside the rows, for the terminal."""
        return "\n".join(self._aside_lines())

    def markdown(self) -> str:
        """The table for the README."""
        lines = [
            f"| wxsocket takes | of {' | of '.join(COMPETITORS)} |",
            f"|---|{'---|' * len(COMPETITORS)}",
        ]
        for result in self.rows:
            ratios = [result.ratio(client) for client in COMPETITORS]
            cells = ["–" if ratio is None else str(ratio) for ratio in ratios]
            lines.append(f"| {' | '.join([result.row.label, *cells])} |")
        made = (
            f"The client's processor time on asyncio's loop, {self._engine()}, Python "
            f"{platform.python_version()}: the median of the ratios of {self.rounds} rounds, in "
            "each of which all clients took their turn, and in brackets the middle half of them."
        )
        return "\n".join([*lines, "", made, "", *self._aside_lines("- ")]) + "\n"

    def data(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "engine": self._engine(),
            "packages": {name: version(name) for name in PACKAGES},
            "rounds": self.rounds,
            "rows": [
                {
                    "name": result.row.name,
                    "label": result.row.label,
                    "microseconds": result.costs,
                    "ratios": {
                        client: asdict(ratio)
                        for client in result.costs
                        if (ratio := result.ratio(client)) is not None
                    },
                    "goals": dict(_goals(result.row)),
                }
                for result in self.rows
            ],
            "import_milliseconds": self.imports,
            "idle_link_kibibytes": self.memory,
            "generators": asdict(self.generators) if self.generators else {},
        }

    def write(self, directory: Path) -> None:
        """Write results.json, results.md and results.svg."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "results.json").write_text(json.dumps(self.data(), indent=1) + "\n")
        (directory / "results.md").write_text(self.markdown())
        draw(self.rows, directory / "results.svg")

    def _aside_lines(self, mark: str = "") -> list[str]:
        lines = []
        if self.imports:
            ratio = aside.ratio(self.imports, "websockets")
            lines.append(
                f"{mark}import: {_list(aside.medians(self.imports), 'ms')}; of websockets' "
                f"{ratio} (goal {IMPORT_GOAL})"
            )
        if self.memory:
            ratio = aside.ratio(self.memory, "websockets")
            lines.append(
                f"{mark}an idle link: {_list(aside.medians(self.memory), 'KiB')}; of websockets' "
                f"{ratio}"
            )
        if self.generators is not None:
            lines += [f"{mark}{line}" for line in self.generators.lines()]
        return lines

    @staticmethod
    def _engine() -> str:
        return "compiled by mypyc" if is_compiled() else "pure Python"


def _goals(row: Row) -> tuple[tuple[str, float], ...]:
    return row.compiled_goals if is_compiled() else row.goals


def _verdict(ratio: Spread, goal: float) -> str:
    return " reached" if round(ratio.median, 2) <= goal else " MISSED"


def _list(values: dict[str, float], unit: str) -> str:
    return ", ".join(f"{name} {value:.1f} {unit}" for name, value in values.items())
