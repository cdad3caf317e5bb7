"""What an API is: frozen dataclasses without a word of Python in them.

Each thing keeps its ``path`` in the spec, so that later steps can point at it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from wxgen.spec.diagnostics import Steps
from wxgen.spec.typeexpr import Type

__all__ = [
    "CALLBACKS",
    "Api",
    "Call",
    "Class",
    "Constant",
    "EnumType",
    "EnumValue",
    "Failure",
    "Field",
    "Limit",
    "Listener",
    "NamedType",
    "NewName",
    "Notes",
    "ObjectType",
    "Option",
    "Support",
]

CALLBACKS: Final = ("success", "fail", "complete")

Support = Literal["full", "ignored", "none"]
"""What the engine does with a call, an option or a result field.

``ignored`` is accepted and has no effect; ``none`` fails with ``not supported``.
"""


@dataclass(frozen=True)
class Notes:
    """What the document says about a thing beside what it is.

    Attributes:
        section: The section of the document that it comes from; "" where that is its owner's.
        since: The first base library version that has it.
        deprecated: Why not to use it, and what to use.
        oddities: Where the document is odd, and what the spec takes it to mean.
    """

    section: str = ""
    since: str | None = None
    deprecated: str | None = None
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """A property of an option object, a result or a class, or a positional parameter.

    Attributes:
        documented: The type as the document prints it, where it differs from ``type``.
        default: The document's default, or None.
        fallback: What an absent value means, where the document has no default.
        rest: Whether it takes all further arguments (parameters only).
        support: What the engine does with it (options and result fields only).
    """

    path: Steps
    name: str
    type: Type
    type_text: str
    description: str
    required: bool
    documented: str | None = None
    default: str | float | bool | None = None
    fallback: str | None = None
    unit: str | None = None
    example: object = None
    rest: bool = False
    support: Support = "full"
    notes: Notes = Notes()


@dataclass(frozen=True)
class Option:
    """The option object of a call. ``callbacks`` maps success, fail and complete to what they get."""

    path: Steps
    name: str
    optional: bool
    fields: tuple[Field, ...]
    callbacks: Mapping[str, Type]


@dataclass(frozen=True)
class Listener:
    """What a call registers or removes, or what a named event calls."""

    path: Steps
    result: Type | None
    optional: bool
    description: str


@dataclass(frozen=True)
class Limit:
    """A constant that bounds a call."""

    constant: str
    description: str


@dataclass(frozen=True)
class Failure:
    """A way in which a call can fail."""

    errMsg: str
    when: str


@dataclass(frozen=True)
class Call:
    """A function of the namespace (``owner`` is None) or a method of the class ``owner``."""

    path: Steps
    name: str
    owner: str | None
    description: str
    option: Option | None
    listener: Listener | None
    parameters: tuple[Field, ...]
    overloads: int
    removes: str | None
    returns: Type | None
    returns_description: str | None
    type_parameters: tuple[str, ...]
    failures: tuple[Failure, ...]
    limits: tuple[Limit, ...]
    cautions: tuple[str, ...]
    behaviour: tuple[str, ...]
    support: Support
    notes: Notes

    @property
    def label(self) -> str:
        """Its name as the document's sections and errors have it."""
        return self.name if self.owner is None else f"{self.owner}.{self.name}"


@dataclass(frozen=True)
class ObjectType:
    """A named object."""

    path: Steps
    name: str
    description: str
    fields: tuple[Field, ...]
    extends: str | None
    notes: Notes


@dataclass(frozen=True)
class EnumValue:
    """One value of an enumeration."""

    value: str | int
    description: str
    notes: Notes = Notes()


@dataclass(frozen=True)
class EnumType:
    """A named set of strings or numbers."""

    path: Steps
    name: str
    description: str
    values: tuple[EnumValue, ...]
    notes: Notes


@dataclass(frozen=True)
class NewName:
    """Another name for a type."""

    path: Steps
    name: str
    description: str
    type: Type
    notes: Notes


NamedType = ObjectType | EnumType | NewName


@dataclass(frozen=True)
class Class:
    """A class whose instances the functions return."""

    path: Steps
    name: str
    description: str
    extends: str | None
    fields: tuple[Field, ...]
    methods: tuple[Call, ...]
    events: tuple[str, ...]
    notes: Notes


@dataclass(frozen=True)
class Constant:
    """A number or name of the document that the engine goes by."""

    path: Steps
    name: str
    value: str | float
    description: str
    notes: Notes


@dataclass(frozen=True)
class Api:
    """A whole API. ``label`` and ``digest`` name the spec that it was read from.

    Attributes:
        package: The name of the Python package that is emitted.
        namespace: The object that carries the functions, such as ``wx``.
        engine: What carries out the calls, if anything does.
    """

    label: str
    digest: str
    package: str
    title: str
    description: str
    namespace: str
    engine: str | None
    cautions: tuple[str, ...]
    notes: Notes
    constants: tuple[Constant, ...]
    types: tuple[NamedType, ...]
    functions: tuple[Call, ...]
    classes: tuple[Class, ...]

    @property
    def calls(self) -> Iterator[Call]:
        """Every function, then every method, in the order of the spec."""
        yield from self.functions
        for class_ in self.classes:
            yield from class_.methods

    @property
    def options(self) -> Iterator[Option]:
        """The option object of every call that has one."""
        return (call.option for call in self.calls if call.option is not None)
