"""The calls of a chapter, in all their forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from wxgen.python.annotations import ANY, Annotator
from wxgen.python.calls import Form, PyCalls
from wxgen.python.code import NONE, Code, subscript
from wxgen.python.engine import Behind
from wxgen.python.fields import py_field
from wxgen.python.names import own
from wxgen.python.options import Options
from wxgen.python.places import PUBLIC
from wxgen.python.records import (
    PyCall,
    PyField,
)
from wxgen.python.types import Types
from wxgen.python.whole import Whole
from wxgen.spec.records import (
    Call,
    Class,
    Event,
    Signature,
)
from wxgen.spec.rules import lineage
from wxgen.spec.typeexpr import Type, names_in

__all__ = ["Forms"]


class Forms:
    """Builds the calls of one chapter."""

    def __init__(self, whole: Whole, types: Types, options: Options) -> None:
        self._whole = whole
        self._types = types
        self._options = options

    def call(self, call: Call, annotator: Annotator, behind: Behind | None) -> PyCall:
        """Build a function or method."""
        owner = self._whole.classes.get(call.owner or "")
        forms: list[Form] = []
        for source in call.forms:
            forms += self.form(call, source, annotator, owner)
        answer = self._whole.variables.own("T")
        return PyCalls(call, tuple(forms), self._whole.results, answer, behind).call()

    def form(
        self, call: Call, source: Signature, outer: Annotator, owner: Class | None
    ) -> Iterator[Form]:
        """Build one form of a call; of a call for named events, one for each."""
        annotator = self._told(source, self._types.within(outer, source.type_parameters))
        annotator = annotator.at(f"{call.owner or ''}{call.name[:1].upper()}{call.name[1:]}")
        option = None
        option_code = NONE
        fields: list[PyField] = []
        callbacks: dict[str, Type] = {}
        if source.option is not None and source.option_type is not None:
            option = self._whole.options[source.option.name]
            named = source.option_type
            option_code = annotator.annotation(named, given=True)
            if not source.option.shared and option.variables:
                arguments = [annotator.variables.get(each, ANY) for each in option.parameters]
                option_code = subscript(option.symbol, *arguments)
            fields = self._options.fields(named, annotator)
            callbacks = self._options.parts(named)[1]
        parameters = tuple(self._parameters(source, annotator, fields))
        returns = self._returns(source, annotator, callbacks)
        form = Form(source, annotator, option, option_code, tuple(fields), parameters, returns,
                    callbacks)  # fmt: skip
        events = self._events(owner) if call.event is not None and owner is not None else ()
        if not events:
            yield form
        for event in events:
            listener = replace(
                event.listener, optional=call.event == "removes" or event.listener.optional
            )
            yield replace(form, source=replace(source, listener=listener), event=event)

    def _events(self, owner: Class) -> list[Event]:
        """The named events of a class, the inherited ones first."""
        family = [*lineage(owner, self._whole.classes)]
        return [event for one in reversed(family) for event in one.events]

    def _parameters(
        self, source: Signature, annotator: Annotator, options: Iterable[PyField]
    ) -> Iterator[PyField]:
        """The parameters of a form.

        They are given by their places: one gives way to an option, or a type, of the same name.
        """
        found = [py_field(each, annotator, given=True) for each in source.parameters]
        types = self._whole.places.names
        taken = {field.name for field in options} if found else set()
        chosen = taken.union(field.name for field in found)
        for field in found:
            if field.name in taken or field.name in types:
                field = field._replace(name=own(field.name, types.union(chosen)))
                chosen.add(field.name)
            yield field

    def _told(self, source: Signature, annotator: Annotator) -> Annotator:
        """Return an annotator without the type variables that relate nothing to each other.

        One that stands once is its default, or anything.
        """
        if not source.type_parameters:
            return annotator
        types = [field.type for field in source.parameters]
        if source.returns is not None:
            types.append(source.returns)
        if source.option is not None and source.option_type is not None:
            fields, callbacks = self._options.parts(source.option_type)
            types += [field.type for field in fields]
            # What a callback receives is related to what it is written for.
            types += [*callbacks.values()] * 2
        if source.listener is not None:
            types += [field.type for field in source.listener.parameters]
            types += [each for each in (source.listener.result, source.listener.returns) if each]
        names = [used.name for type_ in types for used in names_in(type_)]
        alone = {
            one.name: ANY if one.default is None else annotator.annotation(one.default, given=False)
            for one in source.type_parameters
            if names.count(one.name) < 2
        }
        return annotator.within(alone)

    @staticmethod
    def _returns(source: Signature, annotator: Annotator, callbacks: Mapping[str, Type]) -> Code:
        if source.returns is not None:
            place = annotator.at(f"{annotator.place}Result")
            return place.returned(source.returns)
        if source.option is None:
            return NONE
        call = PUBLIC[0]
        success = callbacks.get("success")
        if success is None:
            return subscript(call, NONE)
        return subscript(call, annotator.annotation(success, given=False))
