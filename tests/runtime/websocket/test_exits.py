"""``SystemExit`` and signals under ``run``: as Ctrl-C, they close the links and go on upwards."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from servers import PATIENCE, ScriptedServer, frames, scripts
from servers.echo import EchoServer
from servers.fixtures import Start
from servers.harness import run
from wxsocket import Wx

pytestmark = pytest.mark.needs_sockets


def program(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(text), *arguments],
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
        check=False,
    )


EXITS = """
import sys
from wxsocket import wx

def leave(res):
    sys.exit(3)

task = wx.connectSocket(url=sys.argv[1])
other = wx.connectSocket(url=sys.argv[1])
task.onClose(lambda res: print("close", res.code, flush=True))
task.onOpen(lambda res: task.send(data="x"))
task.{event}({listener})
try:
    wx.run(timeout=30)
except SystemExit as problem:
    print("exit", problem.code, task.readyState, other.readyState, flush=True)
"""

AGAIN = """
wx.run(timeout=10)
again = wx.connectSocket(url=sys.argv[1])
again.onOpen(lambda res: again.close(code=1000))
again.onClose(lambda res: print("again", res.code, flush=True))
wx.run(timeout=10)
print("the end", flush=True)
"""


@pytest.mark.parametrize("event", ["onOpen", "onMessage"])
def test_system_exit_in_a_listener_closes_the_links(echo: EchoServer, event: str) -> None:
    ended = program(EXITS.format(event=event, listener="leave"), echo.url)
    assert (ended.stdout, ended.stderr) == ("close 1000\nexit 3 3 3\n", "")
    assert run(echo.ended()).closed == (1000, "")


def test_run_goes_on_after_system_exit(echo: EchoServer) -> None:
    ended = program(EXITS.format(event="onMessage", listener="leave") + AGAIN, echo.url)
    assert ended.stdout == "close 1000\nexit 3 3 3\nagain 1000\nthe end\n"
    assert (ended.stderr, ended.returncode) == ("", 0)


def test_system_exit_that_nobody_catches_ends_the_program(echo: EchoServer) -> None:
    ended = program(
        """
        import sys
        from wxsocket import wx
        task = wx.connectSocket(url=sys.argv[1])
        task.onOpen(lambda res: sys.exit(7))
        wx.run(timeout=30)
        """,
        echo.url,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (7, "", "")
    assert run(echo.ended()).closed == (1000, "")


def test_sigterm_that_becomes_system_exit_closes_the_links(echo: EchoServer) -> None:
    """While nothing happens, that is, while the loop waits."""
    text = """
        import signal, sys
        from wxsocket import wx
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(9))
        task = wx.connectSocket(url=sys.argv[1])
        task.onClose(lambda res: print("close", res.code, flush=True))
        task.onOpen(lambda res: print("open", flush=True))
        wx.run(timeout=30)
        """
    with subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(text), echo.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        process.terminate()
        out, err = process.communicate(timeout=3 * PATIENCE)
    assert (out, err, process.returncode) == ("close 1000\n", "", 9)
    assert run(echo.ended()).closed == (1000, "")


def test_no_listener_gets_an_older_message_after_system_exit(start: Start) -> None:
    """Four messages in one segment; a listener gives up at the second."""
    texts = b"".join(frames.text(str(number)) for number in range(4))
    server = start(ScriptedServer(scripts.answered_with(texts)))
    app = Wx()
    heard: list[str | bytes] = []
    task = app.connectSocket(url=server.url)

    def leave(data: str | bytes) -> None:
        if data == "1":
            raise SystemExit

    task.onMessage(lambda res: leave(res.data))
    task.onMessage(lambda res: heard.append(res.data))
    with pytest.raises(SystemExit):
        app.run(timeout=PATIENCE)
    task.close(fail=lambda res: None)
    app.run(timeout=PATIENCE)
    assert heard == sorted(set(heard)), "in order, and each message once"
    assert heard[0] == "0"
    assert task.readyState == 3
