"""An API in terms of Python: records that templates only have to print."""

from __future__ import annotations

from dataclasses import dataclass

from wxgen.engines import Engine, Extra
from wxgen.python import docstrings as docs
from wxgen.python.imports import ORIGINS, import_lines, words
from wxgen.python.names import EXPORTS, identifier, literal, quoted, sorted_names
from wxgen.spec.records import Api, Call, Constant, EnumType, EnumValue, Field, NamedType, Option

__all__ = ["PyCall", "PyClass", "PyField", "PyOption", "PyPackage", "PyType"]


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
    def shown(self) -> str:
        """The annotation as the reference shows it."""
        return _shown(self.annotation)

    @property
    def doc(self) -> str:
        """What the field is, in one paragraph."""
        return docs.of_field(self)

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
    def shown(self) -> str:
        """The type that it names, as the reference shows it."""
        return _shown(self.alias or "")

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
        names |= {self.namespace.name, self.instance} | EXPORTS
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
        found = [(self.api.title, text) for text in self.api.notes.oddities]
        for class_ in self.reference:
            for call in class_.calls:
                found += [(call.label, text) for text in call.source.notes.oddities]
        for class_model in self.api.classes:
            found += [(class_model.name, text) for text in class_model.notes.oddities]
        for type_ in self.types:
            found += [(type_.name, text) for text in type_.source.notes.oddities]
        return found

    # Imports.

    @property
    def init_imports(self) -> list[str]:
        """The import statements of ``__init__.py``."""
        origins = {type_.name: ".types" for type_ in self.types}
        origins |= {option.name: ".options" for option in self.options}
        origins |= {class_.name: ".api" for class_ in self.faces}
        origins |= dict.fromkeys(EXPORTS, ".calls")
        if self.engine is not None and self.engine.app is not None:
            origins[self.namespace.name] = f".{self.engine.app}"
        return import_lines(origins, origins)

    def imports(self, module: str) -> list[str]:
        """The import statements of an emitted module."""
        return import_lines(self._used(module), self._origins(module))

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
            used |= words(text)
        return used

    def _origins(self, module: str) -> dict[str, str]:
        origins = dict(ORIGINS)
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
                used |= words(field.annotation)
            if class_.extra is not None:
                origins[class_.extra.base] = f".{class_.extra.module}"
            used.update(class_.bases)
            if class_.abstract and (class_.calls or class_.fields):
                used.add("abstractmethod")
            if class_.fields and not class_.abstract and not stub:
                used.add("not_supported")
            for call in class_.calls:
                used |= self._used_by(call, class_, stub=stub)
        return import_lines(used, origins)

    def _used_by(self, call: PyCall, class_: PyClass, *, stub: bool) -> set[str]:
        used = words(call.returns)
        for parameter in call.parameters:
            used |= words(parameter.annotation)
        if call.listener is not None:
            used |= {"Callable", "TypeVar"} | words(call.listener)
        if call.option is not None:
            used.add(call.option.name)
            if stub:
                used.add("overload")
                for field in call.option.fields:
                    used |= words(field.annotation)
            else:
                used |= {"Any", "both_styles", "option_object"}
        if not stub and not class_.abstract:
            used.add("not_supported" if call.refuses is None else "refuse")
            used |= words(call.refuses or "")
            for argument in call.refusal:
                used |= words(argument.partition("=")[2])
        return used


def _shown(annotation: str) -> str:
    """What a reader wants to know; that a string is no sequence is told by the checker."""
    return annotation.replace("SequenceNotStr[", "Sequence[")
