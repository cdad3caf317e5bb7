"""An API in terms of Python: records that templates only have to print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wxgen.python.additions import Addition
from wxgen.python.code import Code, Symbol
from wxgen.python.docstrings import Doc
from wxgen.spec.records import Api, Call, Constant, EnumValue, Field, NamedType, Option

__all__ = [
    "Method",
    "Parameter",
    "PyCall",
    "PyClass",
    "PyField",
    "PyOption",
    "PyPackage",
    "PyType",
    "Signature",
]


@dataclass(frozen=True)
class PyField:
    """A field. ``default`` is Python text, or "" when it must be given."""

    name: str
    annotation: Code
    default: str
    doc: str
    source: Field | None = None


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function; ``stars`` stands before the name of one that takes all the rest."""

    name: str
    annotation: Code | None = None
    default: str = ""
    stars: str = ""

    @property
    def argument(self) -> str:
        """The parameter as it is passed on."""
        return f"{self.stars}{self.name}"


@dataclass(frozen=True)
class Signature:
    """The parameters of a function, with the marks ``/`` and ``*`` among them, and its answer."""

    parameters: tuple[Parameter | str, ...]
    returns: Code


@dataclass(frozen=True)
class Method:
    """A function of a class as it is printed.

    Attributes:
        decorators: What stands above it, without the ``@``.
        body: Its statements, after the docstring; a line may be indented.
    """

    name: str
    signature: Signature
    decorators: tuple[Code, ...] = ()
    doc: Doc = ()
    body: tuple[Code, ...] = ()


@dataclass(frozen=True)
class PyOption:
    """The dataclass of an option object. Its callbacks are the last of its fields."""

    name: str
    fields: tuple[PyField, ...]
    doc: Doc
    source: Option


@dataclass(frozen=True)
class PyType:
    """A named type. ``fields`` belong to an object, ``alias`` is what the others stand for.

    Attributes:
        inherited: The fields of its bases, the outermost first.
    """

    name: str
    doc: Doc
    fields: tuple[PyField, ...]
    inherited: tuple[PyField, ...]
    base: Symbol | None
    alias: Code | None
    values: tuple[EnumValue, ...]
    source: NamedType


@dataclass(frozen=True)
class PyCall:
    """A function or method.

    Attributes:
        name: Its name in Python.
        label: The name under which it reports.
        method: The method as it runs.
        forms: The method as checkers see it: once for each way to call it.
        hook: The method that carries it out, for an engine or a fake.
        awaited: Whether its answer is awaited.
        receives: What its listener receives, if that is something.
        result_fields: What that holds.
    """

    name: str
    label: str
    option: PyOption | None
    parameters: tuple[PyField, ...]
    method: Method
    forms: tuple[Method, ...]
    hook: Method
    awaited: bool
    receives: Code | None
    result_fields: tuple[PyField, ...]
    source: Call

    @property
    def returns(self) -> Code:
        """What it returns."""
        return self.method.signature.returns


@dataclass(frozen=True)
class PyClass:
    """A class of the API; the namespace is one too.

    Attributes:
        properties: Its fields as they run.
        inherited: The fields of its bases, the outermost first.
        constants: Statements at the top of its body.
        additions: What it has beside what is documented.
    """

    name: str
    doc: Doc
    bases: tuple[Code, ...]
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
        yield from (replace(each, doc=(), body=()) for each in self.properties)
        for call in self.calls:
            yield from call.forms
        yield from (replace(call.hook, doc=(), body=()) for call in self.calls)


@dataclass(frozen=True)
class PyPackage:
    """Everything that is emitted, in terms of Python.

    Attributes:
        derived: Classes that the engine adds.
        exports: What ``from package import *`` imports, and where each is found.
        unsupported: What the engine does not do: where, and what happens.
        command: The function behind ``python -m package``, if there is one.
    """

    name: str
    api: Api
    instance: str
    constants: tuple[Constant, ...]
    types: tuple[PyType, ...]
    options: tuple[PyOption, ...]
    classes: tuple[PyClass, ...]
    namespace: PyClass
    derived: tuple[PyClass, ...]
    exports: tuple[Symbol, ...]
    taken: frozenset[str]
    renamed: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    unsupported: tuple[tuple[str, str], ...]
    command: Symbol | None

    # The order of classes: a class follows the one that it extends; in the reference the namespace
    # comes first.

    @property
    def defined(self) -> tuple[PyClass, ...]:
        """The classes in the order of their definition."""
        return (*self.classes, self.namespace, *self.derived)

    @property
    def reference(self) -> tuple[PyClass, ...]:
        """The classes in the order of the reference."""
        return (self.namespace, *self.classes, *self.derived)

    @property
    def calls(self) -> Iterator[tuple[PyClass, PyCall]]:
        """Every call with its class, in the order of the reference."""
        return ((class_, call) for class_ in self.reference for call in class_.calls)
