"""The types of a chapter, and the type variables of all that has some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from wxgen.python import docstrings as docs
from wxgen.python.annotations import ANY, Annotator, host_code
from wxgen.python.code import Code, Symbol, subscript
from wxgen.python.fields import others_field, py_field
from wxgen.python.generics import arguments_of, bound_of, generic
from wxgen.python.names import identifier, literal
from wxgen.python.records import (
    PyField,
    PyType,
)
from wxgen.python.whole import Whole
from wxgen.spec.api import Chapter
from wxgen.spec.records import (
    Class,
    EnumType,
    HostType,
    NamedType,
    NewName,
    ObjectType,
    Option,
    TypeParameter,
)
from wxgen.spec.typeexpr import Literal, Named, Primitive, Union

__all__ = ["Types", "bases_first", "overriding"]


class Types:
    """Builds the types of one chapter."""

    def __init__(self, whole: Whole, chapter: Chapter) -> None:
        self._whole = whole
        module = whole.places.module(chapter, "types")
        find = whole.unnamed.finder(module, lambda: self.annotator)
        self.annotator = Annotator(whole.places.symbols, find, {}, whole.places.parameters)

    def within(self, annotator: Annotator, parameters: Sequence[TypeParameter]) -> Annotator:
        """Return an annotator that knows type variables, and define them."""
        variables = self._whole.variables
        known = annotator.within(variables.symbols(parameters))
        for one in parameters:
            bound = None
            if (must := bound_of(one, self._whole.types)) is not None:
                # A bound in Python can depend on no type variable.
                loose = known.within(dict.fromkeys(known.variables, ANY))
                if isinstance(must, Named) and not must.arguments:
                    count = len(self._whole.places.parameters.get(must.name, ()))
                    must = replace(must, arguments=(Primitive("any"),) * count)
                bound = loose.annotation(must, given=False)
            default = (
                known.annotation(one.default, given=False) if one.default is not None else None
            )
            variables.define(one, bound, default)
        return known

    def base(self, named: Named, annotator: Annotator) -> Code:
        """A base class, with all type arguments: Python fills none in at run time."""
        whole = self._whole
        thing = whole.types.get(named.name) or whole.classes.get(named.name)
        parameters: Sequence[TypeParameter] = ()
        if thing is not None and not isinstance(thing, EnumType | HostType):
            parameters = thing.type_parameters
        elif named.name in whole.declared:
            parameters = whole.declared[named.name].type_parameters
        types = arguments_of(parameters, named).values()
        arguments = [annotator.annotation(each, given=False) for each in types]
        symbol = self._whole.places.symbols[named.name]
        return subscript(symbol, *arguments) if arguments else Code((symbol,))

    def type(self, type_: NamedType) -> PyType:
        """Build a type that the spec names."""
        name, doc = identifier(type_.name), docs.of_type(type_)
        match type_:
            case ObjectType():
                return self._object(type_)
            case EnumType(values=values):
                literals = [Code((literal(entry.value),)) for entry in values]
                alias = subscript(Symbol("typing", "Literal"), *literals)
                return PyType(name, doc, alias=alias, values=values, source=type_)
            case HostType(python=python):
                return PyType(name, doc, alias=host_code(python), source=type_)
            case NewName():
                alias, variables = self._alias(type_, type_.type_parameters)
                # Checkers number the variables of an alias as they meet them in what it means.
                met = dict.fromkeys(Code((symbol,)) for symbol in alias.symbols)
                if variables != tuple(code for code in met if code in variables):
                    # mypy cannot keep an alias that is written so, if a bound names a later class.
                    bare = [TypeParameter(one.name) for one in type_.type_parameters]
                    alias, variables = self._alias(type_, bare)
                else:
                    variables = ()
                return PyType(name, doc, alias=alias, variables=variables, source=type_)

    def _alias(
        self, type_: NewName, parameters: Sequence[TypeParameter]
    ) -> tuple[Code, tuple[Code, ...]]:
        """What a name stands for, and its type variables."""
        annotator = self.within(self.annotator.at(type_.name), parameters)
        variables = tuple(self._whole.variables.symbols(parameters).values())
        given = type_.name in self._whole.given
        meant = type_.type
        if isinstance(meant, Union) and all(isinstance(one, Literal) for one in meant.members):
            parts = (annotator.annotation(one, given=given) for one in meant.members)
            return Code.joined(" | ", dict.fromkeys(parts)), variables
        return annotator.annotation(meant, given=given), variables

    def _object(self, type_: ObjectType) -> PyType:
        fields = self._fields(type_)
        variables = self._whole.variables.symbols(type_.type_parameters).values()
        annotator = self.within(self.annotator, type_.type_parameters)
        inherited: dict[str, PyField] = {}
        bases: list[Code] = []
        if type_.extends is not None:
            bases.append(self.base(type_.extends, annotator))
            line: list[ObjectType] = []
            above = self._whole.results.object(type_.extends)
            while above is not None:
                line.append(above)
                above = self._whole.results.object(above.extends)
            for each in reversed(line):
                inherited |= {field.name: field for field in self._fields(each)}
        fields = tuple(overriding(field, inherited) for field in fields)
        return PyType(
            name=identifier(type_.name),
            doc=docs.of_type(type_),
            fields=fields,
            inherited=tuple(inherited.values()),
            bases=(*bases, *generic([*variables])),
            source=type_,
        )

    def _fields(self, type_: ObjectType) -> tuple[PyField, ...]:
        given = type_.name in self._whole.given
        annotator = self.within(self.annotator, type_.type_parameters).at(type_.name)
        found = [
            py_field(field, annotator, given=given, is_result=not given) for field in type_.fields
        ]
        if type_.others is not None:
            found.append(others_field(type_.others, annotator, found, given=given))
        return tuple(found)


def overriding(field: PyField, inherited: Mapping[str, PyField]) -> PyField:
    """Mark a field that has another type than the inherited one."""
    above = inherited.get(field.name) or inherited.get(field.source.name if field.source else "")
    changed = above is not None and above.annotation != field.annotation
    return field._replace(overrides=True) if changed else field


_E = TypeVar("_E", NamedType, Class, Option)


def bases_first(things: Sequence[_E]) -> Iterator[_E]:
    """Order things so that each comes after the one that it extends."""
    known = {thing.name: thing for thing in things}
    done: set[str] = set()
    for thing in things:
        line = [thing]
        base: Named | None = getattr(thing, "extends", None)
        while base is not None and base.name in known and base.name not in done:
            line.append(known[base.name])
            base = getattr(line[-1], "extends", None)
        for each in reversed(line):
            if each.name not in done:
                done.add(each.name)
                yield each
