"""What each argument must be. Pure: reads an option object, returns what the engine works with.

Every function reads its arguments as they are at the call, so that a caller may change them after.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from websockets.exceptions import InvalidURI
from websockets.uri import parse_uri

from ..constants import MAX_REASON_BYTES
from ..options import CloseSocketOption, ConnectSocketOption, SocketTaskCloseOption
from . import texts
from .life import CloseFrame
from .texts import Refused

__all__ = ["Opening", "check_callbacks", "close_frame", "encode", "opening", "payload"]

DEFAULT_TIMEOUT: Final = 60.0  # seconds
FOREVER: Final = 10**9  # seconds; more is no number that a clock can hold
DEFAULT_CODE: Final = CloseSocketOption().code

_TOKEN: Final = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_FIELD_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

# Characters that may stand in a path or query as they are; the rest is percent-encoded.
_URL_SAFE: Final = "%:/?[]@!$&'()*+,;=|^"

# The header fields of the handshake, and the one that the document forbids.
_OURS: Final = frozenset({"host", "connection", "upgrade", "referer"})
_OUR_PREFIX: Final = "sec-websocket-"


@dataclass(frozen=True)
class Opening:
    """An accepted ``connectSocket``."""

    url: str
    header: tuple[tuple[str, str], ...]
    protocols: tuple[str, ...]
    no_delay: bool
    timeout: float  # seconds


def opening(option: ConnectSocketOption) -> Opening:
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
        raise _wrong(texts.CONNECT, "tcpNoDelay", "Boolean", no_delay)
    timeout = _timeout(option.timeout)
    check_callbacks(texts.CONNECT, option)
    return Opening(url, header, protocols, no_delay, timeout)


def payload(data: Any) -> str | bytes:
    """Read the data of a message.

    Raises:
        Refused: It is neither a string nor bytes.
    """
    if isinstance(data, str | bytes):
        return data
    try:
        return bytes(memoryview(data))
    except (TypeError, ValueError, BufferError):
        raise Refused(texts.unknown_data()) from None


def close_frame(option: CloseSocketOption | SocketTaskCloseOption) -> CloseFrame:
    """Check the arguments of ``closeSocket`` and ``SocketTask.close``.

    Raises:
        Refused: One is wrong.
    """
    code: Any = DEFAULT_CODE if option.code is None else option.code
    if isinstance(code, bool) or not isinstance(code, int | float):
        raise _wrong(texts.CLOSE, "code", "Number", code)
    if not isinstance(code, int) or not (code in (1000, 1003) or 3000 <= code <= 4999):
        raise Refused(texts.bad_code())
    reason: Any = "" if option.reason is None else option.reason
    if not isinstance(reason, str):
        raise _wrong(texts.CLOSE, "reason", "String", reason)
    if len(encode(reason)) > MAX_REASON_BYTES:
        raise Refused(texts.bad_reason())
    check_callbacks(texts.CLOSE, option)
    return CloseFrame(int(code), encode(reason).decode())


def check_callbacks(call: str, option: Any) -> None:
    """Check that success, fail and complete can be called.

    Raises:
        Refused: One cannot.
    """
    for name in ("success", "fail", "complete"):
        callback = getattr(option, name)
        if callback is not None and not callable(callback):
            raise _wrong(call, name, "Function", callback)


def encode(text: str) -> bytes:
    """Encode as UTF-8, as JavaScript does: two halves of a character join, a lone one is U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _url(url: Any) -> str:
    if not isinstance(url, str):
        raise _wrong(texts.CONNECT, "url", "String", url)
    try:
        if "#" in url:
            raise ValueError("a fragment")
        parts = urllib.parse.urlsplit(encode(url.strip("\t\n\r\f\v \0")).decode())
        host = parts.netloc
        if parts.username is not None and parts.password is None:
            host = host.replace("@", ":@", 1)  # a user without a password is one with an empty one
        if not host.isascii():
            host = _ascii_host(parts, host)
        parts.port  # noqa: B018  # raises if it is none
        if not _is_host(parts.hostname or "") or re.search(r"\][^:]", host):
            raise ValueError("no host")
        path = urllib.parse.quote(parts.path, safe=_URL_SAFE)
        query = urllib.parse.quote(parts.query, safe=_URL_SAFE)
        checked = urllib.parse.urlunsplit((parts.scheme, host, path, query, ""))
        parse_uri(checked)
    except (ValueError, InvalidURI):  # UnicodeError is a ValueError
        raise Refused(texts.bad_url(url)) from None
    return checked


def _ascii_host(parts: urllib.parse.SplitResult, netloc: str) -> str:
    user, at, _ = netloc.rpartition("@")
    name = (parts.hostname or "").encode("idna").decode()
    port = f":{parts.port}" if parts.port is not None else ""
    return f"{urllib.parse.quote(user, safe=':%')}{at}{name}{port}"


def _is_host(host: str) -> bool:
    return bool(host) and not re.search(r"[\x00-\x20\x7f<>^|%\\\"`{}]", host)


def _header(header: Any) -> tuple[tuple[str, str], ...]:
    if header is None:
        return ()
    if not isinstance(header, Mapping):
        raise _wrong(texts.CONNECT, "header", "Object", header)
    fields: list[tuple[str, str]] = []
    for name, value in header.items():
        if not isinstance(name, str):
            raise Refused(texts.bad_header(str(name)))
        if not isinstance(value, str):
            raise _wrong(texts.CONNECT, f"header.{name}", "String", value)
        if name.lower() in _OURS or name.lower().startswith(_OUR_PREFIX):
            continue
        if not _TOKEN.fullmatch(name) or not _FIELD_VALUE.fullmatch(value):
            raise Refused(texts.bad_header(name))
        fields.append((name, value))
    return tuple(fields)


def _protocols(protocols: Any) -> tuple[str, ...]:
    if protocols is None:
        return ()
    if not isinstance(protocols, list | tuple) and (
        isinstance(protocols, str | bytes | bytearray | memoryview | Mapping)
        or not hasattr(protocols, "__getitem__")
        or not hasattr(protocols, "__len__")
    ):
        raise _wrong(texts.CONNECT, "protocols", "Array", protocols)
    offered = tuple(protocols)
    for index, name in enumerate(offered):
        if not isinstance(name, str):
            raise _wrong(texts.CONNECT, f"protocols[{index}]", "String", name)
        if not _TOKEN.fullmatch(name) or name in offered[:index]:
            raise Refused(texts.bad_protocol(name))
    return offered


def _timeout(timeout: Any) -> float:
    if timeout is None:
        return DEFAULT_TIMEOUT
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise _wrong(texts.CONNECT, "timeout", "Number", timeout)
    # Also when it is not a number at all: comparing with NaN is false.
    return min(timeout, FOREVER * 1000) / 1000 if timeout > 0 else DEFAULT_TIMEOUT


def _wrong(call: str, name: str, wanted: str, value: Any) -> Refused:
    return Refused(texts.wrong_type(call, name, wanted, _type_name(value)))


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
