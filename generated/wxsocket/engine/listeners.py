# Emitted by wxgen 0.1.0 from its own engine/listeners.py for websocket.yaml (sha256 83b2598b01c11dba). Do not edit; run: wxgen generate
"""Who hears what: the listeners of a link add up, those of the namespace replace each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["AddedListeners", "Listener", "ReplacedListeners", "checked"]

Listener = Callable[[Any], object]


def checked(listener: Listener) -> Listener:
    """Return the listener, if it can be called.

    Raises:
        TypeError: It cannot.
    """
    if not callable(listener):
        raise TypeError(f"a listener is a function, not {type(listener).__name__}")
    return listener


class AddedListeners:
    """The listeners of one link, in the order of their registration."""

    __slots__ = ("close", "error", "message", "open")

    def __init__(self) -> None:
        # Tuples: a listener that registers another does not change the round under way.
        self.open: tuple[Listener, ...] = ()
        self.message: tuple[Listener, ...] = ()
        self.error: tuple[Listener, ...] = ()
        self.close: tuple[Listener, ...] = ()

    def add(self, event: str, listener: Listener) -> None:
        """Add a listener for ``open``, ``message``, ``error`` or ``close``."""
        setattr(self, event, (*getattr(self, event), listener))

    def clear(self) -> None:
        """Drop them all."""
        self.open = self.message = self.error = self.close = ()


class ReplacedListeners:
    """The listeners of the namespace, at most one for each event."""

    __slots__ = ("close", "error", "message", "open")

    def __init__(self) -> None:
        self.open: Listener | None = None
        self.message: Listener | None = None
        self.error: Listener | None = None
        self.close: Listener | None = None

    def put(self, event: str, listener: Listener) -> None:
        """Set the listener for ``open``, ``message``, ``error`` or ``close``."""
        setattr(self, event, listener)
