"""Names of a spec that cannot be had in Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wxgen.python.additions import runtime_class
from wxgen.python.build import PUBLIC
from wxgen.python.engine import interface_of
from wxgen.python.names import class_name, identifier
from wxgen.spec.diagnostics import Steps
from wxgen.spec.records import Api, Call, Class, Field, ObjectType

__all__ = ["MODULES", "clashes"]

MODULES = frozenset({"api", "constants", "options", "types"})
"""The modules of a package: an instance of the namespace of that name would hide one."""


def clashes(api: Api) -> Iterator[tuple[Steps, str]]:
    """Find the names of an API that cannot be had in Python.

    Args:
        api: The API.

    Yields:
        The place in the spec, and what is wrong there.
    """
    interface = interface_of(api.engine)
    namespace = class_name(api.namespace)
    instance = identifier(api.namespace)
    exported = {symbol.name for symbol in PUBLIC}
    if interface is not None:
        exported |= {*interface.exports, *interface.derived}
    if namespace in exported or instance in (namespace, *MODULES, *exported):
        yield ("namespace",), f"{api.namespace!r} cannot be the namespace: choose another name"
    taken = {
        **dict.fromkeys(sorted(exported), "the bindings' own"),
        namespace: "the namespace's class",
        instance: "the namespace",
    }
    named: list[tuple[Steps, str]] = [(type_.path, type_.name) for type_ in api.types]
    named += [(class_.path, class_.name) for class_ in api.classes]
    named += [(option.path, option.name) for option in api.options]
    for path, name in named:
        if identifier(name) in taken:
            yield path, f"{name!r} is {taken[identifier(name)]}: choose another name"
    types = {name for _, name in named}
    for owner, members, inherited in _groups(api):
        reserved = _reserved(api, owner)
        yield from _twice(members, inherited)
        for path, name in members:
            if identifier(name) in reserved or f"_{name}" in reserved:
                yield path, f"{name!r} is a name of the bindings' own on {owner}"
            elif name in types:
                yield path, f"{name!r} would hide the type of that name"
    for call in api.calls:
        # Once each: the same name twice is no matter of Python.
        names = {field.name: (*field.path, "name") for field in reversed(call.parameters)}
        yield from _twice([(path, name) for name, path in reversed(names.items())])


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


_Members = list[tuple[Steps, str]]


def _groups(api: Api) -> Iterator[tuple[str, _Members, _Members]]:
    """Yield the name, the members and the inherited members of each emitted class."""
    yield class_name(api.namespace), [(call.path, call.name) for call in api.functions], []
    for option in api.options:
        yield option.name, [(field.path, field.name) for field in option.fields], []
    things: list[Class | ObjectType] = [*api.classes]
    things += [type_ for type_ in api.types if isinstance(type_, ObjectType)]
    members: dict[str, _Members] = {}
    for thing in things:
        own: Sequence[Field | Call] = thing.fields
        if isinstance(thing, Class):
            own = (*thing.fields, *thing.methods)
        members[thing.name] = [(member.path, member.name) for member in own]
    bases = {thing.name: thing.extends for thing in things}
    for name, found in members.items():
        inherited: _Members = []
        base = bases[name]
        while base is not None:
            inherited += members[base]
            base = bases[base]
        yield name, found, inherited


def _twice(members: _Members, inherited: _Members | None = None) -> Iterator[tuple[Steps, str]]:
    above = {identifier(name): name for _, name in inherited or ()}
    seen: dict[str, str] = {}
    for path, name in members:
        python = identifier(name)
        # A name that is inherited as it is, is no matter of Python.
        other = seen.get(python) or (above.get(python) if above.get(python) != name else None)
        if other is not None:
            yield path, f"{name!r} and {other!r} are both {python!r} in Python"
        seen[python] = name
