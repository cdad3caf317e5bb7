"""Which named types users give, and which they only receive."""

from __future__ import annotations

from collections.abc import Iterator

from wxgen.spec.records import Api, NewName, ObjectType
from wxgen.spec.typeexpr import Array, Function, Named, Record, Type, Union

__all__ = ["given_types"]


def given_types(api: Api) -> frozenset[str]:
    """Find the named types that users give: those that arguments are made of.

    What a given function receives is received, and what a received one takes is given.

    Args:
        api: The API.
    """
    types = {type_.name: type_ for type_ in api.types}
    waiting = [*_roots(api)]
    # Each name once as given, once as received.
    seen: set[tuple[str, bool]] = set()
    while waiting:
        type_, given = waiting.pop()
        for name, is_given in _names(type_, given):
            if (name, is_given) in seen or name not in types:
                continue
            seen.add((name, is_given))
            match types[name]:
                case ObjectType(fields=fields, extends=extends):
                    waiting += [(field.type, is_given) for field in fields]
                    if extends is not None:
                        waiting.append((Named(extends), is_given))
                case NewName(type=meant):
                    waiting.append((meant, is_given))
    return frozenset(name for name, is_given in seen if is_given)


def _roots(api: Api) -> Iterator[tuple[Type, bool]]:
    for call in api.calls:
        for field in call.parameters:
            yield field.type, True
        if call.option is not None:
            for field in call.option.fields:
                yield field.type, True
            for result in call.option.callbacks.values():
                yield result, False
        if call.listener is not None and call.listener.result is not None:
            yield call.listener.result, False
        if call.returns is not None:
            yield call.returns, False
    for class_ in api.classes:
        for field in class_.fields:
            yield field.type, False


def _names(type_: Type, given: bool) -> Iterator[tuple[str, bool]]:
    match type_:
        case Named(name):
            yield name, given
        case Array(item):
            yield from _names(item, given)
        case Record(key, value):
            yield from _names(key, given)
            yield from _names(value, given)
        case Union(members):
            for member in members:
                yield from _names(member, given)
        case Function(parameters, returns):
            for parameter in parameters:
                yield from _names(parameter.type, not given)
            yield from _names(returns, given)
