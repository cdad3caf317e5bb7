"""What a name of the spec becomes in Python, and plain data as Python text."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container, Iterable
from typing import Final

__all__ = ["class_name", "identifier", "literal", "own", "quoted", "sorted_names"]

# Names that linters refuse, because some fonts do not tell them from 1 and 0.
_AMBIGUOUS: Final = frozenset({"I", "O", "l"})


def identifier(name: str) -> str:
    """Return the Python name for a name of the spec.

    Args:
        name: The name; the schema has made sure that it starts with a letter.

    Returns:
        The name, with what Python does not allow replaced by ``_``, and ``_`` added to keywords.
        No other name changes: the emitted modules' own names give way.
    """
    changed = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return f"{changed}_" if keyword.iskeyword(changed) or changed in _AMBIGUOUS else changed


def own(name: str, taken: Container[str]) -> str:
    """Return a name of the emitted code's own: as it is, or with ``_`` before it where it is taken.

    Names of a spec start with a letter, so the latter never is.
    """
    return f"_{name}" if name in taken else name


def quoted(text: str) -> str:
    """Return a string as a Python literal, with the quotes that formatters choose."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = "".join(
        f"\\{char}" if char == quote else char if char in "'\"" else repr(char)[1:-1]
        for char in text
    )
    return f"{quote}{body}{quote}"


def literal(value: object) -> str:
    """Return plain data as a Python literal."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    return repr(value)


def sorted_names(names: Iterable[str]) -> list[str]:
    """Sort names as isort does: constants, then classes, then the rest."""

    def key(name: str) -> tuple[int, str, str]:
        bare = name.lstrip("_") or name
        kind = 0 if name.isupper() and len(name) > 1 else 1 if bare[0].isupper() else 2
        return kind, name.lower(), name

    return sorted(names, key=key)


def class_name(namespace: str) -> str:
    """Return the name of the class of a namespace."""
    return identifier(namespace[0].upper() + namespace[1:])
