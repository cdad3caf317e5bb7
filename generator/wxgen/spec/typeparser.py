"""From the text of a type to the type: ``string | ArrayBuffer``, ``(res: T) => void``."""

from __future__ import annotations

import re
from typing import Final

from wxgen.spec.typeexpr import (
    CONTAINERS,
    PRIMITIVES,
    Array,
    Function,
    Literal,
    Member,
    Named,
    Object,
    Parameter,
    Primitive,
    Promise,
    Record,
    Tuple,
    Type,
    Union,
)

__all__ = ["TypeFault", "parse_type"]


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


_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<arrow>=>)
      | (?P<dots>\.\.\.)
      | (?P<name>[A-Za-z_$][A-Za-z0-9_$]*(?:\.[A-Za-z_$][A-Za-z0-9_$]*)*)
      | (?P<string>'[^'\\]*'|"[^"\\]*")
      | (?P<number>-?[0-9]{1,15})
      | (?P<mark>[|<>,;:?()\[\]{}])
    )""",
    re.VERBOSE,
)

# A nested expression deeper than this is a mistake, not a type.
_DEEPEST: Final = 32


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
        self._deeper()
        members = [self._postfix()]
        while self._accept("mark", "|"):
            members.append(self._postfix())
        self._depth -= 1
        return members[0] if len(members) == 1 else Union(tuple(members))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TypeFault("the type is nested too deeply", self._peek()[2])

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
        match kind, text:
            case "string", _:
                return Literal(text[1:-1])
            case "number", _:
                return Literal(int(text))
            case "name", "true" | "false":
                return Literal(text == "true")
            case "name", _:
                return self._name(text, offset)
            case "mark", "[":
                return Tuple(self._list("]"))
            case "mark", "{":
                return self._object()
            case "mark", "(" if self._is_function():
                return self._function()
            case "mark", "(":
                parsed = self._union()
                self._expect("mark", ")")
                return parsed
        raise TypeFault(f"expected a type, found {_shown(kind, text)}", offset)

    def _name(self, text: str, offset: int) -> Type:
        if text in PRIMITIVES:
            return Primitive(text)
        arguments = self._list(">") if self._accept("mark", "<") else ()
        match text, arguments:
            case "Array", (item,):
                return Array(item)
            case "Promise", (value,):
                return Promise(value)
            case "Record", (key, value):
                return Record(key, value)
        if text in CONTAINERS:
            raise TypeFault(f"{text} is written {CONTAINERS[text]}", offset)
        return Named(text, offset, arguments)

    def _list(self, end: str) -> tuple[Type, ...]:
        """Read one or more types with commas between them, and what ends them."""
        found = [self._union()]
        while self._accept("mark", ","):
            found.append(self._union())
        self._expect("mark", end)
        return tuple(found)

    def _is_function(self) -> bool:
        """Tell whether what follows an opening parenthesis is a parameter list."""
        first, second = self._tokens[self._next], self._tokens[min(self._next + 1, self._last)]
        if first[:2] == ("mark", ")") or first[0] == "dots":
            return True
        return first[0] == "name" and second[:2] in (("mark", ":"), ("mark", "?"))

    def _function(self) -> Type:
        parameters: list[Parameter] = []
        while not self._accept("mark", ")"):
            if parameters:
                if parameters[-1].rest:
                    raise TypeFault("only the last parameter takes the rest", self._peek()[2])
                self._expect("mark", ",")
            parameters.append(self._parameter(parameters))
        self._expect("arrow", "=>")
        return Function(tuple(parameters), self._union())

    def _parameter(self, before: list[Parameter]) -> Parameter:
        rest = self._accept("dots", "...")
        name, offset = self._word("name")
        required = not self._accept("mark", "?")
        if required and not rest and before and not before[-1].required:
            raise TypeFault(f"{name!r} must be optional too, as the one before it is", offset)
        self._expect("mark", ":")
        at = self._peek()[2]
        type_ = self._union()
        if rest:
            if not isinstance(type_, Array):
                raise TypeFault("the rest is an array, such as any[]", at)
            type_ = type_.item
        return Parameter(name, type_, required, rest)

    def _object(self) -> Type:
        members: list[Member] = []
        others: Record | None = None
        while not self._accept("mark", "}"):
            if self._accept("mark", "["):
                others = self._others(self._peek()[2], others)
            else:
                members.append(self._member(members))
            if not self._accept("mark", ",") and not self._accept("mark", ";"):
                self._expect("mark", "}")
                break
        if others is not None and not members:
            return others
        return Object(tuple(members), others)

    def _member(self, before: list[Member]) -> Member:
        name, offset = self._word("name", "string")
        if any(member.name == name for member in before):
            raise TypeFault(f"{name!r} is a property already", offset)
        required = not self._accept("mark", "?")
        self._expect("mark", ":")
        return Member(name, self._union(), required)

    def _others(self, offset: int, before: Record | None) -> Record:
        """Read an index signature, `[key: string]: T`, whose bracket is read already."""
        if before is not None:
            raise TypeFault("only one index signature", offset)
        self._word("name")
        self._expect("mark", ":")
        at = self._peek()[2]
        key = self._union()
        if key not in (Primitive("string"), Primitive("number"), Primitive("integer")):
            raise TypeFault("a key is a string, a number or an integer", at)
        self._expect("mark", "]")
        self._expect("mark", ":")
        return Record(key, self._union())

    def _word(self, *kinds: str) -> tuple[str, int]:
        kind, text, offset = self._take()
        if kind not in kinds or (kind == "name" and "." in text):
            raise TypeFault(f"expected a name, found {_shown(kind, text)}", offset)
        return text[1:-1] if kind == "string" else text, offset

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
