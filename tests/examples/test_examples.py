"""Every example runs to its end, against a real server, and prints what it should."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from servers.echo import EchoServer
from servers.fixtures import Start

EXAMPLES = Path(__file__).parent
ADDRESS = "ws://127.0.0.1:8765"
"""Where the examples that take no address expect a server."""

PRINTED = {
    "callbacks": """\
received hello
""",
    "close_when_open": """\
fail            closeSocket:fail WebSocket is not connected
onSocketOpen    N header fields
success         closeSocket:ok
WebSocket has been closed! 1003 ''
""",
    "connect_with_options": """\
complete        connectSocket:ok
onOpen          N header fields
onClose         1000 'seen enough'
""",
    "coroutine": """\
received hello
closed with 1000
""",
    "queue_and_send": """\
success         connectSocket:ok
queued          first
queued          second
onSocketOpen    N header fields
success         sendSocketMessage:ok
success         sendSocketMessage:ok
onSocketMessage 'first'
onSocketMessage 'second'
onSocketClose   1000 ''
""",
    "script": """\
received hello
""",
    "socket_class": """\
answered name
answered ['two', 'things']
closed   1000
""",
}
ELSEWHERE = {"bot", "echo_server", "monitor", "suite"}
"""They are a server, or need one that does something by itself, or none: see `test_programs`."""


def run_example(name: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run an example in a process of its own, where every warning is an error."""
    program = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8").replace(ADDRESS, url)
    return subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program, url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_example_is_listed() -> None:
    programs = {path.stem for path in EXAMPLES.glob("*.py")}
    tests = {"conftest", "test_examples", "test_locustfile", "test_programs", "test_readme"}
    assert programs == PRINTED.keys() | ELSEWHERE | tests | {"locustfile"}


@pytest.mark.parametrize("name", PRINTED)
def test_example(name: str, start: Start) -> None:
    server = start(EchoServer(subprotocols=["chat", "protocol1"]))
    ended = run_example(name, server.url.removesuffix("/"))
    printed = re.sub(r"\d+ header", "N header", ended.stdout)  # how many is up to the server
    assert (printed, ended.stderr, ended.returncode) == (PRINTED[name], "", 0)
