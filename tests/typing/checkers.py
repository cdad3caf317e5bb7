"""The two type checkers, each run once for all batches of lines."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cases import Batch

from servers.caches import MYPY_CACHE

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


def check(
    checker: str, batches: Mapping[str, Batch], folder: Path, packages: Sequence[Path]
) -> dict[str, Findings]:
    """Run a checker, as strict as it can be, over batches.

    Args:
        checker: One of :data:`CHECKERS`.
        batches: The lines, by the name of the module that they become.
        folder: Where to write them down.
        packages: The folders that hold the packages that they import.

    Returns:
        What it says of each.
    """
    for name, batch in batches.items():
        (folder / f"{name}.py").write_text(batch.text, encoding="utf-8")
    files = [folder / f"{name}.py" for name in batches]
    errors: dict[str, list[Diagnostic]] = {name: [] for name in batches}
    revealed: dict[str, dict[int, str]] = {name: {} for name in batches}
    for name, diagnostic in CHECKERS[checker](files, packages):
        if diagnostic.rule == "revealed":
            revealed[name][diagnostic.line] = diagnostic.message
        else:
            errors[name].append(diagnostic)
    return {
        name: Findings(batch, tuple(errors[name]), revealed[name])
        for name, batch in batches.items()
    }


def tool(
    *command: str | Path, cwd: Path, timeout: float = 300, **env: str
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
        env={**kept, **MYPY_CACHE, "PATH": path, "PYTHONUTF8": "1", **_QUIET, **env},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=timeout,
    )


def _mypy(files: Sequence[Path], packages: Sequence[Path]) -> Iterator[tuple[str, Diagnostic]]:
    folder = files[0].parent
    run = tool(
        *("mypy", "--strict", "--warn-unreachable", "--python-version=3.11", "--output=json"),
        *("--config-file=", *(file.name for file in files)),
        cwd=folder,
        MYPYPATH=os.pathsep.join(map(str, [*packages, ROOT / "generator"])),
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    assert not run.stderr
    names = {file.name: file.stem for file in files}
    for text in run.stdout.splitlines():
        said: dict[str, Any] = json.loads(text)
        name, line, message = names[said["file"]], said["line"], said["message"]
        if said["severity"] == "error":
            yield name, Diagnostic(line, said["code"], message)
        elif message.startswith("Revealed type is "):
            yield name, Diagnostic(line, "revealed", message)


def _pyright(files: Sequence[Path], packages: Sequence[Path]) -> Iterator[tuple[str, Diagnostic]]:
    folder = files[0].parent
    configuration = {
        "include": [file.name for file in files],
        "extraPaths": [*map(str, packages), str(ROOT / "generator")],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(configuration), encoding="utf-8")
    run = tool("pyright", "--outputjson", cwd=folder)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    names = {file.name: file.stem for file in files}
    for said in json.loads(run.stdout)["generalDiagnostics"]:
        name, message = names[Path(said["file"]).name], said["message"]
        line = said["range"]["start"]["line"] + 1
        if said["severity"] in ("error", "warning"):
            yield name, Diagnostic(line, said.get("rule", ""), message)
        elif message.startswith("Type of "):
            yield name, Diagnostic(line, "revealed", message)


CHECKERS: Final = {"mypy": _mypy, "pyright": _pyright}
