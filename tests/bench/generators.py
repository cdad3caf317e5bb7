"""What generators take, in whole processes: processor time and memory."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .aside import python
from .measure import Spread
from .specs import like_calls, openapi, whole_api

__all__ = ["Generators", "Runs", "measure_generators"]

CALLS: Final = 500
SIZES: Final = (50, CALLS, 2000)
START_GOAL: Final = 2.5
WHOLE_GOALS: Final = (1.2, 80)

_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass
class Runs:
    """What one command took, run by run.

    Attributes:
        seconds: Its processor time, with that of the processes it starts.
        mebibytes: The most memory that it held.
    """

    seconds: list[float] = field(default_factory=list)
    mebibytes: float = 0.0

    @property
    def median(self) -> float:
        """The median of its processor time, in seconds."""
        return statistics.median(self.seconds)


@dataclass
class Generators:
    """All that was measured, by what it is called."""

    runs: dict[str, Runs] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """What was measured, with the goals."""
        start = self._ratio("websocket", "imports")
        seconds, mebibytes = WHOLE_GOALS
        whole = self.runs["whole"]
        few, some, many = (self.runs[f"{size} calls"].median for size in SIZES)
        early = (some - few) / (SIZES[1] - SIZES[0]) * 1000
        late = (many - some) / (SIZES[2] - SIZES[1]) * 1000
        lines = [
            f"wxgen generate, the WebSocket spec: {self.runs['websocket'].median:.2f} s; of a "
            f"process that imports yaml and jinja2 {start} (goal {START_GOAL})",
            f"wxgen generate, an API as large as the whole of wx: {whole.median:.2f} s and "
            f"{whole.mebibytes:.0f} MiB (goals {seconds} s, {mebibytes} MiB); of that process "
            f"{self._ratio('whole', 'imports')}",
            f"wxgen check on what that has written: {self._ratio('check', 'whole')} of it",
            f"each further call: {early:.2f} ms up to {SIZES[1]} calls, {late:.2f} ms up to {SIZES[2]}",
        ]
        for name in ("wxgen", "datamodel-code-generator", "openapi-python-client"):
            runs = self.runs.get(f"{CALLS} calls" if name == "wxgen" else name)
            if runs is not None:
                lines.append(
                    f"{name}, {CALLS} like calls: {runs.median:.2f} s and {runs.mebibytes:.0f} MiB"
                )
        return lines

    def _ratio(self, one: str, other: str) -> Spread:
        pairs = zip(self.runs[one].seconds, self.runs[other].seconds, strict=True)
        return Spread.of([mine / theirs for mine, theirs in pairs])


def measure_generators(rounds: int) -> Generators:
    """Run every generator that is installed; all of them in turn in each round."""
    found = Generators()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = _commands(folder)
        for number in range(-1, rounds):
            for command, (run, before) in commands.items():
                before()
                seconds, mebibytes = _run(run)
                if number >= 0:
                    runs = found.runs.setdefault(command, Runs())
                    runs.seconds.append(seconds)
                    runs.mebibytes = max(runs.mebibytes, mebibytes)
    return found


Command = tuple[Sequence[str], Callable[[], object]]
"""A command, and what is done before each run of it."""


def _commands(folder: Path) -> Mapping[str, Command]:
    wxgen = (sys.executable, "-m", "wxgen")
    whole = folder / "whole.yaml"
    whole.write_text(whole_api())
    for size in SIZES:
        (folder / f"{size}.yaml").write_text(like_calls(size))
    (folder / "calls.json").write_text(json.dumps(openapi(CALLS)))

    def generated(spec: Path, name: str) -> Command:
        output = folder / name
        command = (*wxgen, "generate", str(spec), "-o", str(output))
        return command, lambda: shutil.rmtree(output, ignore_errors=True)

    found: dict[str, Command] = {
        "imports": ((sys.executable, "-c", "import yaml, jinja2"), lambda: None),
        "websocket": generated(_ROOT / "spec" / "websocket.yaml", "websocket"),
        "whole": generated(whole, "whole"),
        "check": ((*wxgen, "check", str(whole), "-o", str(folder / "whole")), lambda: None),
    }
    for size in SIZES:
        found[f"{size} calls"] = generated(folder / f"{size}.yaml", f"calls-{size}")
    source = str(folder / "calls.json")
    if tool := _tool("datamodel-codegen"):
        command = (tool, "--input", source, "--output", str(folder / "models.py"))
        found["datamodel-code-generator"] = command, lambda: None
    if tool := _tool("openapi-python-client"):
        client = folder / "client"
        options = ("--meta", "none", "--path", source, "--output-path", str(client))
        found["openapi-python-client"] = (
            (tool, "generate", *options),
            lambda: shutil.rmtree(client, ignore_errors=True),
        )
    return found


def _tool(name: str) -> str:
    return shutil.which(name, path=str(Path(sys.executable).parent)) or ""


# A process counts the memory of the one that started it, which is to be small for that reason.
_LAUNCHER: Final = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, done.stdout]))
"""


def _run(command: Sequence[str]) -> tuple[float, float]:
    """Run a command. Returns its processor time in seconds and its memory in MiB."""
    status, seconds, mebibytes, printed = python("-c", _LAUNCHER, *command)
    if status != 0:
        raise RuntimeError(f"{command} failed:\n{printed}")
    return seconds, mebibytes
