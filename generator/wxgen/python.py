"""How the things of an API are called and typed in Python. No other module knows such names.

:func:`pythonize` turns an :class:`~wxgen.model.Api` into plain records that templates only have to
print. :func:`clashes` finds the names that cannot be had.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from wxgen import docs
from wxgen.diagnostics import Steps
from wxgen.engines import ENGINES, Engine, Extra
from wxgen.model import (
    Api,
    Call,
    Class,
    Constant,
    EnumType,
    EnumValue,
    Field,
    NamedType,
    NewName,
    ObjectType,
    Option,
)
from wxgen.typeexpr import (
    Array,
    Function,
    Literal,
    Named,
    Parameter,
    Primitive,
    Record,
    Type,
    Union,
    names_in,
)

__all__ = [
    "PyCall",
    "PyClass",
    "PyField",
    "PyOption",
    "PyPackage",
    "PyType",
    "clashes",
    "identifier",
    "literal",
    "pythonize",
]

PACKAGE: Final = "wxsocket"

# Names that annotations use. A member of that name would hide them inside its class.
_ANNOTATIONS: Final = frozenset(
    [
        "bool",
        "bytearray",
        "bytes",
        "dict",
        "float",
        "int",
        "list",
        "memoryview",
        "object",
        "str",
        "Any",
        "Call",
        "Callable",
        "Literal",
        "Mapping",
        "Sequence",
        "TypeAlias",
    ]
)
# Names that the bodies of emitted classes and calls use.
_BODIES: Final = frozenset({"abstractmethod", "not_supported", "overload", "property"})
_RESERVED: Final = _ANNOTATIONS | _BODIES | {"self", "cls", "option", "listener", "fields"}

# What the package exports beside the spec's own names.
_EXPORTS: Final = frozenset({"Call", "WxError"})

# What the modules of the package import for themselves.
_MODULE_NAMES: Final = frozenset(
    {"ABC", "Final", "T", "TypeVar", "abstractmethod", "dataclass", "overload"}
)

# The modules of the package: an instance of the namespace of that name would hide one.
_MODULES: Final = frozenset(
    {"api", "callbacks", "calls", "constants", "engine", "extras", "options", "types"}
)

_IMPORTS: Final = {
    "Callable": "collections.abc",
    "Mapping": "collections.abc",
    "Sequence": "collections.abc",
    "Any": "typing",
    "Final": "typing",
    "Literal": "typing",
    "TypeAlias": "typing",
    "TypeVar": "typing",
    "cast": "typing",
    "overload": "typing",
    "ABC": "abc",
    "abstractmethod": "abc",
    "dataclass": "dataclasses",
}


@dataclass(frozen=True)
class PyField:
    """A field or parameter. ``default`` is Python text, or "" when it must be given."""

    name: str
    annotation: str
    default: str
    source: Field | None = None

    @property
    def declaration(self) -> str:
        """The field as a class or a signature declares it."""
        default = f" = {self.default}" if self.default else ""
        return f"{self.name}: {self.annotation}{default}"

    @property
    def parameter(self) -> str:
        """The field as a positional parameter."""
        if self.source is not None and self.source.rest:
            return f"*{self.name}: {self.annotation}"
        return self.declaration

    @property
    def argument(self) -> str:
        """The field as it is passed on."""
        rest = self.source is not None and self.source.rest
        return f"*{self.name}" if rest else self.name


@dataclass(frozen=True)
class PyOption:
    """The dataclass of an option object. Its callbacks are the last of its fields."""

    name: str
    fields: tuple[PyField, ...]
    doc: str
    source: Option


@dataclass(frozen=True)
class PyType:
    """A named type. ``fields`` belong to an object, ``alias`` is the text of the others."""

    name: str
    doc: str
    fields: tuple[PyField, ...]
    base: str | None
    alias: str | None
    source: NamedType

    @property
    def values(self) -> tuple[EnumValue, ...]:
        """The values of an enumeration."""
        return self.source.values if isinstance(self.source, EnumType) else ()

    @property
    def alias_lines(self) -> str:
        """The statement that defines a name for another type."""
        assert self.alias is not None
        if not self.values:
            return f"{self.name}: TypeAlias = {quoted(self.alias)}"
        line = f"{self.name}: TypeAlias = {self.alias}"
        if len(line) <= docs.WIDTH:
            return line
        values = [f"    {literal(value.value)}," for value in self.values]
        return "\n".join([f"{self.name}: TypeAlias = Literal[", *values, "]"])


@dataclass(frozen=True)
class PyCall:
    """A function or method.

    Attributes:
        name: Its name in Python.
        label: The name under which it reports.
        parameters: Its positional parameters.
        listener: The annotation of its listener's argument list, if it takes a listener.
        returns: The annotation of what it returns.
        result_fields: What the listener's argument holds.
        refuses: The class of what ``fail`` receives when nothing is behind the call; None for calls
            that can only raise.
        refusal: How that class is called, when it wants more than an errMsg.
    """

    name: str
    label: str
    option: PyOption | None
    parameters: tuple[PyField, ...]
    listener: str | None
    listener_optional: bool
    returns: str
    result_fields: tuple[PyField, ...]
    refuses: str | None
    refusal: tuple[str, ...]
    doc: str
    source: Call

    @property
    def hook(self) -> str:
        """The method that an engine or a fake implements."""
        return f"_{self.source.name}"

    @property
    def arguments(self) -> str:
        """Its positional parameters, passed on."""
        return ", ".join(field.argument for field in self.parameters)

    @property
    def returns_shown(self) -> str:
        """What it returns, for the reference."""
        if self.listener is not None and self.source.removes is None:
            return f"Callable[{self.listener}, T]"
        return self.returns


@dataclass(frozen=True)
class PyClass:
    """A class of the API; the namespace is one too."""

    name: str
    doc: str
    bases: tuple[str, ...]
    fields: tuple[PyField, ...]
    calls: tuple[PyCall, ...]
    abstract: bool
    extra: Extra | None

    @property
    def heads(self) -> str:
        """The bases as a class statement has them."""
        return f"({', '.join(self.bases)})" if self.bases else ""


@dataclass(frozen=True)
class PyPackage:
    """Everything that is emitted, in terms of Python."""

    name: str
    api: Api
    engine: Engine | None
    constants: tuple[Constant, ...]
    types: tuple[PyType, ...]
    options: tuple[PyOption, ...]
    classes: tuple[PyClass, ...]
    namespace: PyClass
    renamed: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def instance(self) -> str:
        """The ready-made instance of the namespace's class."""
        return identifier(self.api.namespace)

    @property
    def exports(self) -> tuple[str, ...]:
        """What ``from package import *`` imports, sorted as linters want it."""
        names = {option.name for option in self.options}
        names |= {type_.name for type_ in self.types}
        names |= {class_.name for class_ in self.classes}
        names |= {self.namespace.name, self.instance} | _EXPORTS
        return tuple(sorted_names(names))

    # The order of classes: a class follows the one that it extends; in the reference the namespace
    # comes first.

    @property
    def faces(self) -> tuple[PyClass, ...]:
        """The classes in the order of their definition."""
        return (*self.classes, self.namespace)

    @property
    def reference(self) -> tuple[PyClass, ...]:
        """The classes in the order of the reference."""
        return (self.namespace, *self.classes)

    @property
    def has_objects(self) -> bool:
        """Whether any named type is an object."""
        return any(type_.alias is None for type_ in self.types)

    @property
    def has_listeners(self) -> bool:
        """Whether any call registers a listener."""
        return any(
            call.listener is not None and call.source.removes is None
            for class_ in self.faces
            for call in class_.calls
        )

    @property
    def api_names(self) -> list[str]:
        """The exports of the module ``api``."""
        return sorted_names(class_.name for class_ in self.faces)

    @property
    def type_names(self) -> list[str]:
        """The exports of the module ``types``."""
        return sorted_names(type_.name for type_ in self.types)

    @property
    def option_names(self) -> list[str]:
        """The exports of the module ``options``."""
        return sorted_names(option.name for option in self.options)

    # What the reference and the report tell.

    @property
    def both_styles(self) -> str:
        """The first call with options, in both styles."""
        for class_ in self.reference:
            for call in class_.calls:
                if call.option is not None and class_ is self.namespace:
                    name = f"{self.instance}.{call.name}"
                    return f"{name}(...)\n{name}({call.option.name}(...))"
        return f"{self.instance}.call(...)\n{self.instance}.call(CallOption(...))"

    def constant(self, name: str) -> str | float:
        """The value of a constant."""
        return next(constant.value for constant in self.constants if constant.name == name)

    @property
    def method_count(self) -> int:
        """How many methods the classes have."""
        return sum(len(class_.calls) for class_ in self.classes)

    @property
    def option_count(self) -> int:
        """How many options there are, callbacks included."""
        return sum(len(option.fields) for option in self.options)

    @property
    def attribute_count(self) -> int:
        """How many attributes the named types have."""
        return sum(len(type_.fields) for type_ in self.types)

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """What is typed otherwise than the document prints it: where, printed, ours."""
        groups = [(option.name, option.fields) for option in self.options]
        groups += [(type_.name, type_.fields) for type_ in self.types]
        return [
            (f"{owner}.{field.source.name}", field.source.documented, field.annotation)
            for owner, fields in groups
            for field in fields
            if field.source is not None and field.source.documented is not None
        ]

    @property
    def all_oddities(self) -> list[tuple[str, str]]:
        """Every oddity of the document, with where it stands."""
        found = [(self.api.title, text) for text in self.api.oddities]
        for class_ in self.reference:
            for call in class_.calls:
                found += [(call.label, text) for text in call.source.oddities]
        for class_model in self.api.classes:
            found += [(class_model.name, text) for text in class_model.oddities]
        for type_ in self.types:
            found += [(type_.name, text) for text in type_.source.oddities]
        return found

    # Imports.

    @property
    def init_imports(self) -> list[str]:
        """The import statements of ``__init__.py``."""
        origins = {type_.name: ".types" for type_ in self.types}
        origins |= {option.name: ".options" for option in self.options}
        origins |= {class_.name: ".api" for class_ in self.faces}
        origins |= dict.fromkeys(_EXPORTS, ".calls")
        if self.engine is not None and self.engine.app is not None:
            origins[self.namespace.name] = f".{self.engine.app}"
        return _import_lines(origins, origins)

    def imports(self, module: str) -> list[str]:
        """The import statements of an emitted module."""
        return _import_lines(self._used(module), self._origins(module))

    def _used(self, module: str) -> set[str]:
        texts: list[str] = []
        used: set[str] = set()
        if module == "types":
            texts += [field.annotation for type_ in self.types for field in type_.fields]
            texts += [type_.alias for type_ in self.types if type_.alias is not None]
            if any(type_.alias is not None for type_ in self.types):
                used.add("TypeAlias")
            if self.has_objects:
                used.add("dataclass")
        elif module == "options":
            texts += [field.annotation for option in self.options for field in option.fields]
            if self.options:
                used.add("dataclass")
        for text in texts:
            used |= _words(text)
        return used

    def _origins(self, module: str) -> dict[str, str]:
        origins = dict(_IMPORTS)
        if module != "types":
            origins |= {type_.name: ".types" for type_ in self.types}
        if module != "api":
            origins |= {class_.name: ".api" for class_ in self.classes}
        return origins

    def api_imports(self, *, stub: bool) -> list[str]:
        """The import statements of ``api.py``, or of its stub."""
        used: set[str] = set()
        origins = self._origins("api")
        origins |= {option.name: ".options" for option in self.options}
        origins |= {"Call": ".calls", "WxError": ".calls"}
        origins |= {"both_styles": ".calls", "option_object": ".calls"}
        origins |= {"not_supported": ".callbacks", "refuse": ".callbacks"}
        for class_ in (*self.classes, self.namespace):
            for field in class_.fields:
                used |= _words(field.annotation)
            if class_.extra is not None:
                origins[class_.extra.base] = f".{class_.extra.module}"
            used.update(class_.bases)
            if class_.abstract and (class_.calls or class_.fields):
                used.add("abstractmethod")
            if class_.fields and not class_.abstract and not stub:
                used.add("not_supported")
            for call in class_.calls:
                used |= self._used_by(call, class_, stub=stub)
        return _import_lines(used, origins)

    def _used_by(self, call: PyCall, class_: PyClass, *, stub: bool) -> set[str]:
        used = _words(call.returns)
        for parameter in call.parameters:
            used |= _words(parameter.annotation)
        if call.listener is not None:
            used |= {"Callable", "TypeVar"} | _words(call.listener)
        if call.option is not None:
            used.add(call.option.name)
            if stub:
                used.add("overload")
                for field in call.option.fields:
                    used |= _words(field.annotation)
            else:
                used |= {"Any", "both_styles", "option_object"}
        if not stub and not class_.abstract:
            used.add("not_supported" if call.refuses is None else "refuse")
            used |= _words(call.refuses or "")
            for argument in call.refusal:
                used |= _words(argument.partition("=")[2])
        return used


def pythonize(api: Api) -> PyPackage:
    """Give everything in an API its Python name and type.

    Args:
        api: The API. :func:`clashes` must have found nothing.

    Returns:
        What the templates print.
    """
    return _Pythonizer(api).package()


def clashes(api: Api) -> Iterator[tuple[Steps, str]]:
    """Find the names of an API that cannot be had in Python.

    Args:
        api: The API.

    Yields:
        The place in the spec, and what is wrong there.
    """
    engine = ENGINES.get(api.engine or "")
    extras = engine.extras if engine is not None else {}
    namespace = _class_name(api.namespace)
    instance = identifier(api.namespace)
    own = _EXPORTS | _ANNOTATIONS | _MODULE_NAMES | {extra.base for extra in extras.values()}
    if namespace in own or keyword.iskeyword(namespace) or instance in (namespace, *_MODULES):
        yield ("namespace",), f"{api.namespace!r} cannot be the namespace: choose another name"
    taken = {
        namespace: "the namespace's class",
        instance: "the namespace",
        **dict.fromkeys(sorted(own), "the bindings' own"),
    }
    named: list[tuple[Steps, str]] = [(type_.path, type_.name) for type_ in api.types]
    named += [(class_.path, class_.name) for class_ in api.classes]
    named += [(option.path, option.name) for option in api.options]
    for path, name in named:
        if name in taken or keyword.iskeyword(name):
            yield path, f"{name!r} is {taken.get(name, 'a word of Python')}: choose another name"
    types = {name for _, name in named}
    for owner, members, inherited in _groups(api):
        reserved = extras[owner].names if owner in extras else frozenset()
        yield from _twice(members, inherited)
        for path, name in members:
            if identifier(name) in reserved:
                yield path, f"{name!r} is a name of the bindings' own on {owner}"
            elif name in types:
                yield path, f"{name!r} would hide the type of that name"
    for call in api.calls:
        parameters = [((*field.path, "name"), field.name) for field in call.parameters]
        yield from _twice(parameters)


_Members = list[tuple[Steps, str]]


def _groups(api: Api) -> Iterator[tuple[str, _Members, _Members]]:
    """Yield the name, the members and the inherited members of each emitted class."""
    yield _class_name(api.namespace), [(call.path, call.name) for call in api.functions], []
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
    seen = {identifier(name): name for _, name in inherited or ()}
    for path, name in members:
        python = identifier(name)
        if python in seen:
            yield path, f"{name!r} and {seen[python]!r} are both {python!r} in Python"
        seen[python] = name


def identifier(name: str) -> str:
    """Return the Python name for a name of the spec.

    Args:
        name: The name; the schema has made sure that it starts with a letter.

    Returns:
        The name, with what Python does not allow replaced by ``_``, and ``_`` added to names that
        mean something else to Python or to the emitted modules.
    """
    changed = "".join(char if char.isalnum() else "_" for char in name)
    return f"{changed}_" if keyword.iskeyword(changed) or changed in _RESERVED else changed


def quoted(text: str) -> str:
    """Return a string as a Python literal with double quotes, as formatters want it."""
    literal = repr(text)
    if literal[0] == '"' or '"' in text:
        return literal
    return f'"{literal[1:-1]}"'


def literal(value: object) -> str:
    """Return plain data as a Python literal."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    return repr(value)


def sorted_names(names: Iterable[str]) -> list[str]:
    """Sort names as isort does: constants, then classes, then the rest."""

    def key(name: str) -> tuple[int, str, str]:
        kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
        return kind, name.lower(), name

    return sorted(names, key=key)


def annotation(type_: Type, *, given: bool) -> str:
    """Return the annotation of a type.

    Args:
        type_: The type.
        given: Whether users give such values (then it is wide), or receive them (then exact).
    """
    match type_:
        case Primitive(name):
            return (_GIVEN if given else _RECEIVED)[name]
        case Literal(value):
            return f"Literal[{literal(value)}]"
        case Named(name):
            return name
        case Array(item):
            return f"{'Sequence' if given else 'list'}[{annotation(item, given=given)}]"
        case Record(key, value):
            inner = f"{annotation(key, given=given)}, {annotation(value, given=given)}"
            return f"{'Mapping' if given else 'dict'}[{inner}]"
        case Function(parameters, returns):
            return _function(parameters, returns, given=given)
        case Union(members):
            return _union(members, given=given)


def _union(members: Sequence[Type], *, given: bool) -> str:
    literals = [member.value for member in members if isinstance(member, Literal)]
    texts: list[str] = []
    for member in members:
        if isinstance(member, Literal):
            values = [literal(value) for value in literals]
            text = f"Literal[{', '.join(dict.fromkeys(values))}]"
        else:
            text = annotation(member, given=given)
        if text not in texts:
            texts.append(text)
    if "None" in texts:
        texts.remove("None")
        texts.append("None")
    return " | ".join(texts)


def _function(parameters: Sequence[Parameter], returns: Type, *, given: bool) -> str:
    # What a function is given flows the other way.
    arguments = [annotation(parameter.type, given=not given) for parameter in parameters]
    if given:
        answer = "object" if returns == Primitive("void") else annotation(returns, given=True)
    else:
        answer = annotation(returns, given=False)
    return f"Callable[[{', '.join(arguments)}], {answer}]"


_GIVEN: Final = {
    "string": "str",
    "number": "float",
    "integer": "int",
    "boolean": "bool",
    "ArrayBuffer": "bytes | bytearray | memoryview",
    "object": "Mapping[str, object]",
    "any": "object",
    "null": "None",
    "undefined": "None",
    "void": "None",
    "function": "Callable[..., object]",
}
_RECEIVED: Final = {
    **_GIVEN,
    "ArrayBuffer": "bytes",
    "object": "dict[str, object]",
}


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
        return annotation(_without(type_, variables), given=given)

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
        return PyType(type_.name, docs.of_type(type_, fields), fields, base, alias, type_)

    def _field(self, field: Field, *, given: bool, variables: Sequence[str] = ()) -> PyField:
        text = self._annotation(field.type, given=given, variables=variables)
        if field.required:
            return PyField(identifier(field.name), text, "", field)
        # None stands for absent, also where there is a default.
        if not _holds_none(field.type):
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
        return PyOption(option.name, tuple(fields), docs.of_option(call, option, fields), option)

    # Calls.

    def _call(self, call: Call, options: Mapping[str, PyOption]) -> PyCall:
        variables = call.type_parameters
        label = _label(call)
        option = options[call.option.name] if call.option is not None else None
        if variables:
            self._left_out.append(
                (label, f"the type variables {', '.join(variables)} are `object`")
            )
        if call.overloads:
            self._left_out.append((label, f"{call.overloads} further forms"))
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
            label=label,
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
                return "None" if _holds_none(type_) else self._empty(members[0], within)
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
        name = _class_name(self._api.namespace)
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


def _label(call: Call) -> str:
    return call.name if call.owner is None else f"{call.owner}.{call.name}"


def _options(api: Api) -> Iterator[tuple[Call, Option]]:
    for call in api.calls:
        if call.option is not None:
            yield call, call.option


def _class_name(namespace: str) -> str:
    return namespace[0].upper() + namespace[1:]


def _without(type_: Type, variables: Sequence[str]) -> Type:
    """Replace type variables, which are left out so far, by any."""
    match type_:
        case Named(name) if name in variables:
            return Primitive("any")
        case Array(item):
            return Array(_without(item, variables))
        case Record(key, value):
            return Record(_without(key, variables), _without(value, variables))
        case Union(members):
            return Union(tuple(_without(member, variables) for member in members))
        case Function(parameters, returns):
            changed = tuple(
                Parameter(parameter.name, _without(parameter.type, variables))
                for parameter in parameters
            )
            return Function(changed, _without(returns, variables))
        case _:
            return type_


def _holds_none(type_: Type) -> bool:
    match type_:
        case Primitive(name):
            return name in ("null", "undefined", "void")
        case Union(members):
            return any(_holds_none(member) for member in members)
        case _:
            return False


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
        prefix = f"{_label(call)}."
        yield from changed(prefix, (field.name for field in call.parameters))
    for option in api.options:
        yield from changed(f"{option.name}.", (field.name for field in option.fields))
    for type_ in api.types:
        if isinstance(type_, ObjectType):
            yield from changed(f"{type_.name}.", (field.name for field in type_.fields))


def _words(text: str) -> set[str]:
    """The names that an annotation uses. String literals in it are skipped."""
    bare = re.sub(r""" "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' """, " ", text, flags=re.VERBOSE)
    return set(re.findall(r"\w+", bare))


def _import_lines(used: Iterable[str], origins: Mapping[str, str]) -> list[str]:
    modules: dict[str, list[str]] = {}
    for name in used:
        if name in origins:
            modules.setdefault(origins[name], []).append(name)
    lines: list[str] = []
    absolute = sorted(module for module in modules if not module.startswith("."))
    relative = sorted(module for module in modules if module.startswith("."))
    for group in (absolute, relative):
        if group and lines:
            lines.append("")
        for module in group:
            names = sorted_names(modules[module])
            line = f"from {module} import {', '.join(names)}"
            if len(line) <= docs.WIDTH:
                lines.append(line)
            else:
                lines += [f"from {module} import (", *(f"    {name}," for name in names), ")"]
    return lines
