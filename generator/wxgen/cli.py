"""The commands. They parse arguments, print, and choose the exit status; the work is elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from wxgen import __version__
from wxgen.config import Settings, SettingsError, settings
from wxgen.emit.output import Plan, WriteError, apply, diff, plan
from wxgen.pipeline import Emission, emit, read_api
from wxgen.python import pythonize
from wxgen.spec.api import Api
from wxgen.spec.diagnostics import SpecError

__all__ = ["main"]

F = TypeVar("F", bound=Callable[..., object])

_EPILOG = """
\b
Exit status: 0, all is well; 1, what was asked for is not so; 2, the spec, the settings or the disk
is at fault, which standard error tells, one fault a line.

\b
Completion: put the line of your shell into its start-up file.
  bash  eval "$(_WXGEN_COMPLETE=bash_source wxgen)"
  zsh   eval "$(_WXGEN_COMPLETE=zsh_source wxgen)"
  fish  _WXGEN_COMPLETE=fish_source wxgen | source
"""


def _arguments(command: F) -> F:
    """Give a command the arguments that say where the spec and the output are."""
    spec = click.argument("spec", required=False, type=click.Path(path_type=Path))
    output = click.option(
        "-o",
        "--output",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Where the package is emitted. Default: output in [tool.wxgen] of pyproject.toml.",
    )
    return spec(output(command))


def _printing(command: F) -> F:
    """Give a command the options that say how it reports."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print nothing but faults.")
    as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    return quiet(as_json(command))


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EPILOG)
@click.version_option(__version__, prog_name="wxgen")
def main() -> None:
    """Generate typed Python bindings from the spec of a mini program API.

    SPEC defaults to spec in [tool.wxgen] of the nearest pyproject.toml.
    """


@main.command()
@_arguments
@_printing
def generate(spec: Path | None, output: Path | None, quiet: bool, as_json: bool) -> None:
    """Emit the package that SPEC describes.

    Leaves files alone that would not change, and removes only files that it emitted itself. Exits
    with 2 if the spec is wrong; then nothing is written.
    """
    planned = _plan(_settings(spec, output), as_json=as_json)[1]
    try:
        apply(planned)
    except WriteError as error:
        _refuse(str(error))
    if as_json:
        _print_json(_shown_plan(planned))
    elif not quiet:
        _print_plan(planned)


@main.command()
@_arguments
@_printing
def check(spec: Path | None, output: Path | None, quiet: bool, as_json: bool) -> None:
    """Tell whether the output folder is what SPEC gives.

    Exits with 0 if it is, with 1 and a unified diff if it is not, with 2 if the spec is wrong.
    Writes nothing.
    """
    planned = _plan(_settings(spec, output), as_json=as_json)[1]
    difference = diff(planned)
    if as_json:
        shown = _shown_plan(planned)
        _print_json({"same": not difference, "diff": difference, **shown})
    elif difference and not quiet:
        # Bytes: a file on disk may hold what the terminal's encoding does not.
        sys.stdout.buffer.write(difference.encode("utf-8", "replace"))
        sys.stdout.flush()
    sys.exit(1 if difference else 0)


@main.command()
@_arguments
def demo(spec: Path | None, output: Path | None) -> None:
    """Show the whole way: regenerate, type-check, and run the document's samples live.

    Exits with 1 if the type check or a sample fails, with 2 if the spec is wrong.
    """
    try:
        import mypy  # noqa: F401  # run as a program of its own

        from wxgen.demo import show  # imports a server and a terminal library
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(("wxgen", "wxruntime")):
            raise
        _refuse(
            f"wxgen demo needs {error.name}, which an extra brings along: "
            "pip install 'wxsocket[demo]'"
        )
    chosen = _settings(spec, output)
    emission, planned = _plan(chosen)
    try:
        passed = show(chosen, emission, planned)
    except WriteError as error:
        _refuse(str(error))
    sys.exit(0 if passed else 1)


@main.command()
@click.argument("spec", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="Where the site is written: an empty or new folder, or that of an earlier site.",
)
def docs(spec: Path | None, output: Path) -> None:
    """Write the reference as a web site with a search, which needs no server.

    Open DIR/index.html. Exits with 2 if the spec is wrong, or DIR holds something else; then
    nothing is written.
    """
    try:
        import_module("furo")  # the theme, which Sphinx finds by its name
        from wxgen.docs.site import SiteError, write
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(("wxgen", "wxruntime")):
            raise
        _refuse(
            f"wxgen docs needs {error.name}, which an extra brings along: "
            "pip install 'wxsocket[docs]'"
        )
    chosen = _settings(spec, output)
    try:
        package = pythonize(read_api(chosen.spec))
    except SpecError as error:
        _tell(error, as_json=False)
    try:
        count = write(package, chosen.output)
    except SiteError as error:
        _refuse(str(error))
    click.echo(f"{count} files; open {chosen.output / 'index.html'}")


@main.command(name="diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--changelog", is_flag=True, help="Print a section of a changelog, in Markdown.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but faults.")
def compare_specs(old: Path, new: Path, as_json: bool, changelog: bool, quiet: bool) -> None:
    """Tell what changes from the spec OLD to the spec NEW, and what of it breaks callers.

    Exits with 1 if something breaks, with 0 if nothing does, with 2 if a spec is wrong.
    """
    from wxgen.diff import compare
    from wxgen.diff.report import as_changelog, as_text
    from wxgen.diff.report import as_json as in_json

    apis: list[Api] = []
    wrong: list[SpecError] = []
    for path in (old, new):
        try:
            apis.append(read_api(path))
        except SpecError as error:
            wrong.append(error)
    if wrong:
        _tell(*wrong, as_json=as_json)
    try:
        changes = compare(*apis)
    except RecursionError:
        _refuse(f"{new}: types stand for types too deep to be compared with those of {old}")
    if not quiet:
        printed = in_json if as_json else as_changelog if changelog else as_text
        click.echo(printed(changes), nl=False)
    sys.exit(1 if any(change.breaks for change in changes) else 0)


# The steps that commands share.


def _settings(spec: Path | None, output: Path | None) -> Settings:
    try:
        return settings(spec, output)
    except SettingsError as error:
        _refuse(str(error))


def _plan(chosen: Settings, *, as_json: bool = False) -> tuple[Emission, Plan]:
    """Go the whole way except for the last step, or end with every fault."""
    try:
        emission = emit(chosen.spec)
    except SpecError as error:
        _tell(error, as_json=as_json)
    try:
        return emission, plan(emission.files, chosen.output)
    except WriteError as error:
        _refuse(str(error))


def _tell(*errors: SpecError, as_json: bool) -> NoReturn:
    for error in errors:
        for line in error.lines():
            click.echo(line, err=True)
    if as_json:
        faults = [
            {
                "path": fault.label or error.path,
                "line": fault.mark.line,
                "column": fault.mark.column,
                "message": fault.message,
            }
            for error in errors
            for fault in error.faults
        ]
        _print_json({"faults": faults})
    sys.exit(2)


def _refuse(message: str) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    sys.exit(2)


# What is printed.


def _print_plan(planned: Plan) -> None:
    for verb, paths in (
        ("wrote", planned.written),
        ("kept", planned.kept),
        ("removed", planned.removed),
    ):
        for path in paths:
            click.echo(f"{verb:<8}{planned.folder / path}")
    for path in planned.left:
        click.echo(f"left    {planned.folder / path} (no longer emitted, but changed by hand)")
    counts = (len(planned.written), len(planned.kept), len(planned.removed))
    click.echo("{} written, {} unchanged, {} removed".format(*counts))


def _shown_plan(planned: Plan) -> dict[str, Any]:
    return {
        "folder": str(planned.folder),
        "written": list(planned.written),
        "unchanged": list(planned.kept),
        "removed": list(planned.removed),
        "left": list(planned.left),
    }


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2))
