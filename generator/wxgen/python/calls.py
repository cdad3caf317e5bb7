"""A call of the spec as Python methods: what users call, and the hook that carries it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wxgen.python import docstrings as docs
from wxgen.python.annotations import ANY, Annotator
from wxgen.python.code import NONE, Code, Symbol, subscript, union
from wxgen.python.engine import Behind
from wxgen.python.fields import py_field
from wxgen.python.names import identifier, literal, own, quoted
from wxgen.python.records import Method, Parameter, PyCall, PyField, PyOption, Signature
from wxgen.python.results import Results
from wxgen.spec.records import Call
from wxgen.spec.typeexpr import Type

__all__ = ["CALL", "LISTENER_ANSWER", "CallBuilder", "deprecation"]

CALL: Final = Symbol("wxruntime.call", "Call")
LISTENER_ANSWER: Final = Symbol("", "T")
"""The type variable for what a listener answers."""

_BOTH_STYLES: Final = Symbol("wxruntime.options", "both_styles")
_OPTION_OBJECT: Final = Symbol("wxruntime.options", "option_object")
_OVERLOAD: Final = Code((Symbol("typing", "overload"),))


def _support(name: str) -> Symbol:
    return Symbol("wxruntime.support", name)


@dataclass(frozen=True)
class CallBuilder:
    """Builds the calls of an API."""

    annotator: Annotator
    results: Results

    def build(
        self,
        call: Call,
        option: PyOption | None,
        parameters: tuple[PyField, ...],
        behind: Behind | None,
    ) -> PyCall:
        """Say a call in Python.

        Args:
            call: The call.
            option: The class of its option object, if it has one.
            parameters: Its positional parameters.
            behind: What stands behind its class.
        """
        annotator = self.annotator.within(call.type_parameters)
        said = _Said(annotator, self.results, call, option, parameters, behind)
        return said.call()


@dataclass(frozen=True)
class _Said:
    """One call on its way into Python."""

    annotator: Annotator
    results: Results
    source: Call
    option: PyOption | None
    parameters: tuple[PyField, ...]
    behind: Behind | None

    def call(self) -> PyCall:
        source = self.source
        listener = source.listener.result if source.listener is not None else None
        return PyCall(
            name=self.name,
            label=source.label,
            option=self.option,
            parameters=self.parameters,
            method=self.method(),
            forms=tuple(self.forms()),
            hook=self.hook(),
            awaited=source.returns is None and self.option is not None,
            receives=self.result_class(listener) if listener is not None else None,
            result_fields=self.result_fields(listener),
            source=source,
        )

    @property
    def name(self) -> str:
        return identifier(self.source.name)

    @property
    def returns(self) -> Code:
        """What the call returns; a listener's call returns the listener instead."""
        source = self.source
        if source.returns is not None:
            return self.annotator.annotation(source.returns, given=False)
        if source.option is None:
            return NONE
        success = source.option.callbacks.get("success")
        if success is None:
            return subscript(CALL, NONE)
        return subscript(CALL, self.annotator.annotation(success, given=False))

    @property
    def taken(self) -> frozenset[str]:
        """The names of the signature that the spec gives."""
        fields = self.option.fields if self.option is not None else self.parameters
        return frozenset(field.name for field in fields)

    @property
    def self_(self) -> Parameter:
        return Parameter(own("self", self.taken))

    # The method that users call.

    def method(self) -> Method:
        me = self.self_.name if self.option is None else "self"
        hook = f"{me}._{self.source.name}"
        decorators: tuple[Code, ...] = ()
        body: tuple[Code, ...]
        if self.option is not None:
            kind = Symbol(".options", self.option.name)
            given = union((Code((kind,)), NONE))
            parameters: tuple[Parameter | str, ...] = (
                Parameter("self"), Parameter("option", given, "None"), "/",
                Parameter("fields", ANY, stars="**"),
            )  # fmt: skip
            signature = Signature(parameters, self.returns)
            decorators = (Code.of(_BOTH_STYLES, "(", kind, ")"),)
            call = Code.of(f"return {hook}(", _OPTION_OBJECT, "(", kind, ", option, fields))")
            body = (call,)
        elif self.source.listener is not None:
            signature = self.listening()
            body = (Code((f"{hook}(listener)",)),)
            if not self.source.removes:
                body += (Code(("return listener",)),)
        else:
            signature = self.positional()
            passed = ", ".join(self.parameter(field).argument for field in self.parameters)
            start = "" if self.returns == NONE else "return "
            body = (Code((f"{start}{hook}({passed})",)),)
        return Method(self.name, signature, decorators, self.doc(), body)

    def forms(self) -> Iterator[Method]:
        """The method as checkers see it. Editors read of a keyword where it is declared."""
        marks = deprecation(self.source.notes.deprecated)
        if self.option is None:
            doc = self.doc() if self.parameters else ()
            yield Method(self.name, self.method().signature, marks, doc)
            return
        marks = (_OVERLOAD, *marks)
        keywords: list[Parameter | str] = [self.self_]
        if self.option.fields:
            keywords.append("*")
        for field in self.option.fields:
            keywords.append(Parameter(field.name, field.annotation, field.default))
        yield Method(self.name, Signature(tuple(keywords), self.returns), marks, self.doc())
        kind = Code((Symbol(".options", self.option.name),))
        given: tuple[Parameter | str, ...] = (Parameter("self"), Parameter("option", kind), "/")
        yield Method(self.name, Signature(given, self.returns), marks)

    def listening(self) -> Signature:
        answer = None if self.source.removes else Code((LISTENER_ANSWER,))
        kind = self.callback(answer)
        default = ""
        if self.source.removes and self.source.listener is not None:
            default = "None" if self.source.listener.optional else ""
        given = union((kind, NONE)) if default else kind
        parameters = (Parameter("self"), Parameter("listener", given, default), "/")
        return Signature(parameters, NONE if self.source.removes else kind)

    def positional(self) -> Signature:
        return Signature((self.self_, *map(self.parameter, self.parameters)), self.returns)

    def parameter(self, field: PyField) -> Parameter:
        rest = field.source is not None and field.source.rest
        return Parameter(field.name, field.annotation, field.default, "*" if rest else "")

    def callback(self, answer: Code | None = None) -> Code:
        listener = self.source.listener
        result = listener.result if listener is not None else None
        return self.annotator.callback(() if result is None else (result,), answer)

    def doc(self) -> docs.Doc:
        fields = self.option.fields if self.option is not None else self.parameters
        return docs.of_call(self.source, [(field.name, field.doc) for field in fields])

    def result_fields(self, result: Type | None) -> tuple[PyField, ...]:
        object_ = self.results.object(result)
        if object_ is None:
            return ()
        return tuple(
            py_field(field, self.annotator, given=False, is_result=True)
            for field in self.results.fields(object_)
        )

    # The hook.

    def hook(self) -> Method:
        if self.option is not None:
            option = Parameter("option", Code((Symbol(".options", self.option.name),)))
            signature = Signature((Parameter("self"), option), self.returns)
        elif self.source.listener is not None:
            kind = self.callback()
            if self.source.removes and self.source.listener.optional:
                kind = union((kind, NONE))
            signature = Signature((Parameter("self"), Parameter("listener", kind)), NONE)
        else:
            signature = self.positional()
        doc = (f"Carry out `{self.source.name}`.",)
        return Method(f"_{self.source.name}", signature, (), doc, tuple(self.hook_body()))

    def hook_body(self) -> Iterator[Code]:
        implemented = self.behind is not None and self.source.name in self.behind.class_.calls
        if self.source.support == "ignored":
            yield from self.accepted()
        elif self.source.support == "none" or not implemented:
            yield from self.refused()
        else:
            yield from self.handed_over()

    def handed_over(self) -> Iterator[Code]:
        """The engine carries the call out."""
        assert self.behind is not None
        yield from self.unsupported_options()
        arguments: list[Code] = []
        if self.option is not None and self.source.option is not None:
            callbacks = self.source.option.callbacks.values()
            arguments.append(Code(("option",)))
            arguments += [self.result_class(type_) for type_ in [*callbacks][:1]]
        elif self.source.listener is not None:
            arguments.append(Code(("listener",)))
            if self.source.listener.result is not None:
                arguments.append(self.result_class(self.source.listener.result))
        else:
            arguments += [Code((self.parameter(field).argument,)) for field in self.parameters]
        if self.behind.class_.calls[self.source.name].returns and self.source.returns is not None:
            arguments.append(self.result_class(self.source.returns))
        attribute = self.behind.class_.attribute
        call = f"{self.self_.name if self.parameters else 'self'}.{attribute}.{self.source.name}("
        start = "" if self.source.listener is not None or self.returns == NONE else "return "
        yield Code.of(start + call, Code.joined(", ", arguments), ")")

    def unsupported_options(self) -> Iterator[Code]:
        label = quoted(self.source.label)
        given: list[Code] = []
        for field in self.option.fields if self.option is not None else ():
            if field.source is None or field.source.support == "full":
                continue
            value = f"option.{field.name}, {literal(field.source.default)})"
            if field.source.support == "ignored":
                name = quoted(field.source.name)
                yield Code.of(_support("note_ignored"), f"({label}, {name}, {value}")
            else:
                given.append(Code.of(_support("is_given"), f"({value}"))
        if given:
            yield Code.of("if ", Code.joined(" or ", given), ":")
            for line in self.refused():
                yield Code.of("    ", line) if line.parts else line

    def refused(self) -> Iterator[Code]:
        """Nothing carries the call out."""
        label = quoted(self.source.label)
        if self.source.option is None:
            if (class_ := self.results.class_of(self.source.returns)) is not None:
                yield Code.of("return ", class_, "()")
            else:
                yield Code.of("raise ", _support("not_supported"), f"({label})")
            return
        callbacks = self.source.option.callbacks
        failure = callbacks.get("fail") or callbacks.get("complete")
        statements, maker = self.results.maker(failure)
        yield from statements
        call = Code.of(_support("refuse"), f"({label}, option, ", maker, ")")
        if self.source.returns is not None:
            yield call
            yield Code.of("return ", self.results.empty(self.source.returns))
        elif failure is not None and failure == callbacks.get("success") and maker != _WX_ERROR:
            yield Code.of("return ", call)
        else:
            yield from self.answer(call)

    def accepted(self) -> Iterator[Code]:
        """The call is accepted without effect."""
        label = quoted(self.source.label)
        if self.source.option is None:
            yield Code.of(_support("note_ignored"), f'({label}, "", True, False)')
            if self.returns != NONE and self.source.returns is not None:
                yield Code.of("return ", self.results.empty(self.source.returns))
            return
        success = self.source.option.callbacks.get("success")
        statements, maker = self.results.maker(success)
        yield from statements
        call = Code.of(_support("accept"), f"({label}, option, ", maker, ")")
        if self.source.returns is not None:
            yield call
            yield Code.of("return ", self.results.empty(self.source.returns))
        elif maker != _WX_ERROR:
            yield Code.of("return ", call)
        else:
            yield from self.answer(call)

    def answer(self, call: Code) -> Iterator[Code]:
        """Return a call whose result is of another class than what success receives."""
        yield Code.of("answered: ", subscript(CALL, ANY), " = ", call)
        yield Code(("return answered",))

    def result_class(self, type_: Type) -> Code:
        return self.annotator.annotation(type_, given=False)


_WX_ERROR: Final = Code((Symbol("wxruntime.errors", "WxError"),))


def deprecation(text: str | None) -> tuple[Code, ...]:
    """The decorator of what is deprecated, for checkers."""
    if text is None:
        return ()
    decorator = Symbol("typing_extensions", "deprecated")
    return (Code.of(decorator, f"({quoted(docs.sentence(text))})"),)
