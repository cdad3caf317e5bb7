"""A terminal of sixty columns, for programs that believe to have one, and what can be seen on it."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from .gate import PATIENCE

COLUMNS, ROWS = 60, 12

_SEQUENCE = re.compile(r"\x1b(?:\[([?0-9;]*)([A-Za-z@])|([78=>]))|(.)", re.DOTALL)


class Screen:
    """What a terminal shows: as much of ECMA-48 as line editors use."""

    def __init__(self) -> None:
        self.lines = [[" "] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self.styles: set[str] = set()
        self._saved = (0, 0)
        self._rest = ""

    @property
    def text(self) -> str:
        """What can be read, without what is empty at the right and at the bottom."""
        return "\n".join("".join(line).rstrip() for line in self.lines).rstrip()

    def feed(self, text: str) -> None:
        """Show what a program has written."""
        text = self._rest + text
        whole = re.sub(r"\x1b(?:\[[?0-9;]*)?\Z", "", text)  # without half of a sequence at the end
        self._rest = text[len(whole) :]
        for found in _SEQUENCE.finditer(whole):
            parameters, final, short, character = found.groups()
            if final:
                self._control(final, parameters)
            elif short == "7":
                self._saved = (self.row, self.column)
            elif short == "8":
                self.row, self.column = self._saved
            elif character:
                self._character(character)

    def _character(self, character: str) -> None:
        if character == "\r":
            self.column = 0
        elif character == "\b":
            self.column = max(0, self.column - 1)
        elif character == "\n":
            self._next_row()
        elif character >= " ":
            if self.column == COLUMNS:
                self.column = 0
                self._next_row()
            self.lines[self.row][self.column] = character
            self.column += 1

    def _next_row(self) -> None:
        if self.row == ROWS - 1:
            del self.lines[0]
            self.lines.append([" "] * COLUMNS)
        else:
            self.row += 1

    def _control(self, final: str, parameters: str) -> None:
        if parameters.startswith("?"):
            return
        count = max(1, int(parameters.split(";")[0] or 1))
        line = self.lines[self.row]
        match final:
            case "m":
                self.styles.add(parameters)
            case "A":
                self.row = max(0, self.row - count)
            case "B":
                self.row = min(ROWS - 1, self.row + count)
            case "C":
                self.column = min(COLUMNS - 1, self.column + count)
            case "D":
                self.column = max(0, self.column - count)
            case "J" | "K":
                line[self.column :] = [" "] * (COLUMNS - self.column)
                if final == "J":
                    self.lines[self.row + 1 :] = [
                        [" "] * COLUMNS for _ in range(ROWS - self.row - 1)
                    ]
            case "L":
                for _ in range(count):
                    self.lines.insert(self.row, [" "] * COLUMNS)
                del self.lines[ROWS:]
            case "P":
                line[self.column : self.column + count] = []
                line += [" "] * (COLUMNS - len(line))
            case "@":
                line[self.column : self.column] = [" "] * count
                del line[COLUMNS:]
            case _:
                raise AssertionError(f"the screen does not know the sequence ending in {final}")


class TerminalProgram:
    """A program in a terminal; a context manager.

    Args:
        command: the program and its arguments.
        environment: variables to set, beside those of this process.
    """

    def __init__(self, command: list[str], **environment: str) -> None:
        self.command = command
        self.environment = {**os.environ, "TERM": "xterm", **environment}
        self.screen = Screen()

    def __enter__(self) -> "TerminalProgram":
        self._terminal, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.attributes = termios.tcgetattr(self._terminal)
        self.process = subprocess.Popen(
            self.command,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=self.environment,
            start_new_session=True,
        )
        os.close(inner)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._terminal)

    def modes(self) -> list[Any]:
        """How the terminal is set, as `attributes` before."""
        return termios.tcgetattr(self._terminal)

    def type(self, text: str) -> None:
        """Type on the keyboard."""
        os.write(self._terminal, text.encode())

    def wait(self, is_shown: Callable[[Screen], Any]) -> str:
        """Wait until the screen shows something. Returns all that it shows."""
        deadline = time.monotonic() + PATIENCE
        while not is_shown(self.screen):
            assert time.monotonic() < deadline, self.screen.text
            self._read(0.05)
        return self.screen.text

    def wait_for(self, text: str) -> str:
        """Wait until the screen shows a text. Returns all that it shows."""
        return self.wait(lambda screen: text in screen.text)

    def end(self) -> int:
        """Wait until the program has ended. Returns its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.screen.text
            self._read(0.05)
        self._read(0.0)
        return self.process.returncode

    def _read(self, seconds: float) -> None:
        while select.select([self._terminal], [], [], seconds)[0]:
            try:
                data = os.read(self._terminal, 65536)
            except OSError:  # the program has ended
                return
            # What is typed and shown in tests is ASCII, but for arrows.
            self.screen.feed(data.decode(errors="replace"))
            seconds = 0.0
