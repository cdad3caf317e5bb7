# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 2ccb83395ee79aaa).
# Do not edit; run: wxgen generate
"""The named types: what callbacks and listeners receive, and what options are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if not TYPE_CHECKING:
    from wxruntime.records import dataclass
else:
    from dataclasses import dataclass

__all__ = [
    "GeneralCallbackResult",
    "OnSocketCloseListenerResult",
    "OnSocketErrorListenerResult",
    "OnSocketMessageListenerResult",
    "OnSocketOpenListenerResult",
]


@dataclass(kw_only=True)
class GeneralCallbackResult:
    """What `success`, `fail` and `complete` receive.

    Section of the document: WebSocket.
    """

    errMsg: str
    """The name of the call, then `:ok`, or `:fail` and the cause."""


@dataclass(kw_only=True)
class OnSocketOpenListenerResult:
    """What a listener for the opening of a link receives.

    Section of the document: onSocketOpen.
    """

    header: dict[str, str]
    """The header fields of the HTTP response that accepted the connection; the values of a repeated
    field are joined with a comma and a space.
    """


@dataclass(kw_only=True)
class OnSocketMessageListenerResult:
    """What a listener for messages receives.

    Section of the document: onSocketMessage.
    """

    data: str | bytes
    """The message of the server. Text arrives as a string, binary as bytes."""


@dataclass(kw_only=True)
class OnSocketErrorListenerResult:
    """What a listener for the errors of a link receives.

    Section of the document: onSocketError.
    """

    errMsg: str
    """What went wrong."""


@dataclass(kw_only=True)
class OnSocketCloseListenerResult:
    """What a listener for the end of a link receives.

    Note: The document prints "reason" as the type of `reason`. Its description calls it readable
    text, so it is a string.

    Section of the document: onSocketClose.
    """

    code: int
    """The status code that says why the link was closed."""

    reason: str
    """A sentence that says why the link was closed."""
