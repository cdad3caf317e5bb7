"""The whole way from a spec to the texts of the package, without touching the output folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wxgen.emit.render import render
from wxruntime.engines import ENGINE_NAMES
from wxgen.python import clashes, pythonize
from wxgen.spec.reader import model, type_faults
from wxgen.spec.records import Api
from wxgen.spec.source import load

__all__ = ["Emission", "emit"]


@dataclass(frozen=True)
class Emission:
    """What a spec says, and the text of every file that it gives."""

    api: Api
    files: Mapping[str, str]


def emit(spec: Path, *, label: str | None = None) -> Emission:
    """Read a spec and print the package that it describes."""
    document = load(spec, label=label, also=type_faults)
    api = model(document, engines=ENGINE_NAMES, also=clashes)
    return Emission(api, render(pythonize(api)))
