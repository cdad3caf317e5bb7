"""From two APIs to the changes between them.

A change breaks when a line of a caller that was right is now wrong: for a type checker, or because
what it leaves out, or calls, now means something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wxgen.diff.calls import Calls
from wxgen.diff.changes import Change, deprecation, each, gone_or_new, pairs
from wxgen.diff.families import family, fields_of
from wxgen.diff.fields import Fields
from wxgen.diff.shapes import Scope, Shapes, Side, scope_of
from wxgen.spec.api import Api
from wxgen.spec.records import (
    Call,
    Class,
    Constant,
    EnumType,
    Event,
    Field,
    NamedType,
    NewName,
    ObjectType,
    Option,
    TypeParameter,
)

__all__ = ["compare"]


def compare(old: Api, new: Api) -> tuple[Change, ...]:
    """Find what changes from one API to another.

    Args:
        old: The API as callers know it.
        new: The API as it is to become.

    Returns:
        The changes, each once, in the order of the API.
    """
    return tuple(dict.fromkeys(_Comparison(Side(old), Side(new)).changes()))


class _Comparison:
    """Compares two APIs."""

    def __init__(self, old: Side, new: Side) -> None:
        self._old = old
        self._new = new
        self._shapes = Shapes(new)
        self._fields = Fields(self._shapes, old, new)
        self._calls = Calls(self._fields)

    def changes(self) -> Iterator[Change]:
        old, new = self._old.api, self._new.api
        yield from _heads(old, new)

        def call(where: str, was: Call, now: Call) -> Iterator[Change]:
            return self._calls.call(where, was, now, {}, {})

        yield from each("", "function", old.functions, new.functions, call)
        yield from self._properties(old.namespace, old.fields, new.fields, {}, {})
        yield from each("", "class", old.classes, new.classes, self._class)
        yield from each("", "option type", old.options, new.options, self._option)
        yield from each("", "type", old.types, new.types, self._type)
        yield from each("", "constant", old.constants, new.constants, _constant)

    # Classes and the namespace.

    def _properties(
        self,
        owner: str,
        old: Sequence[Field],
        new: Sequence[Field],
        old_scope: Scope,
        new_scope: Scope,
    ) -> Iterator[Change]:
        def field(where: str, was: Field, now: Field) -> Iterator[Change]:
            return self._fields.property(where, was, now, old_scope, new_scope)

        yield from each(f"{owner}.", "property", old, new, field)

    def _class(self, name: str, old: Class, new: Class) -> Iterator[Change]:
        yield from self._variables(name, old.type_parameters, new.type_parameters)
        yield from deprecation(name, old.notes, new.notes)
        scopes = self._scopes(old.type_parameters, new.type_parameters)
        was = family(old, self._old.classes)
        now = family(new, self._new.classes)
        yield from _bases(name, was, now)
        yield from self._properties(name, fields_of(was), fields_of(now), *scopes)
        yield from self._fields.others(name, old.others, new.others, *scopes, given=False)

        def call(where: str, before: Call, after: Call) -> Iterator[Change]:
            return self._calls.call(where, before, after, *scopes)

        methods = [[method for one in classes for method in one.methods] for classes in (was, now)]
        yield from each(f"{name}.", "method", methods[0], methods[1], call)
        for what, made, made_now in (
            ("constructor", old.construct, new.construct),
            ("call of an instance", old.call, new.call),
        ):
            if made is not None and made_now is not None:
                yield from call(f"{name} ({what})", made, made_now)
            else:
                yield from gone_or_new(name, what, made, made_now)

        def event(where: str, before: Event, after: Event) -> Iterator[Change]:
            yield from self._calls.listener(where, before.listener, after.listener, *scopes)
            yield from deprecation(where, before.notes, after.notes)

        events = [[one for class_ in classes for one in class_.events] for classes in (was, now)]
        yield from each(f"{name}: ", "event", events[0], events[1], event)

    # Types.

    def _option(self, name: str, old: Option, new: Option) -> Iterator[Change]:
        yield from self._variables(name, old.type_parameters, new.type_parameters)
        was = family(old, self._old.options)
        now = family(new, self._new.options)
        yield from _bases(name, was, now)
        yield from self._calls.options(name, was, now, *self._calls.option_scopes(old, new))
        if old.shared and new.shared:
            yield from deprecation(name, old.notes, new.notes)

    def _type(self, name: str, old: NamedType, new: NamedType) -> Iterator[Change]:
        yield from deprecation(name, old.notes, new.notes)
        if isinstance(old, ObjectType) and isinstance(new, ObjectType):
            yield from self._object(name, old, new)
        elif isinstance(old, ObjectType) or isinstance(new, ObjectType):
            kind = "an object" if isinstance(new, ObjectType) else "no object"
            yield Change(name, f"it is {kind} now", True)
        elif isinstance(old, EnumType) and isinstance(new, EnumType):
            yield from self._fields.values(name, old, new)
        else:
            yield from self._variables(name, _parameters(old), _parameters(new))
            yield from self._fields.named(name, old, new)

    def _object(self, name: str, old: ObjectType, new: ObjectType) -> Iterator[Change]:
        yield from self._variables(name, old.type_parameters, new.type_parameters)
        scopes = self._scopes(old.type_parameters, new.type_parameters)
        was = family(old, _objects(self._old))
        now = family(new, _objects(self._new))
        yield from _bases(name, was, now)
        given, received = self._fields.directions(name)
        # An object type is emitted once: wide, if it is given anywhere.
        wide = name in self._old.given, name in self._new.given
        for field, before, after in pairs(fields_of(was), fields_of(now)):
            where = f"{name}.{field}"
            if before is not None and after is not None:
                yield from self._fields.field(
                    where, before, after, *scopes, given=given, received=received, wide=wide
                )
            elif after is not None:
                breaks = given and after.required
                what = "a new property" + (", which must be given" if breaks else "")
                yield Change(where, what, breaks)
            else:
                yield from gone_or_new(where, "property", before, after)
        yield from self._fields.others(name, old.others, new.others, *scopes, given=given)

    # Type variables.

    def _scopes(
        self, old: tuple[TypeParameter, ...], new: tuple[TypeParameter, ...]
    ) -> tuple[Scope, Scope]:
        return (
            scope_of(self._shapes, "class", old, {}),
            scope_of(self._shapes, "class", new, {}),
        )

    def _variables(
        self, name: str, old: tuple[TypeParameter, ...], new: tuple[TypeParameter, ...]
    ) -> Iterator[Change]:
        needed = [sum(one.default is None for one in variables) for variables in (old, new)]
        if len(old) != len(new) or needed[0] != needed[1]:
            breaks = needed[1] > needed[0] or len(new) < len(old)
            yield Change(name, f"it takes {_count(new)}, and took {_count(old)}", breaks)
        for before, now in zip(old, new, strict=False):
            yield from self._fields.variable(name, before, now)


def _heads(old: Api, new: Api) -> Iterator[Change]:
    if old.package != new.package:
        yield Change(old.package, f"the package is called {new.package!r}", True)
    if old.namespace != new.namespace:
        yield Change(old.namespace, f"the namespace is called {new.namespace!r}", True)
    engines = [
        {chapter.engine for chapter in api.chapters if chapter.engine is not None}
        for api in (old, new)
    ]
    for engine in sorted(engines[0] - engines[1]):
        yield Change(old.namespace, f"the engine {engine!r} is gone", True)
    for engine in sorted(engines[1] - engines[0]):
        yield Change(new.namespace, f"a new engine, {engine!r}", False)


def _bases(
    name: str,
    old: Sequence[ObjectType | Class | Option],
    new: Sequence[ObjectType | Class | Option],
) -> Iterator[Change]:
    names = {one.name for one in new}
    for base in old:
        if base.name != name and base.name not in names:
            yield Change(name, f"it no longer extends {base.name}", True)


def _constant(name: str, old: Constant, new: Constant) -> Iterator[Change]:
    if (type(old.value), old.value) != (type(new.value), new.value):
        kinds = type(old.value), type(new.value)
        breaks = kinds[0] is not kinds[1] and kinds != (float, int)
        yield Change(name, f"the constant is {new.value!r}, and was {old.value!r}", breaks)


def _objects(side: Side) -> dict[str, ObjectType]:
    return {name: one for name, one in side.types.items() if isinstance(one, ObjectType)}


def _parameters(named: NamedType) -> tuple[TypeParameter, ...]:
    return named.type_parameters if isinstance(named, NewName) else ()


def _count(parameters: tuple[TypeParameter, ...]) -> str:
    needed = sum(one.default is None for one in parameters)
    most = len(parameters)
    return f"{most} type arguments" if needed == most else f"{needed} to {most} type arguments"
