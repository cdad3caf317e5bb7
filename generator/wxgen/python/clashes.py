"""Names of a spec that cannot be had in Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wxgen.python.additions import runtime_class
from wxgen.python.engine import interface_of
from wxgen.python.names import class_name, hook_name, identifier
from wxgen.python.places import MODULES, PUBLIC
from wxgen.spec.api import Api
from wxgen.spec.diagnostics import Steps
from wxgen.spec.records import Call, Field

__all__ = ["clashes"]


def clashes(api: Api) -> Iterator[tuple[Steps, str]]:
    """Find the names of an API that cannot be had in Python.

    The spec may be wrong in other ways.

    Args:
        api: The API.

    Yields:
        The place in the spec, and what is wrong there.
    """
    interface = interface_of(api.engine)
    namespace = class_name(api.namespace)
    instance = identifier(api.namespace)
    folders = {identifier(chapter.name) for chapter in api.chapters if chapter.name}
    exported = {symbol.name for symbol in PUBLIC}
    if interface is not None:
        exported |= {*interface.exports, *interface.derived}
    if namespace in exported or instance in {namespace, *MODULES, *exported, *folders}:
        yield ("namespace",), f"{api.namespace!r} cannot be the namespace: choose another name"
    taken = {
        **dict.fromkeys(sorted(exported), "the bindings' own"),
        namespace: "the namespace's class",
        instance: "the namespace",
        "TYPE_CHECKING": "what checkers go by",
    }
    named: dict[str, Steps] = {type_.name: type_.path for type_ in api.types}
    named |= {class_.name: class_.path for class_ in api.classes}
    named |= {option.name: option.path for option in api.options}
    for name, path in named.items():
        if identifier(name) in taken:
            yield path, f"{name!r} is {taken[identifier(name)]}: choose another name"
    for chapter in api.chapters:
        folder = identifier(chapter.name) if chapter.name else ""
        if folder in MODULES:
            yield (*chapter.path, "chapters"), f"{chapter.name!r} is a module of the bindings' own"
    yield from _members(api)


def _members(api: Api) -> Iterator[tuple[Steps, str]]:
    """Find members that a class of the runtime has, that hide a type, or that stand twice.

    What another module defines, a module can call otherwise.
    """
    namespace = class_name(api.namespace)
    classes = {identifier(class_.name) for class_ in api.classes}
    yield from _class_members(api, namespace, api.fields, api.functions, classes)
    for class_ in api.classes:
        yield from _class_members(api, class_.name, class_.fields, class_.methods, classes)
    types = classes | {identifier(one.name) for one in (*api.types, *api.options)}
    for thing in (*api.types, *api.options):
        yield from _hiding(getattr(thing, "fields", ()), types)


def _hiding(fields: Iterable[Field], types: set[str]) -> Iterator[tuple[Steps, str]]:
    for field in fields:
        if identifier(field.name) in types:
            yield field.path, f"{field.name!r} would hide the type of that name"


def _class_members(
    api: Api, owner: str, fields: Sequence[Field], calls: Sequence[Call], types: set[str]
) -> Iterator[tuple[Steps, str]]:
    reserved = _reserved(api, owner)
    taken: dict[str, str] = {}
    members: list[tuple[Field | Call, list[str]]] = [
        *((field, [identifier(field.name)]) for field in fields),
        *((call, [identifier(call.name), hook_name(call.name)]) for call in calls),
    ]
    for member, names in members:
        name = member.name
        twice = next((each for each in names if each in taken), None)
        if not reserved.isdisjoint(names):
            yield member.path, f"{name!r} is a name of the bindings' own on {owner}"
        elif not types.isdisjoint(names):
            yield member.path, f"{name!r} would hide the type of that name"
        elif twice is not None:
            yield member.path, f"{name!r} and {taken[twice]!r} are both {twice!r} in Python"
        for each in names:
            taken.setdefault(each, name)


def _reserved(api: Api, owner: str) -> frozenset[str]:
    """The names that the engine's base class of a class has, private ones included."""
    interface = interface_of(api.engine)
    if interface is None:
        return frozenset()
    if owner == class_name(api.namespace):
        return runtime_class(interface.module, interface.namespace.additions).names
    if owner in interface.classes:
        return runtime_class(interface.module, interface.classes[owner].additions).names
    return frozenset()
