"""Types of the spec as Python annotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from wxgen.python.code import NONE, Code, Symbol, builtin, subscript, union
from wxgen.python.names import literal
from wxgen.spec.typeexpr import (
    Array,
    Function,
    Literal,
    Named,
    Parameter,
    Primitive,
    Record,
    Type,
    Union,
)

__all__ = ["ANY", "CALLABLE", "Annotator", "holds_none"]

ANY: Final = Code((Symbol("typing", "Any"),))
CALLABLE: Final = Symbol("collections.abc", "Callable")
_LITERAL: Final = Symbol("typing", "Literal")
_MAPPING: Final = Symbol("collections.abc", "Mapping")
_SEQUENCE: Final = Symbol("wxruntime.sequences", "SequenceNotStr")


@dataclass(frozen=True)
class Annotator:
    """Writes types as annotations.

    Attributes:
        symbols: Where each name of the spec is found.
        variables: Type variables that are left out; they stand for any type.
    """

    symbols: Mapping[str, Symbol]
    variables: frozenset[str] = frozenset()

    def within(self, variables: Sequence[str]) -> Annotator:
        """Return an annotator for a call that has type variables."""
        return replace(self, variables=frozenset(variables)) if variables else self

    def annotation(self, type_: Type, *, given: bool) -> Code:
        """Return the annotation of a type.

        Args:
            type_: The type.
            given: Whether users give such values (then it is wide), or receive them (then exact).
        """
        match type_:
            case Primitive(name):
                return (_GIVEN if given else _RECEIVED)[name]
            case Literal(value):
                return subscript(_LITERAL, Code((literal(value),)))
            case Named(name) if name in self.variables:
                return (_GIVEN if given else _RECEIVED)["any"]
            case Named(name):
                return Code((self.symbols[name],))
            case Array(item):
                inner = self.annotation(item, given=given)
                return subscript(_SEQUENCE if given else builtin("list"), inner)
            case Record(key, value):
                generic = _MAPPING if given else builtin("dict")
                return subscript(generic, *self._each((key, value), given=given))
            case Function(parameters, returns):
                return self._function(parameters, returns, given=given)
            case Union(members):
                return self._union(members, given=given)

    def callback(self, arguments: Sequence[Type], answer: Code | None = None) -> Code:
        """Return the annotation of a function that users give, and that receives values."""
        received = Code.joined(", ", self._each(arguments, given=False))
        return subscript(CALLABLE, Code.of("[", received, "]"), answer or builtin("object"))

    def _each(self, types: Sequence[Type], *, given: bool) -> list[Code]:
        return [self.annotation(type_, given=given) for type_ in types]

    def _union(self, members: Sequence[Type], *, given: bool) -> Code:
        values = [Code((literal(each.value),)) for each in members if isinstance(each, Literal)]
        literals = subscript(_LITERAL, *dict.fromkeys(values))
        return union(
            literals if isinstance(each, Literal) else self.annotation(each, given=given)
            for each in members
        )

    def _function(self, parameters: Sequence[Parameter], returns: Type, *, given: bool) -> Code:
        # What a function is given flows the other way.
        arguments = self._each([parameter.type for parameter in parameters], given=not given)
        answer = self.annotation(returns, given=given)
        if given and returns == Primitive("void"):
            answer = builtin("object")
        listed = Code.of("[", Code.joined(", ", arguments), "]")
        return subscript(CALLABLE, listed, answer)


_GIVEN: Final = {
    "string": builtin("str"),
    "number": builtin("float"),
    "integer": builtin("int"),
    "boolean": builtin("bool"),
    "ArrayBuffer": union(map(builtin, ("bytes", "bytearray", "memoryview"))),
    "object": subscript(_MAPPING, builtin("str"), builtin("object")),
    "any": builtin("object"),
    "null": NONE,
    "undefined": NONE,
    "void": NONE,
    "function": subscript(CALLABLE, Code(("...",)), builtin("object")),
}
_RECEIVED: Final = {
    **_GIVEN,
    "ArrayBuffer": builtin("bytes"),
    "object": subscript(builtin("dict"), builtin("str"), ANY),
    "any": ANY,
    "function": subscript(CALLABLE, Code(("...",)), ANY),
}


def holds_none(type_: Type) -> bool:
    """Tell whether a type takes None as a value of its own."""
    match type_:
        case Primitive(name):
            return name in ("null", "undefined", "void")
        case Union(members):
            return any(holds_none(member) for member in members)
        case _:
            return False
