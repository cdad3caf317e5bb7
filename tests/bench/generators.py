"""What generators take for an API of the same size: processor time and memory a call."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .aside import python

__all__ = ["GeneratorCost", "measure_generators"]

CALLS: Final = 500
FIELDS: Final = ("path", "encoding", "mode", "flags")


@dataclass(frozen=True)
class GeneratorCost:
    """What one run of a generator took.

    Attributes:
        name: The generator.
        seconds: Its processor time, with that of the processes it starts.
        mebibytes: The most memory that it held.
        bare_seconds: The time for an API of one call: its start.
    """

    name: str
    seconds: float
    mebibytes: float
    bare_seconds: float

    @property
    def milliseconds_a_call(self) -> float:
        """The time that each further call takes."""
        return (self.seconds - self.bare_seconds) / (CALLS - 1) * 1000


def measure_generators() -> list[GeneratorCost]:
    """Run every generator that is installed on an API with so many calls."""
    costs = []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        for count in (1, CALLS):
            (directory / f"{count}.yaml").write_text(_our_spec(count))
            (directory / f"{count}.json").write_text(json.dumps(_openapi(count)))
        for generator, command in _commands(directory).items():
            if command is None:
                continue
            bare, _ = _run(command(1))
            seconds, mebibytes = _run(command(CALLS))
            costs.append(GeneratorCost(generator, seconds, mebibytes, bare))
    return costs


def _commands(directory: Path) -> dict[str, Any]:
    def wxgen(count: int) -> Sequence[str]:
        output = str(directory / f"wxgen-{count}")
        source = str(directory / f"{count}.yaml")
        return [sys.executable, "-m", "wxgen", "generate", source, "-o", output]

    def datamodel(count: int) -> Sequence[str]:
        source, output = directory / f"{count}.json", directory / f"models-{count}.py"
        return [_tool("datamodel-codegen"), "--input", str(source), "--output", str(output)]

    def client(count: int) -> Sequence[str]:
        source, output = directory / f"{count}.json", directory / f"client-{count}"
        return [
            _tool("openapi-python-client"),
            *("generate", "--meta", "none", "--path", str(source), "--output-path", str(output)),
        ]

    return {
        "wxgen": wxgen,
        "datamodel-code-generator": datamodel if _tool("datamodel-codegen") else None,
        "openapi-python-client": client if _tool("openapi-python-client") else None,
    }


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


def _our_spec(count: int) -> str:
    lines = [
        "wxgen: 1",
        "package: measured",
        "title: Measured",
        "description: An API to measure with.",
        "section: Measured",
        "types:",
    ]
    for number in range(count):
        lines += [
            f"  Result{number}:",
            f"    description: What call {number} gives.",
            f"    section: call{number}",
            "    properties:",
            "      errMsg: {type: string, description: The outcome.}",
            "      size: {type: number, description: The size.}",
        ]
    lines.append("functions:")
    for number in range(count):
        lines += [
            f"  call{number}:",
            f"    description: Carry out call {number}.",
            f"    section: call{number}",
            "    option:",
            f"      name: Call{number}Option",
            f"      success: Result{number}",
            f"      fail: Result{number}",
            f"      complete: Result{number}",
            "      properties:",
        ]
        lines += [
            f"        {field}: {{type: string, required: true, description: The {field}.}}"
            for field in FIELDS
        ]
    return "\n".join(lines) + "\n"


def _openapi(count: int) -> dict[str, Any]:
    def schema(fields: dict[str, str]) -> dict[str, Any]:
        properties = {
            name: {"type": kind, "description": f"The {name}."} for name, kind in fields.items()
        }
        return {"type": "object", "required": list(fields), "properties": properties}

    def content(name: str) -> dict[str, Any]:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}

    return {
        "openapi": "3.0.3",
        "info": {"title": "Measured", "version": "1.0"},
        "paths": {
            f"/call{number}": {
                "post": {
                    "operationId": f"call{number}",
                    "description": f"Carry out call {number}.",
                    "requestBody": {"required": True, "content": content(f"Call{number}Option")},
                    "responses": {
                        "200": {
                            "description": f"What call {number} gives.",
                            "content": content(f"Result{number}"),
                        }
                    },
                }
            }
            for number in range(count)
        },
        "components": {
            "schemas": {
                name: value
                for number in range(count)
                for name, value in (
                    (f"Call{number}Option", schema(dict.fromkeys(FIELDS, "string"))),
                    (f"Result{number}", schema({"errMsg": "string", "size": "number"})),
                )
            }
        },
    }
