"""Lists of what an API has: its names in Python, what became of them, what is not done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wxgen.python.names import class_name, hook_name, identifier
from wxgen.python.polarity import roots
from wxgen.spec.api import Api
from wxgen.spec.records import Class, NewName, ObjectType, Option, Signature
from wxgen.spec.typeexpr import Object, parts_of

__all__ = ["names_of", "renamed", "unsupported"]


def names_of(api: Api) -> frozenset[str]:
    """Every name of an API as Python has it, and those of the methods that carry its calls out."""
    found = {api.namespace, class_name(api.namespace)}
    found |= {thing.name for thing in (*api.types, *api.classes, *api.options, *api.constants)}
    found |= {field.name for field in api.fields}
    for call in api.calls:
        found.add(call.name)
        for form in call.forms:
            found |= {field.name for field in form.parameters} | _variables(form)
    for option in api.options:
        found |= {field.name for field in option.fields} | _variables(option)
    for type_ in api.types:
        found |= {field.name for field in type_.fields} if isinstance(type_, ObjectType) else set()
        found |= _variables(type_) if isinstance(type_, ObjectType | NewName) else set()
    for class_ in api.classes:
        found |= {field.name for field in class_.fields} | _variables(class_)
        for made in (class_.construct, class_.call):
            for form in made.forms if made is not None else ():
                found |= {field.name for field in form.parameters}
    found |= _nameless(api)
    hooks = frozenset(hook_name(call.name) for call in api.calls)
    return hooks.union(map(identifier, found))


def _variables(thing: ObjectType | NewName | Class | Option | Signature) -> set[str]:
    return {one.name for one in thing.type_parameters}


def _nameless(api: Api) -> set[str]:
    """The members of objects without a name."""
    found: set[str] = set()
    waiting = [type_ for type_, _ in roots(api)]
    for type_ in api.types:
        if isinstance(type_, ObjectType):
            waiting += [field.type for field in type_.fields]
            waiting += [type_.others] if type_.others is not None else []
        elif isinstance(type_, NewName):
            waiting.append(type_.type)
    while waiting:
        part = waiting.pop()
        if isinstance(part, Object):
            found |= {member.name for member in part.members}
        waiting += parts_of(part)
    return found


def renamed(api: Api) -> Iterator[tuple[str, str]]:
    """Yield each name of the spec that Python does not allow as it is, and what it became."""

    def changed(prefix: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        for name in names:
            if identifier(name) != name:
                yield f"{prefix}{name}", identifier(name)

    yield from changed("", (thing.name for thing in (*api.types, *api.classes)))
    yield from changed("", (call.name for call in api.functions))
    yield from changed("", (field.name for field in api.fields))
    for class_ in api.classes:
        prefix = f"{class_.name}."
        yield from changed(prefix, (method.name for method in class_.methods))
        yield from changed(prefix, (field.name for field in class_.fields))
    for call in api.calls:
        names = {field.name: None for form in call.forms for field in form.parameters}
        yield from changed(f"{call.label}.", names)
    for option in api.options:
        yield from changed(f"{option.name}.", (field.name for field in option.fields))
    for type_ in api.types:
        if isinstance(type_, ObjectType):
            yield from changed(f"{type_.name}.", (field.name for field in type_.fields))


def unsupported(api: Api) -> Iterator[tuple[str, str]]:
    """Yield what the engine does not do: where, and what happens."""
    said = {"ignored": "accepted, without effect", "none": "not supported: the call fails"}
    for call in api.calls:
        if call.support != "full":
            yield call.label, said[call.support]
        option = call.option
        for field in option.fields if option is not None and not option.shared else ():
            if field.support != "full":
                yield f"{call.label}: {field.name}", said[field.support]
    for chapter in api.chapters:
        for option in chapter.options:
            for field in option.fields:
                if field.support != "full":
                    yield f"{option.name}.{field.name}", said[field.support]
    for type_ in api.types:
        for field in type_.fields if isinstance(type_, ObjectType) else ():
            if field.support != "full":
                yield f"{type_.name}.{field.name}", "never set"
