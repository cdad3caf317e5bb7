"""Compiles the modules of the hot path with mypyc, when a wheel is built with WXSOCKET_MYPYC=1.

Hatchling calls :class:`NativeBuildHook` for every wheel. Without the variable, or without a C
compiler, the wheel holds pure Python and runs everywhere; with both it is named for its platform.
The modules are compiled as they stand: nothing in them is written for mypyc alone.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SWITCH: Final = "WXSOCKET_MYPYC"
RUNTIME: Final = "generator/wxruntime/"
# What every message passes through. Modules beside them are called once for a link, or never.
MODULES: Final = (
    "call.py",
    "callbacks.py",
    "websocket/answers.py",
    "websocket/fastpath.py",
    "websocket/link.py",
    "websocket/link_base.py",
    "websocket/link_calls.py",
    "websocket/listeners.py",
    "websocket/state.py",
    # A native class has native subclasses only.
    "websocket/reconnecting.py",
    "websocket/trace.py",
)


class NativeBuildHook(BuildHookInterface[Any]):
    """Adds native modules to a wheel, beside the Python that they were made of."""

    PLUGIN_NAME = "custom"
    _place: tempfile.TemporaryDirectory[str] | None = None  # where it is compiled

    def dependencies(self) -> list[str]:
        """What the build needs beside hatchling."""
        if os.environ.get(SWITCH) != "1":
            return []
        extras = self.metadata.core.optional_dependencies
        mypy = [each for each in extras["dev"] if each.startswith("mypy==")]
        return ["setuptools>=75", *mypy, *self.metadata.core.dependencies]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, if that is asked for; an editable install uses the sources where they stand."""
        if os.environ.get(SWITCH) != "1" or version == "editable":
            return
        self._place = tempfile.TemporaryDirectory()
        place = Path(self._place.name)
        why_not = missing_compiler(place)
        if why_not:
            self.app.display_warning(f"{SWITCH}: {why_not}: this wheel is pure Python")
            return
        built = compiled(Path(self.root), place)
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"].update(built)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Let go of what was compiled; the wheel holds a copy."""
        if self._place is not None:
            self._place.cleanup()


def missing_compiler(place: Path) -> str:
    """Try the C compiler on the least of all extension modules.

    Args:
        place: A directory for what is made.

    Returns:
        Why it cannot be used; "" if it can.
    """
    from setuptools import Extension
    from setuptools.errors import BaseError, CCompilerError

    source = place / "least.c"
    source.write_text("#include <Python.h>\nPyObject *PyInit_least(void) { return NULL; }\n")
    try:
        build([Extension("least", [str(source)])], place / "least")
    except (BaseError, CCompilerError) as error:
        return f"no C compiler that works ({error})"
    return ""


def compiled(root: Path, place: Path) -> dict[str, str]:
    """Compile the modules.

    Args:
        root: The root of the repository, where the settings for mypy are.
        place: A directory for all that is made.

    Returns:
        For each file that was made, its place in the wheel.
    """
    from mypyc.build import mypycify

    sources = [str(root / RUNTIME / module) for module in MODULES]
    extensions = mypycify(
        [f"--cache-dir={place / 'mypy'}", *sources],
        only_compile_paths=sources,
        target_dir=str(place / "c"),
        group_name="wxruntime",
    )
    library = build(extensions, place)
    return {
        str(file): file.relative_to(library).as_posix()
        for file in library.rglob("*")
        if file.is_file()
    }


def build(extensions: list[Any], place: Path) -> Path:
    """Build extension modules, and return the directory with what was built."""
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    command = build_ext(Distribution({"name": "wxsocket", "ext_modules": extensions}))
    command.build_lib = str(place / "lib")
    command.build_temp = str(place / "objects")
    command.ensure_finalized()
    command.run()
    return place / "lib"
