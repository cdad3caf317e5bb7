"""An API in terms of Python: records that templates only have to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from wxgen.python.additions import Addition
from wxgen.python.code import Code, Symbol
from wxgen.python.docstrings import Doc
from wxgen.python.variables import Variable
from wxgen.spec.api import Api, Chapter
from wxgen.spec.records import Call, EnumValue, Event, Field, NamedType, Option, Signature
from wxgen.spec.typeexpr import Object

__all__ = [
    "OVERLOAD",
    "Head",
    "Method",
    "Parameter",
    "PyCall",
    "PyChapter",
    "PyClass",
    "PyField",
    "PyOption",
    "PyPackage",
    "PyType",
]


class PyField(NamedTuple):
    """A field. ``default`` is Python text, or "" when it must be given.

    Attributes:
        overrides: Whether a base has a field of that name with another type.
    """

    name: str
    annotation: Code
    default: str
    doc: str
    source: Field | None = None
    overrides: bool = False


class Parameter(NamedTuple):
    """A parameter of a function; ``stars`` stands before the name of one that takes all the rest."""

    name: str
    annotation: Code | None = None
    default: str = ""
    stars: str = ""

    @property
    def argument(self) -> str:
        """The parameter as it is passed on."""
        return f"{self.stars}{self.name}"


class Head(NamedTuple):
    """The parameters of a function, with the marks ``/`` and ``*`` among them, and its answer."""

    parameters: tuple[Parameter | str, ...]
    returns: Code


class Method(NamedTuple):
    """A function of a class as it is printed.

    Attributes:
        decorators: What stands above it, without the ``@``.
        body: Its statements, after the docstring; a line may be indented.
        ignores: What checkers need not tell of its signature.
    """

    name: str
    head: Head
    decorators: tuple[Code, ...] = ()
    doc: Doc = ()
    body: tuple[Code, ...] = ()
    ignores: tuple[str, ...] = ()


OVERLOAD: Final = Code((Symbol("typing", "overload"),))
"""What stands above each form of a method that has several."""


@dataclass(frozen=True)
class PyOption:
    """The dataclass of an option object. Its callbacks are the last of its own fields.

    Attributes:
        inherited: The fields of its bases, the outermost first.
        variables: The type variables that it is generic in.
        parameters: Their names in the spec.
    """

    name: str
    symbol: Symbol
    fields: tuple[PyField, ...]
    inherited: tuple[PyField, ...]
    bases: tuple[Code, ...]
    variables: tuple[Code, ...]
    parameters: tuple[str, ...]
    doc: Doc
    source: Option

    @property
    def all_fields(self) -> tuple[PyField, ...]:
        """Its fields and those of its bases, what is required first."""
        own = {field.name: field for field in (*self.inherited, *self.fields)}
        return tuple(sorted(own.values(), key=lambda field: bool(field.default)))


@dataclass(frozen=True)
class PyType:
    """A named type. ``fields`` belong to an object, ``alias`` is what the others stand for.

    Attributes:
        inherited: The fields of its bases, the outermost first.
        variables: The type variables of an alias, where what it means does not show their order.
        source: What the spec says; None for an object that has no name there.
    """

    name: str
    doc: Doc
    fields: tuple[PyField, ...] = ()
    inherited: tuple[PyField, ...] = ()
    bases: tuple[Code, ...] = ()
    alias: Code | None = None
    variables: tuple[Code, ...] = ()
    values: tuple[EnumValue, ...] = ()
    source: NamedType | None = None


@dataclass(frozen=True)
class PyCall:
    """A function or method.

    Attributes:
        name: Its name in Python.
        label: The name under which it reports.
        method: The method as it runs.
        forms: The method as checkers see it: once for each way to call it.
        hook: The method that carries it out, for an engine or a fake.
        hook_forms: That method as checkers see it.
        signatures: The forms of the spec, each with its option object.
        heard: What its listener receives.
        event: The named event of its first form, if it listens for some.
        answer: What its listener has to return, if the spec says it, or what it promises.
        result_fields: What the listener receives holds, if that is one object.
        returns: What it returns, in its first form.
        awaited: Whether that is awaited.
    """

    name: str
    label: str
    option: PyOption | None
    parameters: tuple[PyField, ...]
    method: Method
    forms: tuple[Method, ...]
    hook: Method
    hook_forms: tuple[Method, ...]
    signatures: tuple[tuple[Signature, PyOption | None], ...]
    event: Event | None
    heard: tuple[Parameter, ...]
    answer: Code | None
    result_fields: tuple[PyField, ...]
    returns: Code
    awaited: bool
    source: Call

    @property
    def other_forms(self) -> tuple[Method, ...]:
        """The further ways to call it, where it has more than its first form in each style."""
        styles = 1 if self.option is None else 2
        return self.forms[1:] if len(self.forms) > styles else ()


@dataclass(frozen=True)
class PyClass:
    """A class of the API; the namespace is one too.

    Attributes:
        lent: Bases that only checkers see; at run time their members come when they are touched.
        properties: Its fields as they run, and as checkers see them.
        inherited: The fields of its bases, the outermost first.
        constants: Statements at the top of its body.
        additions: What it has beside what is documented.
    """

    name: str
    doc: Doc
    bases: tuple[Code, ...] = ()
    lent: tuple[Code, ...] = ()
    fields: tuple[PyField, ...] = ()
    inherited: tuple[PyField, ...] = ()
    properties: tuple[Method, ...] = ()
    calls: tuple[PyCall, ...] = ()
    constants: tuple[Code, ...] = ()
    additions: tuple[Addition, ...] = ()

    @property
    def methods(self) -> Iterator[Method]:
        """What its body defines: what is documented, then the hooks."""
        yield from self.properties
        yield from (call.method for call in self.calls)
        yield from (call.hook for call in self.calls)

    @property
    def forms(self) -> Iterator[Method]:
        """What its stub declares."""
        overloaded = {each.name for each in self.properties if OVERLOAD in each.decorators}
        for each in self.properties:
            if each.name not in overloaded or OVERLOAD in each.decorators:
                yield each._replace(doc=(), body=())
        for call in self.calls:
            yield from call.forms
        for call in self.calls:
            yield from call.hook_forms


@dataclass(frozen=True)
class PyChapter:
    """What one file of a spec gives: a folder of modules.

    Attributes:
        folder: Its folder in the package; "" for the package's own.
        namespace: The class of its functions; None where it has none of its own.
        derived: Classes that the engine adds.
        heads: Its headings in the reference; None prints nothing there.
    """

    folder: str
    source: Chapter
    types: tuple[PyType, ...]
    options: tuple[PyOption, ...]
    classes: tuple[PyClass, ...]
    namespace: PyClass | None
    derived: tuple[PyClass, ...]

    # The order of classes: a class follows the one that it extends; in the reference the namespace
    # comes first.

    @property
    def defined(self) -> tuple[PyClass, ...]:
        """The classes in the order of their definition."""
        return (*self.classes, *self._namespace, *self.derived)

    @property
    def reference(self) -> tuple[PyClass, ...]:
        """The classes in the order of the reference."""
        return (*self._namespace, *self.classes, *self.derived)

    @cached_property
    def members(self) -> frozenset[str]:
        """The names of what its classes define."""
        return frozenset(method.name for class_ in self.defined for method in class_.methods)

    @property
    def _namespace(self) -> tuple[PyClass, ...]:
        return (self.namespace,) if self.namespace is not None else ()


@dataclass(frozen=True)
class PyPackage:
    """Everything that is emitted, in terms of Python.

    Attributes:
        instance: The ready-made object of the namespace's class.
        namespace: The namespace's class.
        chapters: The spec itself, then its chapters.
        has_chapters: Whether there are folders for chapters, that load when they are touched.
        lent: The modules and classes whose members the namespace gets when they are touched, with
            the names of those members.
        exports: What ``from package import *`` imports, and where each is found.
        taken: The names of the spec, which the emitted code's own names give way to.
        variables: The type variables.
        unnamed: The class of each object without a name, by whether users give it.
        left_out: What is said otherwise than the spec says it: where, and how.
        unsupported: What the engine does not do: where, and what happens.
        engine_module: The module of the runtime that is the engine, or "".
        beside: The modules beside the API that hand the package's classes to the engine's tools.
    """

    name: str
    api: Api
    instance: str
    namespace: PyClass
    chapters: tuple[PyChapter, ...]
    has_chapters: bool
    lent: tuple[tuple[Symbol, tuple[str, ...]], ...]
    exports: tuple[Symbol, ...]
    taken: frozenset[str]
    variables: Mapping[str, Variable]
    unnamed: Mapping[tuple[Object, bool], Symbol]
    renamed: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    unsupported: tuple[tuple[str, str], ...]
    engine_module: str
    beside: tuple[str, ...]

    @property
    def types(self) -> tuple[PyType, ...]:
        """The named types of all chapters."""
        return tuple(type_ for chapter in self.chapters for type_ in chapter.types)

    @cached_property
    def named(self) -> Mapping[str, PyType | PyClass]:
        """The named types and classes of all chapters, by their names in Python."""
        found: list[PyType | PyClass] = [*self.types, *self.classes]
        return {one.name: one for one in found}

    @property
    def options(self) -> tuple[PyOption, ...]:
        """The option objects of all chapters."""
        return tuple(option for chapter in self.chapters for option in chapter.options)

    @property
    def classes(self) -> tuple[PyClass, ...]:
        """The classes of all chapters."""
        return tuple(class_ for chapter in self.chapters for class_ in chapter.classes)
