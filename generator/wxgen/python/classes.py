"""The classes of a chapter, its namespace among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from wxgen.python import docstrings as docs
from wxgen.python.additions import runtime_class
from wxgen.python.annotations import ANY, Annotator
from wxgen.python.calls import PyCalls, deprecation, not_supported
from wxgen.python.code import NONE, Code, Symbol, builtin, subscript
from wxgen.python.engine import Behind, interface_of
from wxgen.python.fields import py_field
from wxgen.python.forms import Forms
from wxgen.python.generics import generic
from wxgen.python.names import class_name, identifier
from wxgen.python.records import (
    OVERLOAD,
    Head,
    Method,
    Parameter,
    PyCall,
    PyClass,
)
from wxgen.python.types import Types
from wxgen.python.whole import Whole
from wxgen.spec.api import Chapter
from wxgen.spec.records import (
    Call,
    Class,
    Field,
)

__all__ = ["Classes"]

_SELF: Final = Parameter("self")


class Classes:
    """Builds the classes of one chapter."""

    def __init__(self, whole: Whole, chapter: Chapter, types: Types, forms: Forms) -> None:
        self._whole = whole
        self._chapter = chapter
        self._types = types
        self._forms = forms
        self._interface = interface_of(chapter.engine)

    def class_(self, class_: Class) -> PyClass:
        """Build a class; those that it extends are built."""
        whole = self._whole
        behind = self._behind(class_.name)
        annotator = self._types.within(self._types.annotator, class_.type_parameters).at(
            class_.name
        )
        variables = [*whole.variables.symbols(class_.type_parameters).values()]
        bases = [self._types.base(class_.extends, annotator)] if class_.extends is not None else []
        inherited = whole.members.get(class_.extends.name, {}) if class_.extends else {}
        properties = [*self._properties(class_.name, class_.fields, annotator)]
        calls = [self._forms.call(call, annotator, behind) for call in class_.methods]
        members: dict[str, object] = dict(inherited)
        if inherited:
            properties = [self._marked(each, members) for each in properties]
            calls = [self._marked_call(call, members) for call in calls]
        for call in calls:
            members[call.method.name] = tuple(each.head for each in call.forms)
            members[call.hook.name] = tuple(each.head for each in call.hook_forms)
        members |= {each.name: (each.head,) for each in properties}
        whole.members[class_.name] = members
        more = [*self._special(class_, annotator)]
        return PyClass(
            name=identifier(class_.name),
            doc=docs.of_class(class_),
            bases=(*bases, *self._bases(behind), *generic(variables)),
            fields=tuple(py_field(field, annotator, given=False) for field in class_.fields),
            properties=(*more, *properties),
            calls=tuple(calls),
            constants=tuple(self._constants(behind)),
            additions=behind.additions.additions if behind is not None else (),
        )

    def _marked_call(self, call: PyCall, inherited: Mapping[str, object]) -> PyCall:
        return replace(
            call,
            method=self._marked(call.method, inherited),
            forms=tuple(self._marked(each, inherited, call.forms) for each in call.forms),
            hook=self._marked(call.hook, inherited),
            hook_forms=tuple(
                self._marked(each, inherited, call.hook_forms) for each in call.hook_forms
            ),
        )

    @staticmethod
    def _marked(
        method: Method, inherited: Mapping[str, object], forms: Sequence[Method] = ()
    ) -> Method:
        """Mark a method that a base has with another signature."""
        above = inherited.get(method.name)
        heads = tuple(each.head for each in forms) or (method.head,)
        if above is None or above == heads:
            return method
        return method._replace(ignores=(*method.ignores, "override", "misc"))

    def _special(self, class_: Class, annotator: Annotator) -> Iterator[Method]:
        """The constructor, and what makes instances callable or indexable."""
        if class_.construct is not None:
            yield from self._made(class_.construct, annotator, "__init__", NONE)
        if class_.call is not None:
            returns = None
            yield from self._made(class_.call, annotator, "__call__", returns)
        if class_.others is not None:
            key = Parameter("name", annotator.annotation(class_.others.key, given=True))
            value = annotator.annotation(class_.others.value, given=False)
            yield Method(
                "__getitem__",
                Head((_SELF, key), value),
                (),
                ("Get a further property.",),
                (not_supported(f"{class_.name}[...]"),),
            )

    def _made(
        self, call: Call, annotator: Annotator, name: str, returns: Code | None
    ) -> Iterator[Method]:
        [form, *others] = [
            each
            for source in call.forms
            for each in self._forms.form(call, source, annotator, None)
        ]
        calls = PyCalls(call, (form, *others), self._whole.results, ANY, None).call()
        heads = [each.head for each in calls.forms]
        head = calls.method.head
        body: Code = Code(("pass",)) if name == "__init__" else not_supported(call.label)
        if returns is not None:
            head = Head(head.parameters, returns)
            heads = [Head(each.parameters, returns) for each in heads]
        doc = calls.method.doc
        if len(heads) > 1:
            for each in heads:
                yield Method(name, each, (OVERLOAD,), (), (Code(("...",)),))
            parameters = (_SELF, Parameter("arguments", ANY, stars="*"),
                          Parameter("fields", ANY, stars="**"))  # fmt: skip
            head = Head(parameters, returns or ANY)
        yield Method(name, head, (), doc, () if name == "__init__" else (body,))

    def _properties(
        self, owner: str, fields: Sequence[Field], annotator: Annotator
    ) -> Iterator[Method]:
        for source in fields:
            field = py_field(source, annotator, given=False)
            made = self._whole.results.instance(source.type)
            label = source.name if owner == "" else f"{owner}.{source.name}"
            body = Code.of("return ", made) if made is not None else not_supported(label)
            marks = deprecation(source.notes.deprecated)
            yield Method(
                field.name,
                Head((_SELF,), field.annotation),
                (builtin("property"), *marks),
                (field.doc,),
                (body,),
            )
            if source.writable:
                given = py_field(source, annotator, given=True)
                value = Parameter("value", given.annotation)
                yield Method(
                    field.name,
                    Head((_SELF, value), NONE),
                    (Code((f"{field.name}.setter",)),),
                    (),
                    (not_supported(label),),
                )

    def namespace(self) -> PyClass | None:
        """Build the class that holds the functions; None where there is nothing to hold."""
        source = self._chapter
        symbol = self._whole.places.namespace(source)
        behind = self._behind(class_name(self._whole.api.namespace))
        if source.name and not (source.functions or source.fields or behind):
            return None
        constants = [*self._constants(behind)]
        if behind is not None and behind.interface.limits:
            constants.insert(0, behind.limits(self._whole.places.module(source, "constants")))
        annotator = self._types.annotator.at(symbol.name)
        return PyClass(
            name=symbol.name,
            doc=docs.of_namespace(self._whole.api, source),
            bases=tuple(self._bases(behind)),
            fields=tuple(py_field(field, annotator, given=False) for field in source.fields),
            properties=tuple(self._properties("", source.fields, annotator)),
            calls=tuple(
                self._forms.call(call, self._types.annotator, behind) for call in source.functions
            ),
            constants=tuple(constants),
            additions=behind.additions.additions if behind is not None else (),
        )

    # What the engine adds.

    def _behind(self, name: str) -> Behind | None:
        if self._interface is None:
            return None
        if name == class_name(self._whole.api.namespace):
            return Behind(self._interface, self._interface.namespace)
        class_ = self._interface.classes.get(name)
        return Behind(self._interface, class_) if class_ is not None else None

    def _results_of(self, behind: Behind) -> Iterator[tuple[str, Code]]:
        """The class attributes that the engine wants, each a class that a listener receives."""
        for attribute, name in behind.class_.results.items():
            for call in self._chapter.calls:
                owner = call.owner or class_name(self._whole.api.namespace)
                result = call.listener.result if call.listener is not None else None
                if call.name == name and result is not None and self._behind(owner) == behind:
                    yield attribute, self._types.annotator.annotation(result, given=False)

    def _bases(self, behind: Behind | None) -> Iterator[Code]:
        if behind is not None:
            yield behind.base(result for _, result in self._results_of(behind))

    def _constants(self, behind: Behind | None) -> Iterator[Code]:
        if behind is not None:
            for attribute, result in self._results_of(behind):
                yield Code.of(f"{attribute} = ", result)

    def derived(self) -> Iterator[PyClass]:
        """Build the classes that the engine derives from the documented ones."""
        if self._interface is None:
            return
        for name, (base, additional) in self._interface.derived.items():
            runtime = runtime_class(self._interface.module, additional)
            behind = self._behind(base)
            # Generic in the same classes as the class that it extends.
            results = [] if behind is None else [code for _, code in self._results_of(behind)]
            symbol = Symbol(self._interface.module, additional)
            yield PyClass(
                name=name,
                doc=runtime.doc,
                bases=(
                    subscript(symbol, *results) if results else Code((symbol,)),
                    Code((self._whole.places.symbols[base],)),
                ),
                additions=runtime.additions,
            )
