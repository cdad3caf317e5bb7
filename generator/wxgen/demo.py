"""``wxgen demo``: from the spec to the document's samples talking to a real server, on one screen."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import resources
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
from wxgen.python import PACKAGE
from wxgen.spec.api import Api

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

    _heading(console, 1, "The spec", str(settings.spec))
    _show_api(console, emission.api)

    _heading(console, 2, "The emitted package", str(settings.output / PACKAGE))
    apply(plan)
    _show_plan(console, plan)

    _heading(console, 3, "The type check", "mypy --strict, stubs and the code behind them")
    typed = _check_types(console, settings.output, sorted(emission.files))

    _heading(console, 4, "The document's samples", "live, over a server on this machine")
    ran = asyncio.run(_run_samples(console, settings.output)) if typed else False

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


def _check_types(console: Console, output: Path, files: list[str]) -> bool:
    """Run mypy over the package, and again over each module that a stub hides from it."""
    hidden = [output / file.removesuffix("i") for file in files if file.endswith(".pyi")]
    passed = True
    start = time.monotonic()
    for targets in ([output / PACKAGE], hidden):
        if not targets:
            continue
        run = subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--config-file=", *map(str, targets)],
            env={**os.environ, "MYPYPATH": str(output)},
            capture_output=True,
            text=True,
            check=False,
        )
        names = ", ".join(target.name for target in targets)
        for line in (run.stdout + run.stderr).splitlines():
            console.print(f"  {escape(names)}: {escape(line)}")
        passed = passed and run.returncode == 0
    console.print(f"  [dim]{time.monotonic() - start:.1f} s[/]")
    return passed


async def _run_samples(console: Console, output: Path) -> bool:
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
                (resources.files("wxgen") / "samples" / f"{name}.py").read_text("utf-8"),
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
