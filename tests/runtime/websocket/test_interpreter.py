"""The interpreter itself: its exit beside a daemon thread, forks, and signal handlers."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

from servers import PATIENCE
from servers.echo import EchoServer
from servers.harness import run

pytestmark = pytest.mark.needs_sockets

STRICT = ("-X", "dev", "-W", "error")


def program(
    text: str, *arguments: str, options: tuple[str, ...] = STRICT
) -> subprocess.CompletedProcess[str]:
    """Run a program in which warnings are errors; one that hangs fails the test."""
    return subprocess.run(
        [sys.executable, *options, "-c", textwrap.dedent(text), *arguments],
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("moment", ["while a link is open", "while one connects"])
def test_daemon_thread_in_run_at_the_exit(echo: EchoServer, moment: str) -> None:
    text = """
        import sys, threading, time
        from wxsocket import wx
        opened = threading.Event()
        def main():
            task = wx.connectSocket(url=sys.argv[1])
            task.onOpen(lambda res: opened.set())
            wx.run()
        threading.Thread(target=main, daemon=True).start()
        {wait}
        """
    wait = "opened.wait(30)" if "open" in moment else "time.sleep(0.05)"
    for _ in range(3):
        ended = program(text.format(wait=wait), echo.url)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


FORK = """
import gc, os, sys
from wxsocket import Wx
url = sys.argv[1]
app = Wx()
task = app.connectSocket(url=url)
task.onOpen(lambda res: print("open", flush=True))
task.onMessage(lambda res: print("message", res.data, flush=True))
task.onMessage(lambda res: res.data == "last" and task.close(code=1000))
task.onClose(lambda res: print("close", res.code, flush=True))
try:
    app.run(timeout=0.5)
except TimeoutError:
    pass
sys.stdout.flush()
pid = os.fork()
if pid == 0:
{child}
    sys.exit(0)
_, status = os.waitpid(pid, 0)
print("child", status, flush=True)
task.send(data="first")
task.send(data="last")
app.run(timeout=20)
"""

CHILDREN = {
    "ends": "pass",
    "collects": """
        del app, task
        gc.collect()
        """,
    "calls": """
        assert task.readyState == 3, task.readyState
        failures = []
        task.send(data="child", fail=lambda res: failures.append(res.errMsg))
        app.sendSocketMessage(data="child", fail=lambda res: failures.append(res.errMsg))
        task.close(fail=lambda res: failures.append(res.errMsg))
        app.closeSocket(fail=lambda res: failures.append(res.errMsg))
        assert len(failures) == 4, failures
        """,
    "runs": "app.run(timeout=5)",
    "connects": """
        mine = app.connectSocket(url=url)
        mine.onOpen(lambda res: mine.send(data="child"))
        mine.onMessage(lambda res: mine.close(code=4001))
        app.run(timeout=20)
        assert mine.readyState == 3
        """,
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("child", CHILDREN)
def test_a_forked_child_touches_nothing_of_its_parents(echo: EchoServer, child: str) -> None:
    body = textwrap.indent(textwrap.dedent(CHILDREN[child]).strip(), "    ")
    # Without the warnings of things unclosed: what is the parent's, the child leaves as it is.
    ended = program(FORK.format(child=body), echo.url, options=())
    assert ended.stderr == ""
    assert ended.stdout.split("\n") == [
        "open",
        "child 0",
        "message first",
        "message last",
        "close 1000",
        "",
    ]
    client = run(echo.ended())
    assert (client.received, client.closed) == (["first", "last"], (1000, ""))


HANDLER = """
import asyncio, logging, signal, sys, threading, time
from wxsocket import Wx
logging.getLogger("asyncio").setLevel(logging.ERROR)  # how slow the machine is does not matter
url = sys.argv[1]
app = Wx()
handled = [0]
task = app.connectSocket(url=url, fail=print)
elsewhere = []

def handle(*_):
    for other in elsewhere:
        other.send(data="from the handler", fail=lambda res: None)
    handled[0] += 1
    app.sendSocketMessage(data="from the handler", fail=lambda res: None)
    task.send(data="from the handler", fail=lambda res: None)
    app.onSocketMessage(lambda res: None)
    other = app.connectSocket(url="test.php", fail=lambda res: None)
    other.close(fail=lambda res: None)
    signal.setitimer(signal.ITIMER_REAL, 0.0005)  # it interrupts everything but itself

signal.signal(signal.SIGALRM, handle)
signal.setitimer(signal.ITIMER_REAL, 0.0005)
{body}
signal.signal(signal.SIGALRM, signal.SIG_IGN)
task.close(fail=lambda res: None)
app.run(timeout=20)
assert handled[0] > 10, handled
print("ended", flush=True)
"""

BODIES = {
    "plain code": """
        for _ in range(3000):
            app.sendSocketMessage(data="x", fail=lambda res: None)
            app.connectSocket(url="test.php", fail=lambda res: None)
        """,
    "run": """
        task.onOpen(lambda res: None)
        try:
            app.run(timeout=1)
        except TimeoutError:
            pass
        """,
    "a coroutine": """
        async def main():
            async with app.connectSocket(url=url) as other:
                for _ in range(1000):
                    await other.send(data="x")
                    app.sendSocketMessage(data="x", fail=lambda res: None)
        asyncio.run(main())
        """,
    "the loop of another thread": """
        over = threading.Event()
        async def main():
            async with Wx() as other, other.connectSocket(url=url) as link:
                elsewhere.append(link)
                await asyncio.to_thread(over.wait)
                elsewhere.clear()
        thread = threading.Thread(target=asyncio.run, args=(main(),))
        thread.start()
        while not elsewhere:
            time.sleep(0.001)
        link = elsewhere[0]
        begun = time.monotonic()
        while time.monotonic() < begun + 2:
            link.send(data="x", fail=lambda res: None)
        over.set()
        thread.join()
        """,
    "beside a thread": """
        over = threading.Event()
        def talk():
            while not over.is_set():
                app.sendSocketMessage(data="x", fail=lambda res: None)
        thread = threading.Thread(target=talk)
        thread.start()
        for _ in range(1000):
            app.sendSocketMessage(data="x", fail=lambda res: None)
        over.set()
        thread.join()
        """,
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no such timers here")
@pytest.mark.parametrize("body", BODIES)
def test_a_signal_handler_may_call_anything(echo: EchoServer, body: str) -> None:
    """The handler interrupts the program anywhere, also in the midst of another call."""
    ended = program(HANDLER.format(body=textwrap.dedent(BODIES[body])), f"{echo.url}mute")
    assert (ended.stdout, ended.stderr, ended.returncode) == ("ended\n", "", 0)
