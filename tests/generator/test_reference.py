"""The examples of the reference are code that type checkers accept, and its forms are all there."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from generator.kit import SECOND, SPEC, emit_text, passes, put, python

from wxgen.emit.render import render
from wxgen.pipeline import emit, read_api
from wxgen.python import pythonize
from wxgen.python.examples import example, target, variable
from wxgen.python.records import PyClass, PyPackage

MINI = Path(__file__).with_name("chapters") / "mini.yaml"


def functions(package: PyPackage) -> Iterator[str]:
    """Each example in a function of its own, which is given the objects that the example uses."""
    for number, (owner, holder, text) in enumerate(examples(package)):
        known = {variable(package, one.name, holder): one.name for one in package.classes}
        if owner in package.classes:
            known[holder] = owner.name
        tree = ast.parse(text)
        made = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        used = {name.id for name in names if isinstance(name.ctx, ast.Load)}
        needed = sorted(used & known.keys() - made - {package.instance})
        given = ", ".join(
            [
                *(f"{name}: {known[name]}" for name in needed),
                # What is removed was added elsewhere; an ``async def`` function is the reader's.
                *(
                    f"{name}: Any"
                    for name in sorted(used - made)
                    if name.startswith("on_") or name == "work"
                ),
            ]
        )
        yield f"async def example_{number}({given}) -> None:\n{textwrap.indent(text, '    ')}"


def examples(package: PyPackage) -> Iterator[tuple[PyClass, str, str]]:
    for chapter in package.chapters:
        for owner in chapter.reference:
            for call in owner.calls:
                yield owner, target(package, owner, call), example(package, owner, call)


@pytest.mark.parametrize("spec", [SPEC, SECOND, MINI], ids=lambda path: path.stem)
def test_type_checkers_accept_every_example(spec: Path, tmp_path: Path) -> None:
    package = pythonize(read_api(spec))
    put(render(package), tmp_path)
    found = list(functions(package))
    assert len(found) > 10
    module = "\n\n\n".join([f"from typing import *\nfrom {package.name} import *", *found])
    (tmp_path / "examples.py").write_text(module + "\n", encoding="utf-8")
    passes(python("-m", "mypy", "--strict", "--allow-any-generics", "examples.py", cwd=tmp_path))


def test_further_forms_are_listed_where_there_are_some() -> None:
    assert "also be called so" not in emit(SPEC).files["wxsocket/API.md"]
    files = emit(MINI).files
    page = files["wxmini/files/API.md"]
    form = "- `readFileSync(filePath: str, encoding: Encoding) -> str`"
    assert f"It can also be called so:\n\n{form}\n" in page
    assert page.count(form) == 1
    assert "- `watch(paths: Sequence[str]) -> int`" in page
    # A call with options has two styles anyway, which its table and its example tell of.
    request = files["wxmini/request/API.md"].partition("\n### request\n")[2].partition("\n## ")[0]
    assert request
    assert "also be called so" not in request


def test_functions_of_a_chapter_are_called_on_the_namespace() -> None:
    page = emit(MINI).files["wxmini/bluetooth/API.md"]
    assert "\nawait wx.openBluetoothAdapter()\n" in page
    assert "bluetooth.openBluetoothAdapter" not in page


def test_a_parameter_gives_way_to_an_option_of_its_name(tmp_path: Path) -> None:
    text = (
        "wxgen: 1\ntitle: T\ndescription: D\nsection: S\nfunctions:\n  repeat:\n"
        "    description: d\n    section: s\n    returns: string\n"
        "    parameters: [{name: times, type: number, description: d}]\n"
        "    option: {properties: {times: {type: string, required: true, description: d}}}\n"
    )
    package = put(emit_text(text, tmp_path).files, tmp_path / "out")
    (package / "use.py").write_text(
        "from wxsocket import RepeatOption, wx\n\n\ndef use() -> None:\n"
        '    a: str = wx.repeat(1, times="two")\n    b: str = wx.repeat(1, RepeatOption(times="two"))\n'
        "    print([a, b])\n\n\nuse()\n",
        encoding="utf-8",
    )
    passes(python("-m", "mypy", "--strict", "use.py", cwd=package))
    assert passes(python("use.py", cwd=package)) == "['', '']\n"
