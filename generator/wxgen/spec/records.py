"""What an API is made of: frozen dataclasses without a word of Python in them.

Each thing keeps its ``path`` in the spec, so that later steps can point at it too. The path of a
thing in a chapter's file begins with ``"chapters"`` and the chapter's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from wxgen.spec.diagnostics import Steps
from wxgen.spec.typeexpr import Named, Record, Type

__all__ = [
    "CALLBACKS",
    "Call",
    "Class",
    "Constant",
    "EnumType",
    "EnumValue",
    "Event",
    "Failure",
    "Field",
    "HostType",
    "Limit",
    "Listener",
    "NamedType",
    "NewName",
    "Notes",
    "ObjectType",
    "Option",
    "Signature",
    "Support",
    "TypeParameter",
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
class TypeParameter:
    """A type variable of a type, a class or a call.

    Attributes:
        bound: What it must be, if it may not be anything.
        default: What it is when nothing says it.
    """

    name: str
    bound: Type | None = None
    default: Type | None = None


@dataclass(frozen=True)
class Field:
    """A property of an option object, a result, a class or the namespace, or a parameter.

    Attributes:
        documented: The type as the document prints it, where it differs from ``type``.
        default: The document's default, or None.
        fallback: What an absent value means, where the document has no default.
        rest: Whether it takes all further arguments (parameters only).
        writable: Whether users may assign it (properties of classes and of the namespace only).
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
    writable: bool = False
    support: Support = "full"
    notes: Notes = Notes()


@dataclass(frozen=True)
class Option:
    """The type of an option object, of one call or shared by several.

    Attributes:
        description: What it is; "" for the option object of one call.
        extends: The option type whose fields and callbacks it has too.
        callbacks: What success, fail and complete receive; those that it has itself.
        shared: Whether the spec declares it on its own, for several calls.
    """

    path: Steps
    name: str
    fields: tuple[Field, ...]
    callbacks: Mapping[str, Type]
    extends: Named | None = None
    type_parameters: tuple[TypeParameter, ...] = ()
    shared: bool = False
    description: str = ""
    notes: Notes = Notes()


@dataclass(frozen=True)
class Listener:
    """What a call registers or removes, or what a named event calls.

    Attributes:
        result: What it receives, if that is one object.
        parameters: What it receives, if that is several arguments.
        unknown: Whether it receives arguments that the document does not tell.
        returns: What it has to return, if the caller uses that.
        optional: Whether it may be left out.
    """

    path: Steps
    result: Type | None
    optional: bool
    description: str
    parameters: tuple[Field, ...] = ()
    unknown: bool = False
    returns: Type | None = None


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
class Signature:
    """One form of a call, or of a constructor.

    Attributes:
        option: The type of the option object that it takes.
        option_type: That type as the call names it, with its type arguments.
        option_optional: Whether the object as a whole may be left out.
        option_first: Whether it comes before the parameters; otherwise it follows them.
        parameters: Its positional parameters.
        returns: What it returns; None says nothing, which is an awaitable of what success receives
            where there is an option object.
    """

    path: Steps
    option: Option | None = None
    option_type: Named | None = None
    option_optional: bool = False
    option_first: bool = False
    listener: Listener | None = None
    parameters: tuple[Field, ...] = ()
    returns: Type | None = None
    returns_description: str | None = None
    type_parameters: tuple[TypeParameter, ...] = ()


@dataclass(frozen=True)
class Call:
    """A function of the namespace (``owner`` is None) or a method of the class ``owner``.

    Attributes:
        forms: Its forms; the first is the one that the spec gives the call itself, the others are
            its overloads.
        removes: The call that registers what this call removes.
        event: Whether it adds or removes listeners for its class's named events.
    """

    path: Steps
    name: str
    owner: str | None
    description: str
    forms: tuple[Signature, ...]
    removes: str | None
    event: Literal["adds", "removes"] | None
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

    # Of the first form.

    @property
    def option(self) -> Option | None:
        """The option type of the first form."""
        return self.forms[0].option

    @property
    def option_optional(self) -> bool:
        """Whether the first form's option object may be left out."""
        return self.forms[0].option_optional

    @property
    def listener(self) -> Listener | None:
        """The listener of the first form."""
        return self.forms[0].listener

    @property
    def parameters(self) -> tuple[Field, ...]:
        """The positional parameters of the first form."""
        return self.forms[0].parameters

    @property
    def returns(self) -> Type | None:
        """What the first form returns."""
        return self.forms[0].returns

    @property
    def returns_description(self) -> str | None:
        """What is said about that."""
        return self.forms[0].returns_description

    @property
    def type_parameters(self) -> tuple[TypeParameter, ...]:
        """The type variables of the first form."""
        return self.forms[0].type_parameters

    @property
    def overloads(self) -> tuple[Signature, ...]:
        """The forms after the first."""
        return self.forms[1:]


@dataclass(frozen=True)
class ObjectType:
    """A named object. ``others`` is what further keys hold, if it may have any."""

    path: Steps
    name: str
    description: str
    fields: tuple[Field, ...]
    extends: Named | None
    others: Record | None
    type_parameters: tuple[TypeParameter, ...]
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
    type_parameters: tuple[TypeParameter, ...]
    notes: Notes


@dataclass(frozen=True)
class HostType:
    """A type of the platform's own that the document takes for granted.

    Attributes:
        python: The annotation that stands for it, such as ``Sequence[float]``.
    """

    path: Steps
    name: str
    description: str
    python: str
    notes: Notes


NamedType = ObjectType | EnumType | NewName | HostType


@dataclass(frozen=True)
class Event:
    """A named event of a class."""

    path: Steps
    name: str
    listener: Listener
    notes: Notes


@dataclass(frozen=True)
class Class:
    """A class of the API.

    Attributes:
        fields: Its properties.
        others: What further properties hold, if instances may have any.
        construct: How an instance is made with ``new``; None if only calls return instances.
        call: How an instance itself is called, if it can be.
        events: Its named events; a method whose ``event`` is "adds" listens for them.
    """

    path: Steps
    name: str
    description: str
    extends: Named | None
    fields: tuple[Field, ...]
    methods: tuple[Call, ...]
    events: tuple[Event, ...]
    others: Record | None
    construct: Call | None
    call: Call | None
    type_parameters: tuple[TypeParameter, ...]
    notes: Notes


@dataclass(frozen=True)
class Constant:
    """A number or name of the document that the engine goes by."""

    path: Steps
    name: str
    value: str | float
    description: str
    notes: Notes
