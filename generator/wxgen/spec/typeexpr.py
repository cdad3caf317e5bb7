"""The type expressions of a spec: ``string | ArrayBuffer``, ``Array<string>``, ``(res: T) => void``.

A small algebra of frozen dataclasses. Nothing here knows Python's own types; :mod:`wxgen.python`
does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

__all__ = [
    "CONTAINERS",
    "PRIMITIVES",
    "Array",
    "Function",
    "Literal",
    "Member",
    "Named",
    "Object",
    "Parameter",
    "Primitive",
    "Promise",
    "Record",
    "Tuple",
    "Type",
    "Union",
    "names_in",
    "parts_of",
]

PRIMITIVES: Final = frozenset(
    {
        "string",
        "number",
        "integer",
        "boolean",
        "ArrayBuffer",
        "object",
        "any",
        "unknown",
        "null",
        "undefined",
        "void",
        "function",
    }
)


@dataclass(frozen=True)
class Primitive:
    """A type that the platform brings along; ``name`` is one of :data:`PRIMITIVES`."""

    name: str


@dataclass(frozen=True)
class Literal:
    """One string, whole number or truth value as a type."""

    value: str | int | bool


@dataclass(frozen=True)
class Named:
    """A type, class or type variable of the spec.

    Attributes:
        offset: Where the expression names it; two types that differ in nothing else are equal.
        arguments: Its type arguments.
    """

    name: str
    offset: int = field(default=0, compare=False)
    arguments: tuple[Type, ...] = ()


@dataclass(frozen=True)
class Array:
    """A list of ``item``."""

    item: Type


@dataclass(frozen=True)
class Tuple:
    """A list of so many items, each of a type of its own."""

    items: tuple[Type, ...]


@dataclass(frozen=True)
class Record:
    """An object used as a dictionary."""

    key: Type
    value: Type


@dataclass(frozen=True)
class Promise:
    """What can be awaited, for a ``value``."""

    value: Type


@dataclass(frozen=True)
class Member:
    """A property of an object that has no name."""

    name: str
    type: Type
    required: bool = True


@dataclass(frozen=True)
class Object:
    """An object that has no name. ``others`` is what further keys hold, if it may have any."""

    members: tuple[Member, ...]
    others: Record | None = None


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function type. ``rest`` takes all further arguments, each of ``type``."""

    name: str
    type: Type
    required: bool = True
    rest: bool = False


@dataclass(frozen=True)
class Function:
    """A function with positional parameters."""

    parameters: tuple[Parameter, ...]
    returns: Type


@dataclass(frozen=True)
class Union:
    """One of several types."""

    members: tuple[Type, ...]


Type = Primitive | Literal | Named | Array | Tuple | Record | Promise | Object | Function | Union

CONTAINERS: Final = {"Array": "Array<T>", "Promise": "Promise<T>", "Record": "Record<K, V>"}
"""The types of the language that are written with others between angle brackets."""


def parts_of(type_: Type) -> tuple[Type, ...]:
    """The types that a type is directly made of, in the order of the text."""
    match type_:
        case Named(arguments=parts) | Tuple(parts) | Union(parts):
            return parts
        case Array(part) | Promise(part):
            return (part,)
        case Record(key, value):
            return key, value
        case Object(members, others):
            found = tuple(member.type for member in members)
            return (*found, others.key, others.value) if others is not None else found
        case Function(parameters, returns):
            return (*(parameter.type for parameter in parameters), returns)
        case _:
            return ()


def names_in(type_: Type) -> Iterator[Named]:
    """Yield every name that a type uses, in the order of the text.

    Args:
        type_: The type to search.

    Yields:
        Each :class:`Named` in it.
    """
    waiting = [type_]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Named):
            yield part
        waiting += reversed(parts_of(part))
