"""What each argument must be. Pure: reads an option object, returns what the engine works with.

Every function reads its arguments as they are at the call, so that a caller may change them after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

from wxruntime.loop_handle import FOREVER
from wxruntime.websocket import error_texts
from wxruntime.websocket.addresses import encode, parse_address
from wxruntime.websocket.error_texts import Refused
from wxruntime.websocket.state import CloseFrame

__all__ = [
    "DEFAULT_CLOSE",
    "Opening",
    "check_callbacks",
    "close_frame",
    "message",
    "opening",
    "or_refused",
    "payload",
]

P = ParamSpec("P")
T = TypeVar("T")

DEFAULT_TIMEOUT: Final = 60.0  # seconds
DEFAULT_CODE: Final = 1003
DEFAULT_CLOSE: Final = CloseFrame(DEFAULT_CODE, "")

_TOKEN: Final = r"[-!#$%&'*+.^_`|~0-9A-Za-z]+"
_FIELD_VALUE: Final = r"[\t\x20-\x7e\x80-\xff]*"

# Header fields that cannot be set: those of the handshake, those that would change the framing of
# the request, and the one that the document forbids.
_DROPPED: Final = frozenset(
    {
        "host",
        "connection",
        "upgrade",
        "referer",
        "content-length",
        "transfer-encoding",
        "te",
        "trailer",
        "keep-alive",
        "expect",
    }
)
_DROPPED_PREFIX: Final = "sec-websocket-"


class Opening(NamedTuple):
    """An accepted ``connectSocket``.

    Attributes:
        url: The address as it is used.
        header: The header fields to send beside those of the handshake.
        protocols: The subprotocols to offer.
        no_delay: Whether to set TCP_NODELAY.
        timeout: How long the opening may take, in seconds.
    """

    url: str
    header: tuple[tuple[str, str], ...]
    protocols: tuple[str, ...]
    no_delay: bool
    timeout: float


def opening(option: Any) -> Opening:
    """Check the arguments of ``connectSocket``, in the order of the document.

    Raises:
        Refused: One is wrong.
    """
    url = _url(option.url)
    header = _header(option.header)
    protocols = _protocols(option.protocols)
    no_delay: Any = option.tcpNoDelay
    if no_delay is None:
        no_delay = False
    if not isinstance(no_delay, bool):
        raise _wrong(error_texts.CONNECT, "tcpNoDelay", "Boolean", no_delay)
    timeout = _timeout(option.timeout)
    check_callbacks(error_texts.CONNECT, option)
    return Opening(url, header, protocols, no_delay, timeout)


def or_refused(check: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T | Refused:
    """Check arguments now, for whoever carries the call out later.

    Returns:
        What the check returns, or its refusal.
    """
    try:
        return check(*arguments, **named)
    except Refused as refused:
        return refused.kept()


def message(option: Any) -> str | bytes | Refused:
    """Read the message of ``sendSocketMessage`` and ``SocketTask.send``, or why it is refused."""
    # As `or_refused`, with fewer calls: this is on the way of every message.
    data = option.data
    try:
        if not isinstance(data, (str, bytes)):
            data = payload(data)
        check_callbacks(error_texts.SEND, option)
    except Refused as refused:
        return refused.kept()
    read: str | bytes = data
    return read


def payload(data: Any) -> str | bytes:
    """Read the data of a message.

    Raises:
        Refused: It is neither a string nor bytes.
    """
    if isinstance(data, (str, bytes)):
        return data
    try:
        return bytes(memoryview(data))
    except (TypeError, ValueError, BufferError):
        raise Refused(error_texts.UNKNOWN_DATA) from None


def close_frame(option: Any, max_reason_bytes: int) -> CloseFrame:
    """Check the arguments of ``closeSocket`` and ``SocketTask.close``.

    Raises:
        Refused: One is wrong.
    """
    code: Any = DEFAULT_CODE if option.code is None else option.code
    if isinstance(code, bool) or not isinstance(code, int | float):
        raise _wrong(error_texts.CLOSE, "code", "Number", code)
    if not isinstance(code, int) or not (code in (1000, 1003) or 3000 <= code <= 4999):
        raise Refused(error_texts.bad_code())
    reason: Any = "" if option.reason is None else option.reason
    if not isinstance(reason, str):
        raise _wrong(error_texts.CLOSE, "reason", "String", reason)
    if len(encode(reason)) > max_reason_bytes:
        raise Refused(error_texts.bad_reason(max_reason_bytes))
    check_callbacks(error_texts.CLOSE, option)
    return CloseFrame(int(code), encode(reason).decode())


def check_callbacks(call: str, option: Any) -> None:
    """Check that success, fail and complete can be called.

    Raises:
        Refused: One cannot.
    """
    if option.success is option.fail is option.complete is None:
        return  # as nearly always
    for name in ("success", "fail", "complete"):
        callback = getattr(option, name)
        if callback is not None and not callable(callback):
            raise _wrong(call, name, "Function", callback)


def _url(url: Any) -> str:
    if not isinstance(url, str):
        raise _wrong(error_texts.CONNECT, "url", "String", url)
    try:
        return parse_address(url)
    except ValueError:  # UnicodeError is one
        raise Refused(error_texts.bad_url(url)) from None


def _header(header: Any) -> tuple[tuple[str, str], ...]:
    if header is None:
        return ()
    if not isinstance(header, Mapping):
        raise _wrong(error_texts.CONNECT, "header", "Object", header)
    fields: dict[str, tuple[str, str]] = {}
    for name, value in header.items():
        if not isinstance(name, str):
            raise Refused(error_texts.bad_header(str(name)))
        if not isinstance(value, str):
            raise _wrong(error_texts.CONNECT, f"header.{name}", "String", value)
        folded = name.lower()
        if folded in _DROPPED or folded.startswith(_DROPPED_PREFIX):
            continue
        if not re.fullmatch(_TOKEN, name) or not re.fullmatch(_FIELD_VALUE, value):
            raise Refused(error_texts.bad_header(name))
        # Names that differ in case only are one field: the last one counts.
        fields.pop(folded, None)
        fields[folded] = (name, value)
    return tuple(fields.values())


def _protocols(protocols: Any) -> tuple[str, ...]:
    if protocols is None:
        return ()
    if not isinstance(protocols, list | tuple) and (
        isinstance(protocols, str | bytes | bytearray | memoryview | Mapping)
        or not hasattr(protocols, "__getitem__")
        or not hasattr(protocols, "__len__")
    ):
        raise _wrong(error_texts.CONNECT, "protocols", "Array", protocols)
    offered = tuple(protocols)
    for index, name in enumerate(offered):
        if not isinstance(name, str):
            raise _wrong(error_texts.CONNECT, f"protocols[{index}]", "String", name)
        if not re.fullmatch(_TOKEN, name) or name in offered[:index]:
            raise Refused(error_texts.bad_protocol(name))
    return offered


def _timeout(timeout: Any) -> float:
    if timeout is None:
        return DEFAULT_TIMEOUT
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise _wrong(error_texts.CONNECT, "timeout", "Number", timeout)
    # Also when it is not a number at all: comparing with NaN is false.
    return min(timeout, FOREVER * 1000) / 1000 if timeout > 0 else DEFAULT_TIMEOUT


def _wrong(call: str, name: str, wanted: str, value: Any) -> Refused:
    return Refused(error_texts.wrong_type(call, name, wanted, _type_name(value)))


def _type_name(value: Any) -> str:
    """Name a value's type as the platform does."""
    if value is None:
        return "Undefined"
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int | float):
        return "Number"
    if isinstance(value, str):
        return "String"
    if isinstance(value, bytes | bytearray | memoryview):
        return "ArrayBuffer"
    if isinstance(value, list | tuple):
        return "Array"
    return "Function" if callable(value) else "Object"
