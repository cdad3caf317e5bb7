"""Types of the spec as Python annotations."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from wxgen.python.code import NEVER, NONE, Code, Symbol, builtin, subscript, union
from wxgen.python.generics import arguments_of, is_variable
from wxgen.python.names import literal
from wxgen.spec.records import Listener, TypeParameter
from wxgen.spec.typeexpr import (
    Array,
    Function,
    Literal,
    Named,
    Object,
    Parameter,
    Primitive,
    Promise,
    Record,
    Tuple,
    Type,
    Union,
    names_in,
)

__all__ = ["ANY", "CALL", "CALLABLE", "Annotator", "Unnamed", "familiar", "holds_none", "host_code"]

ANY: Final = Code((Symbol("typing", "Any"),))
CALL: Final = Symbol("wxruntime.call", "Call")
CALLABLE: Final = Symbol("collections.abc", "Callable")
_AWAITABLE: Final = Symbol("collections.abc", "Awaitable")
_LITERAL: Final = Symbol("typing", "Literal")
_MAPPING: Final = Symbol("collections.abc", "Mapping")
_SEQUENCE: Final = Symbol("wxruntime.sequences", "SequenceNotStr")

Unnamed = Callable[[Object, str, bool, Mapping[str, Code]], Symbol]
"""Finds the class for an object without a name.

It takes the object, where it stands, whether it is given, and what its type variables are called.
"""


@dataclass(frozen=True)
class Annotator:
    """Writes types as annotations.

    Attributes:
        symbols: Where each name of the spec is found.
        unnamed: Finds the classes of objects that have no name.
        variables: What each type variable is called.
        parameters: The type variables of each name that has some. What a type leaves out is
            written out, because classes take no fewer type arguments when the program runs.
        place: Where the type stands, as the beginning of a name.
    """

    symbols: Mapping[str, Symbol]
    unnamed: Unnamed
    variables: Mapping[str, Code]
    parameters: Mapping[str, Sequence[TypeParameter]] = field(default_factory=dict)
    place: str = ""

    def within(self, variables: Mapping[str, Code]) -> Annotator:
        """Return an annotator for a thing that has type variables."""
        return replace(self, variables={**self.variables, **variables}) if variables else self

    def at(self, place: str) -> Annotator:
        """Return an annotator for the types of a thing."""
        return Annotator(self.symbols, self.unnamed, self.variables, self.parameters, place)

    def annotation(self, type_: Type, *, given: bool) -> Code:
        """Return the annotation of a type.

        Args:
            type_: The type.
            given: Whether users give such values (then it is wide), or receive them (then exact).
        """
        if isinstance(type_, Primitive):  # as most are
            return (_GIVEN if given else _RECEIVED)[type_.name]
        match type_:
            case Literal(value):
                return subscript(_LITERAL, Code((literal(value),)))
            case Named(name):
                found = self.variables.get(name) or Code((self.symbols[name],))
                parameters = self.parameters.get(name)
                if not parameters:
                    return found
                complete = arguments_of(parameters, type_)
                each = self._each([*complete.values()], given=given)
                return subscript(found, *each)
            case Array(item):
                inner = self.annotation(item, given=given)
                return subscript(_SEQUENCE if given else builtin("list"), inner)
            case Tuple(items):
                inner = (
                    Code.joined(", ", self._each(items, given=given)) if items else Code(("()",))
                )
                return subscript(builtin("tuple"), inner)
            case Record(key, value):
                generic = _MAPPING if given else builtin("dict")
                return subscript(generic, *self._each((key, value), given=given))
            case Promise(value):
                return subscript(_AWAITABLE, self.annotation(value, given=given))
            case Object():
                used = {
                    each.name: self.variables[each.name]
                    for each in names_in(type_)
                    if each.name in self.variables
                }
                symbol = self.unnamed(type_, self.place, given, used)
                arguments = [code for code in used.values() if is_variable(code)]
                return subscript(symbol, *arguments) if arguments else Code((symbol,))
            case Function(parameters, returns):
                return self._function(parameters, returns, given=given)
            case Union(members):
                return self._union(members, given=given)

    def returned(self, type_: Type) -> Code:
        """Return the annotation of what a call returns: a promise is a call under way."""
        if isinstance(type_, Promise):
            return subscript(CALL, self.annotation(type_.value, given=False))
        return self.annotation(type_, given=False)

    def callback(self, arguments: Sequence[Type], answer: Code | None = None) -> Code:
        """Return the annotation of a function that users give, and that receives values."""
        received = Code.joined(", ", self._each(arguments, given=False))
        return subscript(CALLABLE, Code.of("[", received, "]"), answer or builtin("object"))

    def listener(self, listener: Listener, answer: Code | None = None) -> Code:
        """Return the annotation of a listener.

        Args:
            listener: The listener.
            answer: What it returns, where the spec does not say it.
        """
        if listener.returns is not None:
            answer = self.annotation(listener.returns, given=True)
        if listener.unknown:
            return subscript(CALLABLE, Code(("...",)), answer or builtin("object"))
        if listener.result is not None:
            return self.callback((listener.result,), answer)
        return self.callback([field.type for field in listener.parameters], answer)

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
        if any(parameter.rest or not parameter.required for parameter in parameters):
            # Python has no such type without a protocol; who is given less or more must cope.
            listed = Code(("...",))
        return subscript(CALLABLE, listed, answer)


_GIVEN: Final = {
    "string": builtin("str"),
    "number": builtin("float"),
    "integer": builtin("int"),
    "boolean": builtin("bool"),
    "ArrayBuffer": union(map(builtin, ("bytes", "bytearray", "memoryview"))),
    "object": subscript(_MAPPING, builtin("str"), builtin("object")),
    "any": builtin("object"),
    "unknown": builtin("object"),
    "null": NONE,
    "undefined": NONE,
    "void": NONE,
    "never": NEVER,
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


def familiar(symbol: Symbol) -> str:
    """Return the name by which readers know a symbol: that text is no sequence, checkers tell."""
    return "Sequence" if symbol == _SEQUENCE else symbol.name


def host_code(text: str) -> Code:
    """Return the annotation that stands for a type of the platform's own.

    Args:
        text: The annotation; the reader has made sure that it is a harmless one.
    """
    return _host(ast.parse(text.strip(), mode="eval").body)


def _host(node: ast.expr) -> Code:
    match node:
        case ast.Name(id=name):
            module = "builtins" if hasattr(builtins, name) else "collections.abc"
            if name == "Any":
                module = "typing"
            return Code((Symbol(module, name),))
        case ast.Subscript(value=generic, slice=ast.Tuple(elts=items)):
            return subscript(_host(generic), *map(_host, items))
        case ast.Subscript(value=generic, slice=item):
            return subscript(_host(generic), _host(item))
        case ast.List(elts=items):
            return Code.of("[", Code.joined(", ", map(_host, items)), "]")
        case ast.BinOp(left=left, right=right):
            return Code.of(_host(left), " | ", _host(right))
        case _:
            return Code((ast.unparse(node),))
