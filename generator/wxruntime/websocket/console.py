"""Where the command reads lines and shows what happens: a pipe, or a terminal with a line editor."""

from __future__ import annotations

import importlib
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, Final, Protocol

__all__ = ["Console", "Pipe", "Terminal", "open_console", "printable"]

PROMPT: Final = "> "


class Console(Protocol):
    """Where lines come from, and where messages go."""

    @property
    def is_terminal(self) -> bool:
        """Whether a person types the lines."""

    def lines(self) -> Iterator[str]:
        """Yield each line of the input, waiting for it. To be called on a thread of its own."""

    def show(self, text: str, style: str = "") -> None:
        """Print a text.

        Args:
            text: The text, which may have several lines.
            style: The parameters of an ANSI sequence, such as "36"; ignored without colours.

        Raises:
            BrokenPipeError: Nobody reads the output any more.
        """

    def close(self) -> None:
        """Leave things as they were found."""


def open_console() -> Console:
    """Choose by what the standard input and output are."""
    if sys.stdin is not None and sys.stdin.isatty() and _is_ansi(sys.stdout):
        return Terminal()
    return Pipe()


class Pipe:
    """Lines from a pipe or a file, or from a terminal that cannot do more."""

    is_terminal = False

    def __init__(self) -> None:
        self._colours = _is_ansi(sys.stdout) and not os.environ.get("NO_COLOR")

    def lines(self) -> Iterator[str]:
        """Yield each line. Reads the descriptor itself: no lock is held at exit."""
        if sys.stdin is None:  # closed: the descriptor may be anything's by now
            return
        rest = b""
        while chunk := os.read(0, 65536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line.removesuffix(b"\r").decode(errors="replace")
        if rest:
            yield rest.decode(errors="replace")

    def show(self, text: str, style: str = "") -> None:
        """Print a text as it is; on a terminal without what could move its cursor."""
        if _is_ansi(sys.stdout):
            text = printable(text)
        print(_styled(text, style if self._colours else ""), flush=True)

    def close(self) -> None:
        """There is nothing to restore."""


class Terminal:
    """A terminal with a line editor, above which messages appear.

    The editor is that of ``input``: GNU readline or what takes its place, with a history. It waits on
    a thread of its own; what is shown is inserted above its line by the terminal itself, so that the
    editor's picture of its line, and of the cursor, stays true.
    """

    is_terminal = True

    def __init__(self) -> None:
        self._colours = not os.environ.get("NO_COLOR")
        self._readline = _optional("readline")
        if self._readline is not None:
            # A long line scrolls sideways: the line has one row, whatever is inserted above it.
            self._readline.parse_and_bind("set horizontal-scroll-mode on")
            # It would stay on when the link closes in the middle of a line.
            self._readline.parse_and_bind("set enable-bracketed-paste off")
        self._termios = _optional("termios")
        self._attributes = None if self._termios is None else self._termios.tcgetattr(0)

    def lines(self) -> Iterator[str]:
        """Yield each line once it is finished, until Ctrl-D."""
        while True:
            try:
                yield input(PROMPT)
            except EOFError:
                return

    def show(self, text: str, style: str = "") -> None:
        """Insert a text above the line that is being typed."""
        # Of the terminal itself: what the environment says may be older.
        columns, height = os.get_terminal_size(sys.stdout.fileno())
        rows = _rows(printable(text), columns or 80)
        # What is higher than the screen goes row by row.
        blocks = [rows] if len(rows) < height else [[row] for row in rows]
        for block in blocks:
            text = _styled("\n".join(block), style if self._colours else "")
            self._write(_inserted(text, len(block)))

    def close(self) -> None:
        """Clear the line, and undo what the editor has set, which still waits for a line."""
        self._write("\r\x1b[J")
        if self._termios is not None:
            try:
                self._termios.tcsetattr(0, self._termios.TCSADRAIN, self._attributes)
            except self._termios.error:  # the terminal is gone
                pass

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _inserted(text: str, count: int) -> str:
    """Return what makes a terminal insert so many rows above the cursor's, and keep its place."""
    return (
        "\x1b7"  # save the cursor's place
        + "\n" * count  # make room below, scrolling if need be
        + f"\x1b[{count}A"  # back to the row that it was on
        + f"\x1b[{count}L\r"  # insert rows, which moves that row down
        + text
        + "\x1b8"  # back to the place, and down to the row
        + f"\x1b[{count}B"
    )


def _rows(text: str, columns: int) -> list[str]:
    """Break a text where a terminal would."""
    rows: list[str] = []
    for line in text.split("\n"):
        row, width = "", 0
        for character in line:
            size = _width(character)
            if width + size > columns and row:
                rows.append(row)
                row, width = "", 0
            row += character
            width += size
        rows.append(row)
    return rows


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def printable(text: str) -> str:
    """Replace what could move the cursor of a terminal, or change its state, by escapes."""
    return re.sub(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]",
        lambda found: found[0].encode("unicode_escape").decode(),
        text.expandtabs(),
    )


def _styled(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if style else text


def _is_ansi(stream: Any) -> bool:
    return stream is not None and stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _optional(module: str) -> Any:
    """Import a module that not every system has."""
    try:
        return importlib.import_module(module)
    except ImportError:
        return None
