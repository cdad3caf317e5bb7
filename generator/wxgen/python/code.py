"""A small algebra of Python code: text that knows what it must import.

A :class:`Code` holds symbols instead of names. Which name a symbol has is decided where the code is
printed, so that the emitted modules' own names give way to those of the spec.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

__all__ = ["NEVER", "NONE", "Code", "Symbol", "builtin", "subscript", "union"]


class Symbol(NamedTuple):
    """Something that has a name in a module.

    Attributes:
        module: The module; a leading dot stands for the emitted package, "" for no module at all:
            a name that every module has, or that the module defines for itself.
        name: Its name there.
    """

    module: str
    name: str


class Code(NamedTuple):
    """A piece of Python."""

    parts: tuple[str | Symbol, ...]

    @staticmethod
    def of(*pieces: str | Symbol | Code) -> Code:
        """Join pieces.

        Args:
            *pieces: Text, symbols and code.
        """
        parts: list[str | Symbol] = []
        for piece in pieces:
            if isinstance(piece, Code):
                parts += piece.parts
            else:
                parts.append(piece)
        return Code(tuple(parts))

    @staticmethod
    def joined(separator: str, pieces: Iterable[Code]) -> Code:
        """Join pieces with a text between them."""
        parts: list[str | Symbol] = []
        for piece in pieces:
            if parts:
                parts.append(separator)
            parts += piece.parts
        return Code(tuple(parts))

    @property
    def symbols(self) -> Iterator[Symbol]:
        """What it uses."""
        return (part for part in self.parts if isinstance(part, Symbol))

    def named(self, name_of: Callable[[Symbol], str]) -> str:
        """Return the text, with a name for each symbol."""
        return "".join([part if isinstance(part, str) else name_of(part) for part in self.parts])

    def __str__(self) -> str:
        return self.named(lambda symbol: symbol.name)


def builtin(name: str) -> Code:
    """Something that Python has built in."""
    return Code((Symbol("builtins", name),))


NONE: Final = Code(("None",))
NEVER: Final = Code((Symbol("typing", "Never"),))


def subscript(generic: str | Symbol | Code, *arguments: Code) -> Code:
    """A generic with its arguments."""
    parts = [*generic.parts] if isinstance(generic, Code) else [generic]
    mark = "["
    for argument in arguments:
        parts.append(mark)
        parts += argument.parts
        mark = ", "
    return Code((*parts, "]"))


def union(members: Iterable[Code]) -> Code:
    """One of several types: each once, None last; what never is, is none of them."""
    found = dict.fromkeys(members)
    if len(found) > 1:
        found.pop(NEVER, None)
    if NONE in found:
        del found[NONE]
        found[NONE] = None
    return Code.joined(" | ", found)
