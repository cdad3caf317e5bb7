"""From a package in terms of Python to the texts of its files."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

import jinja2

from wxgen import __version__
from wxgen.emit.filters import FILTERS, GLOBALS
from wxgen.emit.markdown import Reference
from wxgen.emit.output import EMITTED
from wxgen.emit.report import Report, headings
from wxgen.python.records import PyPackage
from wxgen.python.scope import Scope

__all__ = ["render"]

# The modules of a package. Checkers alone import the classes into the modules that come before them.
_MODULES: Final = ("__init__.py", "api.py", "api.pyi", "constants.py", "options.py", "types.py")
_BEFORE_CLASSES: Final = frozenset({"options.py", "types.py"})


def render(package: PyPackage) -> Mapping[str, str]:
    """Print every file of a package.

    Args:
        package: What to print.

    Returns:
        The text of each file, by its path below the output folder. The same package always gives
        the same texts.
    """
    bodies: dict[str, str] = {f"{package.name}/py.typed": ""}
    modules = _MODULES if package.command is None else (*_MODULES, "__main__.py")
    for module in modules:
        scope = Scope(
            f".{module.partition('.')[0]}",
            package.taken,
            frozenset({".api"} if module in _BEFORE_CLASSES else ()),
        )
        bodies[f"{package.name}/{module}"] = _printed(module, package, scope=scope)
    reference = Reference(headings(package))
    bodies[f"{package.name}/API.md"] = _printed("API.md", package, ref=reference)
    files = [*sorted(bodies), "REPORT.md"]
    bodies["REPORT.md"] = _printed("REPORT.md", package, report=Report(package), files=files)
    return {path: f"{_header(path, package, body)}\n{body}" for path, body in bodies.items()}


def _printed(template: str, package: PyPackage, **names: Any) -> str:
    text = _environment().get_template(f"{template}.j2").render(package=package, **names)
    # No text of a spec holds empty lines here: those in docstrings are paragraphs.
    most = 3 if template.endswith(".py") else 2
    return re.sub(rf"\n{{{most},}}", "\n" * most, text).strip("\n") + "\n"


def _header(path: str, package: PyPackage, body: str) -> str:
    """The first line. Its digest is that of the file, which what does not change it leaves alone."""
    source = re.sub(r"[^A-Za-z0-9._-]", "_", re.split(r"[/\\]", package.api.label)[-1])
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    origin = f"{EMITTED} {__version__} from {source} (sha256 {digest})."
    advice = "Do not edit; run: wxgen generate"
    return f"<!-- {origin} {advice} -->\n" if path.endswith(".md") else f"# {origin}\n# {advice}"


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("wxgen.emit", "templates"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # every text goes through one of the filters
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)
    return environment
