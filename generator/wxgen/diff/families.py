"""What things have with what they inherit: type arguments stand in the place of type variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from wxgen.python.generics import arguments_of, filled
from wxgen.spec.records import Call, Class, Event, Field, Listener, ObjectType, Option, Signature
from wxgen.spec.typeexpr import Named, Record, Type

__all__ = ["family", "fields_of", "used"]

F = TypeVar("F", ObjectType, Option, Class)
Arguments = Mapping[str, Type]


def family(thing: F, known: Mapping[str, F]) -> list[F]:
    """Return an object type, option type or class, and all that it extends, the nearest first.

    Args:
        thing: Where to begin.
        known: All of its kind, by name.
    """
    found = [thing]
    arguments: Arguments = {}
    extends = thing.extends
    while extends is not None and (base := known.get(extends.name)) is not None:
        complete = arguments_of(base.type_parameters, extends)
        arguments = {name: filled(each, arguments) for name, each in complete.items()}
        found.append(_filled(base, arguments))
        extends = base.extends
    return found


def fields_of(family: Iterable[F]) -> list[Field]:
    """Return the fields of a thing and of all that it extends."""
    return [field for one in family for field in one.fields]


def used(form: Signature, known: Mapping[str, Option]) -> list[Option]:
    """Return the option type that a call takes, with the call's type arguments, and its bases."""
    if form.option is None:
        return []
    named = form.option_type or Named(form.option.name)
    arguments = arguments_of(form.option.type_parameters, named)
    return [_filled(one, arguments) for one in family(form.option, known)]


def _filled(thing: F, arguments: Arguments) -> F:
    if not arguments:
        return thing
    more: dict[str, Any] = {}
    match thing:
        case Option():
            more["callbacks"] = {
                name: filled(each, arguments) for name, each in thing.callbacks.items()
            }
        case ObjectType():
            more["others"] = _others(thing.others, arguments)
        case Class():
            more["others"] = _others(thing.others, arguments)
            more["methods"] = tuple(_call(call, arguments) for call in thing.methods)
            more["events"] = tuple(_event(event, arguments) for event in thing.events)
    return replace(thing, fields=_fields(thing.fields, arguments), **more)


def _others(others: Record | None, arguments: Arguments) -> Record | None:
    return others and Record(others.key, filled(others.value, arguments))


def _fields(fields: tuple[Field, ...], arguments: Arguments) -> tuple[Field, ...]:
    return tuple(replace(field, type=filled(field.type, arguments)) for field in fields)


def _maybe(type_: Type | None, arguments: Arguments) -> Type | None:
    return None if type_ is None else filled(type_, arguments)


def _call(call: Call, arguments: Arguments) -> Call:
    return replace(call, forms=tuple(_form(form, arguments) for form in call.forms))


def _form(form: Signature, arguments: Arguments) -> Signature:
    own = {one.name for one in form.type_parameters}
    arguments = {name: each for name, each in arguments.items() if name not in own}
    option, option_type = form.option, form.option_type
    if option is not None and not option.shared:
        option = _filled(option, arguments)
        extends = option.extends and _named(option.extends, arguments)
        option = replace(option, extends=extends)
    return replace(
        form,
        option=option,
        option_type=option_type and _named(option_type, arguments),
        listener=form.listener and _listener(form.listener, arguments),
        parameters=_fields(form.parameters, arguments),
        returns=_maybe(form.returns, arguments),
    )


def _named(named: Named, arguments: Arguments) -> Named:
    return replace(named, arguments=tuple(filled(each, arguments) for each in named.arguments))


def _listener(listener: Listener, arguments: Arguments) -> Listener:
    return replace(
        listener,
        result=_maybe(listener.result, arguments),
        parameters=_fields(listener.parameters, arguments),
        returns=_maybe(listener.returns, arguments),
    )


def _event(event: Event, arguments: Arguments) -> Event:
    return replace(event, listener=_listener(event.listener, arguments))
