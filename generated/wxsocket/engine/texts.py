# Emitted by wxgen 0.1.0 from its own engine/texts.py for websocket.yaml (sha256 268c8d39bf5d5108). Do not edit; run: wxgen generate
"""What every errMsg of the engine says. No other module writes one."""

from __future__ import annotations

from typing import Final

from ..constants import MAX_REASON_BYTES

__all__ = [
    "CLOSE",
    "CLOSED_ALREADY",
    "CONNECT",
    "OPENING_CANCELLED",
    "SEND",
    "TASK_NOT_OPEN",
    "Refused",
    "bad_code",
    "bad_header",
    "bad_protocol",
    "bad_reason",
    "bad_url",
    "fail",
    "gone",
    "lost",
    "not_connected",
    "ok",
    "opening_failed",
    "opening_timed_out",
    "silent",
    "too_many",
    "unknown_data",
    "violation",
    "wrong_type",
]

# The names under which calls report, which the task's send and close share with the functions.
CONNECT: Final = "connectSocket"
SEND: Final = "sendSocketMessage"
CLOSE: Final = "closeSocket"


class Refused(Exception):
    """A call that cannot be carried out.

    Args:
        errMsg: What ``fail`` is told.
    """

    def __init__(self, errMsg: str) -> None:
        super().__init__(errMsg)
        self.errMsg = errMsg


def ok(call: str) -> str:
    """A call succeeded."""
    return f"{call}:ok"


def fail(call: str, why: str) -> str:
    """A call failed, and why."""
    return f"{call}:fail {why}"


def wrong_type(call: str, name: str, wanted: str, found: str) -> str:
    """An argument is of a wrong type."""
    return fail(call, f"parameter error: parameter.{name} should be {wanted} instead of {found};")


def bad_url(url: str) -> str:
    """The address names no WebSocket server."""
    return fail(CONNECT, f'invalid url "{url}"')


def bad_header(name: str) -> str:
    """A header field would break the request."""
    return fail(CONNECT, f'invalid header "{name}"')


def bad_protocol(name: str) -> str:
    """A subprotocol is no token, or is offered twice."""
    return fail(CONNECT, f'invalid protocols "{name}"')


def too_many() -> str:
    """There is no place for another link."""
    return fail(CONNECT, "exceed max task count")


def not_connected(call: str) -> str:
    """The main link is not open."""
    return fail(call, "WebSocket is not connected")


TASK_NOT_OPEN: Final = fail("SocketTask.send", "SocketTask.readyState is not OPEN")


def unknown_data() -> str:
    """A message is neither text nor bytes."""
    return fail(SEND, "unknown data")


def gone() -> str:
    """The link has been closed already."""
    return fail(CLOSE, "taskID not exist")


def bad_code() -> str:
    """A close code is not permitted."""
    return fail(CLOSE, "The code must be either 1000, 1003, or between 3000 and 4999")


def bad_reason() -> str:
    """A close reason is too long."""
    return fail(CLOSE, f"reason must not be longer than {MAX_REASON_BYTES} bytes of UTF-8")


# What onError is told.

CLOSED_ALREADY: Final = "the link has been closed"
OPENING_CANCELLED: Final = "the link was closed before it was open"


def opening_timed_out(seconds: float) -> str:
    """The link did not open in time."""
    return f"timeout: the link did not open within {seconds * 1000:g} ms"


def opening_failed(cause: BaseException) -> str:
    """The link could not be opened."""
    return f"the link could not be opened: {_shown(cause)}"


def lost(cause: BaseException | None) -> str:
    """The connection ended without a close frame."""
    return f"the connection was lost: {_shown(cause)}" if cause else "the connection was lost"


def violation(cause: BaseException) -> str:
    """The server broke the protocol."""
    return f"the server broke the protocol: {_shown(cause)}"


def silent(seconds: float) -> str:
    """The server answered no ping."""
    return f"the server is silent: no pong came within {seconds:g} s"


def _shown(cause: BaseException) -> str:
    return str(cause) or type(cause).__name__
