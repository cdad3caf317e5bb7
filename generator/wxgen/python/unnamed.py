"""Classes for the objects that have no name in the spec."""

from __future__ import annotations

import re
from collections.abc import Callable

from wxgen.python.annotations import Annotator, holds_none
from wxgen.python.code import NONE, Symbol, union
from wxgen.python.fields import others_field
from wxgen.python.names import identifier
from wxgen.python.records import PyField, PyType
from wxgen.spec.typeexpr import Object

__all__ = ["UnnamedTypes"]


class UnnamedTypes:
    """Gives each object without a name a dataclass, named after the first place that has it."""

    def __init__(self, taken: frozenset[str]) -> None:
        self._taken = taken
        self.symbols: dict[tuple[Object, bool], Symbol] = {}
        """The class of each object, by whether users give it."""
        self.found: dict[str, list[PyType]] = {}
        """The classes, by the module that they are in."""

    def finder(
        self, module: str, annotator: Callable[[], Annotator]
    ) -> Callable[[Object, str, bool], Symbol]:
        """Return what finds the class of an object.

        Args:
            module: The module for the classes of objects that are first met there.
            annotator: Gives what writes the types of its fields.
        """

        def find(object_: Object, place: str, given: bool) -> Symbol:
            symbol = self.symbols.get((object_, given))
            if symbol is None:
                symbol = Symbol(module, self._name(place))
                self.symbols[object_, given] = symbol
                made = self._type(symbol.name, object_, annotator(), given=given)
                self.found.setdefault(module, []).append(made)
            return symbol

        return find

    def _name(self, place: str) -> str:
        wanted = re.sub(r"\W", "", place) or "Unnamed"
        wanted = wanted[0].upper() + wanted[1:]
        names = {symbol.name for symbol in self.symbols.values()} | self._taken
        name, number = wanted, 1
        while name in names:
            number += 1
            name = f"{wanted}{number}"
        return name

    def _type(self, name: str, object_: Object, annotator: Annotator, *, given: bool) -> PyType:
        fields: list[PyField] = []
        for member in sorted(object_.members, key=lambda member: not member.required):
            place = f"{name}{member.name[:1].upper()}{member.name[1:]}"
            annotation = annotator.at(place).annotation(member.type, given=given)
            if not member.required and not holds_none(member.type):
                annotation = union((annotation, NONE))
            default = "" if member.required else "None"
            fields.append(PyField(identifier(member.name), annotation, default, ""))
        if object_.others is not None:
            fields.append(others_field(object_.others, annotator.at(name), fields, given=given))
        return PyType(name, ("An object that the document gives no name.",), tuple(fields))
