"""Defaults that count as false are defaults all the same: in code, stub, docstring and reference."""

from __future__ import annotations

import re
from typing import Final

import pytest
from generator.kit import HEAD, emit_text, option

FALSY: Final = {
    "zero": ("number", "0", "0"),
    "off": ("boolean", "false", "False"),
    "nothing": ("string", "''", '""'),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    fields = ", ".join(
        f"{name}: {{type: {type_}, description: d, required: false, default: {value}}}"
        for name, (type_, value, _) in FALSY.items()
    )
    spec = HEAD + option(f"properties: {{{fields}}}")
    return dict(emit_text(spec, tmp_path_factory.mktemp("defaults")).files)


@pytest.mark.parametrize("name", FALSY)
def test_falsy_default(name: str, files: dict[str, str]) -> None:
    python = re.escape(FALSY[name][2])
    assert re.search(rf"\b{name}: .* = {python}$", files["wxsocket/options.py"], re.M)
    assert re.search(rf"\b{name}: .* = {python},?$", files["wxsocket/api.pyi"], re.M)
    [row] = [line for line in files["wxsocket/API.md"].split("\n") if line.startswith(f"| `{name}")]
    assert re.search(rf"`{python}`", row) or re.search(rf"`{FALSY[name][1]}`", row)
    assert re.search(rf"{name}: .*Default: ", files["wxsocket/api.py"])
