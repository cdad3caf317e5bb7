"""Which links there are, which one is the main link, and how many there may be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

__all__ = ["Member", "Registry"]


class Member(Protocol):
    """What a registry needs to know of a link."""

    is_main: bool

    @property
    def is_closed(self) -> bool:
        """Whether it has ended."""

    @property
    def holds_place(self) -> bool:
        """Whether it counts against the limit."""


M = TypeVar("M", bound=Member)


class Registry(Generic[M]):
    """The links of one mini program, the oldest first.

    Read from any thread. A tuple that is replaced and never changed: who reads harms nobody.

    Args:
        limit: How many links may hold a place at the same time.
        replace: Whether a link beyond the limit takes the place of the ones there are, as base
            libraries below 1.5.0 have it, instead of being refused.
    """

    def __init__(self, limit: int, *, replace: bool) -> None:
        self._limit = limit
        self._replace = replace
        self._lock = threading.RLock()
        self._links: tuple[M, ...] = ()

    def __iter__(self) -> Iterator[M]:
        """Iterate over the links that have not closed, the oldest first."""
        return (link for link in self._links if not link.is_closed)

    @property
    def main(self) -> M | None:
        """The main link, unless it has closed."""
        # The newest: one that was replaced stays a main link until it has closed.
        for link in reversed(self._links):
            if link.is_main and not link.is_closed:
                return link
        return None

    def admit(self, link: M) -> list[M] | None:
        """Take a link in, and make it the main link if there is none.

        Args:
            link: The new link.

        Returns:
            The links that it replaces, which are to be closed; or None, if there is no place.
        """
        with self._lock:
            kept = tuple(self)
            holding = [other for other in kept if other.holds_place]
            replaced: list[M] = []
            if len(holding) >= self._limit:
                if not self._replace:
                    return None
                replaced = holding
            if self.main is None or self._replace:
                link.is_main = True
            self._links = (*kept, link)
            return replaced

    def remove(self, link: M) -> None:
        """Let go of a link that has ended."""
        with self._lock:
            self._links = tuple(other for other in self._links if other is not link)
