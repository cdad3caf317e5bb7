"""What a name of the spec becomes in Python, and plain data as Python text."""

from __future__ import annotations

import functools
import keyword
import re
from collections.abc import Container, Iterable
from typing import Final

__all__ = [
    "class_name",
    "documented",
    "free",
    "hook_name",
    "identifier",
    "literal",
    "own",
    "quoted",
    "sorted_names",
]

# What `identifier` makes of a character, and a `_` of the name itself that would read like it.
_ODD: Final = re.compile(r"_(?=_|x[0-9a-f]{2}|[.$-])|^_(?=[0-9])|[^A-Za-z0-9_]")
_MADE: Final = re.compile(r"__|_x([0-9a-f]{2})|^_(?=[0-9])")


@functools.cache
def identifier(name: str) -> str:
    """Return the Python name for a name of the spec; different names stay different.

    Args:
        name: The name.

    Returns:
        The name. ``.`` becomes ``__``, another character that Python does not allow becomes ``_x``
        and its code; a leading digit gets ``_`` before it, and a word of Python ``_`` after it.
    """
    if keyword.iskeyword(name):
        return f"{name}_"
    if name.isidentifier() and "_" not in name:
        return name
    changed = _ODD.sub(lambda found: "__" if found[0] == "." else f"_x{ord(found[0]):02x}", name)
    if keyword.iskeyword(name.removesuffix("_")):
        changed = f"{changed.removesuffix('_')}_x5f"
    return f"_{changed}" if changed[0].isdigit() else changed


def documented(name: str) -> str:
    """Return the name of the spec that became a Python name.

    Args:
        name: What :func:`identifier` returned.
    """
    if name.endswith("_") and keyword.iskeyword(name[:-1]):
        return name[:-1]

    def original(found: re.Match[str]) -> str:
        if found[1] is not None:
            return chr(int(found[1], 16))
        return "." if found[0] == "__" else ""

    return _MADE.sub(original, name)


def hook_name(name: str) -> str:
    """Return the name of the method that carries a call out."""
    changed = identifier(name)
    if keyword.iskeyword(name):
        changed = name
    # Python changes names that start with two of them.
    return f"_call{changed}" if changed[0] == "_" else f"_{changed}"


def own(name: str, taken: Container[str]) -> str:
    """Return a name of the emitted code's own: as it is, or with ``_`` around it where it is taken."""
    if name in taken:
        name = f"_{name}"  # with two, Python would change it in a class
    while name in taken:
        name = f"{name}_"
    return name


def free(name: str, taken: Container[str]) -> str:
    """Return a public name of the emitted code's own: as it is, or with a ``_`` after it."""
    while name in taken:
        name = f"{name}_"
    return name


def quoted(text: str) -> str:
    """Return a string as a Python literal, with the quotes that formatters choose."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
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


def sorted_names(names: Iterable[str], *, ignore_case: bool = False) -> list[str]:
    """Sort names as linters do: constants, then classes, then the rest; numbers by their size.

    Args:
        names: The names.
        ignore_case: Whether they stand in an import statement, where case counts last.
    """

    def key(name: str) -> tuple[int, str, str]:
        kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
        return kind, _NUMBER.sub(_by_size, name.lower() if ignore_case else name), name

    return sorted(names, key=key)


# What stands between quotes as it is, as nearly always.
_PLAIN: Final = re.compile(r"[^\x00-\x1f\x7f-\U0010ffff\"'\\]*")

_NUMBER: Final = re.compile(r"[0-9]+")


def _by_size(number: re.Match[str]) -> str:
    """A number so that texts with it sort by its size: a digit, how many digits follow, and those."""
    digits = number[0].lstrip("0")
    return f"0{chr(len(digits))}{digits}"


def class_name(namespace: str) -> str:
    """Return the name of the class of a namespace."""
    return identifier(namespace[0].upper() + namespace[1:])
