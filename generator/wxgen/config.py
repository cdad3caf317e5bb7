"""Where the spec is and where to emit, as ``[tool.wxgen]`` in ``pyproject.toml`` says."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Settings", "SettingsError", "settings"]


class SettingsError(Exception):
    """The settings cannot be had; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    """The spec's file and the output folder, as paths from the current folder."""

    spec: Path
    output: Path


def settings(spec: Path | None = None, output: Path | None = None) -> Settings:
    """Complete what the command line gave by what ``pyproject.toml`` says.

    Args:
        spec: The spec, if it was given.
        output: The output folder, if it was given.

    Returns:
        Both. Paths in ``pyproject.toml`` are meant from its own folder, which is the current one or
        the nearest above it that has such a file.

    Raises:
        SettingsError: One was not given, and no ``pyproject.toml`` says it.
    """
    if spec is not None and output is not None:
        return Settings(spec, output)
    found = _pyproject()
    table = _table(found) if found is not None else {}

    def default(key: str, remedy: str) -> Path:
        value = table.get(key)
        if found is None or not isinstance(value, str):
            where = found if found is not None else "a pyproject.toml here or above"
            raise SettingsError(f'{remedy}, or set {key} = "..." under [tool.wxgen] in {where}')
        return Path(os.path.relpath(found.parent / value))

    return Settings(
        spec if spec is not None else default("spec", "name the spec: wxgen ... SPEC"),
        output if output is not None else default("output", "name the output folder: -o DIR"),
    )


def _pyproject() -> Path | None:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "pyproject.toml").is_file():
            return folder / "pyproject.toml"
    return None


def _table(path: Path) -> dict[str, object]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    tool = document.get("tool")
    table = tool.get("wxgen") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else {}
