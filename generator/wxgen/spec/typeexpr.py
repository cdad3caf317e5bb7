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
    "text_of",
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
        "never",
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


def text_of(type_: Type) -> str:
    """Write a type as a spec would, with no more parentheses than it needs."""
    match type_:
        case Primitive(name):
            return name
        case Literal(bool(value)):
            return "true" if value else "false"
        case Literal(int(value)):
            return str(value)
        case Literal(value):
            quote = '"' if "'" in str(value) else "'"
            return f"{quote}{value}{quote}"
        case Named(name, arguments=arguments):
            return f"{name}<{_joined(arguments)}>" if arguments else name
        case Array(item):
            text = text_of(item)
            return f"Array<{text}>" if isinstance(item, Union | Function) else f"{text}[]"
        case Tuple(items):
            return f"[{_joined(items)}]"
        case Record(key, value):
            return f"Record<{text_of(key)}, {text_of(value)}>"
        case Promise(value):
            return f"Promise<{text_of(value)}>"
        case Object(members, others):
            each = [f"{_key(one)}: {text_of(one.type)}" for one in members]
            if others is not None:
                each.append(f"[key: {text_of(others.key)}]: {text_of(others.value)}")
            return f"{{{', '.join(each)}}}"
        case Function(parameters, returns):
            return f"({', '.join(map(_parameter, parameters))}) => {text_of(returns)}"
        case Union(members):
            return " | ".join(
                f"({text_of(one)})" if isinstance(one, Union | Function) else text_of(one)
                for one in members
            )


def _joined(types: tuple[Type, ...]) -> str:
    return ", ".join(map(text_of, types))


def _key(member: Member) -> str:
    plain = member.name.isidentifier() and member.name.isascii()
    quote = '"' if "'" in member.name else "'"
    name = member.name if plain else f"{quote}{member.name}{quote}"
    return name if member.required else f"{name}?"


def _parameter(parameter: Parameter) -> str:
    if parameter.rest:
        return f"...{parameter.name}: {text_of(Array(parameter.type))}"
    return f"{parameter.name}{'' if parameter.required else '?'}: {text_of(parameter.type)}"
