"""The opening handshake: what is asked, and how the answer is judged, whatever the network."""

from __future__ import annotations

from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.http11 import USER_AGENT, Request, Response

__all__ = ["OpeningFailed", "check_response", "header_of", "make_request"]


class OpeningFailed(Exception):
    """The connection could not be opened; the message says why."""


def make_request(protocol: ClientProtocol, header: tuple[tuple[str, str], ...]) -> Request:
    """Make the request that asks the server to accept.

    Args:
        protocol: The library's protocol of the connection.
        header: The header fields to send beside those of the handshake.
    """
    request = protocol.connect()
    for name, value in header:
        _replace(request.headers, name, value)
    request.headers.setdefault("User-Agent", USER_AGENT)
    return request


def check_response(protocol: ClientProtocol, response: Response) -> None:
    """Judge the server's answer. The protocol knows the subprotocol afterwards.

    Args:
        protocol: The library's protocol of the connection.
        response: The answer.

    Raises:
        Exception: It does not accept, or not as it should; the message says why.
    """
    if response.status_code != 101:
        raise OpeningFailed(f"the server answered with HTTP {response.status_code}")
    protocol.process_response(response)


def header_of(response: Response) -> dict[str, str]:
    """The header fields of a response; the values of a repeated name are joined."""
    names: dict[str, str] = {}
    joined: dict[str, str] = {}
    for name, value in response.headers.raw_items():
        first = names.setdefault(name.lower(), name)
        joined[first] = f"{joined[first]}, {value}" if first in joined else value
    return joined


def _replace(headers: Headers, name: str, value: str) -> None:
    """Set a header field, in the place of what the library says under that name."""
    if name in headers:
        del headers[name]
    headers[name] = value
