"""Addresses: what a WHATWG parser and a Python library read alike; everything else is refused."""

from __future__ import annotations

import re
import urllib.parse
from typing import Final

from websockets.exceptions import InvalidURI
from websockets.uri import parse_uri

__all__ = ["encode", "parse_address", "without_user"]

# Patterns are texts: `re` compiles them when they are first used, and not at the import.

# Characters that may stand in a path, a query, or a user's name or password as they are.
_PATH_SAFE: Final = "%:/?[]@!$&'()*+,;=|^"
_USER_SAFE: Final = "%!$&'()*+,;="

# What no host may hold; the percent sign, since a host is decoded by one kind of parser alone.
_BAD_IN_HOST: Final = r"[\x00-\x20\x7f<>^|%\\\"`{}@/?]"

# Characters that IDNA 2008 keeps in names, and Python's own codec (IDNA 2003) maps to others.
_DEVIATIONS: Final = "[\u00df\u03c2\u200c\u200d]"

# A host whose last label is a number is an IPv4 address, in more notations than one.
_NUMBER: Final = r"[0-9]+|0[xX][0-9a-fA-F]*"
_IPV4: Final = r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}"

_SCHEME: Final = r"(wss?):[/\\]{2}(?![/\\])"


def parse_address(url: str) -> str:
    """Check an address, and write it as it is used.

    Args:
        url: The address.

    Returns:
        The address, with every character that does not belong into an address encoded.

    Raises:
        ValueError: It names no WebSocket server, or parsers differ about which.
    """
    text = re.sub("[\t\n\r]", "", encode(url).decode().strip(_STRIPPED))
    scheme = re.match(_SCHEME, text, re.IGNORECASE)
    if scheme is None or "#" in text:
        raise ValueError("no absolute address of a WebSocket server")
    # Browsers take a backslash for a slash, up to the query.
    hierarchy, question, query = text[scheme.end() :].partition("?")
    authority, slash, path = hierarchy.replace("\\", "/").partition("/")
    user, at, place = authority.rpartition("@")
    checked = "".join(
        [
            f"{scheme[1].lower()}://",
            _user(user) if at else "",
            _place(place),
            urllib.parse.quote(slash + _without_dots(path), safe=_PATH_SAFE),
            question,
            urllib.parse.quote(query, safe=_PATH_SAFE),
        ]
    )
    try:
        parse_uri(checked)
    except InvalidURI:
        raise ValueError("no absolute address of a WebSocket server") from None
    return checked


def without_user(url: str) -> str:
    """Return an address without its user and password."""
    return re.sub(r"(?<=://)[^/?#]*@", "", url)


def encode(text: str) -> bytes:
    """Encode as UTF-8, as JavaScript does: two halves of a character join, a lone one is U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


# What browsers remove from both ends: C0 controls and spaces.
_STRIPPED: Final = "".join(map(chr, range(0x21)))


def _without_dots(path: str) -> str:
    """Resolve the segments ``.`` and ``..``, also where their dots are encoded."""
    found: list[str] = []
    *segments, last = path.split("/")
    for segment in (*segments, last):
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            del found[-1:]
        elif plain != ".":
            found.append(segment)
    if last.lower().replace("%2e", ".") in (".", ".."):
        found.append("")
    return "/".join(found)


def _user(user: str) -> str:
    name, _, password = user.partition(":")
    if not name and not password:
        return ""
    # A user without a password is one with an empty one.
    return f"{_quoted(name)}:{_quoted(password)}@"


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe=_USER_SAFE)


def _place(place: str) -> str:
    """Check and normalise a host with its port."""
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::([0-9]*))?", place, re.ASCII)
    if found is None:
        raise ValueError("no host")
    host, port = found[1], found[2]
    if not host.startswith("["):
        host = _host(host)
    if not port:
        return host
    if int(port) > 65535:
        raise ValueError("no port")
    return f"{host}:{int(port)}"


def _host(host: str) -> str:
    if re.search(_DEVIATIONS, host):
        raise ValueError("a name that parsers encode differently")
    name = host.lower() if host.isascii() else host.encode("idna").decode()
    if not name or re.search(_BAD_IN_HOST, name):
        raise ValueError("no host")
    last = name.removesuffix(".").rpartition(".")[2]
    if re.fullmatch(_NUMBER, last) and not re.fullmatch(_IPV4, name):
        raise ValueError("an IPv4 address in a notation that parsers read differently")
    return name
