"""What was read, and where each part of it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from wxgen.spec.diagnostics import Fault, Mark, Problem, Steps

__all__ = ["Document", "Places", "Spec"]

_START: Final = Mark(1, 1)


@dataclass(frozen=True)
class Places:
    """Where the parts of a text stand.

    Attributes:
        marks: Where each value begins.
        keys: Where the key of each value of a mapping begins.
        inline: Where the characters begin of each text that stands in one piece on one line.
    """

    marks: Mapping[Steps, Mark]
    keys: Mapping[Steps, Mark]
    inline: Mapping[Steps, Mark]


@dataclass(frozen=True)
class Document:
    """A YAML text that was read.

    Attributes:
        label: The path of the text, as the user gave it.
        digest: SHA-256 of the text, in hexadecimal; the same on every machine.
        value: What the text says: plain mappings, lists, texts, numbers, booleans and None.
        find_places: Finds where its parts stand; asked once, when the first place is wanted.
    """

    label: str
    digest: str
    value: Any
    find_places: Callable[[], Places] = field(compare=False, repr=False)

    @cached_property
    def places(self) -> Places:
        """Where its parts stand."""
        return self.find_places()

    def at(self, *path: str | int) -> Mark:
        """Find a value.

        Args:
            path: The keys and indices that lead to it.

        Returns:
            Where it begins, or where its nearest ancestor does when it does not exist.
        """
        marks = self.places.marks
        while path not in marks and path:
            path = path[:-1]
        return marks.get(path, _START)

    def key_at(self, *path: str | int) -> Mark:
        """Find the key of a value.

        Args:
            path: The keys and indices that lead to the value.

        Returns:
            Where the key begins; without a key, as in a list, what `at` answers.
        """
        return self.places.keys.get(path) or self.at(*path)

    def text_at(self, path: Steps, offset: int) -> Mark:
        """Find a character of a text.

        Args:
            path: The keys and indices that lead to the text.
            offset: The character's index.

        Returns:
            Where the character is; where the text begins when it has several lines or escapes.
        """
        first = self.places.inline.get(path)
        return self.at(*path) if first is None else Mark(first.line, first.column + offset)

    def mark_of(self, problem: Problem) -> Mark:
        """Find what is at fault.

        Args:
            problem: The problem, its path within this document.
        """
        if problem.offset is not None:
            return self.text_at(problem.path, problem.offset)
        return self.key_at(*problem.path) if problem.key else self.at(*problem.path)


@dataclass(frozen=True)
class Spec:
    """The files of a spec: its own, and one a chapter, by the chapter's name.

    A part of a chapter's file has the path that it would have if the file stood in place of its
    name below ``chapters``.
    """

    root: Document
    chapters: Mapping[str, Document]

    @property
    def documents(self) -> Iterable[tuple[Steps, Document]]:
        """Each file, after the path that leads to its contents; the spec's own comes first."""
        yield (), self.root
        for name, document in self.chapters.items():
            yield ("chapters", name), document

    def locate(self, problem: Problem) -> Fault:
        """Find the place of a problem.

        Args:
            problem: The problem, its path within the whole spec.
        """
        path = problem.path
        if len(path) > 1 and path[0] == "chapters" and path[1] in self.chapters:
            document = self.chapters[str(path[1])]
            inner = Problem(path[2:], problem.message, problem.key, problem.offset)
            return Fault(document.mark_of(inner), problem.message, document.label)
        return Fault(self.root.mark_of(problem), problem.message)
