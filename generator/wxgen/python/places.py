"""Where everything of an API is found in the emitted package."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from wxgen.python.code import Symbol
from wxgen.python.names import class_name, free, identifier
from wxgen.spec.api import Api, Chapter
from wxgen.spec.records import NewName, ObjectType, TypeParameter

__all__ = ["MODULES", "PUBLIC", "Places"]

PUBLIC: Final = (Symbol("wxruntime.call", "Call"), Symbol("wxruntime.errors", "WxError"))
"""What every package exports beside the spec's own names."""

MODULES: Final = ("api", "constants", "options", "types")
"""The modules of the package, and of each chapter."""


class Places:
    """The modules of a package, and the symbols of everything in them."""

    def __init__(self, api: Api, taken: frozenset[str]) -> None:
        self.has_chapters = api.root.lists_chapters or len(api.chapters) > 1
        self.symbols: dict[str, Symbol] = {}
        self.parameters: dict[str, tuple[TypeParameter, ...]] = {}
        self._taken = taken
        self._namespace = class_name(api.namespace)
        for chapter in api.chapters:
            for type_ in chapter.types:
                self._add(chapter, "types", type_.name)
                if isinstance(type_, ObjectType | NewName):
                    self.parameters[type_.name] = type_.type_parameters
            for class_ in chapter.classes:
                self._add(chapter, "api", class_.name)
                self.parameters[class_.name] = class_.type_parameters
            for option in chapter.all_options:
                self._add(chapter, "options", option.name)
                self.parameters[option.name] = option.type_parameters

    @cached_property
    def names(self) -> frozenset[str]:
        """What all types, option types and classes are called."""
        return frozenset(symbol.name for symbol in self.symbols.values())

    def _add(self, chapter: Chapter, module: str, name: str) -> None:
        self.symbols.setdefault(name, Symbol(self.module(chapter, module), identifier(name)))

    @staticmethod
    def folder(chapter: Chapter) -> str:
        """The folder of a chapter; "" for the package's own."""
        return identifier(chapter.name) if chapter.name else ""

    def module(self, chapter: Chapter, name: str) -> str:
        """A module of a chapter, seen from the package."""
        folder = self.folder(chapter)
        return f".{folder}.{name}" if folder else f".{name}"

    def namespace(self, chapter: Chapter) -> Symbol:
        """The class that holds the functions of a chapter."""
        name = self._namespace
        if chapter.name:
            name = free(
                f"{name}{chapter.name[0].upper()}{identifier(chapter.name)[1:]}", self._taken
            )
        return Symbol(self.module(chapter, "api"), name)
