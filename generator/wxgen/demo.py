"""``wxgen demo``: from the spec to the document's samples talking to a real server, on one screen."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from wxgen import __version__
from wxgen.config import Settings
from wxgen.emit.output import Plan, apply
from wxgen.pipeline import Emission
from wxgen.spec.api import Api
from wxgen.spec.records import Call, Field
from wxgen.spec.source import load
from wxgen.spec.typeexpr import Primitive

__all__ = ["show"]

# The samples of the document, in its order, and what each shows.
SAMPLES: Final = {
    "queue_and_send": "sendSocketMessage: messages queue until the link is open",
    "connect_with_options": "connectSocket: a header and a subprotocol",
    "close_when_open": "closeSocket: close, once the link is open",
}

# A sample that takes longer than this hangs, in seconds.
PATIENCE: Final = 60.0


def show(settings: Settings, emission: Emission, plan: Plan) -> bool:
    """Emit the package, check its types, run the samples, and show all of it.

    Args:
        settings: Where the spec and the output are.
        emission: What the spec gives.
        plan: What is to be written.

    Returns:
        Whether everything passed.

    Raises:
        WriteError: The package could not be written.
    """
    console = Console(highlight=False)
    console.print(f"[bold]wxgen {__version__}[/] [dim]from a spec to a live link[/]")
    api = emission.api

    _heading(console, 1, "The spec", str(settings.spec))
    _show_api(console, api)
    shown = next(_telling(api), None)
    if shown is not None:
        _show_row(console, settings.spec, shown[1])

    _heading(console, 2, "The emitted package", str(settings.output / api.package))
    apply(plan)
    _show_plan(console, plan)
    if shown is not None:
        _show_code(console, emission, shown[1])

    _heading(console, 3, "The type check", "mypy --strict, stubs and the code behind them")
    typed = _check_types(console, api.package, settings.output, sorted(emission.files))
    if shown is not None:
        _show_wrong_call(console, api, settings.output, *shown)

    _heading(console, 4, "The document's samples", "live, over a server on this machine")
    ran = asyncio.run(_run_samples(console, api.package, settings.output)) if typed else False

    console.print()
    if typed and ran:
        console.print("[bold green]Everything passed.[/]")
    else:
        console.print("[bold red]Something failed: see above.[/]")
    return typed and ran


def _heading(console: Console, number: int, title: str, detail: str) -> None:
    console.print()
    console.print(f"[bold cyan]{number} {title}[/]  [dim]{escape(detail)}[/]")


def _show_api(console: Console, api: Api) -> None:
    table = Table(box=None, padding=(0, 2), show_header=False)
    functions = ", ".join(function.name for function in api.functions)
    table.add_row(f"{len(api.functions)} functions", escape(functions))
    for class_ in api.classes:
        methods = ", ".join(method.name for method in class_.methods)
        table.add_row(f"{len(class_.methods)} methods of {class_.name}", escape(methods))
    table.add_row(f"{len(api.types)} types", escape(", ".join(type_.name for type_ in api.types)))
    console.print(table)


def _show_plan(console: Console, plan: Plan) -> None:
    for path in plan.written:
        console.print(f"  [green]wrote[/]    {escape(path)}")
    for path in plan.removed:
        console.print(f"  [red]removed[/]  {escape(path)}")
    console.print(
        f"  {len(plan.written)} written, {len(plan.kept)} unchanged, {len(plan.removed)} removed"
    )


# One row of the spec, the code that comes of it, and what that code is good for.


def _telling(api: Api) -> Iterator[tuple[Call, Field]]:
    """Yield options that are neither text nor required, of calls that need nothing but texts."""
    for call in api.functions:
        fields = call.option.fields if call.option is not None else ()
        if all(field.type == Primitive("string") for field in fields if field.required):
            for field in fields:
                if field.type in (Primitive("boolean"), Primitive("number"), Primitive("integer")):
                    yield call, field


def _show_row(console: Console, spec: Path, field: Field) -> None:
    document, _ = load(spec, str(spec))
    if document is None or field.path[0] == "chapters":
        return
    mark = document.key_at(*field.path)
    first, *rest = spec.read_text(encoding="utf-8").splitlines()[mark.line - 1 :]
    lines = [first]
    for line in rest:
        if line.strip() and len(line) - len(line.lstrip()) < mark.column:
            break
        lines.append(line)
    _show_lines(console, f"{spec}:{mark.line}", lines)


def _show_code(console: Console, emission: Emission, field: Field) -> None:
    for path, text in sorted(emission.files.items(), reverse=True):
        for number, line in enumerate(text.splitlines(), 1):
            if path.endswith((".py", ".pyi")) and line.strip().startswith(f"{field.name}: "):
                _show_lines(console, f"{path}:{number}", [line])
                return


def _show_wrong_call(console: Console, api: Api, output: Path, call: Call, field: Field) -> None:
    fields = call.option.fields if call.option is not None else ()
    given = [f'{one.name}="text"' for one in fields if one.required]
    wrong = (
        f"{api.namespace}.{call.name}({', '.join([*given, f'{field.name}={chr(34)}x{chr(34)}'])})"
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "wrong.py"
        file.write_text(f"from {api.package} import {api.namespace}\n\n{wrong}\n", "utf-8")
        _, printed = _mypy(output, [file])
    _show_lines(console, "a wrong call, and what mypy says about it", [wrong])
    for line in printed.splitlines():
        console.print(f"  {escape(line.replace(f'{folder}{os.sep}', ''))}")


def _show_lines(console: Console, title: str, lines: Sequence[str]) -> None:
    console.print(f"\n  [dim]{escape(title)}[/]")
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    for line in lines:
        console.print(f"  [cyan]{escape(line[margin:])}[/]")


def _mypy(output: Path, targets: Sequence[Path]) -> tuple[bool, str]:
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", *map(str, targets)],
        env={**os.environ, "MYPYPATH": str(output)},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode == 0, run.stdout + run.stderr


# Emitted modules that hand the package to a tool, and the tool.
_TOOLS: Final = {"locust": "locust", "pytest_plugin": "pytest"}


def _check_types(console: Console, package: str, output: Path, files: list[str]) -> bool:
    """Run mypy over the package, and again over each module that a stub hides from it.

    A module for a tool that is not installed is left out: its imports could not be found.
    """
    absent = {f"{package}/{name}.py" for name, tool in _TOOLS.items() if find_spec(tool) is None}
    stubs = {file for file in files if file.endswith(".pyi")}
    hidden = [output / file.removesuffix("i") for file in sorted(stubs)]
    seen = [
        output / file
        for file in files
        if file.endswith((".py", ".pyi")) and file not in absent and f"{file}i" not in stubs
    ]
    passed = True
    start = time.monotonic()
    for targets, names in ((seen, package), (hidden, ", ".join(path.name for path in hidden))):
        if not targets:
            continue
        right, printed = _mypy(output, targets)
        for line in printed.splitlines():
            console.print(f"  {escape(names)}: {escape(line)}")
        passed = passed and right
    console.print(f"  [dim]{time.monotonic() - start:.1f} s[/]")
    return passed


def _sample(name: str, package: str) -> str:
    """A sample's text, from the package or, in a checkout, from the examples."""
    packaged = resources.files("wxgen") / "samples" / f"{name}.py"
    if packaged.is_file():
        text = packaged.read_text("utf-8")
    else:
        examples = Path(__file__).resolve().parents[2] / "tests" / "examples"
        text = (examples / f"{name}.py").read_text("utf-8")
    return text.replace("from wxsocket import", f"from {package} import")


async def _run_samples(console: Console, package: str, output: Path) -> bool:
    start = time.monotonic()

    def say(who: str, text: str) -> None:
        style = {"server": "magenta", "failed": "red"}.get(who, "green")
        clock = f"{time.monotonic() - start:8.3f} s"
        console.print(f"  [dim]{clock}[/]  [{style}]{who:<7}[/] {escape(text)}", soft_wrap=True)

    async def echo(connection: ServerConnection) -> None:
        assert connection.request is not None
        say("server", f"accepted {connection.request.path}")
        try:
            async for message in connection:
                say("server", f"echoes {message!r}")
                await connection.send(message)
        except ConnectionClosed:
            pass
        say("server", f"closed with {connection.close_code} {connection.close_reason!r}")

    def select(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        return offered[0] if offered else None

    passed = True
    async with serve(echo, "127.0.0.1", 0, select_subprotocol=select) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        for name, text in SAMPLES.items():
            console.print(f"\n  [bold]{name}.py[/]  [dim]{text}[/]")
            sample = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                _sample(name, package),
                f"ws://127.0.0.1:{port}",
                env={**os.environ, "PYTHONPATH": str(output.resolve()), "PYTHONUNBUFFERED": "1"},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            assert sample.stdout is not None
            try:
                async with asyncio.timeout(PATIENCE):
                    async for line in sample.stdout:
                        say("sample", line.decode(errors="replace").rstrip())
                    status = await sample.wait()
            except TimeoutError:
                sample.kill()
                status = await sample.wait()
                say("failed", f"{name}.py did not end within {PATIENCE:g} s")
            if status != 0:
                say("failed", f"{name}.py ended with status {status}")
                passed = False
    return passed
