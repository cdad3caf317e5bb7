"""Changes as text, as JSON, and as a section of a changelog."""

from __future__ import annotations

import json
from collections.abc import Sequence

from wxgen.diff.changes import Change

__all__ = ["as_changelog", "as_json", "as_text"]


def as_text(changes: Sequence[Change]) -> str:
    """Print one line a change, those that break first, and how many there are."""
    lines = [
        f"{'breaks' if change.breaks else 'right':<8}{change.where}: {change.what}"
        for change in sorted(changes, key=lambda change: not change.breaks)
    ]
    breaking = sum(change.breaks for change in changes)
    lines.append(f"{_count(len(changes), 'change')}, of which {breaking} break callers")
    return "".join(f"{line}\n" for line in lines)


def as_json(changes: Sequence[Change]) -> str:
    """Print one JSON object."""
    value = {
        "breaking": any(change.breaks for change in changes),
        "changes": [
            {"where": change.where, "what": change.what, "breaks": change.breaks}
            for change in changes
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def as_changelog(changes: Sequence[Change]) -> str:
    """Print a section of a changelog in Markdown."""
    parts = []
    for title, breaks in (("Breaking", True), ("Changed", False)):
        items = [change for change in changes if change.breaks is breaks]
        if items:
            lines = [f"- {_code(one.where)}: {_plain(one.what)}" for one in items]
            parts.append("\n".join([f"### {title}", "", *lines]))
    return "\n\n".join(parts or ["Nothing has changed."]) + "\n"


def _code(text: str) -> str:
    return f"`{text}`"


def _plain(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in text)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
