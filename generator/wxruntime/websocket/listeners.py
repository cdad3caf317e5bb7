"""Who listens: the listeners of a link add up, those of the namespace replace each other.

With each listener comes the constructor of what it receives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from wxruntime.records import is_plain

__all__ = ["AddedListeners", "Event", "Listener", "Make", "OtherEvent", "ReplacedListeners"]

Event = Literal["open", "message", "error", "close"]
OtherEvent = Literal["open", "error", "close"]
Listener = Callable[[Any], object]
Make = Callable[..., Any]
"""Makes what a listener receives, from keywords."""


class AddedListeners:
    """The listeners of one link, in the order of their registration.

    Tuples that are replaced, never changed: a listener that registers another does not change the
    round under way.
    """

    __slots__ = ("close", "error", "make_message", "message", "message_class", "open")

    def __init__(self) -> None:
        self.open: tuple[tuple[Listener, Make], ...] = ()
        self.error: tuple[tuple[Listener, Make], ...] = ()
        self.close: tuple[tuple[Listener, Make], ...] = ()
        # Of messages there are many: all their listeners share one constructor.
        self.message: tuple[Listener, ...] = ()
        self.make_message: Make | None = None
        # The constructor, if it is a class whose objects need no more than their field.
        self.message_class: type[Any] | None = None

    def add(self, event: Event, listener: Listener, make: Make) -> None:
        """Add a listener."""
        match event:
            case "message":
                self.message = (*self.message, listener)
                self.make_message = make
                self.message_class = make if is_plain(make, "data") else None  # type: ignore[assignment]
            case "open":
                self.open = (*self.open, (listener, make))
            case "error":
                self.error = (*self.error, (listener, make))
            case "close":
                self.close = (*self.close, (listener, make))

    def others(self, event: OtherEvent) -> tuple[tuple[Listener, Make], ...]:
        """The listeners of an event other than a message, with their constructors."""
        match event:
            case "open":
                return self.open
            case "error":
                return self.error
            case "close":
                return self.close

    @property
    def hears_end(self) -> bool:
        """Whether anybody listens for errors or the close."""
        return bool(self.error or self.close)


NO_LISTENERS: Final = AddedListeners()


class ReplacedListeners:
    """The listeners of the namespace, at most one for each event."""

    __slots__ = ("close", "error", "message", "open")

    def __init__(self) -> None:
        self.open: tuple[Listener, Make] | None = None
        self.message: tuple[Listener, Make] | None = None
        self.error: tuple[Listener, Make] | None = None
        self.close: tuple[Listener, Make] | None = None

    def put(self, event: Event, listener: Listener, make: Make) -> None:
        """Set the listener for an event."""
        match event:
            case "open":
                self.open = (listener, make)
            case "message":
                self.message = (listener, make)
            case "error":
                self.error = (listener, make)
            case "close":
                self.close = (listener, make)

    def other(self, event: OtherEvent) -> tuple[Listener, Make] | None:
        """The listener of an event other than a message, with its constructor."""
        match event:
            case "open":
                return self.open
            case "error":
                return self.error
            case "close":
                return self.close

    @property
    def hears_end(self) -> bool:
        """Whether anybody listens for errors or the close."""
        return self.error is not None or self.close is not None
