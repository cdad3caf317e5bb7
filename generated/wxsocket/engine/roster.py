# Emitted by wxgen 0.1.0 from its own engine/roster.py for websocket.yaml (sha256 78b74afb5d7def8d). Do not edit; run: wxgen generate
"""Which links there are, which one is the main link, and how many there may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

__all__ = ["Member", "Roster"]


class Member(Protocol):
    """What a roster needs to know of a link."""

    heard: bool

    @property
    def is_closed(self) -> bool:
        """Whether it has ended."""

    @property
    def holds_place(self) -> bool:
        """Whether it counts against the limit."""


M = TypeVar("M", bound=Member)


class Roster(Generic[M]):
    """The links of one mini program.

    Args:
        limit: How many links may hold a place at the same time.
        replace: Whether a link beyond the limit takes the place of the ones there are, as base
            libraries below 1.5.0 have it, instead of being refused.
    """

    def __init__(self, limit: int, *, replace: bool) -> None:
        self._limit = limit
        self._replace = replace
        self._links: dict[M, None] = {}  # a set that keeps its order
        self._main: M | None = None

    def __iter__(self) -> Iterator[M]:
        """Iterate over the links that have not closed, the oldest first."""
        self._prune()
        return iter(list(self._links))

    @property
    def main(self) -> M | None:
        """The main link, unless it has closed."""
        self._prune()
        return self._main

    def admit(self, link: M) -> list[M] | None:
        """Take a link in, and make it the main link if there is none.

        Args:
            link: The new link.

        Returns:
            The links that it replaces, which are to be closed; or None, if there is no place.
        """
        self._prune()
        holding = [other for other in self._links if other.holds_place]
        replaced: list[M] = []
        if len(holding) >= self._limit:
            if not self._replace:
                return None
            replaced = holding
        self._links[link] = None
        if self._main is None or self._replace:
            self._main = link
            link.heard = True
        return replaced

    def _prune(self) -> None:
        # Links of a loop that was closed never report their end, so it is looked up, not awaited.
        for link in [link for link in self._links if link.is_closed]:
            del self._links[link]
        if self._main is not None and self._main.is_closed:
            self._main = None
