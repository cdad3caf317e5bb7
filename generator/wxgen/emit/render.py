"""From a package in terms of Python to the texts of its files."""

from __future__ import annotations

import ast
import functools
import hashlib
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jinja2

from wxgen import __version__
from wxgen.emit.filters import FILTERS, GLOBALS
from wxgen.emit.markdown import Reference
from wxgen.emit.output import EMITTED
from wxgen.emit.report import Report
from wxgen.python.records import PyChapter, PyPackage
from wxgen.python.scope import Scope

__all__ = ["render"]

_MODULES: Final = ("api.py", "api.pyi", "constants.py", "options.py", "types.py")
"""The modules of a package, and of each of its chapters."""


def render(package: PyPackage) -> Mapping[str, str]:
    """Print every file of a package.

    Args:
        package: What to print.

    Returns:
        The text of each file, by its path below the output folder. The same package always gives
        the same texts.
    """
    top = package.name
    labels: dict[str, str] = {}
    bodies: dict[str, str] = {f"{top}/py.typed": ""}
    inits = ["__init__.py"]
    for module in (*inits, *(f"{name}.py" for name in package.beside)):
        bodies[f"{top}/{module}"] = _module(module, package, "")
    for chapter in package.chapters:
        folder = f"{top}/{chapter.folder}" if chapter.folder else top
        found: dict[str, str] = {}
        if chapter.folder:
            found["__init__.py"] = _printed("chapter.py", chapter=chapter)
        for module in _MODULES:
            found[module] = _module(module, package, chapter.folder, chapter=chapter)
        reference = Reference(package, chapter.folder)
        found["API.md"] = _printed("API.md", package=package, chapter=chapter, ref=reference)
        for name, text in found.items():
            bodies[f"{folder}/{name}"] = text
            labels[f"{folder}/{name}"] = chapter.source.label
    files = [*sorted(bodies), "REPORT.md"]
    bodies["REPORT.md"] = _printed(
        "REPORT.md", package=package, report=Report(package), files=files
    )
    label = package.api.label
    confused = not package.taken.isdisjoint(_CONFUSED)
    return {
        path: f"{_header(path, labels.get(path, label), body, confused)}\n{body}"
        for path, body in bodies.items()
    }


def _module(
    template: str, package: PyPackage, folder: str, chapter: PyChapter | None = None
) -> str:
    name, _, ending = template.partition(".")
    module = f".{folder}.{name}" if folder else f".{name}"
    hidden = chapter.members if chapter is not None and name == "api" else frozenset()
    stub = ending == "pyi"
    scope = Scope(module, package.taken, package.variables, hidden=hidden, stub=stub)
    return _printed(template, package=package, scope=scope, chapter=chapter)


def _printed(template: str, **names: Any) -> str:
    text = _environment().get_template(f"{template}.j2").render(**names)
    # No text of a spec holds empty lines here: those in docstrings are paragraphs.
    most = 3 if template.endswith(".py") else 2
    lines = "\n" * most
    # Written out, the pattern is searched for ten times as fast as with a number of repetitions.
    return re.sub(f"{lines}\n+", lines, text).strip("\n") + "\n"


def _header(path: str, label: str, body: str, confused: bool) -> str:
    """The first line. Its digest is that of the file, which what does not change it leaves alone."""
    source = re.sub(r"[^A-Za-z0-9._-]", "_", re.split(r"[/\\]", label)[-1])
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    origin = f"{EMITTED} {__version__} from {source} (sha256 {digest})."
    advice = "Do not edit; run: wxgen generate"
    if path.endswith(".md"):
        return f"<!-- {origin} {advice} -->\n"
    complaints = _complaints(body, is_stub=path.endswith(".pyi")) if confused else []
    if complaints:
        advice += f"\n# ruff: noqa: {', '.join(complaints)}"
    return f"# {origin}\n# {advice}"


_CONFUSED: Final = frozenset({"I", "O", "l"})
"""Names that read like numbers or like each other, which linters complain about."""


def _complaints(body: str, *, is_stub: bool) -> list[str]:
    """What linters say of such names in a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(body)):
        match node:
            case ast.ClassDef(name=name) if name in _CONFUSED:
                found.add("E742")
            case ast.FunctionDef(name=name) if name in _CONFUSED:
                found.add("E743")
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) if name in _CONFUSED:
                found.update(() if is_stub else ("E741",))
    return sorted(found)


def _compiled() -> jinja2.BytecodeCache | None:
    """Keep compiled templates, which take a quarter of a run, beside them, as Python does modules.

    Jinja looks whether a template has changed. What else they depend on is in this module.
    """
    if sys.dont_write_bytecode:
        return None
    folder = Path(__file__).with_name("templates") / "__pycache__"
    try:
        folder.mkdir(exist_ok=True)
        if not os.access(folder, os.W_OK):
            return None
        settings = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder), f"{settings}-%s.jinja")


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("wxgen.emit", "templates"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # every text goes through one of the filters
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # what is compiled depends on no filter, and may be kept
        bytecode_cache=_compiled(),
    )
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)
    return environment
