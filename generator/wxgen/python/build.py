"""From an API to its records in terms of Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

from wxgen.python import docstrings as docs
from wxgen.python.additions import runtime_class
from wxgen.python.annotations import Annotator
from wxgen.python.calls import CallBuilder, deprecation
from wxgen.python.code import Code, Symbol, subscript
from wxgen.python.engine import Behind, has_module, interface_of
from wxgen.python.fields import py_field
from wxgen.python.names import class_name, identifier, literal, quoted
from wxgen.python.polarity import given_types
from wxgen.python.records import (
    Method,
    Parameter,
    PyClass,
    PyField,
    PyOption,
    PyPackage,
    PyType,
    Signature,
)
from wxgen.python.results import Results, bases_of
from wxgen.spec.records import Api, Call, Class, EnumType, NamedType, NewName, ObjectType, Option

__all__ = ["PUBLIC", "pythonize", "symbols_of"]

PUBLIC: Final = (Symbol("wxruntime.call", "Call"), Symbol("wxruntime.errors", "WxError"))
"""What every package exports beside the spec's own names."""


def pythonize(api: Api) -> PyPackage:
    """Give everything in an API its Python name and type.

    Args:
        api: The API. :func:`clashes` must have found nothing.

    Returns:
        What the templates print.
    """
    return _Pythonizer(api).package()


def symbols_of(api: Api) -> dict[str, Symbol]:
    """Where each named type and class of an API is found."""
    found = {type_.name: Symbol(".types", identifier(type_.name)) for type_ in api.types}
    return found | {class_.name: Symbol(".api", identifier(class_.name)) for class_ in api.classes}


class _Pythonizer:
    """Builds the package of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._interface = interface_of(api.engine)
        self._given = given_types(api)
        self._types = {type_.name: type_ for type_ in api.types}
        self._symbols = symbols_of(api)
        self._annotator = Annotator(self._symbols)
        self._results = Results(api, self._symbols)
        self._calls = CallBuilder(self._annotator, self._results)
        self._options: dict[str, PyOption] = {}

    def package(self) -> PyPackage:
        api = self._api
        for call in api.calls:
            if call.option is not None:
                self._options[call.option.name] = self._option(call, call.option)
        classes = tuple(self._class(class_) for class_ in _bases_first(api.classes))
        namespace = self._namespace()
        derived = tuple(self._derived())
        types = tuple(self._type(type_) for type_ in _bases_first(api.types))
        command = None
        if self._interface is not None and has_module(self._interface, "command"):
            command = Symbol(f"{self._interface.module}.command", "main")
        return PyPackage(
            name=api.package,
            api=api,
            instance=identifier(api.namespace),
            constants=api.constants,
            types=types,
            options=tuple(self._options.values()),
            classes=classes,
            namespace=namespace,
            derived=derived,
            exports=(
                *PUBLIC,
                *self._symbols.values(),
                *(Symbol(".options", name) for name in self._options),
                *(Symbol(".api", class_.name) for class_ in (namespace, *derived)),
                *self._engine_exports(),
            ),
            taken=_names(api),
            renamed=tuple(_renamed(api)),
            left_out=tuple(_left_out(api)),
            unsupported=tuple(_unsupported(api)),
            command=command,
        )

    # Types.

    def _type(self, type_: NamedType) -> PyType:
        given = type_.name in self._given
        fields: tuple[PyField, ...] = ()
        inherited: tuple[PyField, ...] = ()
        base = None
        alias = None
        match type_:
            case ObjectType():
                fields = self._fields(type_, given=given)
                bases = bases_of(type_, self._types)
                inherited = tuple(
                    field for each in reversed(bases) for field in self._fields(each, given=given)
                )
                base = self._symbols[type_.extends] if type_.extends else None
            case EnumType(values=values):
                literals = [Code((literal(entry.value),)) for entry in values]
                alias = subscript(Symbol("typing", "Literal"), *literals)
            case NewName():
                alias = self._annotator.annotation(type_.type, given=given)
        return PyType(
            name=identifier(type_.name),
            doc=docs.of_type(type_),
            fields=fields,
            inherited=inherited,
            base=base,
            alias=alias,
            values=type_.values if isinstance(type_, EnumType) else (),
            source=type_,
        )

    def _fields(self, object_: ObjectType, *, given: bool) -> tuple[PyField, ...]:
        return tuple(
            py_field(field, self._annotator, given=given, is_result=not given)
            for field in object_.fields
        )

    def _option(self, call: Call, option: Option) -> PyOption:
        annotator = self._annotator.within(call.type_parameters)
        required = [field for field in option.fields if field.required]
        others = [field for field in option.fields if not field.required]
        fields = [py_field(field, annotator, given=True) for field in required + others]
        for name, result in option.callbacks.items():
            kind = Code.of(annotator.callback((result,)), " | None")
            fields.append(PyField(name, kind, "None", docs.callback_text(name)))
        return PyOption(option.name, tuple(fields), docs.of_option(call), option)

    # Classes.

    def _class(self, class_: Class) -> PyClass:
        behind = self._behind(class_.name)
        bases = [Code((self._symbols[class_.extends],))] if class_.extends else []
        fields = tuple(py_field(field, self._annotator, given=False) for field in class_.fields)
        return PyClass(
            name=identifier(class_.name),
            doc=docs.of_class(class_),
            bases=(*bases, *self._bases(behind)),
            fields=fields,
            properties=tuple(_property(class_, field) for field in fields),
            calls=tuple(self._calls.build(*self._parts(call), behind) for call in class_.methods),
            constants=tuple(self._constants(behind)),
            additions=behind.additions.additions if behind is not None else (),
        )

    def _namespace(self) -> PyClass:
        name = class_name(self._api.namespace)
        behind = self._behind(name)
        constants = [*self._constants(behind)]
        if behind is not None and behind.interface.limits:
            constants.insert(0, behind.limits())
        return PyClass(
            name=name,
            doc=docs.of_namespace(self._api),
            bases=tuple(self._bases(behind)),
            calls=tuple(
                self._calls.build(*self._parts(call), behind) for call in self._api.functions
            ),
            constants=tuple(constants),
            additions=behind.additions.additions if behind is not None else (),
        )

    def _parts(self, call: Call) -> tuple[Call, PyOption | None, tuple[PyField, ...]]:
        option = self._options[call.option.name] if call.option is not None else None
        annotator = self._annotator.within(call.type_parameters)
        parameters = tuple(py_field(field, annotator, given=True) for field in call.parameters)
        return call, option, parameters

    # What the engine adds.

    def _behind(self, name: str) -> Behind | None:
        if self._interface is None:
            return None
        if name == class_name(self._api.namespace):
            return Behind(self._interface, self._interface.namespace)
        class_ = self._interface.classes.get(name)
        return Behind(self._interface, class_) if class_ is not None else None

    def _results_of(self, behind: Behind) -> Iterator[tuple[str, Code]]:
        """The class attributes that the engine wants, each a class that a listener receives."""
        for attribute, label in behind.class_.results.items():
            for call in self._api.calls:
                owned = behind.class_.calls.keys() if call.name == label else ()
                if label in owned and call.listener is not None and call.listener.result:
                    owner = call.owner or class_name(self._api.namespace)
                    if self._behind(owner) == behind:
                        result = self._annotator.annotation(call.listener.result, given=False)
                        yield attribute, result

    def _bases(self, behind: Behind | None) -> Iterator[Code]:
        if behind is not None:
            yield behind.base(result for _, result in self._results_of(behind))

    def _constants(self, behind: Behind | None) -> Iterator[Code]:
        if behind is not None:
            for attribute, result in self._results_of(behind):
                yield Code.of(f"{attribute} = ", result)

    def _derived(self) -> Iterator[PyClass]:
        if self._interface is None:
            return
        for name, (base, additional) in self._interface.derived.items():
            runtime = runtime_class(self._interface.module, additional)
            yield PyClass(
                name=name,
                doc=runtime.doc,
                bases=(
                    Code((Symbol(self._interface.module, additional),)),
                    Code((self._symbols[base],)),
                ),
                additions=runtime.additions,
            )

    def _engine_exports(self) -> Iterator[Symbol]:
        if self._interface is not None:
            for name in self._interface.exports:
                yield Symbol(self._interface.module, name)


def _property(class_: Class, field: PyField) -> Method:
    assert field.source is not None
    label = quoted(f"{class_.name}.{field.source.name}")
    error = Symbol("wxruntime.support", "not_supported")
    return Method(
        field.name,
        Signature((Parameter("self"),), field.annotation),
        (Code((Symbol("builtins", "property"),)), *deprecation(field.source.notes.deprecated)),
        (field.doc,),
        (Code.of("raise ", error, f"({label})"),),
    )


_E = TypeVar("_E", NamedType, Class)


def _bases_first(things: Sequence[_E]) -> Iterator[_E]:
    """Order types or classes so that each comes after the one that it extends."""
    known = {thing.name: thing for thing in things}
    done: set[str] = set()
    for thing in things:
        line = [thing]
        while (base := getattr(line[-1], "extends", None)) is not None and base not in done:
            line.append(known[base])
        for each in reversed(line):
            if each.name not in done:
                done.add(each.name)
                yield each


def _names(api: Api) -> frozenset[str]:
    """Every name of an API as Python has it."""
    found = {api.namespace, class_name(api.namespace)}
    found |= {thing.name for thing in (*api.types, *api.classes, *api.options, *api.constants)}
    for call in api.calls:
        found.add(call.name)
        found |= {field.name for field in call.parameters}
    for option in api.options:
        found |= {field.name for field in option.fields}
    for thing in (*api.types, *api.classes):
        if not isinstance(thing, EnumType | NewName):
            found |= {field.name for field in thing.fields}
    return frozenset(map(identifier, found))


def _renamed(api: Api) -> Iterator[tuple[str, str]]:
    """Yield each name of the spec that Python does not allow as it is, and what it became."""

    def changed(prefix: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        for name in names:
            if identifier(name) != name:
                yield f"{prefix}{name}", identifier(name)

    yield from changed("", (call.name for call in api.functions))
    for class_ in api.classes:
        prefix = f"{class_.name}."
        yield from changed(prefix, (method.name for method in class_.methods))
        yield from changed(prefix, (field.name for field in class_.fields))
    for call in api.calls:
        prefix = f"{call.label}."
        yield from changed(prefix, (field.name for field in call.parameters))
    for option in api.options:
        yield from changed(f"{option.name}.", (field.name for field in option.fields))
    for type_ in api.types:
        if isinstance(type_, ObjectType):
            yield from changed(f"{type_.name}.", (field.name for field in type_.fields))


def _left_out(api: Api) -> Iterator[tuple[str, str]]:
    for call in api.calls:
        if call.type_parameters:
            yield call.label, f"the type variables {', '.join(call.type_parameters)} are `object`"
        if call.overloads:
            yield call.label, f"{call.overloads} further forms"
    for class_ in api.classes:
        if class_.events:
            yield class_.name, f"the named events {', '.join(class_.events)}"


def _unsupported(api: Api) -> Iterator[tuple[str, str]]:
    """Yield what the engine does not do: where, and what happens."""
    said = {"ignored": "accepted, without effect", "none": "not supported: the call fails"}
    for call in api.calls:
        if call.support != "full":
            yield call.label, said[call.support]
        for field in call.option.fields if call.option is not None else ():
            if field.support != "full":
                yield f"{call.label}: {field.name}", said[field.support]
    for type_ in api.types:
        for field in type_.fields if isinstance(type_, ObjectType) else ():
            if field.support != "full":
                yield f"{type_.name}.{field.name}", "never set"
