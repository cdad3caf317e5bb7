"""What REPORT.md and the reference tell of a package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wxgen.python.records import PyPackage

__all__ = ["Report"]


@dataclass(frozen=True)
class Report:
    """What was emitted, in numbers and lists."""

    package: PyPackage

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many there are of what."""
        package = self.package
        return [
            ("functions", len(package.api.functions)),
            ("classes", len(package.classes)),
            ("methods", sum(len(class_.calls) for class_ in package.classes)),
            ("option objects", len(package.options)),
            ("options", sum(len(option.fields) for option in package.options)),
            ("named types", len(package.types)),
            ("attributes of named types", sum(len(type_.fields) for type_ in package.types)),
            ("constants", len(package.api.constants)),
        ]

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """What is typed otherwise than the document prints it: where, printed, ours."""
        package = self.package
        groups = [(option.name, option.fields) for option in package.options]
        groups += [(type_.name, type_.fields) for type_ in package.types]
        return [
            (f"{owner}.{field.source.name}", field.source.documented, str(field.annotation))
            for owner, fields in groups
            for field in fields
            if field.source is not None and field.source.documented is not None
        ]

    @property
    def oddities(self) -> list[tuple[str, str]]:
        """Every oddity of the document, with where it stands."""
        return [*self._oddities()]

    def _oddities(self) -> Iterator[tuple[str, str]]:
        api = self.package.api
        yield from ((api.title, text) for text in api.notes.oddities)
        for call in api.calls:
            yield from ((call.label, text) for text in call.notes.oddities)
        for option in api.options:
            for field in option.fields:
                name = f"{option.name}.{field.name}"
                yield from ((name, text) for text in field.notes.oddities)
        for thing in (*api.classes, *api.types):
            yield from ((thing.name, text) for text in thing.notes.oddities)
