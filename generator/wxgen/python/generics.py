"""Types with type arguments in the place of type variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wxgen.python.code import Code, Symbol, subscript
from wxgen.spec.records import NamedType, NewName, TypeParameter
from wxgen.spec.typeexpr import (
    Array,
    Function,
    Named,
    Object,
    Primitive,
    Promise,
    Record,
    Tuple,
    Type,
    Union,
)

__all__ = ["arguments_of", "bound_of", "filled", "generic", "is_variable"]


def arguments_of(parameters: Sequence[TypeParameter], named: Named) -> dict[str, Type]:
    """Return what each type variable of a thing stands for where the thing is named.

    Args:
        parameters: Its type variables.
        named: Where it is named; what is not given is the default, or anything.
    """
    found: dict[str, Type] = {}
    for at, one in enumerate(parameters):
        if at < len(named.arguments):
            found[one.name] = named.arguments[at]
        else:
            default = Primitive("any") if one.default is None else one.default
            found[one.name] = filled(default, found)
    return found


def bound_of(parameter: TypeParameter, types: Mapping[str, NamedType]) -> Type | None:
    """Return what a type variable must be in Python.

    An object fits a bound such as ``object`` or ``{a: string}`` by what it holds, which no class in
    Python says of itself: such a bound holds nobody back.

    Args:
        parameter: The type variable.
        types: The named types, which a bound may name.
    """
    bound, default = parameter.bound, parameter.default
    waiting = [bound] if bound is not None else []
    seen: set[str] = set()
    while waiting:
        part = waiting.pop()
        match part:
            case Object() | Record() | Primitive("object"):
                return None
            case Union(members):
                waiting += members
            case Array(item):
                waiting.append(item)
            case Named(name) if name not in seen:
                seen.add(name)
                meant = types.get(name)
                waiting += [meant.type] if isinstance(meant, NewName) else []
        is_exact = isinstance(part, Array) or (isinstance(part, Named) and part.arguments)
        if is_exact and default not in (None, bound):
            return None  # in Python a list, or a generic object, of something else is no such thing
    return bound


def filled(type_: Type, arguments: Mapping[str, Type]) -> Type:
    """Put type arguments in the place of type variables."""
    if not arguments:
        return type_
    match type_:
        case Named(name, arguments=()) if name in arguments:
            return arguments[name]
        case Named(arguments=inner):
            return replace(type_, arguments=tuple(filled(each, arguments) for each in inner))
        case Array(item):
            return Array(filled(item, arguments))
        case Promise(value):
            return Promise(filled(value, arguments))
        case Tuple(items):
            return Tuple(tuple(filled(item, arguments) for item in items))
        case Union(members):
            return Union(tuple(filled(member, arguments) for member in members))
        case Record(key, value):
            return Record(filled(key, arguments), filled(value, arguments))
        case Object(members, others):
            named = tuple(
                replace(member, type=filled(member.type, arguments)) for member in members
            )
            more = others and Record(others.key, filled(others.value, arguments))
            return Object(named, more)
        case Function(parameters, returns):
            taken = tuple(replace(each, type=filled(each.type, arguments)) for each in parameters)
            return Function(taken, filled(returns, arguments))
        case _:
            return type_


def is_variable(code: Code) -> bool:
    """Tell whether a type is a type variable."""
    first, *more = code.parts
    return not more and isinstance(first, Symbol) and not first.module


def generic(variables: Sequence[Code]) -> tuple[Code, ...]:
    """Return the base class that makes a class generic in type variables."""
    return (subscript(Symbol("typing", "Generic"), *variables),) if variables else ()
