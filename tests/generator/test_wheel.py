"""The wheel, and the switch that compiles it. That the compiled engine behaves is for CI to see."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from generator.kit import ROOT, passes, python


@pytest.mark.parametrize("env", [{}, {"WXSOCKET_MYPYC": "1", "CC": "/no/such/cc"}], ids=len)
def test_without_the_switch_or_a_compiler_it_is_pure_python(
    tmp_path: Path, env: dict[str, str]
) -> None:
    run = python("-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=ROOT, **env)
    said = passes(run) + run.stderr
    assert ("no C compiler that works" in said) == bool(env)
    (wheel,) = tmp_path.iterdir()
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for name in ("wxruntime/websocket/fastpath.py", "wxsocket/api.pyi", "wxgen/schema.json"):
        assert name in names
    assert not [name for name in names if name.endswith(".so") or "hatch_build" in name]
