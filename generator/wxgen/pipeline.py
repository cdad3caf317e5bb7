"""The whole way from a spec to the texts of the package, without touching the output folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from wxgen.emit.render import render
from wxgen.python import clashes, pythonize
from wxgen.spec.api import Api
from wxgen.spec.diagnostics import Fault, Problem, SpecError
from wxgen.spec.document import Spec
from wxgen.spec.engine_rules import engine_rules
from wxgen.spec.reader import read
from wxgen.spec.rules import rules
from wxgen.spec.schema import validate
from wxgen.spec.source import load_spec

__all__ = ["Emission", "emit", "read_api"]


@dataclass(frozen=True)
class Emission:
    """What a spec says, and the text of every file that it gives."""

    api: Api
    files: Mapping[str, str]


def emit(path: Path, *, label: str | None = None) -> Emission:
    """Read a spec and print the package that it describes.

    Args:
        path: The spec's file.
        label: How to name the file in faults. Default: its path as given.

    Returns:
        The API, and the files below the output folder.

    Raises:
        SpecError: The spec is wrong; it holds every fault found.
    """
    api = read_api(path, label=label)
    return Emission(api, render(pythonize(api)))


def read_api(path: Path, *, label: str | None = None) -> Api:
    """Read a spec, and find all that is wrong with it.

    Args:
        path: The spec's file.
        label: How to name the file in faults. Default: its path as given.

    Returns:
        The API, which nothing is wrong with.

    Raises:
        SpecError: The spec is wrong; it holds every fault found.
    """
    label = str(path) if label is None else label
    spec, unreadable = load_spec(path, label=label)
    if spec is None:
        raise SpecError(label, unreadable)
    # What could not be read, or does not fit the schema, need not be wrong in other ways too.
    schema = _elsewhere(_schema(spec), unreadable)
    api, types = read(spec)
    names = [Problem(path, message, key=True) for path, message in clashes(api)]
    problems = [*types, *rules(api), *engine_rules(api), *names]
    known = [*unreadable, *schema]
    faults = [*known, *_elsewhere(map(spec.locate, problems), known)]
    if faults:
        raise SpecError(label, faults)
    return api


def _schema(spec: Spec) -> Iterable[Fault]:
    for path, document in spec.documents:
        label = document.label if path else ""
        for fault in validate(document):
            yield Fault(fault.mark, fault.message, label)


def _elsewhere(found: Iterable[Fault], known: Iterable[Fault]) -> list[Fault]:
    places = {(fault.label, fault.mark) for fault in known}
    return [fault for fault in found if (fault.label, fault.mark) not in places]
