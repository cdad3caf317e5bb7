"""Classes for the objects that have no name in the spec."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from wxgen.python.annotations import Annotator, Unnamed, holds_none
from wxgen.python.code import NONE, Code, Symbol, union
from wxgen.python.fields import others_field
from wxgen.python.generics import generic, is_variable
from wxgen.python.names import identifier
from wxgen.python.records import PyField, PyType
from wxgen.python.variables import Variables
from wxgen.spec.records import TypeParameter
from wxgen.spec.typeexpr import Object

__all__ = ["UnnamedTypes"]


class UnnamedTypes:
    """Gives each object without a name a dataclass, named after the first place that has it."""

    def __init__(self, taken: frozenset[str], variables: Variables) -> None:
        self._taken = set(taken)
        self._variables = variables
        self._symbols: dict[tuple[Object, bool, tuple[Code, ...]], Symbol] = {}
        self.found: dict[str, list[PyType]] = {}
        """The classes, by the module that they are in."""

    @property
    def symbols(self) -> dict[tuple[Object, bool], Symbol]:
        """The class of each object, by whether users give it."""
        return {(object_, given): symbol for (object_, given, _), symbol in self._symbols.items()}

    def finder(self, module: str, annotator: Callable[[], Annotator]) -> Unnamed:
        """Return what finds the class of an object.

        Args:
            module: The module for the classes of objects that are first met there.
            annotator: Gives what writes the types of its fields.
        """

        def find(object_: Object, place: str, given: bool, variables: Mapping[str, Code]) -> Symbol:
            # Its class has variables of its own, with neither bound nor default, so that it does
            # not matter where it stands, nor in which order they do.
            own = {
                name: self._bare(name) if is_variable(code) else code
                for name, code in variables.items()
            }
            key = (object_, given, tuple(own.values()))
            symbol = self._symbols.get(key)
            if symbol is None:
                symbol = Symbol(module, self._name(place))
                self._symbols[key] = symbol
                made = self._type(symbol.name, object_, annotator().within(own), given=given)
                bases = generic([code for code in own.values() if is_variable(code)])
                self.found.setdefault(module, []).append(replace(made, bases=bases))
            return symbol

        return find

    def _bare(self, name: str) -> Code:
        parameter = TypeParameter(name)
        self._variables.define(parameter, None, None)
        return self._variables.symbols([parameter])[name]

    def _name(self, place: str) -> str:
        wanted = re.sub(r"\W", "", place) or "Unnamed"
        wanted = wanted[0].upper() + wanted[1:]
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}{number}"
        self._taken.add(name)
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
