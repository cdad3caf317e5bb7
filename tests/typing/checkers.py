"""The two type checkers, each run once for a whole batch of lines."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cases import Batch

__all__ = ["BIN", "CHECKERS", "GENERATED", "ROOT", "Diagnostic", "Findings", "check", "tool"]

ROOT: Final = Path(__file__).resolve().parents[2]
GENERATED: Final = ROOT / "generated"
BIN: Final = Path(sys.executable).parent

# What a checker says of a line beside a wrong type: it does not count as noticing one.
_ASIDES: Final = ("func-returns-value", "unused-", "reportUnknown", "reportUnused", "reportMissing")

# Nothing but the report, and no look at whether there is a newer release.
_QUIET: Final = {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1", "NO_COLOR": "1"}


@dataclass(frozen=True)
class Diagnostic:
    """What a checker says of a line, the first having the number 1."""

    line: int
    rule: str
    message: str

    @property
    def aside(self) -> bool:
        """Whether it is about something else than a wrong type."""
        return self.rule.startswith(_ASIDES)


@dataclass(frozen=True)
class Findings:
    """What a checker says of a batch; ``revealed`` are the types that it was asked for."""

    batch: Batch
    errors: tuple[Diagnostic, ...]
    revealed: Mapping[int, str]

    @property
    def accepted(self) -> list[str]:
        """The wrong lines that it lets pass."""
        noticed = {error.line for error in self.errors if not error.aside}
        return [
            f"{line}: {self._line(line)}  ({about})"
            for line, about in self.batch.wrong.items()
            if line not in noticed
        ]

    @property
    def rejected(self) -> list[str]:
        """The right lines that it complains of."""
        return [
            f"{error.line}: {self._line(error.line)}  ({error.rule}: {error.message})"
            for error in self.errors
            if error.line not in self.batch.wrong
        ]

    def _line(self, number: int) -> str:
        return self.batch.text.splitlines()[number - 1].strip()


def check(checker: str, batch: Batch, folder: Path, packages: Path) -> Findings:
    """Run a checker, as strict as it can be, over a batch.

    Args:
        checker: One of :data:`CHECKERS`.
        batch: The lines.
        folder: Where to write them down.
        packages: The folder that holds ``wxsocket``.

    Returns:
        What it says.
    """
    file = folder / "lines.py"
    file.write_text(batch.text, encoding="utf-8")
    errors: list[Diagnostic] = []
    revealed: dict[int, str] = {}
    for diagnostic in CHECKERS[checker](file, packages):
        if diagnostic.rule == "revealed":
            revealed[diagnostic.line] = diagnostic.message
        else:
            errors.append(diagnostic)
    return Findings(batch, tuple(errors), revealed)


def tool(
    *command: str | Path, cwd: Path, timeout: float = 110, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment, with this environment's Python as the first in PATH.

    Args:
        *command: The name of the tool and its arguments.
        cwd: Where to run it.
        timeout: How long it may take, in seconds.
        **env: Changes to the environment.

    Returns:
        How it ended, and what it printed.
    """
    kept = {name: value for name, value in os.environ.items() if name != "MYPYPATH"}
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    found = shutil.which(command[0], path=path)
    assert found is not None, f"there is no {command[0]}"
    return subprocess.run(
        [found, *command[1:]],
        cwd=cwd,
        env={**kept, "PATH": path, "PYTHONUTF8": "1", **_QUIET, **env},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=timeout,
    )


def _mypy(file: Path, packages: Path) -> list[Diagnostic]:
    run = tool(
        *("mypy", "--strict", "--warn-unreachable", "--python-version=3.11", "--output=json"),
        *("--config-file=", f"--cache-dir={file.parent / 'cache'}", file.name),
        cwd=file.parent,
        MYPYPATH=f"{packages}{os.pathsep}{ROOT / 'generator'}",
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    assert not run.stderr
    found: list[Diagnostic] = []
    for text in run.stdout.splitlines():
        said: dict[str, Any] = json.loads(text)
        assert said["file"] == file.name, text
        line, message = said["line"], said["message"]
        if said["severity"] == "error":
            found.append(Diagnostic(line, said["code"], message))
        elif message.startswith("Revealed type is "):
            found.append(Diagnostic(line, "revealed", message))
    return found


def _pyright(file: Path, packages: Path) -> list[Diagnostic]:
    configuration = {
        "include": [file.name],
        "extraPaths": [str(packages), str(ROOT / "generator")],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (file.parent / "pyrightconfig.json").write_text(json.dumps(configuration), encoding="utf-8")
    run = tool("pyright", "--outputjson", cwd=file.parent)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    found: list[Diagnostic] = []
    for said in json.loads(run.stdout)["generalDiagnostics"]:
        assert Path(said["file"]).name == file.name, said
        line, message = said["range"]["start"]["line"] + 1, said["message"]
        if said["severity"] in ("error", "warning"):
            found.append(Diagnostic(line, said.get("rule", ""), message))
        elif message.startswith("Type of "):
            found.append(Diagnostic(line, "revealed", message))
    return found


CHECKERS: Final = {"mypy": _mypy, "pyright": _pyright}
