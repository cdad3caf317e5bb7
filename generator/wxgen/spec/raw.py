"""The values of a document, whatever they are: what is not as it should be is as if it were absent.

A document that does not fit the schema is read as far as it can be, so that all of its faults are
told at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wxgen.spec.diagnostics import Steps

__all__ = ["Body", "calls", "entries", "flag", "forms", "items", "mapping", "text", "texts"]

Body = Mapping[str, Any]


def mapping(body: object, key: str) -> Body:
    """The mapping below a key."""
    found = body.get(key) if isinstance(body, dict) else None
    return found if isinstance(found, dict) else {}


def entries(body: object, key: str) -> Iterator[tuple[str, Body]]:
    """The entries of the mapping below a key that are mappings themselves."""
    for name, found in mapping(body, key).items():
        if isinstance(found, dict):
            yield name, found


def items(body: object, key: str) -> Iterator[tuple[int, Body]]:
    """The items of the list below a key that are mappings, with their indices."""
    found = body.get(key) if isinstance(body, dict) else None
    for index, item in enumerate(found) if isinstance(found, list) else ():
        if isinstance(item, dict):
            yield index, item


def text(body: Body, key: str) -> str | None:
    """The text below a key."""
    found = body.get(key)
    return found if isinstance(found, str) else None


def texts(body: Body, key: str) -> tuple[str, ...]:
    """The texts of the list below a key."""
    found = body.get(key)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def flag(body: Body, key: str) -> bool:
    """Whether the value below a key is true."""
    return body.get(key) is True


def calls(root: object) -> Iterator[tuple[Steps, str | None, str, Body]]:
    """The path, the class, the name and the body of every call, constructors included."""
    for name, body in entries(root, "functions"):
        yield ("functions", name), None, name, body
    for class_, holder in entries(root, "classes"):
        for name in ("construct", "call"):
            if isinstance(holder.get(name), dict):
                yield ("classes", class_, name), class_, name, holder[name]
        for name, body in entries(holder, "methods"):
            yield ("classes", class_, "methods", name), class_, name, body


def forms(path: Steps, body: Body) -> Iterator[tuple[Steps, Body]]:
    """The path and the body of every form of a call: its own, then its overloads."""
    yield path, body
    for index, overload in items(body, "overloads"):
        yield (*path, "overloads", index), overload
