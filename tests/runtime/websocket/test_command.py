"""``python -m wxsocket URL`` as a person, or a shell script, uses it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from servers import ScriptedServer, scripts, tls
from servers.echo import EchoServer
from servers.fixtures import Start
from servers.harness import run
from servers.terminal import TerminalProgram
from wxruntime.websocket.console import printable

pytestmark = pytest.mark.needs_sockets

COMMAND = [sys.executable, "-X", "dev", "-W", "error", "-m", "wxsocket"]


def converse(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], input=text, capture_output=True, text=True, timeout=60, check=False
    )


def spawn(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
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


def test_header_and_protocols(start: Start) -> None:
    echo = start(EchoServer(subprotocols=["b"]))
    ended = converse(
        *("--header", "X-One: 1", "--header", "x-two:a: b", "--header", "X-Empty:"),
        *("--protocol", "a", echo.url, "--protocol", "b"),
        text="!headers\n",
    )
    assert (ended.returncode, ended.stderr) == (0, "closed: 1000\n")
    header = json.loads(ended.stdout)
    assert (header["x-one"], header["x-two"], header["x-empty"]) == ("1", "a: b", "")
    assert header["sec-websocket-protocol"] == "a, b"
    assert echo.clients[0].subprotocol == "b"


def test_header_that_would_break_the_request(echo: EchoServer) -> None:
    ended = converse(echo.url, "--header", "X: a\r\nb")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("error: connectSocket:fail ")


def test_certificates(start: Start, tmp_path: Path) -> None:
    echo = start(EchoServer(tls=tls.server_context()))
    authority = tmp_path / "authority.pem"
    tls.authority().cert_pem.write_to_path(str(authority))
    assert converse(echo.url).returncode == 1
    for options in (["--ca", str(authority)], ["--insecure"]):
        ended = converse(*options, echo.url, text="safe\n")
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "safe\n", "closed: 1000\n")


def test_timeout(start: Start) -> None:
    server = start(ScriptedServer(scripts.raw(b"")))
    ended = converse("--timeout", "50", server.url)
    assert ended.returncode == 1
    assert "timeout" in ended.stderr


def records(ended: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_trace_as_json(echo: EchoServer) -> None:
    ended = converse("--trace", "--json", echo.url, text="two\tparts ☃\n")
    assert (ended.returncode, ended.stderr) == (0, "closed: 1000\n")
    found = records(ended)
    assert [(one["direction"], one["kind"], one["name"]) for one in found] == [
        ("out", "call", "connectSocket"),
        ("in", "answer", "connectSocket"),
        ("out", "frame", "request"),
        ("in", "frame", "response"),
        ("in", "event", "open"),
        ("out", "call", "SocketTask.send"),
        ("out", "frame", "text"),
        ("in", "answer", "SocketTask.send"),
        ("in", "frame", "text"),
        ("in", "event", "message"),
        ("out", "call", "SocketTask.close"),
        ("out", "frame", "close"),
        ("in", "answer", "SocketTask.close"),
        ("in", "frame", "close"),
        ("in", "event", "close"),
    ]
    message = found[9]
    assert (message["text"], message["size"], message["link"]) == ("two\tparts ☃", 13, 1)
    assert message["url"] == echo.url
    assert found[0]["time"] <= message["time"]


def test_trace_as_text(echo: EchoServer) -> None:
    with spawn("--trace", echo.url) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("hello\n!close 4001 two\n")
        process.stdin.flush()  # and left open: it is the server that ends this
        assert process.wait(timeout=60) == 0
        shown = process.stdout.read()
    lines = shown.splitlines()
    assert any(line.split()[1:] == ["1", "→", "frame", "text", "5", "B", "hello"] for line in lines)
    assert f"{'':17}GET / HTTP/1.1" in lines
    assert lines[-1].split()[1:] == ["1", "←", "event", "close", "3", "B", "4001", "two"]
    assert "\x1b" not in shown


def test_trace_of_a_failure() -> None:
    ended = converse("--trace", "--json", "test.php")
    assert ended.returncode == 1
    assert [one["text"] for one in records(ended)] == [
        "test.php",
        'connectSocket:fail invalid url "test.php"',
    ]


def test_trace_that_nobody_reads(echo: EchoServer) -> None:
    with spawn("--trace", echo.url) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        while " open" not in process.stdout.readline():
            pass
        process.stdout.close()
        process.stdin.write("x\n")
        process.stdin.flush()
        assert process.wait(timeout=60) == 1
        assert "Traceback" not in process.stderr.read()


def test_close_that_the_server_does_not_answer(start: Start) -> None:
    """A link that has no regular end has failed, although nothing was wrong before."""
    server = start(ScriptedServer(scripts.then(b"", scripts.stay)))
    with spawn(server.url) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=60) == 1
        assert process.stderr is not None
        assert process.stderr.read() == "closed: 1006 abnormal closure\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "URL"),
        (("a", "b"), "b"),
        (("--header", "none", "ws://127.0.0.1"), "'none' is not of the form 'Name: value'"),
        (("--header", ": x", "ws://127.0.0.1"), "is not of the form 'Name: value'"),
        (("--timeout", "soon", "ws://127.0.0.1"), "'soon' is no positive number"),
        (("--timeout", "0", "ws://127.0.0.1"), "'0' is no positive number"),
        (("--ca", "/nowhere", "ws://127.0.0.1"), "'/nowhere': No such file"),
        (("--ca", __file__, "ws://127.0.0.1"), "test_command.py"),
        (("--json", "ws://127.0.0.1"), "--json goes with --trace"),
        (("--wrong", "ws://127.0.0.1"), "--wrong"),
        (("--trac", "ws://127.0.0.1"), "--trac"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], complaint: str) -> None:
    ended = converse(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("usage: python -m wxsocket URL")
    assert complaint in ended.stderr.splitlines()[-1]


def test_help() -> None:
    ended = converse("--help")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("usage: python -m wxsocket URL")
    for option in ("header", "protocol", "ca", "insecure", "timeout", "version", "trace", "json"):
        assert f"--{option}" in ended.stdout


def test_version() -> None:
    ended = converse("--version")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("wxsocket 0.1.0 (")
    assert "(pure Python)" in ended.stdout or "(compiled)" in ended.stdout
    assert "websockets " in ended.stdout


# In a terminal.

LEFT, UP = "\x1b[D", "\x1b[A"
CTRL_D, CTRL_U = "\x04", "\x15"


def test_a_line_is_edited_and_recalled(echo: EchoServer) -> None:
    with TerminalProgram([*COMMAND, echo.url]) as program:
        program.wait(lambda screen: screen.text == ">")
        program.type("helo" + LEFT + "l\r")
        program.wait_for("< hello\n>")
        program.type("other\r")
        program.wait_for("< other\n>")
        program.type(UP + UP + "!\r")
        shown = program.wait_for("< hello!\n>")
        assert shown == "> hello\n< hello\n> other\n< other\n> hello!\n< hello!\n>"
        program.type(CTRL_D)
        assert program.end() == 0
        assert program.screen.text.endswith("< hello!\nclosed: 1000")
    assert run(echo.ended()).received == ["hello", "other", "hello!"]


def test_messages_appear_above_the_line_that_is_typed(echo: EchoServer) -> None:
    with TerminalProgram([*COMMAND, echo.url]) as program:
        program.wait(lambda screen: screen.text == ">")
        program.type("half done" + LEFT * 4)
        program.wait(lambda screen: (screen.text, screen.column) == ("> half done", 7))
        echo.push("first")
        echo.push("x" * 70 + "\ntwo\x1b[2J")
        long = "< " + "x" * 58 + "\n" + "x" * 12 + "\ntwo\\x1b[2J"
        program.wait_for("< first\n" + long + "\n> half done")
        assert program.screen.column == 7
        program.type("un")  # the cursor is where it was
        program.wait_for("> half undone")
        for number in range(20):
            echo.push(str(number))
        echo.push("\n".join(f"row {number}" for number in range(40)))  # more than fits
        program.wait_for("row 38\nrow 39\n> half undone")
        assert program.screen.column == 9
        program.type("\r")
        program.wait_for("> half undone\n< half undone\n>")
        program.type(CTRL_D)
        assert program.end() == 0
    assert run(echo.ended()).received == ["half undone"]


def test_the_server_closes_while_a_line_is_typed(echo: EchoServer) -> None:
    with TerminalProgram([*COMMAND, echo.url]) as program:
        program.wait(lambda screen: screen.text == ">")
        program.type("unfinished")
        program.wait_for("unfinished")
        echo.close(4000, "bye")
        assert program.end() == 0
        assert program.screen.text == "closed: 4000 bye"
        assert program.modes() == program.attributes  # the terminal is as it was before


def test_ctrl_c_in_a_terminal(echo: EchoServer) -> None:
    with TerminalProgram([*COMMAND, echo.url]) as program:
        program.wait(lambda screen: screen.text == ">")
        program.process.send_signal(signal.SIGINT)
        assert program.end() == 130
        assert "Traceback" not in program.screen.text
        assert program.modes() == program.attributes
    assert run(echo.ended()).closed == (1000, "")


@pytest.mark.parametrize("no_color", ["", "1"])
def test_trace_in_a_terminal(echo: EchoServer, no_color: str) -> None:
    with TerminalProgram([*COMMAND, "--trace", echo.url], NO_COLOR=no_color) as program:
        program.wait_for("event  open\n>")
        program.type("hello\r")
        # Only when the next line can be typed is the end of the input the end.
        program.wait(lambda screen: "event  message" in screen.text and screen.text.endswith("\n>"))
        program.type(CTRL_D)
        assert program.end() == 0
        assert "event  close" in program.screen.text
        assert bool(program.screen.styles) == (not no_color)


def test_a_terminal_that_can_do_nothing(echo: EchoServer) -> None:
    with TerminalProgram([*COMMAND, echo.url], TERM="dumb") as program:
        program.type("hello\n")
        program.wait_for("hello\nhello")  # the echo of the terminal, and that of the server
        program.type(CTRL_D)
        assert program.end() == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ☃\nsecond", "plain ☃\nsecond"),
        ("a\tb", "a       b"),
        ("\x1b[2J\r\x00\x9b\x7f", "\\x1b[2J\\r\\x00\\x9b\\x7f"),
        ("right\u202eleft", "right\\u202eleft"),
    ],
)
def test_what_would_move_the_cursor_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
