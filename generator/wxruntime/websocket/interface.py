"""What the WebSocket engine reads from option objects, and the constructors that it is handed.

mypy compares what is emitted with this; `declaration` says which call takes which of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, TypeVar

from wxruntime.sequences import SequenceNotStr

__all__ = [
    "CallbackOptions",
    "CloseOptions",
    "ConnectOptions",
    "Limits",
    "MakesCloseResult",
    "MakesErrorResult",
    "MakesMessageResult",
    "MakesOpenResult",
    "SendOptions",
]

R = TypeVar("R", covariant=True)
C = TypeVar("C", contravariant=True)


class Limits(NamedTuple):
    """The limits of the platform, as the document has them.

    Attributes:
        max_links: How many links a mini program may have at the same time.
        max_links_before_1_5_0: The same, under a base library below ``multiple_links_since``.
        multiple_links_since: The first base library that lets a mini program have several links.
        max_reason_bytes: The longest reason of a close, in bytes of UTF-8.
    """

    max_links: int
    max_links_before_1_5_0: int
    multiple_links_since: str
    max_reason_bytes: int


# Option objects.


class CallbackOptions(Protocol[C]):
    """The callbacks of a call."""

    @property
    def success(self) -> Callable[[C], object] | None: ...

    @property
    def fail(self) -> Callable[[C], object] | None: ...

    @property
    def complete(self) -> Callable[[C], object] | None: ...


class ConnectOptions(CallbackOptions[C], Protocol[C]):
    """The options of ``connectSocket``."""

    @property
    def url(self) -> str: ...

    @property
    def header(self) -> Mapping[str, str] | None: ...

    @property
    def protocols(self) -> SequenceNotStr[str] | None: ...

    @property
    def tcpNoDelay(self) -> bool | None: ...

    @property
    def timeout(self) -> float | None: ...


class SendOptions(CallbackOptions[C], Protocol[C]):
    """The options of ``sendSocketMessage`` and ``SocketTask.send``."""

    @property
    def data(self) -> str | bytes | bytearray | memoryview: ...


class CloseOptions(CallbackOptions[C], Protocol[C]):
    """The options of ``closeSocket`` and ``SocketTask.close``."""

    @property
    def code(self) -> int | None: ...

    @property
    def reason(self) -> str | None: ...


# Constructors of results.


class MakesErrorResult(Protocol[R]):
    """Makes what callbacks, and listeners for errors, receive."""

    def __call__(self, *, errMsg: str) -> R: ...


class MakesOpenResult(Protocol[R]):
    """Makes what listeners for the opening receive."""

    def __call__(self, *, header: dict[str, str]) -> R: ...


class MakesMessageResult(Protocol[R]):
    """Makes what listeners for messages receive."""

    def __call__(self, *, data: str | bytes) -> R: ...


class MakesCloseResult(Protocol[R]):
    """Makes what listeners for the end of a link receive."""

    def __call__(self, *, code: int, reason: str) -> R: ...
