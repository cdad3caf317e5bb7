"""One change of an API, and the changes that things of every kind have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from wxgen.spec.records import Notes, Support

__all__ = ["Change", "deprecation", "each", "gone_or_new", "pairs", "support"]


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        where: What it is a change of, such as ``readFile`` or ``Stat.owner``.
        what: What changes.
        breaks: Whether a line of a caller that was right is now wrong.
    """

    where: str
    what: str
    breaks: bool


class _Thing(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Thing)


def pairs(old: Iterable[T], new: Iterable[T]) -> Iterator[tuple[str, T | None, T | None]]:
    """Yield each name with what it is in either API, those of the old one first.

    Args:
        old: The things of the old API; where several have one name, the first counts.
        new: Those of the new one.
    """
    was: dict[str, T] = {}
    now: dict[str, T] = {}
    for known, things in ((was, old), (now, new)):
        for thing in things:
            known.setdefault(thing.name, thing)
    for name in dict.fromkeys([*was, *now]):
        yield name, was.get(name), now.get(name)


def gone_or_new(where: str, what: str, old: object, new: object) -> Iterator[Change]:
    """Tell of a thing that is in one API only."""
    if new is None and old is not None:
        yield Change(where, f"the {what} is gone", True)
    elif old is None and new is not None:
        yield Change(where, f"a new {what}", False)


def each(
    owner: str,
    what: str,
    old: Iterable[T],
    new: Iterable[T],
    compare: Callable[[str, T, T], Iterable[Change]],
) -> Iterator[Change]:
    """Compare all things of a kind; of one that is in one API only, tell that.

    Args:
        owner: What stands before their names.
        what: What each is.
        old: The things of the old API.
        new: Those of the new one.
        compare: Compares two of them, given what they are called.
    """
    for name, before, now in pairs(old, new):
        where = f"{owner}{name}"
        if before is not None and now is not None:
            yield from compare(where, before, now)
        else:
            yield from gone_or_new(where, what, before, now)


def deprecation(where: str, old: Notes, new: Notes) -> Iterator[Change]:
    """Tell of a thing that is deprecated, or no longer."""
    if old.deprecated is None and new.deprecated is not None:
        yield Change(where, f"deprecated: {' '.join(new.deprecated.split())}", False)
    elif old.deprecated is not None and new.deprecated is None:
        yield Change(where, "no longer deprecated", False)


_SUPPORT = ("none", "ignored", "full")


def support(where: str, old: Support, new: Support) -> Iterator[Change]:
    """Tell what the engine now does with a thing."""
    if old != new:
        breaks = _SUPPORT.index(new) < _SUPPORT.index(old)
        yield Change(where, f"support is {new}, and was {old}", breaks)
