"""The option types of a chapter: those that calls share, and those of one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from wxgen.python import docstrings as docs
from wxgen.python.annotations import Annotator
from wxgen.python.code import Code
from wxgen.python.fields import py_field
from wxgen.python.generics import arguments_of, filled, generic
from wxgen.python.names import identifier
from wxgen.python.records import (
    PyField,
    PyOption,
)
from wxgen.python.types import Types, bases_first, overriding
from wxgen.python.whole import Whole
from wxgen.spec.api import Chapter
from wxgen.spec.records import (
    CALLBACKS,
    Call,
    Field,
    Option,
    Signature,
    TypeParameter,
)
from wxgen.spec.typeexpr import Named, Type, names_in

__all__ = ["Options"]


class Options:
    """Builds the option types of one chapter."""

    def __init__(self, whole: Whole, chapter: Chapter, types: Types) -> None:
        self._whole = whole
        self._chapter = chapter
        self._types = types
        self._fields: dict[str, list[PyField]] = {}

    def make(self) -> None:
        """Build all, for every room to read."""
        for option in bases_first([*self._chapter.options]):
            self._option(option, option.type_parameters, None)
        for call in self._all_calls():
            for form in call.forms:
                own = form.option
                if own is None or own.shared or own.name in self._whole.options:
                    continue
                self._option(own, self._used(own, form, call), call)

    def _all_calls(self) -> Iterator[Call]:
        yield from self._chapter.calls
        for class_ in self._chapter.classes:
            yield from (made for made in (class_.construct, class_.call) if made is not None)

    def _used(self, option: Option, form: Signature, call: Call) -> tuple[TypeParameter, ...]:
        """The type variables that a call's own option object uses."""
        owner = self._whole.classes.get(call.owner or "")
        known = {one.name: one for one in (*form.type_parameters,
                                           *(owner.type_parameters if owner else ()))}  # fmt: skip
        types = [*(field.type for field in option.fields), *option.callbacks.values()]
        types += option.extends.arguments if option.extends is not None else ()
        names = {used.name for type_ in types for used in names_in(type_)}
        return tuple(one for name, one in known.items() if name in names)

    def _option(
        self, option: Option, parameters: Sequence[TypeParameter], call: Call | None
    ) -> None:
        annotator = self._types.within(self._types.annotator, parameters)
        inherited: dict[str, PyField] = {}
        bases: list[Code] = []
        if option.extends is not None:
            bases.append(self._types.base(option.extends, annotator))
            fields = self.fields(option.extends, annotator)
            inherited = {field.name: field for field in fields}
        own_fields = [overriding(field, inherited) for field in self._own(option, annotator)]
        if option.extends is None and not parameters:
            self._fields[option.name] = own_fields
        variables = [*self._whole.variables.symbols(parameters).values()]
        self._whole.options[option.name] = PyOption(
            name=identifier(option.name),
            symbol=self._whole.places.symbols[option.name],
            fields=tuple(own_fields),
            inherited=tuple(inherited.values()),
            bases=(*bases, *generic(variables)),
            variables=tuple(variables),
            parameters=tuple(one.name for one in parameters),
            doc=docs.of_option(option, call),
            source=option,
        )

    def _own(self, option: Option, annotator: Annotator) -> Iterator[PyField]:
        place = annotator.at(option.name)
        for field in sorted(option.fields, key=lambda field: not field.required):
            yield py_field(field, place, given=True)
        yield from self._callback_fields(option.name, option.callbacks, annotator)

    def fields(self, named: Named, annotator: Annotator) -> list[PyField]:
        """The fields of an option type with its type arguments, what is required first."""
        known = self._fields.get(named.name)
        if known is not None:
            return known
        fields, callbacks = self.parts(named)
        place = annotator.at(named.name)
        found = [py_field(field, place, given=True) for field in fields]
        found += self._callback_fields(named.name, callbacks, annotator)
        return sorted(found, key=_rank)

    def parts(self, named: Named) -> tuple[list[Field], dict[str, Type]]:
        """The fields and callbacks of an option type, those of its bases first."""
        option = self._whole.declared[named.name]
        arguments = arguments_of(option.type_parameters, named)
        fields: dict[str, Field] = {}
        callbacks: dict[str, Type] = {}
        if option.extends is not None:
            base = filled(option.extends, arguments)
            assert isinstance(base, Named)
            inherited, callbacks = self.parts(base)
            fields = {field.name: field for field in inherited}
        for field in option.fields:
            type_ = filled(field.type, arguments)
            fields[field.name] = field if type_ is field.type else replace(field, type=type_)
        callbacks |= {name: filled(each, arguments) for name, each in option.callbacks.items()}
        ordered: dict[str, Type] = {
            name: callbacks[name] for name in CALLBACKS if name in callbacks
        }
        return [*fields.values()], ordered

    def _callback_fields(
        self, name: str, callbacks: Mapping[str, Type], annotator: Annotator
    ) -> Iterator[PyField]:
        for callback, result in callbacks.items():
            place = annotator.at(f"{name}{callback.capitalize()}Result")
            kind = Code.of(place.callback((result,)), " | None")
            yield PyField(callback, kind, "None", docs.callback_text(callback))


def _rank(field: PyField) -> tuple[bool, int]:
    """Required fields first, callbacks last."""
    last = (
        CALLBACKS.index(field.name) + 1 if field.source is None and field.name in CALLBACKS else 0
    )
    return bool(field.default), last
