"""Draws the rows: for each client the time a message takes, with its spread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "wxsocket"
mpl.rcParams["svg.fonttype"] = "none"

import matplotlib.pyplot as plt  # noqa: E402

from .measure import RowResult, Spread  # noqa: E402

__all__ = ["draw"]

COLOURS: Final = {
    "wxsocket": "#07c160",
    "websockets": "#7f7f7f",
    "aiohttp": "#4c72b0",
    "picows": "#c9a227",
    "websocket-client": "#b0b0b0",
}
COLUMNS: Final = 2


def draw(results: Sequence[RowResult], path: Path) -> None:
    """Draw bars for all clients on asyncio's loop, row by row.

    Args:
        results: The rows.
        path: The SVG file to write.
    """
    if not results:
        return
    lines = -(-len(results) // COLUMNS)
    figure, grid = plt.subplots(lines, COLUMNS, figsize=(11, 1.9 * lines), squeeze=False)
    for result, axes in zip(results, grid.flat, strict=False):
        clients = [client for client in COLOURS if client in result.costs]
        clients.reverse()
        spreads = [Spread.of(result.costs[client]) for client in clients]
        medians = [spread.median for spread in spreads]
        below = [spread.median - spread.low for spread in spreads]
        above = [spread.high - spread.median for spread in spreads]
        colours = [COLOURS[client] for client in clients]
        bars = axes.barh(clients, medians, xerr=[below, above], color=colours, ecolor="#333333")
        axes.bar_label(bars, [f" {median:.2f}" for median in medians], fontsize=8)
        axes.set_title(result.row.label.replace("`", ""), fontsize=9, loc="left")
        axes.tick_params(labelsize=8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.margins(x=0.15)
    for axes in grid.flat[len(results) :]:
        axes.axis("off")
    figure.supxlabel("µs of processor time a message: median and middle half", fontsize=9)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
