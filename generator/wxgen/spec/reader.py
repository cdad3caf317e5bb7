"""How a spec becomes an API.

:func:`model` finds every fault that the schema cannot: names that nothing declares, names declared
twice, defaults of another type, circles.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from wxgen.spec.diagnostics import Fault, SpecError, Steps, did_you_mean
from wxgen.spec.records import (
    CALLBACKS,
    Api,
    Call,
    Class,
    Constant,
    EnumType,
    EnumValue,
    Failure,
    Field,
    Limit,
    Listener,
    NamedType,
    NewName,
    Notes,
    ObjectType,
    Option,
)
from wxgen.spec.source import Document
from wxgen.spec.typeexpr import (
    PRIMITIVES,
    Array,
    Function,
    Literal,
    Named,
    Primitive,
    Record,
    Type,
    TypeFault,
    Union,
    names_in,
    parse_type,
)

__all__ = ["model", "type_faults"]

Check = Callable[[Api], Iterable[tuple[Steps, str]]]
"""Finds faults in an API: the place of each in the spec, and what is wrong there."""


def model(
    document: Document, *, engines: Collection[str] = (), also: Check = lambda api: ()
) -> Api:
    """Turn a spec that fits the schema into the API that it describes.

    Args:
        document: The spec, as :func:`wxgen.spec.source.load` returns it.
        engines: The names that the spec may give as its engine.
        also: Looks for more faults, so that they are told together with those found here.

    Returns:
        The API. It holds no name that nothing declares, and no circle.

    Raises:
        SpecError: The spec is wrong; it holds every fault found.
    """
    return _Reader(document, engines, also).api()


def type_faults(document: Document) -> list[Fault]:
    """Find what is wrong with the types that a document names, however wrong the rest of it is.

    Args:
        document: Any document, also one that does not fit the schema.

    Returns:
        The faults.
    """
    declared = {name for part in ("types", "classes") for name in _mapping(document.value, part)}
    for _, owner, name, body in _raw_calls(document.value):
        if option := _mapping(body, "option"):
            declared.add(str(_option_name(owner, name, option)))

    def look(value: object, path: Steps, known: set[str]) -> Iterator[Fault]:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from look(item, (*path, index), known)
        elif isinstance(value, dict):
            variables = value.get("typeParameters")
            if isinstance(variables, list):
                known = known | {name for name in variables if isinstance(name, str)}
            for key, item in value.items():
                if key in _TYPES and isinstance(item, str):
                    for offset, message in _read_type(item, known)[1]:
                        yield Fault(document.text_at((*path, key), offset), message)
                elif key not in _DATA:
                    yield from look(item, (*path, key), known)

    return list(look(document.value, (), declared))


# The keys of a spec whose texts are types, and those whose values are data.
_TYPES: Final = frozenset({"type", "result", "returns", *CALLBACKS})
_DATA: Final = frozenset({"default", "example"})


def _read_type(text: str, known: Collection[str]) -> tuple[Type, list[tuple[int, str]]]:
    """Parse a type and look its names up; what is wrong comes with the index of its character."""
    try:
        parsed = parse_type(text)
    except TypeFault as fault:
        return Primitive("any"), [(fault.offset, fault.message)]
    candidates = {*known, *PRIMITIVES, "Array", "Record"}
    return parsed, [
        (used.offset, f"unknown type {used.name!r}{did_you_mean(used.name, candidates)}")
        for used in names_in(parsed)
        if used.name not in known
    ]


_T = TypeVar("_T")


class _Reader:
    """Reads one document, and collects its faults as it goes."""

    def __init__(self, document: Document, engines: Collection[str], also: Check) -> None:
        self._document = document
        self._engines = engines
        self._also = also
        self._faults: list[Fault] = []
        self._root: Mapping[str, Any] = document.value
        self._declared: dict[str, Steps] = {}

    def api(self) -> Api:
        root = self._root
        self._declare()
        engine = root.get("engine")
        if engine is not None and engine not in self._engines:
            hint = did_you_mean(engine, self._engines)
            self._fault(("engine",), f"there is no engine {engine!r}{hint}")
        classes = tuple(self._class(name, body) for name, body in self._entries("classes"))
        api = Api(
            label=self._document.label,
            digest=self._document.digest,
            package=root.get("package", "wxsocket"),
            title=root["title"],
            description=root["description"],
            namespace=root.get("namespace", "wx"),
            engine=engine,
            cautions=tuple(root.get("cautions", ())),
            notes=_notes(root),
            constants=tuple(
                self._constant(name, body) for name, body in self._entries("constants")
            ),
            types=tuple(self._type(name, body) for name, body in self._entries("types")),
            functions=tuple(
                self._call(("functions", name), name, None, body)
                for name, body in self._entries("functions")
            ),
            classes=classes,
        )
        before = len(self._faults)
        self._check_extends(api)
        has_families = len(self._faults) == before
        self._check_removes(api)
        self._check_new_names(api)
        self._check_uses(api)
        if has_families:  # without them nobody can follow `extends`
            for path, message in self._also(api):
                self._fault(path, message, key=True)
        if self._faults:
            raise SpecError(self._document.label, self._faults)
        return api

    # Faults.

    def _fault(self, path: Steps, message: str, *, key: bool = False) -> None:
        mark = self._document.key_at(*path) if key else self._document.at(*path)
        self._faults.append(Fault(mark, message))

    # Names.

    def _entries(self, part: str) -> list[tuple[str, Any]]:
        return list(self._root.get(part, {}).items())

    def _declare(self) -> None:
        """Collect the names of types, classes and option objects; each may be declared once."""
        for part in ("types", "classes"):
            for name, _ in self._entries(part):
                self._declare_one(name, (part, name))
        for path, owner, name, body in _raw_calls(self._root):
            if "option" in body:
                self._declare_one(
                    _option_name(owner, name, body["option"]), (*path, "option", "name")
                )

    def _declare_one(self, name: str, path: Steps) -> None:
        known = PRIMITIVES | {"Array", "Record"}
        if name in known:
            self._fault(path, f"{name!r} is a type of the language itself", key=True)
        elif name in self._declared:
            first = self._document.key_at(*self._declared[name])
            self._fault(path, f"{name!r} is declared in line {first.line} already", key=True)
        else:
            self._declared[name] = path

    # Types.

    def _parse(self, path: Steps, text: str, variables: Sequence[str] = ()) -> Type:
        parsed, faults = _read_type(text, {*self._declared, *variables})
        for offset, message in faults:
            self._faults.append(Fault(self._document.text_at(path, offset), message))
        return parsed

    def _type(self, name: str, body: Mapping[str, Any]) -> NamedType:
        path: Steps = ("types", name)
        description, notes = body["description"], _notes(body)
        if "properties" in body:
            return ObjectType(
                path=path,
                name=name,
                description=description,
                fields=self._fields((*path, "properties"), body["properties"], required=True),
                extends=body.get("extends"),
                notes=notes,
            )
        if "values" in body:
            values = [
                EnumValue(_whole(value["value"]), value["description"], _notes(value))
                for value in body["values"]
            ]
            for index in _repeated([value.value for value in values]):
                self._fault(
                    (*path, "values", index, "value"),
                    f"{values[index].value!r} is a value of {name} already",
                )
            return EnumType(path, name, description, tuple(values), notes)
        parsed = self._parse((*path, "type"), body["type"])
        return NewName(path, name, description, parsed, notes)

    def _fields(
        self,
        path: Steps,
        bodies: Mapping[str, Any],
        *,
        required: bool,
        variables: Sequence[str] = (),
    ) -> tuple[Field, ...]:
        return tuple(
            self._field((*path, name), name, body, required=required, variables=variables)
            for name, body in bodies.items()
        )

    def _field(
        self,
        path: Steps,
        name: str,
        body: Mapping[str, Any],
        *,
        required: bool,
        variables: Sequence[str] = (),
    ) -> Field:
        parsed = self._parse((*path, "type"), body["type"], variables)
        default = body.get("default")
        required = body.get("required", required and default is None)
        if default is not None and not self._fits(default, parsed):
            self._fault((*path, "default"), f"the default {default!r} is no {body['type'].strip()}")
        example = body.get("example")
        if example is not None and not self._fits(example, parsed):
            self._fault((*path, "example"), f"the example {example!r} is no {body['type'].strip()}")
        if default is not None and required:
            self._fault((*path, "default"), f"{name!r} is required, so it can have no default")
        return Field(
            path=path,
            name=name,
            type=parsed,
            type_text=body["type"],
            description=body["description"],
            required=required,
            documented=body.get("documented"),
            default=default,
            fallback=body.get("fallback"),
            unit=body.get("unit"),
            example=example,
            rest=body.get("rest", False),
            support=body.get("support", "full"),
            notes=_notes(body),
        )

    def _fits(self, value: object, type_: Type, seen: frozenset[str] = frozenset()) -> bool:
        """Tell whether a default or an example is a value of a type."""
        match type_:
            case Array(item):
                return isinstance(value, list) and all(self._fits(one, item, seen) for one in value)
            case Record(_, held):
                return isinstance(value, dict) and all(
                    self._fits(one, held, seen) for one in value.values()
                )
            case Primitive("object"):
                return isinstance(value, dict)
            case Primitive("string"):
                return isinstance(value, str)
            case Primitive("boolean"):
                return isinstance(value, bool)
            case Primitive("integer"):
                return isinstance(value, int) and not isinstance(value, bool)
            case Primitive("number"):
                return isinstance(value, int | float) and not isinstance(value, bool)
            case Primitive("any"):
                return True
            case Literal(literal):
                return type(value) is type(literal) and value == literal
            case Union(members):
                return any(self._fits(value, member, seen) for member in members)
            case Named(name) if name not in seen:
                body = self._root.get("types", {}).get(name, {})
                if "values" in body:
                    return type(value) in (str, int) and any(
                        value == entry["value"] for entry in body["values"]
                    )
                if "type" in body:
                    try:
                        meant = parse_type(body["type"])
                    except TypeFault:
                        return True  # reported where it stands
                    return self._fits(value, meant, seen | {name})
                return name not in self._declared
            case _:
                return False

    # Calls.

    def _call(self, path: Steps, name: str, owner: str | None, body: Mapping[str, Any]) -> Call:
        variables = tuple(body.get("typeParameters", ()))
        returns = body.get("returns")
        for index, overload in enumerate(body.get("overloads", ())):
            at = (*path, "overloads", index)
            self._parameters((*at, "parameters"), overload["parameters"], variables)
            if "returns" in overload:
                self._parse((*at, "returns"), overload["returns"], variables)
        option = body.get("option")
        listener = body.get("listener")
        return Call(
            path=path,
            name=name,
            owner=owner,
            description=body["description"],
            option=option and self._option((*path, "option"), name, owner, option, variables),
            listener=listener and self._listener((*path, "listener"), listener, variables),
            parameters=self._parameters(
                (*path, "parameters"), body.get("parameters", ()), variables
            ),
            overloads=len(body.get("overloads", ())),
            removes=body.get("removes"),
            returns=returns and self._parse((*path, "returns"), returns, variables),
            returns_description=body.get("returnsDescription"),
            type_parameters=variables,
            failures=tuple(
                Failure(failure["errMsg"], failure["when"]) for failure in body.get("failures", ())
            ),
            limits=self._limits((*path, "limits"), body.get("limits", ())),
            cautions=tuple(body.get("cautions", ())),
            behaviour=tuple(body.get("behaviour", ())),
            support=body.get("support", "full"),
            notes=_notes(body),
        )

    def _option(
        self,
        path: Steps,
        name: str,
        owner: str | None,
        body: Mapping[str, Any],
        variables: Sequence[str],
    ) -> Option:
        fields = self._fields(
            (*path, "properties"), body["properties"], required=False, variables=variables
        )
        for field in fields:
            if field.name in CALLBACKS:
                self._fault(
                    field.path,
                    f"{field.name!r} is a callback: write it beside properties, with what it gets",
                    key=True,
                )
        optional = body.get("optional", False)
        if optional and any(field.required for field in fields):
            needed = next(field.name for field in fields if field.required)
            self._fault(
                (*path, "optional"), f"the object cannot be left out: {needed!r} is required"
            )
        callbacks = {
            callback: self._parse((*path, callback), body[callback], variables)
            for callback in CALLBACKS
            if callback in body
        }
        return Option(path, _option_name(owner, name, body), optional, fields, callbacks)

    def _listener(
        self, path: Steps, body: Mapping[str, Any], variables: Sequence[str] = ()
    ) -> Listener:
        result = body.get("result")
        return Listener(
            path=path,
            result=result and self._parse((*path, "result"), result, variables),
            optional=body.get("optional", False),
            description=body["description"],
        )

    def _parameters(
        self, path: Steps, bodies: Sequence[Mapping[str, Any]], variables: Sequence[str]
    ) -> tuple[Field, ...]:
        fields = tuple(
            self._field((*path, index), body["name"], body, required=True, variables=variables)
            for index, body in enumerate(bodies)
        )
        for index in _repeated([field.name for field in fields]):
            self._fault((*path, index, "name"), f"{fields[index].name!r} is a parameter already")
        for field, following in itertools.pairwise(fields):
            if field.rest:
                self._fault((*field.path, "rest"), "only the last parameter can take the rest")
            if not field.required and following.required and not following.rest:
                self._fault(
                    following.path,
                    f"{following.name!r} is required, so it cannot follow the optional "
                    f"{field.name!r}",
                )
        return fields

    def _limits(self, path: Steps, bodies: Sequence[Mapping[str, Any]]) -> tuple[Limit, ...]:
        constants = self._root.get("constants", {})
        for index, body in enumerate(bodies):
            if body["constant"] not in constants:
                hint = did_you_mean(body["constant"], constants)
                self._fault(
                    (*path, index, "constant"), f"unknown constant {body['constant']!r}{hint}"
                )
        return tuple(Limit(body["constant"], body["description"]) for body in bodies)

    def _class(self, name: str, body: Mapping[str, Any]) -> Class:
        path: Steps = ("classes", name)
        for event, listener in body.get("events", {}).items():
            self._listener((*path, "events", event), listener)
        return Class(
            path=path,
            name=name,
            description=body["description"],
            extends=body.get("extends"),
            fields=self._fields((*path, "properties"), body.get("properties", {}), required=True),
            methods=tuple(
                self._call((*path, "methods", method), method, name, call)
                for method, call in body.get("methods", {}).items()
            ),
            events=tuple(body.get("events", ())),
            notes=_notes(body),
        )

    def _constant(self, name: str, body: Mapping[str, Any]) -> Constant:
        return Constant(
            path=("constants", name),
            name=name,
            value=body["value"],
            description=body["description"],
            notes=_notes(body),
        )

    # What only the whole shows.

    def _check_extends(self, api: Api) -> None:
        objects = {type_.name: type_ for type_ in api.types if isinstance(type_, ObjectType)}
        classes = {class_.name: class_ for class_ in api.classes}
        self._check_family(objects, "object type")
        self._check_family(classes, "class")
        self._check_members(objects)
        self._check_members(classes)

    def _check_family(
        self, known: Mapping[str, ObjectType] | Mapping[str, Class], kind: str
    ) -> None:
        for thing in known.values():
            base = thing.extends
            if base is None:
                continue
            path = (*thing.path, "extends")
            if base not in known:
                self._fault(path, f"there is no {kind} {base!r}{did_you_mean(base, known)}")
                continue
            seen = {thing.name}
            while base is not None and base in known:
                if base in seen:
                    self._fault(path, f"{thing.name!r} extends itself")
                    break
                seen.add(base)
                base = known[base].extends

    def _check_members(self, known: Mapping[str, ObjectType] | Mapping[str, Class]) -> None:
        for thing in known.values():
            inherited: dict[str, str] = {}
            seen = {thing.name}
            base = thing.extends
            while base is not None and base in known and base not in seen:
                seen.add(base)
                inherited.update({name: base for name, _ in _members(known[base])})
                base = known[base].extends
            for name, path in _members(thing):
                if name in inherited:
                    self._fault(
                        path, f"{name!r} is inherited from {inherited[name]} already", key=True
                    )

    def _check_removes(self, api: Api) -> None:
        for call in api.calls:
            if call.removes is None:
                continue
            registering = {
                other.name
                for other in api.calls
                if other.owner == call.owner and other.listener and not other.removes
            }
            if call.removes not in registering:
                hint = did_you_mean(call.removes, registering)
                self._fault(
                    (*call.path, "removes"),
                    f"no call {call.removes!r} registers a listener here{hint}",
                )

    def _check_new_names(self, api: Api) -> None:
        """A name for a type may not, through other such names, mean itself."""
        meant = {type_.name: type_.type for type_ in api.types if isinstance(type_, NewName)}
        for name in meant:
            reached: set[str] = set()
            waiting = [name]
            while waiting:
                for used in names_in(meant[waiting.pop()]):
                    if used.name in meant and used.name not in reached:
                        reached.add(used.name)
                        waiting.append(used.name)
            if name in reached:
                self._fault(("types", name, "type"), f"{name!r} is defined by itself")

    def _check_uses(self, api: Api) -> None:
        """A removing call's listener, and any callback, take what some other thing delivers."""
        for option in api.options:
            for callback, received in option.callbacks.items():
                if isinstance(received, Function | Array | Record):
                    self._fault(
                        (*option.path, callback),
                        f"{callback} receives an object, so name an object type",
                    )


def _members(thing: ObjectType | Class) -> Iterator[tuple[str, Steps]]:
    yield from ((field.name, field.path) for field in thing.fields)
    if isinstance(thing, Class):
        yield from ((method.name, method.path) for method in thing.methods)


def _notes(body: Mapping[str, Any]) -> Notes:
    return Notes(
        section=body.get("section", ""),
        since=body.get("since"),
        deprecated=body.get("deprecated"),
        oddities=tuple(body.get("oddities", ())),
    )


def _whole(value: str | float) -> str | int:
    """JSON Schema takes 1.0 for a whole number too."""
    return int(value) if isinstance(value, float) else value


def _mapping(value: object, key: str) -> Mapping[str, Any]:
    """The mapping below a key, empty if there is none: the document may be wrong."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _raw_calls(root: object) -> Iterator[tuple[Steps, str | None, str, Mapping[str, Any]]]:
    """Yield the path, the class, the name and the body of every call of a document, even a wrong one."""
    for name in _mapping(root, "functions"):
        yield ("functions", name), None, name, _mapping(_mapping(root, "functions"), name)
    classes = _mapping(root, "classes")
    for class_ in classes:
        methods = _mapping(_mapping(classes, class_), "methods")
        for name in methods:
            yield ("classes", class_, "methods", name), class_, name, _mapping(methods, name)


def _option_name(owner: str | None, name: str, option: Mapping[str, Any]) -> str:
    given = option.get("name")
    return given or f"{owner or ''}{name[:1].upper()}{name[1:]}Option"


def _repeated(values: Iterable[_T]) -> Iterator[int]:
    """Yield the index of each value that an earlier one equals."""
    seen: list[_T] = []
    for index, value in enumerate(values):
        if value in seen:
            yield index
        seen.append(value)
