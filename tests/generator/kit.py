"""What the tests of the generator share: short specs, and the way through the generator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from servers.caches import MYPY_CACHE
from wxgen.pipeline import Emission, emit
from wxgen.spec.diagnostics import SpecError

ROOT: Final = Path(__file__).resolve().parents[2]
SPEC: Final = ROOT / "spec" / "websocket.yaml"
GENERATED: Final = ROOT / "generated"
SECOND: Final = Path(__file__).with_name("specs") / "second.yaml"

HEAD: Final = "wxgen: 1\ntitle: T\ndescription: D\nsection: S\n"
"""The first four lines of a spec, and all that one must have."""


def emit_text(text: str, folder: Path, name: str = "spec.yaml") -> Emission:
    """Emit what a spec gives that is written down in a test."""
    file = folder / name
    file.write_text(text, encoding="utf-8", newline="")
    return emit(file, label=name)


def faults(text: str, folder: Path) -> list[str]:
    """Everything that is wrong with a spec, as `line:column: message`."""
    with pytest.raises(SpecError) as caught:
        emit_text(text, folder, "s")
    return [line.removeprefix("s:").replace(" error:", "", 1) for line in caught.value.lines()]


def put(files: Mapping[str, str], folder: Path) -> Path:
    """Write emitted texts below a folder, as they are."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))
    return folder


def python(*arguments: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python as another process; what it prints is UTF-8."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **MYPY_CACHE, "PYTHONUTF8": "1", **env},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=110,
    )


def passes(run: subprocess.CompletedProcess[str]) -> str:
    """Assert that a process ended well; return what it printed."""
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


# Short specs, and the faults that they have.

DS: Final = "description: d, section: s"
OBJECT: Final = f"{{{DS}, properties: {{}}}}"
FIELD: Final = "{type: string, description: d}"


def types(body: str) -> str:
    return f"types: {{{body}}}"


def field(body: str) -> str:
    return f"types: {{A: {{{DS}, properties: {{a: {{description: d, {body}}}}}}}}}"


def call(body: str) -> str:
    return f"functions: {{f: {{{DS}, {body}}}}}"


def option(body: str) -> str:
    return call(f"option: {{{body}}}")


def parameters(*bodies: str) -> str:
    each = ", ".join(f"{{description: d, {body}}}" for body in bodies)
    return call(f"parameters: [{each}]")


def classes(body: str) -> str:
    return f"classes: {{{body}}}"


def marked(text: str) -> tuple[str, list[str]]:
    """A spec without its marks, and where they stood, as `line:column`."""
    pieces = text.split("^")
    places = []
    for index in range(1, len(pieces)):
        before = "".join(pieces[:index])
        places.append(f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}")
    return "".join(pieces), places


def check(text: str, messages: list[str], folder: Path) -> None:
    """Each mark of a spec has its fault, in their order, and there is no other."""
    spec, places = marked(text)
    assert len(places) == len(messages)
    wanted = [f"{place}: {message}" for place, message in zip(places, messages, strict=True)]
    assert faults(spec, folder) == wanted
