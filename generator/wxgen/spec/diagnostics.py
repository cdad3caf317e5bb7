"""Faults of a spec: where they are, what they say, how they are printed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Fault", "Mark", "Problem", "SpecError", "Steps", "did_you_mean"]

Steps = tuple[str | int, ...]
"""The way from the root of a document to a value: keys and indices."""

_LONGEST_GUESS = 100


@dataclass(frozen=True, order=True, slots=True)
class Mark:
    """A place in a text; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with a thing of a spec, as the steps after the reading tell it.

    Attributes:
        path: The way to the thing.
        key: Whether its key is at fault, and not its value.
        offset: The index of the character that is at fault, if its value is a text.
    """

    path: Steps
    message: str
    key: bool = False
    offset: int | None = None


@dataclass(frozen=True)
class Fault:
    """Something that is wrong at a place.

    Attributes:
        label: The file's path, as the user gave it; "" is the spec's own.
    """

    mark: Mark
    message: str
    label: str = ""


class SpecError(Exception):
    """A spec is wrong.

    Attributes:
        path: The spec's path, as the user gave it.
        faults: All that is wrong, in the order of the text, each once.
    """

    def __init__(self, path: str, faults: Iterable[Fault]) -> None:
        """Hold what is wrong with a spec.

        Args:
            path: The spec's path, as the user gave it.
            faults: All that is wrong, in any order.
        """
        super().__init__(path, faults)
        self.path = path
        self.faults = tuple(sorted(set(faults), key=_order))

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """Say what is wrong.

        Returns:
            One printable line a fault, such as ``spec.yaml:42:9: error: missing key 'type'``.
        """
        return [
            _printable(
                f"{at.label or self.path}:{at.mark.line}:{at.mark.column}: error: {at.message}"
            )
            for at in self.faults
        ]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Guess what a misspelt word was meant to be.

    Args:
        word: What was written.
        known: What could have been written.

    Returns:
        ``, did you mean 'boolean'?``, to be put behind a message; empty without a good guess.
    """
    if len(word) > _LONGEST_GUESS:
        return ""
    by_folded = {other.casefold(): other for other in sorted(known, reverse=True) if other != word}
    matches = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return f", did you mean '{by_folded[matches[0]]}'?" if matches else ""


def _order(fault: Fault) -> tuple[str, Mark, str]:
    return fault.label, fault.mark, fault.message


def _printable(text: str) -> str:
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )
