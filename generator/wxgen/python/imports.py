"""Import statements: where a name comes from, and the lines that linters want for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from wxgen.python import docstrings as docs
from wxgen.python.names import sorted_names

__all__ = ["ORIGINS", "import_lines", "words"]

ORIGINS: Final = {
    "Callable": "collections.abc",
    "Mapping": "collections.abc",
    "SequenceNotStr": ".calls",
    "Any": "typing",
    "Final": "typing",
    "Literal": "typing",
    "TypeAlias": "typing",
    "TypeVar": "typing",
    "cast": "typing",
    "overload": "typing",
    "ABC": "abc",
    "abstractmethod": "abc",
    "dataclass": "dataclasses",
}


def words(text: str) -> set[str]:
    """The names that an annotation uses. String literals in it are skipped."""
    bare = re.sub(r""" "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' """, " ", text, flags=re.VERBOSE)
    return set(re.findall(r"\w+", bare))


def import_lines(used: Iterable[str], origins: Mapping[str, str]) -> list[str]:
    modules: dict[str, list[str]] = {}
    for name in used:
        if name in origins:
            modules.setdefault(origins[name], []).append(name)
    lines: list[str] = []
    absolute = sorted(module for module in modules if not module.startswith("."))
    relative = sorted(module for module in modules if module.startswith("."))
    for group in (absolute, relative):
        if group and lines:
            lines.append("")
        for module in group:
            names = sorted_names(modules[module])
            line = f"from {module} import {', '.join(names)}"
            if len(line) <= docs.WIDTH:
                lines.append(line)
            else:
                lines += [f"from {module} import (", *(f"    {name}," for name in names), ")"]
    return lines
