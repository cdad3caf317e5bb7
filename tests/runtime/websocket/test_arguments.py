"""What arguments are accepted, and what is made of them."""

from __future__ import annotations

import array
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.uri import parse_uri

from wxruntime.websocket import arguments
from wxruntime.websocket.addresses import encode
from wxruntime.websocket.error_texts import Refused
from wxsocket import CloseSocketOption, ConnectSocketOption


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "test.php",
        "/chat",
        "//example.com",
        "http://example.com",
        "wss:",
        "wss://",
        "wss:///path",
        "wss:example.com",
        "ws://example.com#",
        "ws://example.com/#part",
        "ws://exa mple.com",
        "ws://example.com:port",
        "ws://example.com:99999",
        "ws://[::1]x/",
        "ws://[::1",
        "ws://[zz]/",
        "ws://exa%20mple.com",
        "ws://" + "ä" * 80 + ".com",
    ],
)
def test_bad_url(url: str) -> None:
    with pytest.raises(Refused) as caught:
        arguments.opening(ConnectSocketOption(url=url))
    assert caught.value.errMsg == f'connectSocket:fail invalid url "{url}"'


@pytest.mark.parametrize(
    ("url", "request_target"),
    [
        ("ws://example.com", "/"),
        ("WSS://EXAMPLE.com/a?b=c", "/a?b=c"),
        ("ws://example.com/a b?c d", "/a%20b?c%20d"),
        ("ws://example.com/%20ä?ü=%FF", "/%20%C3%A4?%C3%BC=%FF"),
        ("ws://例え.jp/路", "/%E8%B7%AF"),
        ("ws://[::1]:80/x", "/x"),
        ("ws://example.com:0/x", "/x"),
        ("ws://user@example.com/x", "/x"),
        ("ws://user:word@example.com/x", "/x"),
        ("  ws://example.com/x\n", "/x"),
        ("ws://example.com/\ud83d\ude00\ud800", "/%F0%9F%98%80%EF%BF%BD"),
    ],
)
def test_good_url_is_percent_encoded_once(url: str, request_target: str) -> None:
    opening = arguments.opening(ConnectSocketOption(url=url))
    assert opening.url.isascii()
    assert parse_uri(opening.url).resource_name == request_target


@given(st.text())
def test_any_url_is_taken_or_refused(text: str) -> None:
    for url in (text, "ws://" + text, "ws://example.com/" + text):
        try:
            opening = arguments.opening(ConnectSocketOption(url=url))
        except Refused:
            continue
        target = parse_uri(opening.url).resource_name
        assert target.isascii()
        assert target.isprintable()
        assert " " not in target


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
def test_any_header_is_taken_or_refused(header: dict[str, str]) -> None:
    try:
        opening = arguments.opening(ConnectSocketOption(url="ws://example.com", header=header))
    except Refused:
        return
    for name, value in opening.header:
        assert header[name] == value
        line = f"{name}: {value}".encode("latin-1")
        assert b"\r" not in line
        assert b"\n" not in line
        assert b"\0" not in line


@pytest.mark.parametrize("timeout", [1e300, math.inf, 10**400])
def test_timeout_beyond_any_clock(timeout: float) -> None:
    assert arguments.opening(ConnectSocketOption(url="ws://a", timeout=timeout)).timeout == 1e9


@pytest.mark.parametrize("timeout", [None, 0, -5, math.nan, -math.inf])
def test_timeout_that_means_the_default(timeout: float | None) -> None:
    assert arguments.opening(ConnectSocketOption(url="ws://a", timeout=timeout)).timeout == 60


def test_timeout_is_in_milliseconds() -> None:
    assert arguments.opening(ConnectSocketOption(url="ws://a", timeout=1500)).timeout == 1.5


@pytest.mark.parametrize(
    ("code", "type_name"),
    [("1000", "String"), (True, "Boolean"), ([], "Array"), (print, "Function"), ({}, "Object")],
)
def test_code_of_a_wrong_type(code: Any, type_name: str) -> None:
    with pytest.raises(Refused) as caught:
        arguments.close_frame(CloseSocketOption(code=code), 123)
    assert caught.value.errMsg == (
        f"closeSocket:fail parameter error: parameter.code should be Number instead of {type_name};"
    )


@given(st.integers())
def test_codes(code: int) -> None:
    permitted = code in (1000, 1003) or 3000 <= code <= 4999
    try:
        frame = arguments.close_frame(CloseSocketOption(code=code), 123)
    except Refused as refused:
        assert not permitted
        assert refused.errMsg == (
            "closeSocket:fail The code must be either 1000, 1003, or between 3000 and 4999"
        )
    else:
        assert permitted
        assert frame.code == code


@given(st.text(max_size=130, alphabet=st.characters()))
def test_reasons_are_measured_in_bytes(reason: str) -> None:
    size = len(reason.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode())
    try:
        frame = arguments.close_frame(CloseSocketOption(reason=reason), 123)
    except Refused as refused:
        assert size > 123
        assert refused.errMsg == (
            "closeSocket:fail reason must not be longer than 123 bytes of UTF-8"
        )
    else:
        assert size <= 123
        assert len(frame.reason.encode()) == size


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("", b""),
        ("é", b"\xc3\xa9"),
        ("\ud83d\ude00", "😀".encode()),
        ("a\ud800b", b"a\xef\xbf\xbdb"),
        ("\udc00\ud800", b"\xef\xbf\xbd\xef\xbf\xbd"),
    ],
)
def test_text_is_encoded_as_javascript_does(text: str, encoded: bytes) -> None:
    assert encode(text) == encoded


def test_payload_kinds() -> None:
    assert arguments.payload("x") == "x"
    assert arguments.payload(b"x") == b"x"
    assert arguments.payload(bytearray(b"x")) == b"x"
    assert arguments.payload(memoryview(b"abcdef")[::2]) == b"ace"
    assert arguments.payload(array.array("H", [1, 2])) == array.array("H", [1, 2]).tobytes()
    released = memoryview(b"x")
    released.release()
    wrong: list[Any] = [None, 1, 1.5, ["x"], {"a": 1}, object(), released]
    for data in wrong:
        with pytest.raises(Refused, match="^sendSocketMessage:fail unknown data$"):
            arguments.payload(data)
