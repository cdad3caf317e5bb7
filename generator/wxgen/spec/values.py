"""Whether a default or an example is a value of its type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from wxgen.spec.records import EnumType, HostType, NamedType, NewName
from wxgen.spec.typeexpr import (
    Array,
    Literal,
    Named,
    Object,
    Primitive,
    Record,
    Tuple,
    Type,
    Union,
)

__all__ = ["Values"]


class Values:
    """Tells which values belong to which types, given the named types of a spec."""

    def __init__(self, types: Mapping[str, NamedType], is_declared: Callable[[str], bool]) -> None:
        """Know the named types.

        Args:
            types: The named types that have no fields.
            is_declared: Tells whether the spec declares a name. Any value fits a type variable,
                and a name that nothing declares, because that has its fault already.
        """
        self._types = types
        self._is_declared = is_declared

    def fit(self, value: object, type_: Type) -> bool:
        """Tell whether a value belongs to a type.

        Args:
            value: Plain data.
            type_: The type.
        """
        return self._fits(value, type_, {})

    def _fits(self, value: object, type_: Type, known: dict[tuple[int, Type], bool]) -> bool:
        # Each value is held against each type once, however often the names lead there.
        key = (id(value), type_)
        if key not in known:
            known[key] = False  # what needs itself to fit does not
            known[key] = any(
                self._is_one_of(value, part.name)
                if isinstance(part, Named)
                else self._fits_plain(value, part, known)
                for part in self._meant(type_)
            )
        return known[key]

    def _meant(self, type_: Type) -> Iterator[Type]:
        """The members of a type that is a union, those behind names for other types included."""
        waiting = [type_]
        seen: set[str] = set()
        while waiting:
            part = waiting.pop()
            if isinstance(part, Union):
                waiting += reversed(part.members)
            elif isinstance(part, Named):
                named = self._types.get(part.name)
                if not isinstance(named, NewName):
                    yield part
                elif part.name not in seen:
                    seen.add(part.name)
                    waiting.append(named.type)
            else:
                yield part

    def _is_one_of(self, value: object, name: str) -> bool:
        named = self._types.get(name)
        if isinstance(named, EnumType):
            return any(_same(value, entry.value) for entry in named.values)
        return isinstance(named, HostType) or not self._is_declared(name)

    def _fits_plain(self, value: object, type_: Type, known: dict[tuple[int, Type], bool]) -> bool:
        match type_:
            case Primitive(name):
                return _is_primitive(value, name)
            case Literal(literal):
                return _same(value, literal)
            case Array(item):
                return isinstance(value, list) and all(
                    self._fits(one, item, known) for one in value
                )
            case Tuple(items):
                return (
                    isinstance(value, list)
                    and len(value) == len(items)
                    and all(map(self._fits, value, items, [known] * len(items)))
                )
            case Record(_, held):
                return isinstance(value, dict) and all(
                    self._fits(one, held, known) for one in value.values()
                )
            case Object(members, others):
                if not isinstance(value, dict):
                    return False
                types = {member.name: member.type for member in members}
                needed = {member.name for member in members if member.required}
                return needed <= value.keys() and all(
                    self._fits(one, types[key], known)
                    if key in types
                    else others is not None and self._fits(one, others.value, known)
                    for key, one in value.items()
                )
            case _:
                return False


def _is_primitive(value: object, name: str) -> bool:
    match name:
        case "any" | "unknown":
            return True
        case "object":
            return isinstance(value, dict)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            return False


def _same(value: object, other: str | int | bool) -> bool:
    return type(value) is type(other) and value == other
