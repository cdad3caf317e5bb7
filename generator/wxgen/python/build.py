"""From an API to its records in terms of Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from wxgen.engines import ENGINES, Extra
from wxgen.python import docstrings as docs
from wxgen.python.annotations import annotation, holds_none, without
from wxgen.python.names import PACKAGE, class_name, identifier, literal
from wxgen.python.records import PyCall, PyClass, PyField, PyOption, PyPackage, PyType
from wxgen.spec.records import (
    Api,
    Call,
    Class,
    EnumType,
    Field,
    NamedType,
    NewName,
    ObjectType,
    Option,
)
from wxgen.spec.typeexpr import Array, Literal, Named, Primitive, Record, Type, Union, names_in

__all__ = ["pythonize"]


def pythonize(api: Api) -> PyPackage:
    """Give everything in an API its Python name and type.

    Args:
        api: The API. :func:`clashes` must have found nothing.

    Returns:
        What the templates print.
    """
    return _Pythonizer(api).package()


# What stands for no value of a type.
_EMPTY: Final = {
    "string": '""',
    "number": "0",
    "integer": "0",
    "boolean": "False",
    "ArrayBuffer": 'b""',
    "object": "{}",
    "any": "None",
    "null": "None",
    "undefined": "None",
    "void": "None",
}


class _Pythonizer:
    """Builds the package of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._engine = ENGINES.get(api.engine or "")
        self._given = _given_types(api)
        self._objects = {type_.name: type_ for type_ in api.types if isinstance(type_, ObjectType)}
        self._left_out: list[tuple[str, str]] = []

    def package(self) -> PyPackage:
        api = self._api
        options = {option.name: self._option(call, option) for call, option in _options(api)}
        classes = tuple(self._class(class_, options) for class_ in _bases_first(api.classes))
        namespace = self._namespace(options)
        return PyPackage(
            name=PACKAGE,
            api=api,
            engine=self._engine,
            constants=api.constants,
            types=tuple(self._type(type_) for type_ in _bases_first(api.types)),
            options=tuple(options.values()),
            classes=classes,
            namespace=namespace,
            renamed=tuple(_renamed(api)),
            left_out=tuple(self._left_out),
        )

    # Types.

    def _annotation(self, type_: Type, *, given: bool, variables: Sequence[str] = ()) -> str:
        return annotation(without(type_, variables), given=given)

    def _type(self, type_: NamedType) -> PyType:
        given = type_.name in self._given
        fields: tuple[PyField, ...] = ()
        base = None
        alias = None
        match type_:
            case ObjectType():
                fields = tuple(self._field(field, given=given) for field in type_.fields)
                base = type_.extends
            case EnumType():
                values = [literal(entry.value) for entry in type_.values]
                alias = f"Literal[{', '.join(values)}]"
            case NewName():
                alias = self._annotation(type_.type, given=given)
        return PyType(type_.name, docs.of_type(type_), fields, base, alias, type_)

    def _field(self, field: Field, *, given: bool, variables: Sequence[str] = ()) -> PyField:
        text = self._annotation(field.type, given=given, variables=variables)
        if field.required:
            return PyField(identifier(field.name), text, "", field)
        # None stands for absent, also where there is a default.
        if not holds_none(field.type):
            text = f"{text} | None"
        return PyField(identifier(field.name), text, literal(field.default), field)

    def _option(self, call: Call, option: Option) -> PyOption:
        variables = call.type_parameters
        required = [field for field in option.fields if field.required]
        others = [field for field in option.fields if not field.required]
        fields = [
            self._field(field, given=True, variables=variables) for field in required + others
        ]
        for name, result in option.callbacks.items():
            receives = self._annotation(result, given=False, variables=variables)
            fields.append(PyField(name, f"Callable[[{receives}], object] | None", "None"))
        return PyOption(option.name, tuple(fields), docs.of_option(call), option)

    # Calls.

    def _call(self, call: Call, options: Mapping[str, PyOption]) -> PyCall:
        variables = call.type_parameters
        option = options[call.option.name] if call.option is not None else None
        if variables:
            self._left_out.append(
                (call.label, f"the type variables {', '.join(variables)} are `object`")
            )
        if call.overloads:
            self._left_out.append((call.label, f"{call.overloads} further forms"))
        parameters = tuple(
            self._field(field, given=True, variables=variables) for field in call.parameters
        )
        listener = None
        if call.listener is not None:
            result = call.listener.result
            listener = (
                "[]"
                if result is None
                else f"[{self._annotation(result, given=False, variables=variables)}]"
            )
        returns = self._returns(call)
        refuses, refusal = self._refuses(call) if returns.startswith("Call[") else (None, ())
        return PyCall(
            name=identifier(call.name),
            label=call.label,
            option=option,
            parameters=parameters,
            listener=listener,
            listener_optional=call.listener is not None and call.listener.optional,
            returns=returns,
            result_fields=self._result_fields(call.listener.result if call.listener else None),
            refuses=refuses,
            refusal=refusal,
            doc=docs.of_call(call, option.fields if option is not None else parameters),
            source=call,
        )

    def _result_fields(self, result: Type | None) -> tuple[PyField, ...]:
        """The fields of an object that is received, those that it inherits first."""
        type_ = self._objects.get(result.name) if isinstance(result, Named) else None
        if type_ is None:
            return ()
        inherited = self._result_fields(Named(type_.extends)) if type_.extends else ()
        return (*inherited, *self._type(type_).fields)

    def _refuses(self, call: Call) -> tuple[str, tuple[str, ...]]:
        """The class of what ``fail`` receives, and how it is called when it wants more than an errMsg."""
        callbacks = call.option.callbacks if call.option is not None else {}
        fail = callbacks.get("fail") or callbacks.get("complete")
        if not isinstance(fail, Named) or fail.name not in self._objects:
            return "WxError", ()
        fields = self._result_fields(fail)
        others = tuple(self._filled(field, ()) for field in fields if self._wanted(field))
        if any(field.name == "errMsg" for field in fields):
            return fail.name, ("errMsg=errMsg", *others) if others else ()
        return fail.name, others

    def _wanted(self, field: PyField) -> bool:
        return not field.default and field.name != "errMsg"

    def _filled(self, field: PyField, within: tuple[str, ...]) -> str:
        assert field.source is not None
        return f"{field.name}={self._empty(field.source.type, within)}"

    def _empty(self, type_: Type, within: tuple[str, ...]) -> str:
        """What stands for no value in a result that is made without the platform."""
        match type_:
            case Primitive(name) if name in _EMPTY:
                return _EMPTY[name]
            case Literal(value):
                return literal(value)
            case Array():
                return "[]"
            case Record():
                return "{}"
            case Union(members):
                return "None" if holds_none(type_) else self._empty(members[0], within)
            case Named(name) if name in self._objects and name not in within:
                fields = [field for field in self._result_fields(type_) if not field.default]
                inner = ", ".join(self._filled(field, (*within, name)) for field in fields)
                return f"{name}({inner})"
        for named in self._api.types:
            if isinstance(type_, Named) and named.name == type_.name:
                if isinstance(named, EnumType):
                    return literal(named.values[0].value)
                if isinstance(named, NewName):
                    return self._empty(named.type, within)
        return "cast(Any, None)"

    def _returns(self, call: Call) -> str:
        if call.returns is not None:
            return self._annotation(call.returns, given=False, variables=call.type_parameters)
        if call.option is None:
            return "None"
        success = call.option.callbacks.get("success")
        if success is None:
            return "Call[None]"
        return f"Call[{self._annotation(success, given=False, variables=call.type_parameters)}]"

    # Classes.

    def _class(self, class_: Class, options: Mapping[str, PyOption]) -> PyClass:
        extra = self._extra(class_.name)
        if class_.events:
            self._left_out.append((class_.name, f"the named events {', '.join(class_.events)}"))
        return PyClass(
            name=class_.name,
            doc=docs.of_class(class_),
            bases=self._bases(class_.extends, extra, bare=not (class_.fields or class_.methods)),
            fields=tuple(self._field(field, given=False) for field in class_.fields),
            calls=tuple(self._call(method, options) for method in class_.methods),
            abstract=self._engine is not None,
            extra=extra,
        )

    def _namespace(self, options: Mapping[str, PyOption]) -> PyClass:
        name = class_name(self._api.namespace)
        extra = self._extra(name)
        return PyClass(
            name=name,
            doc=docs.of_namespace(self._api),
            bases=self._bases(None, extra, bare=not self._api.functions),
            fields=(),
            calls=tuple(self._call(function, options) for function in self._api.functions),
            abstract=self._engine is not None,
            extra=extra,
        )

    def _bases(self, extends: str | None, extra: Extra | None, *, bare: bool) -> tuple[str, ...]:
        named = [base for base in (extends, extra.base if extra is not None else None) if base]
        if not named and not bare and self._engine is not None:
            return ("ABC",)
        return tuple(named)

    def _extra(self, name: str) -> Extra | None:
        return self._engine.extras.get(name) if self._engine is not None else None


def _options(api: Api) -> Iterator[tuple[Call, Option]]:
    for call in api.calls:
        if call.option is not None:
            yield call, call.option


def _given_types(api: Api) -> set[str]:
    """Find the named types that users give: those that arguments are made of."""
    types = {type_.name: type_ for type_ in api.types}
    waiting: list[Type] = []
    for call in api.calls:
        waiting += [field.type for field in call.parameters]
        if call.option is not None:
            waiting += [field.type for field in call.option.fields]
    given: set[str] = set()
    while waiting:
        for used in names_in(waiting.pop()):
            type_ = types.get(used.name)
            if type_ is None or used.name in given:
                continue
            given.add(used.name)
            match type_:
                case ObjectType():
                    waiting += [field.type for field in type_.fields]
                    if type_.extends is not None:
                        waiting.append(Named(type_.extends))
                case NewName():
                    waiting.append(type_.type)
    return given


_E = TypeVar("_E", NamedType, Class)


def _bases_first(things: Sequence[_E]) -> Iterator[_E]:
    """Order types or classes so that each comes after the one that it extends."""
    known = {thing.name: thing for thing in things}
    done: set[str] = set()
    for thing in things:
        line = [thing]
        while (base := getattr(line[-1], "extends", None)) is not None:
            line.append(known[base])
        for each in reversed(line):
            if each.name not in done:
                done.add(each.name)
                yield each


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
