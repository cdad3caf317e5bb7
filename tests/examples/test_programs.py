"""The larger examples, each against a server that does what they are there for."""

from __future__ import annotations

import importlib.util
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from servers import PATIENCE, EchoServer
from servers.fixtures import Start
from servers.harness import run
from wxsocket import Wx

EXAMPLES = Path(__file__).parent


@contextmanager
def program(name: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """An example in a process of its own, where every warning is an error."""
    process = subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", str(EXAMPLES / f"{name}.py"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def example(name: str) -> ModuleType:
    """An example as a module."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["script", "socket_class", "bot", "monitor"])
def test_the_idea_in_javascript_is_named(name: str) -> None:
    assert "\n\nThe JavaScript idea: " in (EXAMPLES / f"{name}.py").read_text("utf-8")


def test_the_script_has_six_lines() -> None:
    code = (EXAMPLES / "script.py").read_text("utf-8").rpartition('"""')[2]
    assert len([line for line in code.splitlines() if line]) == 6


def test_the_socket_class_connects_again(
    echo: EchoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its link is dropped: what it asks meanwhile is answered over the next one."""
    app = Wx()
    socket = example("socket_class").Socket(app, echo.url, heartbeat=20, first=10)
    answers: list[object] = []

    def on_first(data: object) -> None:
        answers.append(data)
        socket.send("!drop")
        app.setTimeout(wait_for_close, 1)

    def wait_for_close() -> None:
        if socket.task.readyState == 3:
            socket.request("second", on_second)
        else:
            app.setTimeout(wait_for_close, 1)

    def on_second(data: object) -> None:
        answers.append(data)
        wait_for_heartbeats()

    def wait_for_heartbeats() -> None:
        if len(echo.clients[1].received) >= 4:
            socket.close()
        else:
            app.setTimeout(wait_for_heartbeats, 1)

    socket.request("first", on_first)
    app.run(timeout=PATIENCE)
    assert answers == ["first", "second"]
    assert len(echo.clients) == 2
    question, *beats = [json.loads(text) for text in echo.clients[1].received]
    assert question == {"id": 2, "data": "second"}
    assert beats[:3] == [{"type": "heartbeat"}] * 3
    printed = re.sub(r"error .*", "error", capsys.readouterr().out)
    assert printed == "error\nclosed   1006\nclosed   1000\n"


def test_the_socket_class_backs_off(echo: EchoServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Attempts that fail are farther and farther apart, up to a limit."""
    app = Wx()
    socket = example("socket_class").Socket(app, f"{echo.url}refuse", first=1, most=8)
    delays: list[int] = []

    def look() -> None:
        if socket.delay not in delays:
            delays.append(socket.delay)
        if len(delays) == 4:
            app.clearInterval(looking)
            socket.close()

    looking = app.setInterval(look)
    app.run(timeout=PATIENCE)
    assert delays == [1, 2, 4, 8]
    assert "closed   1006" in capsys.readouterr().out


def test_the_bot(echo: EchoServer) -> None:
    with program("bot", echo.url) as bot:
        assert run(echo.got(1)) == ["ready"]
        for command in ("/remind 0.05 tea", "/add 2 3", "/add x", "/unknown", ""):
            echo.push(command)
        assert sorted(map(str, run(echo.got(4))[1:])) == [
            "5",
            "reminder: tea",
            "sorry: invalid literal for int() with base 10: 'x'",
        ]
        echo.push("/quit")
        assert bot.communicate(timeout=PATIENCE) == ("", "")
        assert bot.returncode == 0
    assert run(echo.ended()).closed == (1000, "")


def test_the_monitor(start: Start) -> None:
    lively, quiet, leaving = (start(EchoServer()) for _ in range(3))
    with program("monitor", "1", lively.url, quiet.url, leaving.url) as monitor:
        output = monitor.stdout
        assert output is not None
        printed: list[str] = []

        def wait_for(*lines: str) -> None:
            while not any(line in printed for line in lines):
                printed.append(output.readline().rstrip("\n"))
                assert printed[-1], printed

        for server in (lively, quiet, leaving):
            run(server.client())
        leaving.close(1001)
        # On a machine that is slow enough it is silent for a second before it is gone.
        wait_for(f"ALERT {leaving.url} gone (1001)", f"ALERT {leaving.url} silent")
        wait_for(f"ALERT {quiet.url} silent")
        wait_for(f"ALERT {lively.url} silent")
        lively.push("tick")
        wait_for(f"back  {lively.url}")
        run(leaving.client(1))
        leaving.push("here again")
        wait_for(f"back  {leaving.url}")
        monitor.send_signal(signal.SIGINT)
        rest, err = monitor.communicate(timeout=PATIENCE)
        assert (err, monitor.returncode) == ("", 0)
        alerts = [line for line in (*printed, *rest.splitlines()) if quiet.url in line]
        assert alerts == [f"ALERT {quiet.url} silent"]  # once
    assert run(quiet.ended()).closed == (1000, "")


def test_the_suite_passes_and_fails_when_a_listener_does(tmp_path: Path) -> None:
    suite = EXAMPLES / "suite.py"
    broken = tmp_path / "test_broken.py"
    broken.write_text(
        suite.read_text("utf-8").replace('data="pong")', 'data="pong")\n            assert False')
    )
    for file, status in ((suite, 0), (broken, 1)):
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", str(file)],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert ended.returncode == status, ended.stdout


def test_the_echo_server_echoes() -> None:
    with program("echo_server", "0") as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        with Wx() as app, app.connectSocket(url=url, protocols=["chat"]) as task:
            task.send(data="hello")
            assert next(iter(task)) == "hello"
            assert task.protocol == "chat"
