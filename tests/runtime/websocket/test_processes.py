"""Whole processes: warnings are errors there, and the end of the interpreter counts."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from servers.echo import EchoServer

pytestmark = pytest.mark.needs_sockets


def program(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(text), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "body",
    [
        # Open links when asyncio.run ends.
        """
        async def main():
            task = wx.connectSocket(url=url)
            opened = asyncio.Event()
            task.onOpen(lambda res: opened.set())
            await opened.wait()
        asyncio.run(main())
        """,
        # Connecting links when asyncio.run ends.
        """
        async def main():
            for _ in range(5):
                wx.connectSocket(url=url)
            await asyncio.sleep(0)
        asyncio.run(main())
        """,
        # Links, messages and a callback that is still waiting.
        """
        async def main():
            async def wait(res):
                await asyncio.sleep(1000)
            task = wx.connectSocket(url=url, success=wait)
            async with task:
                task.onMessage(wait)
                await task.send(data="x")
                async for message in task:
                    break
            wx.connectSocket(url=url)
        asyncio.run(main())
        """,
        # Plain code that never runs.
        "wx.connectSocket(url=url)",
        # Plain code that gives up.
        """
        task = wx.connectSocket(url=url)
        try:
            wx.run(timeout=0.3)
        except TimeoutError:
            assert task.readyState == 1
        else:
            raise AssertionError
        """,
        # Both, and a Wx that is dropped.
        """
        app = Wx()
        app.connectSocket(url=url)
        del app
        async def main():
            app = Wx()
            async with app.connectSocket(url=url):
                pass
        asyncio.run(main())
        asyncio.run(main())
        """,
    ],
    ids=["open", "connecting", "callbacks", "never run", "gives up", "dropped"],
)
def test_nothing_is_left_behind(echo: EchoServer, body: str) -> None:
    start = "import asyncio, sys\nfrom wxsocket import Wx, wx\nurl = sys.argv[1]\n"
    ended = program(start + textwrap.dedent(body), echo.url)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


INTERRUPTED = """
import signal, sys
from wxsocket import wx
task = wx.connectSocket(url=sys.argv[1])
task.onClose(lambda res: print("close", res.code, flush=True))
task.onOpen(lambda res: {how})
try:
    wx.run(timeout=30)
except KeyboardInterrupt:
    print("interrupted", task.readyState)
"""


@pytest.mark.parametrize("how", ["signal.raise_signal(signal.SIGINT)", "raising()"])
def test_interrupt_closes_the_links(echo: EchoServer, how: str) -> None:
    raising = "def raising():\n    raise KeyboardInterrupt\n"
    ended = program(raising + INTERRUPTED.format(how=how), echo.url)
    assert (ended.stdout, ended.stderr) == ("close 1000\ninterrupted 3\n", "")
