"""A call of the spec as Python methods: what users call, and the hook that carries it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from wxgen.python import docstrings as docs
from wxgen.python.annotations import ANY, CALL, CALLABLE, Annotator
from wxgen.python.code import NEVER, NONE, Code, Symbol, builtin, subscript, union
from wxgen.python.engine import Behind
from wxgen.python.fields import py_field
from wxgen.python.names import hook_name, identifier, literal, own, quoted
from wxgen.python.records import OVERLOAD, Head, Method, Parameter, PyCall, PyField, PyOption
from wxgen.python.results import Results
from wxgen.spec.records import Call, Event, Signature
from wxgen.spec.typeexpr import Promise, Type

__all__ = ["Form", "PyCalls", "deprecation", "not_supported"]

_ANY_FUNCTION: Final = subscript(CALLABLE, Code(("...",)), builtin("object"))
_BOTH_STYLES: Final = Symbol("wxruntime.options", "both_styles")
_OPTION_OBJECT: Final = Symbol("wxruntime.options", "option_object")


def _support(name: str) -> Symbol:
    return Symbol("wxruntime.support", name)


@dataclass(frozen=True)
class Form:
    """One form of a call, with what its types are called in Python.

    Attributes:
        option: The class of its option object, with its type arguments as `option_code`.
        option_fields: The fields of that class as this form has them.
        callbacks: What success, fail and complete receive, the inherited ones included.
        event: The named event whose listener it takes.
    """

    source: Signature
    annotator: Annotator
    option: PyOption | None
    option_code: Code
    option_fields: tuple[PyField, ...]
    parameters: tuple[PyField, ...]
    returns: Code
    callbacks: Mapping[str, Type]
    event: Event | None = None

    @cached_property
    def parameter_names(self) -> frozenset[str]:
        """The names of its parameters."""
        return frozenset(field.name for field in self.parameters)

    @cached_property
    def taken(self) -> frozenset[str]:
        """The names of its parameters and options."""
        return self.parameter_names.union(field.name for field in self.option_fields)

    def own(self, name: str) -> str:
        """Return a name for what the emitted code has beside the parameters."""
        return own(name, self.parameter_names)


@dataclass(frozen=True)
class PyCalls:
    """One call on its way into Python.

    Attributes:
        forms: Its forms.
        answer: The type variable for what a listener answers.
        behind: What stands behind its class.
    """

    source: Call
    forms: tuple[Form, ...]
    results: Results
    answer: Code
    behind: Behind | None

    def call(self) -> PyCall:
        """Say the call in Python."""
        first = self.first
        listener = first.source.listener
        received = listener.result if listener is not None else None
        return PyCall(
            name=identifier(self.source.name),
            label=self.source.label,
            option=first.option,
            parameters=first.parameters,
            method=self.method(),
            forms=tuple(self.stub()),
            hook=self.hook(),
            hook_forms=tuple(self.hook_stub()),
            signatures=tuple((form.source, form.option) for form in self.forms),
            event=first.event,
            heard=tuple(self.heard(first)),
            answer=self.answered(first),
            result_fields=self.result_fields(received),
            returns=self.heads[0].returns,
            awaited=isinstance(first.source.returns, Promise)
            or (first.source.returns is None and first.option is not None),
            source=self.source,
        )

    @property
    def first(self) -> Form:
        return self.forms[0]

    @cached_property
    def is_simple(self) -> bool:
        """Whether there is one way to tell its arguments apart: by their places."""
        form = self.first
        return len(self.forms) == 1 and not (form.source.option_first and form.parameters)

    @property
    def callbacks(self) -> Mapping[str, Type]:
        return self.first.callbacks

    # The method that users call.

    def method(self) -> Method:
        name, hook = identifier(self.source.name), hook_name(self.source.name)
        if not self.is_simple:
            parameters = (
                Parameter("self"),
                Parameter("arguments", ANY, stars="*"),
                Parameter("fields", ANY, stars="**"),
            )
            options = list(dict.fromkeys(
                form.option.symbol for form in self.forms if form.option is not None
            ))  # fmt: skip
            given = Code.joined(", ", (Code((option,)) for option in options))
            first = any(form.source.option_first for form in self.forms)
            order = ", option_first=True" if first else ""
            told = Symbol("wxruntime.forms", "told_apart")
            call = Code.of(
                f"return self.{hook}(*", told, "(arguments, fields, [", given, f"]{order}))"
            )
            if not options:
                call = Code((f"return self.{hook}(*arguments, **fields)",))
            return Method(name, Head(parameters, ANY), (), self.doc, (call,))
        form = self.first
        head = self.heads[0]
        me = form.own("self")
        if form.option is not None:
            passed = [parameter.argument for parameter in self.positional(form)]
            kind = Code((form.option.symbol,))
            arguments = [*(Code((each,)) for each in passed)]
            option, fields = form.own("option"), form.own("fields")
            arguments.append(Code.of(_OPTION_OBJECT, "(", kind, f", {option}, {fields})"))
            start = "" if head.returns == NEVER else "return "
            call = Code.of(f"{start}{me}.{hook}(", Code.joined(", ", arguments), ")")
            decorators = (Code.of(_BOTH_STYLES, "(", kind, ")"),)
            return Method(name, head, decorators, self.doc, (call,))
        if form.source.listener is not None:
            names = [each.name for each in head.parameters[1:] if isinstance(each, Parameter)]
            body = [Code((f"{me}.{hook}({', '.join(names)})",))]
            if head.returns != NONE:
                body.append(Code((f"return {names[-1]}",)))
            return Method(name, head, (), self.doc, tuple(body))
        passed = [parameter.argument for parameter in self.positional(form)]
        start = "" if head.returns in (NONE, NEVER) else "return "
        return Method(
            name, head, (), self.doc, (Code((f"{start}{me}.{hook}({', '.join(passed)})",)),)
        )

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """The parameters of each form at run time."""
        return tuple(map(self.head, self.forms))

    def head(self, form: Form) -> Head:
        me = Parameter(form.own("self"))
        before = self.positional(form)
        if form.option is not None:
            given = union((form.option_code, NONE))
            option = Parameter(form.own("option"), given, "None")
            fields = Parameter(form.own("fields"), ANY, stars="**")
            return Head((me, *before, option, "/", fields), form.returns)
        listener = form.source.listener
        if listener is None:
            return Head((me, *before), form.returns)
        removes = self.removes
        kind = form.annotator.listener(listener, None if removes else self.answer)
        default = "None" if listener.optional else ""
        given = union((kind, NONE)) if default else kind
        parameter = Parameter(form.own("listener"), given, default)
        if self.source.event is not None:
            before = [self.event(form)]
        returns = NONE if removes or default else kind
        return Head((me, *before, parameter, "/"), returns)

    @property
    def overlap(self) -> tuple[str, ...]:
        """What checkers say of several forms that can be called alike."""
        return ("overload-overlap", "overload-cannot-match") if len(self.source.forms) > 1 else ()

    @property
    def removes(self) -> bool:
        return self.source.removes is not None or self.source.event == "removes"

    def event(self, form: Form) -> Parameter:
        name = form.own("event")
        if form.event is None:
            return Parameter(name, builtin("str"))
        kind = subscript(Symbol("typing", "Literal"), Code((literal(form.event.name),)))
        return Parameter(name, kind)

    def positional(self, form: Form) -> list[Parameter]:
        return [_parameter(field) for field in form.parameters]

    # The method as checkers see it. Editors read of a keyword where it is declared.

    def stub(self) -> Iterator[Method]:
        name = identifier(self.source.name)
        marks = deprecation(self.source.notes.deprecated)
        found = [
            way
            for form, head in zip(self.forms, self.heads, strict=True)
            for way in (self.ways(form) if form.option is not None else [head])
        ]
        overload = (OVERLOAD,) if len(found) > 1 else ()
        for head in found:
            keywords = any(
                isinstance(each, Parameter) and each.name != "self" for each in head.parameters
            ) and head.parameters[-1] != "/"  # fmt: skip
            doc = self.doc if keywords else ()
            yield Method(name, head, (*overload, *marks), doc, (), self.overlap)

    def ways(self, form: Form) -> Iterator[Head]:
        """The two styles of a form with an option object."""
        before = self.positional(form)
        keywords: list[Parameter | str] = [Parameter(own("self", form.taken)), *before]
        if before:
            keywords.append("/")
        if form.option_fields:
            keywords.append("*")
        for field in form.option_fields:
            keywords.append(Parameter(field.name, field.annotation, field.default))
        yield Head(tuple(keywords), form.returns)
        given = self.with_option(form)
        yield Head((*given, "/"), form.returns)

    def with_option(self, form: Form) -> list[Parameter]:
        """The parameters of a form that is given an option object."""
        me = Parameter(form.own("self"))
        option = Parameter(form.own("option"), form.option_code)
        before = self.positional(form)
        if form.source.option_first:
            return [me, option, *before]
        return [me, *(each._replace(default="") for each in before), option]

    @cached_property
    def doc(self) -> docs.Doc:
        form = self.first
        fields = (*form.parameters, *form.option_fields)
        return docs.of_call(self.source, [(field.name, field.doc) for field in fields])

    def result_fields(self, result: Type | None) -> tuple[PyField, ...]:
        object_ = self.results.object(result)
        if object_ is None or object_.type_parameters:
            return ()
        annotator = self.first.annotator
        return tuple(
            py_field(field, annotator.at(object_.name), given=False, is_result=True)
            for field in self.results.fields(object_)
        )

    def answered(self, form: Form) -> Code | None:
        returns = form.source.listener.returns if form.source.listener is not None else None
        if returns is None:
            return None
        meant = returns.value if isinstance(returns, Promise) else returns
        return form.annotator.annotation(meant, given=True)

    def heard(self, form: Form) -> Iterator[Parameter]:
        listener = form.source.listener
        if listener is None:
            return
        if listener.result is not None:
            yield Parameter("res", self.received(listener.result))
        elif listener.unknown:
            yield Parameter("arguments", builtin("object"), stars="*")
        for field in listener.parameters:
            yield Parameter(identifier(field.name), self.received(field.type))

    # The hook.

    def hook(self) -> Method:
        doc = (f"Carry out `{self.source.name}`.",)
        name = hook_name(self.source.name)
        if self.is_simple:
            return Method(name, self.hook_heads[0], (), doc, tuple(self.hook_body()))
        parameters = (Parameter("self"), Parameter("arguments", ANY, stars="*"),
                      Parameter("fields", ANY, stars="**"))  # fmt: skip
        label = quoted(self.source.label)
        refuse = Code.of(
            "return ", Symbol("wxruntime.forms", "refuse_any"), f"({label}, arguments, "
        )
        first = self.first.source
        made = self.results.instance(first.returns) or NONE
        statements, maker = self.results.maker(self.callbacks.get("fail"), "answer")
        if statements or first.option is None:
            maker = Code((Symbol("wxruntime.errors", "WxError"),))
        body = Code.of(refuse, maker, ", ", made, ")")
        return Method(name, Head(parameters, ANY), (), doc, (body,))

    @cached_property
    def hook_heads(self) -> tuple[Head, ...]:
        """The parameters of the hook, of each form."""
        return tuple(map(self.hook_head, self.forms, self.heads))

    def hook_head(self, form: Form, head: Head) -> Head:
        if form.option is not None:
            return Head(tuple(self.with_option(form)), form.returns)
        listener = form.source.listener
        if listener is None:
            return head
        kind = form.annotator.listener(listener)
        given = union((kind, NONE)) if listener.optional else kind
        last = Parameter(form.own("listener"), given)
        return Head((*head.parameters[:-2], last), NONE)

    def hook_stub(self) -> Iterator[Method]:
        name = hook_name(self.source.name)
        heads = list(dict.fromkeys(self.hook_heads))
        marks = (OVERLOAD,) if len(heads) > 1 else ()
        for head in heads:
            yield Method(name, head, marks, (), (), self.overlap)

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
        form = self.first.source
        arguments: list[Code] = []
        if form.option is not None:
            arguments.append(Code((self.first.own("option"),)))
            arguments += [self.received(type_) for type_ in self.callbacks.values()][:1]
        elif form.listener is not None:
            arguments.append(Code((self.first.own("listener"),)))
            if form.listener.result is not None:
                arguments.append(self.received(form.listener.result))
        else:
            arguments += [Code((each.argument,)) for each in self.positional(self.first)]
        if self.behind.class_.calls[self.source.name].returns and form.returns is not None:
            arguments.append(self.received(form.returns))
        me = self.first.own("self")
        call = f"{me}.{self.behind.class_.attribute}.{self.source.name}("
        start = "" if form.listener is not None or self.first.returns == NONE else "return "
        yield Code.of(start + call, Code.joined(", ", arguments), ")")

    def unsupported_options(self) -> Iterator[Code]:
        label = quoted(self.source.label)
        given: list[Code] = []
        for field in self.first.option_fields:
            if field.source is None or field.source.support == "full":
                continue
            option = self.first.own("option")
            value = f"{option}.{field.name}, {literal(field.source.default)})"
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
        form = self.first.source
        if form.option is None and not isinstance(form.returns, Promise):
            if (made := self.results.instance(form.returns)) is not None:
                yield Code.of("return ", made)
            else:
                yield not_supported(self.source.label)
            return
        failure = self.callbacks.get("fail") or self.callbacks.get("complete")
        statements, maker = self.results.maker(failure, self.first.own("answer"))
        yield from statements
        option = self.first.own("option") if form.option is not None else "None"
        yield from self.settled("refuse", option, maker, failure)

    def accepted(self) -> Iterator[Code]:
        """The call is accepted without effect."""
        label = quoted(self.source.label)
        form = self.first.source
        if form.option is None:
            yield Code.of(_support("note_ignored"), f'({label}, "", True, False)')
            if self.first.returns == NEVER:
                yield not_supported(self.source.label)
            elif form.returns is not None and self.first.returns != NONE:
                yield Code.of("return ", self.results.nothing(form.returns, self.first.returns))
            return
        success = self.callbacks.get("success")
        statements, maker = self.results.maker(success, self.first.own("answer"))
        yield from statements
        yield from self.settled("accept", self.first.own("option"), maker, success)

    def settled(self, how: str, option: str, maker: Code, result: Type | None) -> Iterator[Code]:
        label = quoted(self.source.label)
        call = Code.of(_support(how), f"({label}, {option}, ", maker, ")")
        returns = self.first.source.returns
        if returns is not None and not isinstance(returns, Promise):
            yield call
            if self.first.returns == NEVER:
                yield not_supported(self.source.label)
            elif self.first.returns != NONE:
                yield Code.of("return ", self.results.nothing(returns, self.first.returns))
        elif returns is None and result == self.callbacks.get("success") and result is not None \
                and not self.results.is_error(maker):  # fmt: skip
            yield Code.of("return ", call)
        else:
            # What fail receives is of another class than what awaiting the call gives.
            answered = self.first.own("answered")
            yield Code.of(f"{answered}: ", subscript(CALL, ANY), " = ", call)
            yield Code((f"return {answered}",))

    def received(self, type_: Type) -> Code:
        return self.first.annotator.annotation(type_, given=False)


def _parameter(field: PyField) -> Parameter:
    rest = field.source is not None and field.source.rest
    return Parameter(
        field.name, field.annotation, "" if rest else field.default, "*" if rest else ""
    )


def not_supported(label: str) -> Code:
    """The statement that says that nothing carries a call out."""
    return Code.of("raise ", _support("not_supported"), f"({quoted(label)})")


def deprecation(text: str | None) -> tuple[Code, ...]:
    """The decorator of what is deprecated, for checkers."""
    if text is None:
        return ()
    decorator = Symbol("typing_extensions", "deprecated")
    return (Code.of(decorator, f"({quoted(docs.sentence(text))})"),)
