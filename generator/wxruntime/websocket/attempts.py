"""How the links of a `ReconnectingSocket` are made, and what waits for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from wxruntime.call import Call
from wxruntime.websocket.heartbeat import Heartbeat
from wxruntime.websocket.interface import ConnectOptions, MakesErrorResult, SendOptions
from wxruntime.websocket.link import Link
from wxruntime.websocket.state import CloseFrame

__all__ = ["Attempts", "Option", "Waiting", "fits_connect"]

Option = ConnectOptions[Any]

_OPTIONS: Final = (
    "url",
    "header",
    "protocols",
    "tcpNoDelay",
    "timeout",
    "success",
    "fail",
    "complete",
)


class Attempts(NamedTuple):
    """How links are made.

    Attributes:
        option: The options, or a function that makes them for each attempt.
        connect: Makes a link of options.
        retry: Asked with the code and reason of each close whether to go on; None always does.
        heartbeat: The heartbeat of each link, if there is one.
    """

    option: Option | Callable[[], Option | Awaitable[Option]]
    connect: Callable[[Option], Link]
    retry: Callable[[CloseFrame], object] | None
    heartbeat: Heartbeat | None


class Waiting(NamedTuple):
    """A message that waits for a link."""

    call: Call[Any]
    option: SendOptions[Any]
    data: str | bytes
    make: MakesErrorResult[Any]


def fits_connect(option: object) -> bool:
    """Whether something has the options of ``connectSocket``."""
    return all(hasattr(option, name) for name in _OPTIONS)
