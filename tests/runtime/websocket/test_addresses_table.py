"""Addresses: as a browser reads them, or refused; never anything else."""

from __future__ import annotations

import base64

import pytest

from servers import ScriptedServer, scripts
from servers.fixtures import Start
from servers.harness import Calls, Events, run, shut
from wxsocket import Wx


def basic(user: str) -> list[str]:
    return ["Basic " + base64.b64encode(user.encode()).decode()]


@pytest.mark.parametrize(
    ("address", "target", "authorization"),
    [
        ("ws://127.0.0.1:{a}\\@127.0.0.1:{b}/", "/@127.0.0.1:{b}/", []),
        ("ws://127.0.0.1:{a}\\x", "/x", []),
        ("ws:\\\\127.0.0.1:{a}/x", "/x", []),
        ("ws://127.0.0.1:{a}?@127.0.0.1:{b}/", "/?@127.0.0.1:{b}/", []),
        ("ws://127.0.0.1:{a}/@127.0.0.1:{b}/", "/@127.0.0.1:{b}/", []),
        ("ws://127.0.0.1:{b}@127.0.0.1:{a}/", "/", basic("127.0.0.1:{b}")),
        ("ws://me@home@127.0.0.1:{a}/", "/", basic("me@home:")),
        ("ws://a%40b:c%3Ad@127.0.0.1:{a}/", "/", basic("a@b:c:d")),
        ("ws://user:pass@127.0.0.1:{a}/", "/", basic("user:pass")),
        ("ws://127.0.0.1:{a}/a\tb\nc", "/abc", []),
        (" \x01ws://127.0.0.1:{a}/x \x1f", "/x", []),
        ("ws://127.0.0.1:{a}?q=1", "/?q=1", []),
        ("ws://127.0.0.1:{a}/é?ü", "/%C3%A9?%C3%BC", []),
        ("ws://127.0.0.1:{a}/a b?c d", "/a%20b?c%20d", []),
        ("ws://127.0.0.1:{a}/%zz", "/%zz", []),
        ("ws://127.1:{a}/", "/", []),
        ("ws://0x7f000001:{a}/", "/", []),
        ("ws://2130706433:{a}/", "/", []),
        ("ws://0177.0.0.1:{a}/", "/", []),
        ("ws://127.0.0.1.:{a}/", "/", []),
        ("ws://127.0.0.1:0{a}/", "/", []),
        ("ws://127.0.0.1:{a}/a/../b", "/b", []),
        ("ws://127.0.0.1:{a}/./b", "/b", []),
        ("ws://127.0.0.1:{a}/x/%2e%2e/b", "/b", []),
    ],
)
def test_as_browsers_read_it_or_refused(
    start: Start, address: str, target: str, authorization: list[str]
) -> None:
    server, other = start(ScriptedServer(scripts.echo)), start(ScriptedServer(scripts.echo))

    def filled(text: str) -> str:
        return text.replace("{a}", str(server.port)).replace("{b}", str(other.port))

    async def main() -> None:
        calls = Calls()
        task = Wx().connectSocket(url=filled(address), **calls.options)
        if calls.kinds[0] == "fail":
            assert calls.log[0][1].errMsg == f'connectSocket:fail invalid url "{filled(address)}"'
            return
        events = Events(task)
        await events.wait("open")
        (peer,) = server.peers
        assert peer.request_line == f"GET {filled(target)} HTTP/1.1"
        assert peer.header("Host") == [f"127.0.0.1:{server.port}"]
        if "{b}@" in address:
            assert peer.header("Authorization") == basic(f"127.0.0.1:{other.port}")
        else:
            assert peer.header("Authorization") == authorization
        await shut((task, events))

    run(main())
    assert other.peers == []


@pytest.mark.parametrize(
    "address",
    [
        "ws://127.0.0.256/",
        "ws://1.2.3.4.5/",
        "ws://a%00b/",
        "ws://a<b/",
        "ws://a^b/",
        "ws://a|b/",
        "ws://exa mple/",
        "ws://:80/",
        "ws://@/",
        "ws://user@/",
        "ws://[::1/",
        "ws://%2F/",
        "ws://127.0.0.1:70000/",
    ],
)
def test_refused(address: str) -> None:
    calls = Calls()
    Wx().connectSocket(url=address, **calls.options)
    calls.check("fail", f'connectSocket:fail invalid url "{address}"')
