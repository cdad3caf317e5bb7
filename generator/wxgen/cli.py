"""The commands. They parse arguments, print, and choose the exit status; the work is elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from wxgen import __version__
from wxgen.config import Settings, SettingsError, settings
from wxgen.emit.output import Plan, WriteError, apply, diff, plan
from wxgen.pipeline import Emission, emit
from wxgen.spec.diagnostics import SpecError

__all__ = ["main"]

F = TypeVar("F", bound=Callable[..., object])


def _arguments(command: F) -> F:
    """Give a command the arguments that all of them take."""
    spec = click.argument("spec", required=False, type=click.Path(path_type=Path))
    output = click.option(
        "-o",
        "--output",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Where the package is emitted. Default: output in [tool.wxgen] of pyproject.toml.",
    )
    return spec(output(command))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wxgen")
def main() -> None:
    """Generate typed Python bindings from the spec of a mini program API.

    SPEC defaults to spec in [tool.wxgen] of the nearest pyproject.toml.
    """


@main.command()
@_arguments
def generate(spec: Path | None, output: Path | None) -> None:
    """Emit the package that SPEC describes.

    Leaves files alone that would not change, and removes only files that it emitted itself. Exits
    with 2 if the spec is wrong; then nothing is written.
    """
    planned = _plan(_settings(spec, output))[1]
    try:
        apply(planned)
    except WriteError as error:
        _refuse(str(error))
    for verb, paths in (
        ("wrote", planned.written),
        ("kept", planned.kept),
        ("removed", planned.removed),
    ):
        for path in paths:
            click.echo(f"{verb:<8}{_shown(planned, path)}")
    for path in planned.left:
        click.echo(f"left    {_shown(planned, path)} (no longer emitted, but changed by hand)")
    counts = (len(planned.written), len(planned.kept), len(planned.removed))
    click.echo("{} written, {} unchanged, {} removed".format(*counts))


@main.command()
@_arguments
def check(spec: Path | None, output: Path | None) -> None:
    """Tell whether the output folder is what SPEC gives.

    Exits with 0 if it is, with 1 and a unified diff if it is not, with 2 if the spec is wrong.
    Writes nothing.
    """
    difference = diff(_plan(_settings(spec, output))[1])
    if difference:
        # Bytes: a file on disk may hold what the terminal's encoding does not.
        sys.stdout.buffer.write(difference.encode("utf-8", "replace"))
        sys.stdout.flush()
        sys.exit(1)


@main.command()
@_arguments
def demo(spec: Path | None, output: Path | None) -> None:
    """Show the whole way: regenerate, type-check, and run the document's samples live.

    Exits with 1 if the type check or a sample fails, with 2 if the spec is wrong.
    """
    from wxgen.demo import show  # imports a server and a terminal library

    chosen = _settings(spec, output)
    emission, planned = _plan(chosen)
    try:
        passed = show(chosen, emission, planned)
    except WriteError as error:
        _refuse(str(error))
    sys.exit(0 if passed else 1)


def _settings(spec: Path | None, output: Path | None) -> Settings:
    try:
        return settings(spec, output)
    except SettingsError as error:
        _refuse(str(error))


def _plan(chosen: Settings) -> tuple[Emission, Plan]:
    """Go the whole way except for the last step, or end with every fault."""
    try:
        emission = emit(chosen.spec)
    except SpecError as error:
        for line in error.lines():
            click.echo(line, err=True)
        sys.exit(2)
    try:
        return emission, plan(emission.files, chosen.output)
    except WriteError as error:
        _refuse(str(error))


def _refuse(message: str) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    sys.exit(2)


def _shown(planned: Plan, path: str) -> str:
    return str(planned.folder / path)
