"""``python -m wxsocket URL`` as a person, or a shell script, uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from servers.echo import EchoServer
from servers.harness import run

pytestmark = pytest.mark.needs_sockets

COMMAND = [sys.executable, "-X", "dev", "-W", "error", "-m", "wxsocket"]


def converse(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], input=text, capture_output=True, text=True, timeout=60, check=False
    )


def spawn(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


def test_lines_are_sent_and_messages_printed_while_the_input_is_open(echo: EchoServer) -> None:
    with spawn(echo.url) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in ("first", "", "naïve ☃"):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == line + "\n"
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "closed: 1000\n")
    assert run(echo.ended()).closed == (1000, "")


def test_end_of_the_input_closes_with_1000_after_the_answers(echo: EchoServer) -> None:
    lines = [f"line {n}" for n in range(500)]
    ended = converse(echo.url, text="\n".join(lines))  # the last line without a newline
    assert ended.stdout.splitlines() == lines
    assert (ended.returncode, ended.stderr) == (0, "closed: 1000\n")
    assert run(echo.ended()).closed == (1000, "")


def test_input_from_a_file(echo: EchoServer, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"one\r\ntwo\n")
    with path.open() as source:
        ended = subprocess.run(
            [*COMMAND, echo.url],
            stdin=source,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ended.returncode, ended.stdout) == (0, "one\ntwo\n")


def test_input_that_is_closed_from_the_spawn(echo: EchoServer) -> None:
    ended = subprocess.run(
        ["sh", "-c", '"$@" <&-', "sh", *COMMAND, echo.url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "closed: 1000\n")


def test_output_that_nobody_reads(echo: EchoServer) -> None:
    with spawn(echo.url) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write("x\n")
        process.stdin.flush()
        assert process.wait(timeout=60) == 1
        assert "Traceback" not in process.stderr.read()


def test_server_closes_while_the_input_is_open(echo: EchoServer) -> None:
    with spawn(echo.url) as process:
        assert process.stdin is not None
        process.stdin.write("!close 4001 enough\n")
        process.stdin.flush()
        assert process.wait(timeout=60) == 0  # although the input goes on
        assert process.stderr is not None
        assert process.stderr.read() == "closed: 4001 enough\n"


def test_binary_messages_are_printed_as_hexadecimal(echo: EchoServer) -> None:
    with spawn(echo.url) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("x\n")
        process.stdin.flush()
        assert process.stdout.readline() == "x\n"
        echo.push(b"\x00\xff")
        assert process.stdout.readline() == "00 ff\n"
        process.communicate(timeout=60)


def test_link_that_does_not_open() -> None:
    ended = converse("ws://127.0.0.1:1")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("error: connectSocket:fail ")
    assert "Traceback" not in ended.stderr
    ended = converse("test.php")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == 'error: connectSocket:fail invalid url "test.php"\n'


def test_connection_that_breaks(echo: EchoServer) -> None:
    ended = converse(echo.url, text="!drop\n")
    assert ended.returncode == 1
    assert ended.stderr.startswith("closed: 1006 abnormal closure\nerror: the connection was lost")


@pytest.mark.parametrize("arguments", [(), ("a", "b")])
def test_wrong_use(arguments: tuple[str, ...]) -> None:
    ended = converse(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("usage: python -m wxsocket URL")


def test_help() -> None:
    ended = converse("--help")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("usage: python -m wxsocket URL")
