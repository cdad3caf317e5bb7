"""What an API is as a whole: its chapters, and what they hold together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wxgen.spec.diagnostics import Steps
from wxgen.spec.records import (
    Call,
    Class,
    Constant,
    Field,
    NamedType,
    Notes,
    Option,
    Signature,
)

__all__ = ["Api", "Chapter"]


@dataclass(frozen=True)
class Chapter:
    """What one file of a spec says.

    Attributes:
        name: The chapter's name; "" for the spec itself.
        label: The file's path, as messages have it.
        digest: SHA-256 of the file.
        engine: What carries out the calls, if anything does.
        fields: Properties of the namespace.
        options: The option types that it declares for several calls.
        lists_chapters: Whether it lists chapters; only the spec itself may.
    """

    name: str
    label: str
    digest: str
    title: str
    description: str
    engine: str | None
    cautions: tuple[str, ...]
    notes: Notes
    constants: tuple[Constant, ...]
    types: tuple[NamedType, ...]
    options: tuple[Option, ...]
    fields: tuple[Field, ...]
    functions: tuple[Call, ...]
    classes: tuple[Class, ...]
    lists_chapters: bool = False

    @property
    def path(self) -> Steps:
        """Where its contents stand in the spec."""
        return ("chapters", self.name) if self.name else ()

    @property
    def calls(self) -> Iterator[Call]:
        """Every function, then every method, in the order of the file."""
        yield from self.functions
        for class_ in self.classes:
            yield from class_.methods

    @property
    def signatures(self) -> Iterator[Signature]:
        """Every form of every call, constructor and callable instance."""
        for call in self.calls:
            yield from call.forms
        for class_ in self.classes:
            for own in (class_.construct, class_.call):
                yield from own.forms if own is not None else ()

    @property
    def all_options(self) -> Iterator[Option]:
        """Every option type, those for several calls first."""
        yield from self.options
        for form in self.signatures:
            if form.option is not None and not form.option.shared:
                yield form.option


@dataclass(frozen=True)
class Api:
    """A whole API.

    Attributes:
        package: The name of the Python package that is emitted.
        namespace: The object that carries the functions, such as ``wx``.
        chapters: The spec itself, then the chapters that it lists.
    """

    package: str
    namespace: str
    chapters: tuple[Chapter, ...]

    @property
    def root(self) -> Chapter:
        """What the spec itself says."""
        return self.chapters[0]

    @property
    def label(self) -> str:
        """The spec's path."""
        return self.root.label

    @property
    def digest(self) -> str:
        """SHA-256 of the spec's own file."""
        return self.root.digest

    @property
    def title(self) -> str:
        """The title of the whole."""
        return self.root.title

    @property
    def description(self) -> str:
        """The description of the whole."""
        return self.root.description

    @property
    def engine(self) -> str | None:
        """The engine of the first chapter that has one."""
        return next((chapter.engine for chapter in self.chapters if chapter.engine), None)

    @property
    def cautions(self) -> tuple[str, ...]:
        """The cautions about the whole."""
        return self.root.cautions

    @property
    def notes(self) -> Notes:
        """The notes on the whole."""
        return self.root.notes

    @property
    def constants(self) -> tuple[Constant, ...]:
        """The constants of all chapters."""
        return tuple(one for chapter in self.chapters for one in chapter.constants)

    @property
    def types(self) -> tuple[NamedType, ...]:
        """The named types of all chapters."""
        return tuple(one for chapter in self.chapters for one in chapter.types)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The properties of the namespace, of all chapters."""
        return tuple(one for chapter in self.chapters for one in chapter.fields)

    @property
    def functions(self) -> tuple[Call, ...]:
        """The functions of all chapters."""
        return tuple(one for chapter in self.chapters for one in chapter.functions)

    @property
    def classes(self) -> tuple[Class, ...]:
        """The classes of all chapters."""
        return tuple(one for chapter in self.chapters for one in chapter.classes)

    @property
    def calls(self) -> Iterator[Call]:
        """Every function, then every method, in the order of the spec."""
        yield from self.functions
        for class_ in self.classes:
            yield from class_.methods

    @property
    def options(self) -> Iterator[Option]:
        """Every option type of all chapters, each once."""
        for chapter in self.chapters:
            yield from chapter.all_options
