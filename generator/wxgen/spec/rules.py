"""What only the whole of an API shows to be wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from wxgen.spec.api import Api, Chapter
from wxgen.spec.diagnostics import Problem, Steps, did_you_mean
from wxgen.spec.graphs import components, depths
from wxgen.spec.records import Call, Class, Field, NewName, ObjectType, Option
from wxgen.spec.typeexpr import (
    Array,
    Function,
    Named,
    Object,
    Primitive,
    Promise,
    Record,
    Type,
    Union,
    names_in,
    parts_of,
)

__all__ = ["DEEPEST_VALUE", "LARGEST_VALUE", "lineage", "rules"]

LARGEST_VALUE: Final = 1000
"""Of how many parts the smallest value of an object type may consist."""
DEEPEST_VALUE: Final = 32
"""How many objects the smallest value of an object type may have within each other."""

F = TypeVar("F", ObjectType, Class, Option)


def rules(api: Api) -> list[Problem]:
    """Find what is wrong with an API as a whole.

    Args:
        api: The API, as :func:`wxgen.spec.reader.read` gives it.
    """
    return [problem for rule in _RULES for problem in rule(api)]


def lineage(thing: F, known: Mapping[str, F]) -> Iterator[F]:
    """Yield a type, option type or class, and all that it extends, the nearest first.

    Args:
        thing: Where to begin.
        known: All of its kind, by name.
    """
    found: F | None = thing
    while found is not None:
        yield found
        found = known.get(found.extends.name) if found.extends is not None else None


# Members.


def _inherited_members(api: Api) -> Iterator[Problem]:
    """A member may be said again, more exactly, but it stays what it is."""
    objects = {one.name: one for one in api.types if isinstance(one, ObjectType)}
    options = {one.name: one for one in api.options}
    classes = {one.name: one for one in api.classes}
    yield from _twice(objects)
    yield from _twice(options)
    yield from _twice(classes)


def _twice(known: Mapping[str, F]) -> Iterator[Problem]:
    for thing in known.values():
        _, *bases = lineage(thing, known)
        inherited = {name: (kind, base) for base in bases for name, kind, _ in _members(base)}
        for name, kind, path in _members(thing) if inherited else ():
            above, base = inherited.get(name, (kind, thing))
            if above != kind or (kind == "event" and base is not thing):
                message = f"{name!r} is {_KINDS[above]} of {base.name} already"
                yield Problem(path, message, key=True)


_KINDS: Final = {"property": "a property", "method": "a method", "event": "an event"}


def _members(thing: ObjectType | Class | Option) -> Iterator[tuple[str, str, Steps]]:
    yield from ((field.name, "property", field.path) for field in thing.fields)
    if isinstance(thing, Class):
        yield from ((method.name, "method", method.path) for method in thing.methods)
        yield from ((event.name, "event", event.path) for event in thing.events)


# Calls.


def _removing(api: Api) -> Iterator[Problem]:
    """A call that removes listeners names one beside it that registers them."""
    classes = {one.name: one for one in api.classes}
    registering = {call.name for call in api.functions if call.listener and not call.removes}
    yield from _removes(api.functions, registering)
    for class_ in api.classes:
        names = {
            call.name
            for base in lineage(class_, classes)
            for call in base.methods
            if call.listener and not call.removes
        }
        yield from _removes(class_.methods, names)


def _removes(calls: Iterable[Call], registering: set[str]) -> Iterator[Problem]:
    for call in calls:
        if call.removes is not None and call.removes not in registering:
            hint = did_you_mean(call.removes, registering)
            message = f"no call {call.removes!r} registers a listener here{hint}"
            yield Problem((*call.path, "removes"), message)


def _events(api: Api) -> Iterator[Problem]:
    """Named events need a method that listens for them, and such a method needs events."""
    classes = {one.name: one for one in api.classes}
    for call in api.functions:
        if call.event is not None:
            message = "only a method of a class with events can have one"
            yield Problem((*call.path, "event"), message)
    for class_ in api.classes:
        family = list(lineage(class_, classes))
        listening = any(call.event == "adds" for one in family for call in one.methods)
        if class_.events and not listening:
            message = f"{class_.name!r} has events, so it needs a method with event: adds"
            yield Problem((*class_.path, "events"), message, key=True)
        for call in class_.methods:
            if call.event is not None and not any(one.events for one in family):
                message = f"{class_.name!r} has no events"
                yield Problem((*call.path, "event"), message)


def _constructors(api: Api) -> Iterator[Problem]:
    for class_ in api.classes:
        for form in class_.construct.forms if class_.construct is not None else ():
            if form.returns is not None:
                message = f"a constructor returns its class, {class_.name}"
                yield Problem((*form.path, "returns"), message, key=True)
            if form.listener is not None:
                message = "a constructor registers no listener"
                yield Problem((*form.path, "listener"), message, key=True)


def _callbacks(api: Api) -> Iterator[Problem]:
    """What callbacks receive is said, and not what kind of function they are."""
    for option in api.options:
        for callback, received in option.callbacks.items():
            if isinstance(received, Function | Array | Record):
                message = f"{callback} receives an object, so name an object type"
                yield Problem((*option.path, callback), message)


def _left_out(api: Api) -> Iterator[Problem]:
    """An option object with a required option cannot be left out."""
    known = {one.name: one for one in api.options}
    for chapter in api.chapters:
        for form in chapter.signatures:
            if form.option is None or not form.option_optional:
                continue
            for field in _fields(form.option, known):
                if field.required:
                    message = f"the object cannot be left out: {field.name!r} is required"
                    yield Problem((*form.path, "option", "optional"), message)
                    break


def _fields(option: Option, known: Mapping[str, Option]) -> Iterator[Field]:
    return (field for one in lineage(option, known) for field in one.fields)


def _limits(api: Api) -> Iterator[Problem]:
    constants = {constant.name for constant in api.constants}
    for call in api.calls:
        for index, limit in enumerate(call.limits):
            if limit.constant not in constants:
                hint = did_you_mean(limit.constant, constants)
                message = f"unknown constant {limit.constant!r}{hint}"
                yield Problem((*call.path, "limits", index, "constant"), message)


# Chapters.


def _across_chapters(api: Api) -> Iterator[Problem]:
    """What chapters add to the namespace, and their constants, have names of their own."""
    parts: tuple[tuple[str, Callable[[Chapter], Sequence[Field | Call]]], ...] = (
        ("function", lambda chapter: chapter.functions),
        ("property", lambda chapter: chapter.fields),
    )
    for what, part in parts:
        yield from _repeated(
            what, [(one.name, one.path, c) for c in api.chapters for one in part(c)]
        )
    yield from _repeated(
        "constant", [(one.name, one.path, c) for c in api.chapters for one in c.constants]
    )
    for path, name in _inner_chapters(api):
        yield Problem(path, f"{name!r} is a chapter, so it has no chapters itself", key=True)


def _repeated(what: str, found: Iterable[tuple[str, Steps, Chapter]]) -> Iterator[Problem]:
    first: dict[str, Chapter] = {}
    for name, path, chapter in found:
        other = first.setdefault(name, chapter)
        if other is not chapter:
            message = f"{name!r} is a {what} of {other.label} already"
            yield Problem(path, message, key=True)


def _inner_chapters(api: Api) -> Iterator[tuple[Steps, str]]:
    for chapter in api.chapters:
        if chapter.name and chapter.lists_chapters:
            yield (*chapter.path, "chapters"), chapter.name


# Type variables.


def _defaults(api: Api) -> Iterator[Problem]:
    """What a type variable is when nothing says it, may not need to be said itself."""
    things: list[ObjectType | NewName | Class | Option] = [*api.classes, *api.options]
    things += [one for one in api.types if isinstance(one, ObjectType | NewName)]
    graph = {
        one.name: [
            used.name
            for parameter in one.type_parameters
            if parameter.default is not None
            for used in names_in(parameter.default)
        ]
        + ([used.name for used in names_in(one.type)] if isinstance(one, NewName) else [])
        for one in things
    }
    _, circular = depths(graph)
    for one in things:
        if one.name in circular and one.type_parameters:
            message = f"a default of the type variables of {one.name!r} needs {one.name!r} itself"
            yield Problem((*one.path, "typeParameters"), message, key=True)


# Sizes.


def _sizes(api: Api) -> Iterator[Problem]:
    """Results are made without the platform too, from the smallest values of their types.

    So that this takes no more than a moment, such a value has a limit.
    """
    objects = {one.name: one for one in api.types if isinstance(one, ObjectType)}
    aliases = {one.name: one for one in api.types if isinstance(one, NewName)}
    needed = {
        name: _needed(
            [
                field.type
                for one in lineage(thing, objects)
                for field in one.fields
                if field.required
            ]
        )
        for name, thing in objects.items()
    } | {name: _needed([alias.type]) for name, alias in aliases.items()}
    size: dict[str, int] = {}
    deep: dict[str, int] = {}
    for component in components(needed):
        for name in component:
            known = [other for other in needed.get(name, ()) if other in size]
            size[name] = 1 + sum(size[other] for other in known)
            deep[name] = (name in objects) + max((deep[other] for other in known), default=0)
            if size[name] > LARGEST_VALUE:
                message = f"a value of {name!r} consists of more than {LARGEST_VALUE} parts"
            elif deep[name] > DEEPEST_VALUE:
                message = f"a value of {name!r} is nested more than {DEEPEST_VALUE} objects deep"
            else:
                continue
            thing = objects.get(name) or aliases.get(name)
            if thing is not None:
                yield Problem(thing.path, message, key=True)
            size[name] = deep[name] = 0  # told once, not of all that hold it too


def _needed(types: Iterable[Type]) -> list[str]:
    """The names of which the smallest value of each type holds a value."""
    found: list[str] = []
    waiting = list(types)
    while waiting:
        type_ = waiting.pop()
        match type_:
            case Array() | Record() | Function() | Promise():
                continue
            case Union(members):
                nothing = any(member in _NOTHING for member in members)
                waiting += [] if nothing else members[:1]
            case Object(members):
                waiting += [member.type for member in members if member.required]
            case Named(name):
                found.append(name)
            case _:
                waiting += parts_of(type_)
    return found


_NOTHING: Final = (Primitive("null"), Primitive("undefined"), Primitive("void"))

_RULES: Final[tuple[Callable[[Api], Iterable[Problem]], ...]] = (
    _inherited_members,
    _removing,
    _events,
    _constructors,
    _callbacks,
    _left_out,
    _limits,
    _across_chapters,
    _defaults,
    _sizes,
)
