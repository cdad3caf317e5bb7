"""A sequence that is no string, for type checkers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

__all__ = ["SequenceNotStr"]

V = TypeVar("V", covariant=True)


class SequenceNotStr(Protocol[V]):
    """A list, a tuple or any other sequence, but no string.

    A string is a sequence of strings too, so ``Sequence[str]`` would take ``"chat"`` for
    ``["chat"]``. What tells it apart is ``in``: a string can only be asked for strings.
    """

    def __contains__(self, value: object, /) -> bool: ...

    def __getitem__(self, index: int, /) -> V: ...

    def __iter__(self) -> Iterator[V]: ...

    def __len__(self) -> int: ...

    def __reversed__(self) -> Iterator[V]: ...

    @property
    def index(self) -> object: ...  # what a dictionary does not have
