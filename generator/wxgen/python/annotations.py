"""Types of the spec as Python annotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

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

__all__ = ["annotation", "holds_none", "without"]


def annotation(type_: Type, *, given: bool) -> str:
    """Return the annotation of a type.

    Args:
        type_: The type.
        given: Whether users give such values (then it is wide), or receive them (then exact).
    """
    match type_:
        case Primitive(name):
            return (_GIVEN if given else _RECEIVED)[name]
        case Literal(value):
            return f"Literal[{literal(value)}]"
        case Named(name):
            return name
        case Array(item):
            return f"{'SequenceNotStr' if given else 'list'}[{annotation(item, given=given)}]"
        case Record(key, value):
            inner = f"{annotation(key, given=given)}, {annotation(value, given=given)}"
            return f"{'Mapping' if given else 'dict'}[{inner}]"
        case Function(parameters, returns):
            return _function(parameters, returns, given=given)
        case Union(members):
            return _union(members, given=given)


def _union(members: Sequence[Type], *, given: bool) -> str:
    literals = [member.value for member in members if isinstance(member, Literal)]
    texts: list[str] = []
    for member in members:
        if isinstance(member, Literal):
            values = [literal(value) for value in literals]
            text = f"Literal[{', '.join(dict.fromkeys(values))}]"
        else:
            text = annotation(member, given=given)
        if text not in texts:
            texts.append(text)
    if "None" in texts:
        texts.remove("None")
        texts.append("None")
    return " | ".join(texts)


def _function(parameters: Sequence[Parameter], returns: Type, *, given: bool) -> str:
    # What a function is given flows the other way.
    arguments = [annotation(parameter.type, given=not given) for parameter in parameters]
    if given:
        answer = "object" if returns == Primitive("void") else annotation(returns, given=True)
    else:
        answer = annotation(returns, given=False)
    return f"Callable[[{', '.join(arguments)}], {answer}]"


_GIVEN: Final = {
    "string": "str",
    "number": "float",
    "integer": "int",
    "boolean": "bool",
    "ArrayBuffer": "bytes | bytearray | memoryview",
    "object": "Mapping[str, object]",
    "any": "object",
    "null": "None",
    "undefined": "None",
    "void": "None",
    "function": "Callable[..., object]",
}
_RECEIVED: Final = {
    **_GIVEN,
    "ArrayBuffer": "bytes",
    "object": "dict[str, object]",
}


def holds_none(type_: Type) -> bool:
    match type_:
        case Primitive(name):
            return name in ("null", "undefined", "void")
        case Union(members):
            return any(holds_none(member) for member in members)
        case _:
            return False


def without(type_: Type, variables: Sequence[str]) -> Type:
    """Replace type variables, which are left out so far, by any."""
    match type_:
        case Named(name) if name in variables:
            return Primitive("any")
        case Array(item):
            return Array(without(item, variables))
        case Record(key, value):
            return Record(without(key, variables), without(value, variables))
        case Union(members):
            return Union(tuple(without(member, variables) for member in members))
        case Function(parameters, returns):
            changed = tuple(
                Parameter(parameter.name, without(parameter.type, variables))
                for parameter in parameters
            )
            return Function(changed, without(returns, variables))
        case _:
            return type_
