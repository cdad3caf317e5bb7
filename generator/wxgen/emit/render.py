"""From a package in terms of Python to the texts of its files."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import jinja2

from wxgen import __version__
from wxgen.emit.output import EMITTED
from wxgen.engines import COMMON
from wxgen.python import PyPackage, examples, literal
from wxgen.python import docstrings as docs
from wxgen.spec.records import Api

__all__ = ["render"]

# Each template, and the file that it looks like. The report comes after them: it lists them.
_TEMPLATES: Final = {
    "__init__.py.j2": "{package}/__init__.py",
    "api.py.j2": "{package}/api.py",
    "api.pyi.j2": "{package}/api.pyi",
    "constants.py.j2": "{package}/constants.py",
    "options.py.j2": "{package}/options.py",
    "types.py.j2": "{package}/types.py",
    "API.md.j2": "{package}/API.md",
}


def render(package: PyPackage) -> Mapping[str, str]:
    """Print every file of a package.

    Args:
        package: What to print.

    Returns:
        The text of each file, by its path below the output folder. The same package always gives
        the same texts.
    """
    environment = _environment()
    header = _header(package.api)
    names = {
        "package": package,
        "header": header,
        "markdown_header": f"<!-- {header.removeprefix('# ')} -->",
    }
    files: dict[str, str] = {}
    for engine in (COMMON, package.engine):
        for path, text in engine.files() if engine is not None else ():
            files[f"{package.name}/{path}"] = f"{_engine_header(package.api, path, text)}\n{text}"
    files[f"{package.name}/py.typed"] = f"{header}\n"
    for template, path in _TEMPLATES.items():
        target = path.format(package=package.name)
        files[target] = environment.get_template(template).render(names)
    report = environment.get_template("REPORT.md.j2")
    files["REPORT.md"] = report.render(names, files=[*sorted(files), "REPORT.md"])
    return files


def _header(api: Api) -> str:
    return _emitted_from(_name(api), api.digest)


def _engine_header(api: Api, path: str, text: str) -> str:
    # With the module's own digest: what a spec does not change should not show as changed.
    digest = hashlib.sha256(text.encode()).hexdigest()
    return _emitted_from(f"its own {path} for {_name(api)}", digest)


def _emitted_from(source: str, digest: str) -> str:
    return (
        f"# {EMITTED} {__version__} from {source} (sha256 {digest[:16]}). "
        "Do not edit; run: wxgen generate"
    )


def _name(api: Api) -> str:
    return _word(re.split(r"[/\\]", api.label)[-1])


def _word(text: str) -> str:
    """A file's name, harmless in a comment of any language."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("wxgen.emit", "templates"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # every text goes through one of the filters below
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(version=__version__, example=examples.example)
    filters: dict[str, Any] = {
        "docstring": docstring,
        "comment": comment,
        "literal": literal,
        "md": markdown,
        "cell": cell,
        "code": code,
        "exports": exports,
        "sentence": docs.sentence,
        "returns_text": docs.returns_text,
        "anchor": anchor,
        "paragraphs": paragraphs,
        "wrapped": docs.wrap,
    }
    environment.filters.update(filters)
    return environment


def docstring(text: str, indent: int = 0) -> str:
    """Return a text as a docstring literal, its later lines indented.

    Args:
        text: Any text at all.
        indent: The column of the docstring.
    """
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if "\n" not in escaped and indent + len(escaped) + 6 <= docs.WIDTH and escaped[-1] not in '"\\':
        return f'"""{escaped}"""'
    margin = " " * indent
    lines = [f"{margin}{line}" if line else "" for line in escaped.split("\n")]
    body = "\n".join(lines).lstrip()
    return f'"""{body}\n{margin}"""'


def comment(text: str, indent: int = 0) -> str:
    """Return a text as comment lines, the first without its indent."""
    width = docs.WIDTH - indent - 2
    lines: list[str] = []
    for word in " ".join(text.split()).split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return ("\n" + " " * indent).join(f"# {line}" for line in lines)


def markdown(text: str) -> str:
    """Return a text for a Markdown paragraph: it can start no HTML, link or heading of its own.

    Code between backticks stays code.
    """
    joined = " ".join(text.split())
    shown = ""
    at = 0
    # As Markdown has it: code ends at as many backticks as it began with.
    for span in re.finditer(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", joined):
        shown += _escaped(joined[at : span.start()]) + span[0]
        at = span.end()
    return shown + _escaped(joined[at:])


def cell(text: str) -> str:
    """Return a text for a cell of a Markdown table."""
    return markdown(text).replace("|", "\\|")


def code(text: str) -> str:
    """Return a text as code in a cell of a Markdown table."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def exports(names: Iterable[str]) -> str:
    """Return the statement that says what a module exports."""
    lines = [f"    {literal(name)},\n" for name in names]
    return f"__all__ = [\n{''.join(lines)}]" if lines else "__all__ = []"


def paragraphs(text: str) -> str:
    """Return a docstring as Markdown paragraphs."""
    return "\n\n".join(markdown(paragraph) for paragraph in text.split("\n\n"))


def anchor(name: str) -> str:
    """Return the anchor that Markdown gives a heading."""
    return re.sub(r"[^a-z0-9_-]", "", name.lower())


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]#~])", r"\\\1", text)
