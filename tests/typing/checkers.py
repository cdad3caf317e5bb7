"""The two type checkers, each run once for a whole batch of lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cases import Batch

__all__ = ["BIN", "CHECKERS", "GENERATED", "ROOT", "Diagnostic", "Findings", "check", "tool"]

ROOT: Final = Path(__file__).resolve().parents[2]
GENERATED: Final = ROOT / "generated"
BIN: Final = Path(sys.executable).parent
CHECKERS: Final = ("mypy", "pyright")

# What a checker says of a line beside the mistake in it: it does not count as noticing the mistake.
_ASIDES: Final = frozenset({"func-returns-value", "unused-coroutine", "note"})
_ASIDES_PYRIGHT: Final = ("reportUnknown", "reportUnused", "reportMissing")


@dataclass(frozen=True)
class Diagnostic:
    """What a checker says of a line, the first having the number 1."""

    line: int
    rule: str
    message: str

    @property
    def aside(self) -> bool:
        """Whether it is about something else than a wrong type."""
        return self.rule in _ASIDES or self.rule.startswith(_ASIDES_PYRIGHT)


@dataclass(frozen=True)
class Findings:
    """What each checker says of a batch."""

    batch: Batch
    diagnostics: Mapping[str, tuple[Diagnostic, ...]]

    def accepted(self, checker: str) -> list[str]:
        """The wrong lines that a checker lets pass."""
        noticed = {each.line for each in self.diagnostics[checker] if not each.aside}
        return [
            f"{line}: {self._line(line)}  ({about})"
            for line, about in self.batch.wrong.items()
            if line not in noticed
        ]

    def rejected(self, checker: str) -> list[str]:
        """The right lines that a checker complains of."""
        return [
            f"{each.line}: {self._line(each.line)}  ({each.rule}: {each.message})"
            for each in self.diagnostics[checker]
            if each.line not in self.batch.wrong
        ]

    def _line(self, number: int) -> str:
        return self.batch.text.splitlines()[number - 1].strip()


def check(batch: Batch, folder: Path, packages: Path) -> Findings:
    """Run both checkers, side by side, over a batch.

    Args:
        batch: The lines.
        folder: Where to write them down; it must be empty.
        packages: The folder that holds ``wxsocket``.

    Returns:
        What they say.
    """
    file = folder / "lines.py"
    file.write_text(batch.text, encoding="utf-8")
    with ThreadPoolExecutor() as pool:
        first = pool.submit(_mypy, file, packages)
        second = pool.submit(_pyright, file, packages)
        return Findings(batch, {"mypy": first.result(), "pyright": second.result()})


def tool(
    *command: str | Path, cwd: Path, timeout: float = 110, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment, with this environment's Python as the one in PATH.

    Args:
        *command: The name of the tool and its arguments.
        cwd: Where to run it.
        timeout: How long it may take, in seconds.
        **env: Changes to the environment.

    Returns:
        How it ended, and what it printed.
    """
    return subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=cwd,
        env={**_environment(), **env},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=timeout,
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "MYPYPATH"}
    return {**kept, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}", "PYTHONUTF8": "1"}


def _mypy(file: Path, packages: Path) -> tuple[Diagnostic, ...]:
    run = tool(
        *("mypy", "--strict", "--warn-unreachable", "--python-version=3.11", "--output=json"),
        *("--config-file=", "--cache-dir=.mypy_cache", file.name),
        cwd=file.parent,
        MYPYPATH=str(packages),
    )
    assert run.returncode in (0, 1) and not run.stderr, run.stdout + run.stderr
    found: list[Diagnostic] = []
    for text in run.stdout.splitlines():
        said: dict[str, Any] = json.loads(text)
        if said["severity"] == "error":
            assert said["file"] == file.name, text
            found.append(Diagnostic(said["line"], said["code"], said["message"]))
    return tuple(found)


def _pyright(file: Path, packages: Path) -> tuple[Diagnostic, ...]:
    configuration = {
        "include": [file.name],
        "extraPaths": [str(packages)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (file.parent / "pyrightconfig.json").write_text(json.dumps(configuration), encoding="utf-8")
    run = tool("pyright", "--outputjson", cwd=file.parent)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    found: list[Diagnostic] = []
    for said in report["generalDiagnostics"]:
        if said["severity"] in ("error", "warning"):
            assert Path(said["file"]).name == file.name, said
            line = said["range"]["start"]["line"] + 1
            found.append(Diagnostic(line, said.get("rule", ""), said["message"]))
    return tuple(found)
