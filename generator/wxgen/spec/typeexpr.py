"""The type expressions of a spec: ``string | ArrayBuffer``, ``Array<string>``, ``(res: T) => void``.

A small algebra of frozen dataclasses and the parser that builds it. Nothing here knows Python's own
types; :mod:`wxgen.python` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = [
    "PRIMITIVES",
    "Array",
    "Function",
    "Literal",
    "Named",
    "Parameter",
    "Primitive",
    "Record",
    "Type",
    "TypeFault",
    "Union",
    "names_in",
    "parse_type",
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
    """One string or whole number as a type."""

    value: str | int


@dataclass(frozen=True)
class Named:
    """A type, class or type variable of the spec; ``offset`` is where the expression names it."""

    name: str
    offset: int = 0


@dataclass(frozen=True)
class Array:
    """A list of ``item``."""

    item: Type


@dataclass(frozen=True)
class Record:
    """An object used as a dictionary."""

    key: Type
    value: Type


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function type."""

    name: str
    type: Type


@dataclass(frozen=True)
class Function:
    """A function with positional parameters."""

    parameters: tuple[Parameter, ...]
    returns: Type


@dataclass(frozen=True)
class Union:
    """One of several types."""

    members: tuple[Type, ...]


Type = Primitive | Literal | Named | Array | Record | Function | Union


class TypeFault(Exception):
    """A type expression that cannot be read.

    Args:
        message: What is wrong.
        offset: The index of the character at which it is wrong.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def parse_type(text: str) -> Type:
    """Read a type expression.

    Args:
        text: The expression, as the spec has it.

    Returns:
        The type. Names are not looked up: whoever knows the spec's names does that.

    Raises:
        TypeFault: The text is no type expression.
    """
    return _Parser(text).parse()


def names_in(type_: Type) -> Iterator[Named]:
    """Yield every name that a type uses, in the order of the text.

    Args:
        type_: The type to search.

    Yields:
        Each :class:`Named` in it.
    """
    match type_:
        case Named():
            yield type_
        case Array(item):
            yield from names_in(item)
        case Record(key, value):
            yield from names_in(key)
            yield from names_in(value)
        case Union(members):
            for member in members:
                yield from names_in(member)
        case Function(parameters, returns):
            for parameter in parameters:
                yield from names_in(parameter.type)
            yield from names_in(returns)
        case Primitive() | Literal():
            pass


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<arrow>=>)
      | (?P<name>[A-Za-z_$][A-Za-z0-9_$]*)
      | (?P<string>'[^'\\]*'|"[^"\\]*")
      | (?P<number>-?[0-9]{1,15})
      | (?P<mark>[|<>,():\[\]])
    )""",
    re.VERBOSE,
)

# A nested expression deeper than this is a mistake, not a type.
_DEEPEST = 32


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str, int]] = []
        at = 0
        end = len(text.rstrip())
        while at < end:
            found = _TOKEN.match(text, at)
            if found is None:
                offset = at + len(text[at:]) - len(text[at:].lstrip())
                raise TypeFault(f"a type cannot hold {text[offset]!r}", offset)
            kind = found.lastgroup or ""
            self._tokens.append((kind, found.group(kind), found.start(kind)))
            at = found.end()
        self._tokens.append(("end", "", end))
        self._next = 0
        self._depth = 0

    def parse(self) -> Type:
        parsed = self._union()
        self._expect("end", "")
        return parsed

    def _union(self) -> Type:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TypeFault("the type is nested too deeply", self._peek()[2])
        members = [self._postfix()]
        while self._accept("mark", "|"):
            members.append(self._postfix())
        self._depth -= 1
        return members[0] if len(members) == 1 else Union(tuple(members))

    def _postfix(self) -> Type:
        parsed = self._primary()
        depth = self._depth
        while self._accept("mark", "["):
            self._expect("mark", "]")
            depth += 1
            if depth > _DEEPEST:
                raise TypeFault("the type is nested too deeply", self._peek()[2])
            parsed = Array(parsed)
        return parsed

    def _primary(self) -> Type:
        kind, text, offset = self._take()
        if kind == "string":
            return Literal(text[1:-1])
        if kind == "number":
            return Literal(int(text))
        if kind == "name":
            return self._name(text, offset)
        if (kind, text) == ("mark", "("):
            if self._is_function():
                return self._function()
            parsed = self._union()
            self._expect("mark", ")")
            return parsed
        raise TypeFault(f"expected a type, found {_shown(kind, text)}", offset)

    def _name(self, text: str, offset: int) -> Type:
        if text == "Array":
            (item,) = self._arguments(text, offset, 1)
            return Array(item)
        if text == "Record":
            key, value = self._arguments(text, offset, 2)
            return Record(key, value)
        if text in PRIMITIVES:
            return Primitive(text)
        return Named(text, offset)

    def _arguments(self, name: str, offset: int, count: int) -> list[Type]:
        arguments: list[Type] = []
        if self._accept("mark", "<"):
            arguments.append(self._union())
            while self._accept("mark", ","):
                arguments.append(self._union())
            self._expect("mark", ">")
        if len(arguments) != count:
            wanted = "Array<T>" if name == "Array" else "Record<K, V>"
            raise TypeFault(f"{name} is written {wanted}", offset)
        return arguments

    def _is_function(self) -> bool:
        """Tell whether what follows an opening parenthesis is a parameter list."""
        first, second = self._tokens[self._next], self._tokens[min(self._next + 1, self._last)]
        if first[:2] == ("mark", ")"):
            return True
        return first[0] == "name" and second[:2] == ("mark", ":")

    def _function(self) -> Type:
        parameters: list[Parameter] = []
        while not self._accept("mark", ")"):
            if parameters:
                self._expect("mark", ",")
            kind, text, offset = self._take()
            if kind != "name":
                raise TypeFault(f"expected a name, found {_shown(kind, text)}", offset)
            self._expect("mark", ":")
            parameters.append(Parameter(text, self._union()))
        self._expect("arrow", "=>")
        return Function(tuple(parameters), self._union())

    @property
    def _last(self) -> int:
        return len(self._tokens) - 1

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._next]

    def _take(self) -> tuple[str, str, int]:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, self._last)
        return token

    def _accept(self, kind: str, text: str) -> bool:
        if self._peek()[:2] != (kind, text):
            return False
        self._take()
        return True

    def _expect(self, kind: str, text: str) -> None:
        found_kind, found, offset = self._take()
        if (found_kind, found) != (kind, text):
            wanted, got = _shown(kind, text), _shown(found_kind, found)
            raise TypeFault(f"expected {wanted}, found {got}", offset)


def _shown(kind: str, text: str) -> str:
    return "the end of the type" if kind == "end" else repr(text)
