"""What every errMsg of the engine says. No other module writes one."""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "CLOSE",
    "CLOSED_ALREADY",
    "CLOSE_NOT_CONNECTED",
    "CONNECT",
    "GONE",
    "OPENING_CANCELLED",
    "QUEUE_FULL",
    "RECEIVE_NOT_CONNECTED",
    "SEND",
    "SEND_NOT_CONNECTED",
    "SEND_OK",
    "TASK_NOT_OPEN",
    "TOO_MANY",
    "UNKNOWN_DATA",
    "Refused",
    "bad_code",
    "bad_header",
    "bad_protocol",
    "bad_reason",
    "bad_url",
    "fail",
    "lost",
    "ok",
    "opening_failed",
    "opening_timed_out",
    "silent",
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
        errMsg: What ``fail`` receives.
    """

    def __init__(self, errMsg: str) -> None:
        super().__init__(errMsg)
        self.errMsg = errMsg

    def kept(self) -> Refused:
        """Return it as it may be kept: without the frames it was raised in, which refer to it."""
        self.__context__ = None
        return self.with_traceback(None)


def ok(call: str) -> str:
    """A call succeeded."""
    return f"{call}:ok"


def fail(call: str, why: str) -> str:
    """A call failed, and why."""
    return f"{call}:fail {why}"


SEND_OK: Final = ok(SEND)
SEND_NOT_CONNECTED: Final = fail(SEND, "WebSocket is not connected")
QUEUE_FULL: Final = fail(SEND, "queue is full")
CLOSE_NOT_CONNECTED: Final = fail(CLOSE, "WebSocket is not connected")
RECEIVE_NOT_CONNECTED: Final = fail("receive", "WebSocket is not connected")
TASK_NOT_OPEN: Final = fail("SocketTask.send", "SocketTask.readyState is not OPEN")
UNKNOWN_DATA: Final = fail(SEND, "unknown data")
GONE: Final = fail(CLOSE, "taskID not exist")
TOO_MANY: Final = fail(CONNECT, "exceed max task count")


def wrong_type(call: str, name: str, wanted: str, found: str) -> str:
    """An argument is of a wrong type."""
    shown = _on_one_line(name)
    return fail(call, f"parameter error: parameter.{shown} should be {wanted} instead of {found};")


def bad_url(url: str) -> str:
    """The address names no WebSocket server."""
    return fail(CONNECT, f'invalid url "{_on_one_line(url)}"')


def bad_header(name: str) -> str:
    """A header field would break the request."""
    return fail(CONNECT, f'invalid header "{_on_one_line(name)}"')


def bad_protocol(name: str) -> str:
    """A subprotocol is no token, or is offered twice."""
    return fail(CONNECT, f'invalid protocols "{_on_one_line(name)}"')


def bad_code() -> str:
    """A close code is not permitted."""
    return fail(CLOSE, "The code must be either 1000, 1003, or between 3000 and 4999")


def bad_reason(most: int) -> str:
    """A close reason is longer than so many bytes."""
    return fail(CLOSE, f"reason must not be longer than {most} bytes of UTF-8")


# What onError receives.

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
    return _on_one_line(str(cause) or type(cause).__name__)


def _on_one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", lambda found: repr(found[0])[1:-1], text)
