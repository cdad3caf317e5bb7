"""``python -m wxsocket URL``: sends each line of the input, prints each message received."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import io
import json
import os
import ssl
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wxruntime.build import describe
from wxruntime.errors import WxError
from wxruntime.sequences import SequenceNotStr
from wxruntime.websocket.additions import WxAdditions
from wxruntime.websocket.console import Console, open_console, printable
from wxruntime.websocket.link import Link
from wxruntime.websocket.state import ABNORMAL
from wxruntime.websocket.trace import TraceRecord

__all__ = ["main"]

# After the end of the input: wait for last answers until it has been silent for QUIET, and for
# PATIENCE at most. In seconds.
QUIET: Final = 0.3
PATIENCE: Final = 2.0

DESCRIPTION: Final = """\
Opens a WebSocket link to URL. Each line of the input is sent, each message received is printed,
binary ones as hexadecimal, until either side closes. The end of the input closes with 1000.
In a terminal the line can be edited, and earlier ones recalled; Ctrl-D ends the input.
"""

EPILOG: Final = """\
Exit status: 0 if the link has closed normally, 1 if it failed, 2 if the command was called wrongly.
"""


def main(make_wx: type[WxAdditions], arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        make_wx: The package's class `Wx`.
        arguments: What follows the command's name. Default: the process's own.

    Returns:
        The exit status: 0, or 1 if the link failed, or 2 if the command was called wrongly; 130
        after Ctrl-C, as shells expect it.
    """
    try:
        given = _parse(make_wx.__module__.partition(".")[0], arguments)
    except SystemExit as end:  # argparse has printed help, or what is wrong
        return end.code if isinstance(end.code, int) else 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a message may hold any character
    console = open_console()
    try:
        outcome = asyncio.run(_converse(make_wx, given, console))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Nobody reads the output any more. Keep the interpreter from trying again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    finally:
        try:
            console.close()
        except OSError:  # the terminal is gone
            pass
    for line in outcome.lines:
        print(line, file=sys.stderr)
    return outcome.status


# The command line.


@dataclass(frozen=True)
class _Given:
    """What the command was given."""

    url: str
    header: Mapping[str, str]
    protocols: SequenceNotStr[str]
    timeout: float | None
    ssl: ssl.SSLContext | None
    trace: bool
    json: bool


def _parse(package: str, arguments: Sequence[str] | None) -> _Given:
    prog = f"python -m {package}"
    parser = argparse.ArgumentParser(
        prog=prog,
        usage=f"{prog} URL [options]",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("url", metavar="URL", help="the address of the server, with the scheme ws or wss")
    add(
        "--header",
        metavar="'NAME: VALUE'",
        action="append",
        type=_header_field,
        default=[],
        help="a header field of the opening request; may be repeated",
    )
    add(
        "--protocol",
        metavar="NAME",
        action="append",
        default=[],
        help="a subprotocol to offer, the preferred one first; may be repeated",
    )
    trust = parser.add_mutually_exclusive_group()
    trust.add_argument(
        "--ca",
        metavar="FILE",
        type=_trusting,
        help="trust the certificates in FILE (PEM) instead of the system's",
    )
    trust.add_argument(
        "--insecure", action="store_true", help="accept any certificate, from anybody"
    )
    add(
        "--timeout",
        metavar="MS",
        type=_milliseconds,
        help="how long the opening may take, in milliseconds (default: 60000)",
    )
    add(
        "--trace",
        action="store_true",
        help="show every call, event and frame instead of the messages alone",
    )
    add("--json", action="store_true", help="with --trace: show each as a line of JSON")
    add("--version", action="version", version=describe(), help="show the versions and exit")
    found = parser.parse_args(arguments)
    if found.json and not found.trace:
        parser.error("--json goes with --trace")
    return _Given(
        url=found.url,
        header=dict(found.header),
        protocols=found.protocol,
        timeout=found.timeout,
        ssl=_insecure() if found.insecure else found.ca,
        trace=found.trace,
        json=found.json,
    )


def _header_field(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form 'Name: value'")
    return name.strip(), value.strip()


def _milliseconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number of milliseconds")
    return value


def _trusting(path: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as exc:  # ssl.SSLError is one
        raise argparse.ArgumentTypeError(f"{path!r}: {exc.strerror or exc}") from None


def _insecure() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


# The conversation.


@dataclass(frozen=True)
class _Result:
    """What callbacks and error listeners receive."""

    errMsg: str


@dataclass(frozen=True)
class _Options:
    """The options of each call that the command makes."""

    url: str = ""
    header: Mapping[str, str] | None = None
    protocols: SequenceNotStr[str] | None = None
    tcpNoDelay: bool = False
    timeout: float | None = None
    data: str = ""
    code: int | None = None
    reason: str | None = None
    success: Callable[[_Result], object] | None = None
    fail: Callable[[_Result], object] | None = None
    complete: Callable[[_Result], object] | None = None


@dataclass(frozen=True)
class _Outcome:
    """How it ended: the exit status, and what to say."""

    status: int
    lines: list[str]


async def _converse(make_wx: type[WxAdditions], given: _Given, console: Console) -> _Outcome:
    trace = _Tracer(console, given.json) if given.trace else None
    app = make_wx(ssl=given.ssl, trace=trace)
    option = _Options(
        url=given.url, header=given.header, protocols=given.protocols, timeout=given.timeout
    )
    # The emitted class is known by its base class only: the calls go to the engine behind it.
    link = app._engine.connectSocket(option, _Result, _itself)
    errors: list[str] = []
    link.onError(lambda res: errors.append(res.errMsg), _Result)
    try:
        await link.enter()
        try:
            await _exchange(link, console, shows_messages=trace is None)
        finally:
            await link.leave()
    except WxError as error:
        errors = [error.errMsg]
    except asyncio.CancelledError:
        if trace is None or trace.failure is None:
            raise
        raise trace.failure from None
    lines = [f"error: {text}" for text in errors]
    close = link.close_frame
    if close is not None:
        lines.insert(0, f"closed: {close.code} {printable(close.reason)}".rstrip())
    return _Outcome(1 if errors or close == ABNORMAL else 0, lines)


def _itself(link: Link) -> Link:
    return link


async def _exchange(link: Link, console: Console, *, shows_messages: bool) -> None:
    """Send lines and show messages until the link closes."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    arrived = asyncio.Event()

    def read() -> None:
        _send_lines(link, console)
        try:
            loop.call_soon_threadsafe(ended.set)
        except RuntimeError:  # the link has closed, and the loop with it
            pass

    # A daemon, and no executor: a read that waits for a terminal must not hold up the end.
    threading.Thread(target=read, daemon=True).start()
    closing = asyncio.create_task(_close_at_end(link, ended, arrived))
    try:
        async for message in link.open_buffer().iterate():
            arrived.set()
            if shows_messages:
                text = message if isinstance(message, str) else message.hex(" ")
                console.show(f"< {text}" if console.is_terminal else text)
    finally:
        closing.cancel()


def _send_lines(link: Link, console: Console) -> None:
    for line in console.lines():
        try:
            link.send(_Options(data=line), _Result).result()
        except WxError:
            return


async def _close_at_end(link: Link, ended: asyncio.Event, arrived: asyncio.Event) -> None:
    await ended.wait()
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                arrived.clear()
                await asyncio.wait_for(arrived.wait(), QUIET)
    except TimeoutError:
        pass
    link.close(_Options(code=1000, complete=lambda res: None), _Result)


# The trace.


class _Tracer:
    """Shows each record. To be made inside the task that is cancelled when that fails.

    Attributes:
        failure: Why nothing can be shown any more.
    """

    def __init__(self, console: Console, as_json: bool) -> None:
        self.failure: OSError | None = None
        self._console = console
        self._as_json = as_json
        self._main = asyncio.current_task()

    def __call__(self, record: TraceRecord) -> None:
        if self.failure is not None:
            return
        try:
            if self._as_json:
                self._console.show(json.dumps(dataclasses.asdict(record)))
            else:
                self._console.show(_line(record), _style(record))
        except OSError as exc:
            self.failure = exc
            if self._main is not None:
                self._main.cancel()


def _line(record: TraceRecord) -> str:
    clock = time.strftime("%H:%M:%S", time.localtime(record.time))
    milliseconds = int(record.time % 1 * 1000)
    arrow = "→" if record.direction == "out" else "←"
    size = f"{record.size} B" if record.size else ""
    head = f"{clock}.{milliseconds:03} {record.link} {arrow} {record.kind:6} {record.name:17} {size:>9}"
    if "\n" in record.text and record.name in ("request", "response"):
        text = "".join(f"\n{'':17}{line}" for line in record.text.split("\n"))
    else:
        text = "  " + record.text.replace("\n", "\\n").replace("\r", "\\r")
    return f"{head}{text}".rstrip()


def _style(record: TraceRecord) -> str:
    """Return the colour: red for failures, else by direction; frames are faint."""
    if record.name == "error" or (record.kind == "answer" and ":fail" in record.text):
        return "31"
    colour = "36" if record.direction == "out" else "32"
    return f"2;{colour}" if record.kind == "frame" else colour
