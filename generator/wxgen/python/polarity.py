"""Which named types users give, and which they only receive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wxgen.spec.api import Api
from wxgen.spec.records import Call, Listener, NamedType, NewName, ObjectType, Option, Signature
from wxgen.spec.typeexpr import Function, Named, Record, Type, parts_of

__all__ = ["directions", "given_types", "roots"]

Found = Iterator[tuple[Type, bool]]


def given_types(api: Api) -> frozenset[str]:
    """Find the named types that users give: those that arguments are made of.

    What a given function receives is received, and what a received one takes is given.

    Args:
        api: The API.
    """
    types = {type_.name for type_ in api.types}
    return frozenset(name for name, given in directions(api) if given and name in types)


def directions(api: Api) -> frozenset[tuple[str, bool]]:
    """Find each name that the API uses, and whether users give what it stands for.

    Args:
        api: The API.

    Returns:
        Pairs of a name and whether it is given; a name that is both given and received has two.
    """
    types: Mapping[str, NamedType] = {type_.name: type_ for type_ in api.types}
    options = {option.name: option for option in api.options}
    waiting = [*roots(api)]
    # Each name once as given, once as received.
    seen: set[tuple[str, bool]] = set()
    while waiting:
        type_, given = waiting.pop()
        if isinstance(type_, Function):
            waiting += [(parameter.type, not given) for parameter in type_.parameters]
            waiting.append((type_.returns, given))
            continue
        waiting += [(part, given) for part in parts_of(type_)]
        if not isinstance(type_, Named) or (type_.name, given) in seen:
            continue
        seen.add((type_.name, given))
        found = types.get(type_.name)
        match found:
            case ObjectType(fields=fields, extends=extends, others=others):
                waiting += [(field.type, given) for field in fields]
                waiting += _more(extends, others, given)
            case NewName(type=meant):
                waiting.append((meant, given))
        if type_.name in options:
            waiting += _option(options[type_.name])
    return frozenset(seen)


def _more(extends: Named | None, others: Record | None, given: bool) -> Found:
    if extends is not None:
        yield extends, given
    if others is not None:
        yield others.value, given


def roots(api: Api) -> Found:
    """Yield the types that calls, options and properties use, and whether users give such values."""
    for option in api.options:
        yield from _option(option)
    for call in api.calls:
        yield from _call(call)
    for class_ in api.classes:
        for made in (class_.construct, class_.call):
            if made is not None:
                yield from _call(made)
        for event in class_.events:
            yield from _listener(event.listener)
        for field in class_.fields:
            yield field.type, False
            if field.writable:
                yield field.type, True
    for field in api.fields:
        yield field.type, False
        if field.writable:
            yield field.type, True


def _call(call: Call) -> Found:
    for form in call.forms:
        yield from _form(form)


def _form(form: Signature) -> Found:
    for field in form.parameters:
        yield field.type, True
    if form.listener is not None:
        yield from _listener(form.listener)
    if form.returns is not None:
        yield form.returns, False
    if form.option_type is not None:
        for argument in form.option_type.arguments:
            yield argument, False


def _listener(listener: Listener) -> Found:
    if listener.result is not None:
        yield listener.result, False
    for field in listener.parameters:
        yield field.type, False
    if listener.returns is not None:
        yield listener.returns, True


def _option(option: Option) -> Found:
    for field in option.fields:
        yield field.type, True
    for result in option.callbacks.values():
        yield result, False
    if option.extends is not None:
        for argument in option.extends.arguments:
            yield argument, False
