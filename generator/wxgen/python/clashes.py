"""Names of a spec that cannot be had in Python."""

from __future__ import annotations

from collections.abc import Iterator

from wxgen.python.additions import runtime_class
from wxgen.python.engine import interface_of
from wxgen.python.names import class_name, hook_name, identifier
from wxgen.python.places import MODULES, PUBLIC
from wxgen.spec.api import Api
from wxgen.spec.diagnostics import Steps

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
    yield from _members(api, {identifier(name) for name in named})


def _members(api: Api, types: set[str]) -> Iterator[tuple[Steps, str]]:
    """Find members that a class of the runtime has, or that hide a type."""
    namespace = class_name(api.namespace)
    reserved = _reserved(api, namespace)
    for call in api.functions:
        names = {identifier(call.name), hook_name(call.name)}
        yield from _member(call.path, call.name, names, namespace, reserved, types)
    for field in api.fields:
        yield from _member(
            field.path, field.name, {identifier(field.name)}, namespace, reserved, types
        )
    for class_ in api.classes:
        reserved = _reserved(api, class_.name)
        for call in class_.methods:
            names = {identifier(call.name), hook_name(call.name)}
            yield from _member(call.path, call.name, names, class_.name, reserved, types)
        for field in class_.fields:
            names = {identifier(field.name)}
            yield from _member(field.path, field.name, names, class_.name, reserved, types)
    for owner, fields in (
        *((option.name, option.fields) for option in api.options),
        *((type_.name, getattr(type_, "fields", ())) for type_ in api.types),
    ):
        for field in fields:
            names = {identifier(field.name)}
            yield from _member(field.path, field.name, names, owner, frozenset(), types)


def _member(
    path: Steps, name: str, names: set[str], owner: str, reserved: frozenset[str], types: set[str]
) -> Iterator[tuple[Steps, str]]:
    if names & reserved:
        yield path, f"{name!r} is a name of the bindings' own on {owner}"
    elif names & types:
        yield path, f"{name!r} would hide the type of that name"


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
