"""The engine's parts that need no network: roster, inbox, texts and argument checks."""

from __future__ import annotations

import array
import asyncio
import math
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.uri import parse_uri

from servers.harness import run
from wxsocket import CloseSocketOption, ConnectSocketOption
from wxsocket.engine import checks
from wxsocket.engine.inbox import HIGH, HIGH_SIZE, LOW, Inbox
from wxsocket.engine.roster import Roster
from wxsocket.engine.texts import Refused


@dataclass(eq=False)
class FakeLink:
    heard: bool = False
    is_closed: bool = False
    holds_place: bool = True


def mains(roster: Roster[FakeLink]) -> list[FakeLink]:
    return [roster.main] if roster.main is not None else []


def end(link: FakeLink) -> None:
    link.is_closed, link.holds_place = True, False


# The roster.


def test_first_link_is_main_and_stays_it() -> None:
    roster: Roster[FakeLink] = Roster(5, replace=False)
    first, second = FakeLink(), FakeLink()
    assert roster.admit(first) == []
    assert roster.admit(second) == []
    assert roster.main is first
    assert (first.heard, second.heard) == (True, False)


def test_closing_main_link_is_not_replaced_but_a_closed_one_is() -> None:
    roster: Roster[FakeLink] = Roster(5, replace=False)
    links = [FakeLink() for _ in range(4)]
    roster.admit(links[0])
    links[0].holds_place = False  # its close was accepted, it has not ended
    roster.admit(links[1])
    assert mains(roster) == [links[0]]
    end(links[0])
    assert mains(roster) == []
    roster.admit(links[2])
    assert roster.main is links[2]
    roster.admit(links[3])
    assert roster.main is links[2]


def test_limit_refuses_and_frees() -> None:
    roster: Roster[FakeLink] = Roster(2, replace=False)
    links = [FakeLink() for _ in range(4)]
    assert roster.admit(links[0]) == roster.admit(links[1]) == []
    assert roster.admit(links[2]) is None
    links[1].holds_place = False
    assert roster.admit(links[2]) == []
    assert roster.admit(links[3]) is None
    end(links[0])
    assert roster.admit(links[3]) == []
    assert list(roster) == [links[1], links[2], links[3]]


def test_old_base_library_replaces() -> None:
    roster: Roster[FakeLink] = Roster(1, replace=True)
    old, new = FakeLink(), FakeLink()
    assert roster.admit(old) == []
    assert roster.admit(new) == [old]
    assert roster.main is new
    assert old.heard  # what is left of it is heard, too
    assert new.heard


# The inbox.


def test_inbox_pauses_above_high_and_resumes_at_low() -> None:
    async def main() -> None:
        changes: list[bool] = []
        inbox = Inbox(lambda: changes.append(inbox.is_full))
        for index in range(HIGH + 1):
            assert not inbox.is_full
            inbox.put(str(index))
        assert changes == [True]
        for index in range(HIGH + 1):
            assert inbox.is_full is (HIGH + 1 - index > LOW)
            assert await inbox.take() == str(index)
        assert changes == [True, False]

    run(main())


def test_inbox_pauses_for_few_large_messages_too() -> None:
    async def main() -> None:
        inbox = Inbox(lambda: None)
        full: list[bool] = []
        for _ in range(2):
            inbox.put(bytes(HIGH_SIZE * 3 // 4))
            full.append(inbox.is_full)
        for _ in range(2):
            await inbox.take()
            full.append(inbox.is_full)
        assert full == [False, True, True, False]

    run(main())


def test_inbox_yields_everything_then_ends() -> None:
    async def main() -> None:
        inbox = Inbox(lambda: None)
        inbox.put("a")
        inbox.put(b"b")
        inbox.end()
        assert [message async for message in inbox.iterate()] == ["a", b"b"]
        assert [message async for message in inbox.iterate()] == []

    run(main())


def test_inbox_knows_whether_it_is_iterated() -> None:
    async def main() -> None:
        inbox = Inbox(lambda: None)
        inbox.put("a")
        iterated = [inbox.is_iterated]
        async for _ in inbox.iterate():
            iterated.append(inbox.is_iterated)
            break
        iterated.append(inbox.is_iterated)
        assert iterated == [False, True, False]

    run(main())


def test_cancelled_taker_loses_no_message() -> None:
    async def main() -> None:
        inbox = Inbox(lambda: None)
        first = asyncio.create_task(inbox.take())
        second = asyncio.create_task(inbox.take())
        await asyncio.sleep(0)
        inbox.put("a")  # wakes the first, which is cancelled before it runs
        first.cancel()
        assert await second == "a"

    run(main())


# Argument checks.


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
        checks.opening(ConnectSocketOption(url=url))
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
    opening = checks.opening(ConnectSocketOption(url=url))
    assert opening.url.isascii()
    assert parse_uri(opening.url).resource_name == request_target


@given(st.text())
def test_any_url_is_taken_or_refused(text: str) -> None:
    for url in (text, "ws://" + text, "ws://example.com/" + text):
        try:
            opening = checks.opening(ConnectSocketOption(url=url))
        except Refused:
            continue
        target = parse_uri(opening.url).resource_name
        assert target.isascii()
        assert target.isprintable()
        assert " " not in target


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
def test_any_header_is_taken_or_refused(header: dict[str, str]) -> None:
    try:
        opening = checks.opening(ConnectSocketOption(url="ws://example.com", header=header))
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
    assert checks.opening(ConnectSocketOption(url="ws://a", timeout=timeout)).timeout == 1e9


@pytest.mark.parametrize("timeout", [None, 0, -5, math.nan, -math.inf])
def test_timeout_that_means_the_default(timeout: float | None) -> None:
    assert checks.opening(ConnectSocketOption(url="ws://a", timeout=timeout)).timeout == 60


def test_timeout_is_in_milliseconds() -> None:
    assert checks.opening(ConnectSocketOption(url="ws://a", timeout=1500)).timeout == 1.5


@pytest.mark.parametrize(
    ("code", "type_name"),
    [("1000", "String"), (True, "Boolean"), ([], "Array"), (print, "Function"), ({}, "Object")],
)
def test_code_of_a_wrong_type(code: Any, type_name: str) -> None:
    with pytest.raises(Refused) as caught:
        checks.close_frame(CloseSocketOption(code=code))
    assert caught.value.errMsg == (
        f"closeSocket:fail parameter error: parameter.code should be Number instead of {type_name};"
    )


@given(st.integers())
def test_codes(code: int) -> None:
    permitted = code in (1000, 1003) or 3000 <= code <= 4999
    try:
        frame = checks.close_frame(CloseSocketOption(code=code))
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
        frame = checks.close_frame(CloseSocketOption(reason=reason))
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
    assert checks.encode(text) == encoded


def test_payload_kinds() -> None:
    assert checks.payload("x") == "x"
    assert checks.payload(b"x") == b"x"
    assert checks.payload(bytearray(b"x")) == b"x"
    assert checks.payload(memoryview(b"abcdef")[::2]) == b"ace"
    assert checks.payload(array.array("H", [1, 2])) == array.array("H", [1, 2]).tobytes()
    released = memoryview(b"x")
    released.release()
    wrong: list[Any] = [None, 1, 1.5, ["x"], {"a": 1}, object(), released]
    for data in wrong:
        with pytest.raises(Refused, match="^sendSocketMessage:fail unknown data$"):
            checks.payload(data)
