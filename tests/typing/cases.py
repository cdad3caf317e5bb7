"""What users may and may not write, derived from an API.

Nothing here looks at an annotation: whether a line is right is decided by what the spec says and by
the values in the line. So it holds for the types of any spec, also those that do not exist yet.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from wxgen.python import identifier
from wxgen.spec.api import Api
from wxgen.spec.records import Call, Class, EnumType, Field, NewName, ObjectType
from wxgen.spec.typeexpr import (
    Array,
    Function,
    Literal,
    Named,
    Primitive,
    Record,
    Type,
    Union,
    names_in,
)

__all__ = ["Batch", "Case", "derive", "render", "written"]


@dataclass(frozen=True)
class Case:
    """A line that must be accepted or rejected. The lines before it are accepted always."""

    about: str
    line: str
    right: bool
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Batch:
    """A module made of cases. ``wrong`` says what each line that must be rejected is about."""

    text: str
    wrong: Mapping[int, str]
    about: Mapping[int, str]

    @property
    def right_count(self) -> int:
        """How many lines are about something and right."""
        return len(self.about) - len(self.wrong)


def derive(api: Api) -> Batch:
    """Derive the cases of an API.

    Args:
        api: Any API at all.

    Returns:
        A module with a function for each case.
    """
    deriver = _Deriver(api)
    cases = list(dict.fromkeys(deriver.cases()))
    return render(deriver.head(), cases)


def render(head: Sequence[str], cases: Iterable[Case]) -> Batch:
    """Write cases down as a module.

    Args:
        head: The first lines of the module.
        cases: The cases; each becomes a coroutine function of its own.

    Returns:
        The module.
    """
    lines = list(head)
    wrong: dict[int, str] = {}
    about: dict[int, str] = {}
    for number, case in enumerate(cases):
        lines += ["", f"async def case_{number}(given: Given) -> None:"]
        lines += [f"    {line}" for line in (*case.before, case.line)]
        about[len(lines)] = case.about
        if not case.right:
            wrong[len(lines)] = case.about
    return Batch("\n".join([*lines, ""]), wrong, about)


def written(text: str) -> Batch:
    """Read a module in which each line that must be rejected ends with ``# wrong``.

    Args:
        text: The module.

    Returns:
        The module as a batch; every line that is no comment is about something.
    """
    lines = {number: line.strip() for number, line in enumerate(text.splitlines(), start=1)}
    about = {number: line for number, line in lines.items() if line and line[0] != "#"}
    wrong = {number: line for number, line in about.items() if line.endswith("# wrong")}
    return Batch(text, wrong, about)


# A case from its verdict, the arguments and the field that it is about.
_MakeCase: TypeAlias = Callable[[bool, str, str], Case]


# Values.


@dataclass(frozen=True)
class _Made:
    """Stands for an object of a named type or class."""

    name: str


@dataclass(frozen=True)
class _Lambda:
    """Stands for a function."""

    arity: int


@dataclass(frozen=True)
class _Pairs:
    """Stands for a dictionary, whatever its keys."""

    pairs: tuple[tuple[object, object], ...]


@dataclass(frozen=True)
class _Sample:
    """An expression and its value; ``wide`` if an exact type may be too narrow for it."""

    text: str
    value: object
    wide: bool = False


_BOOK: Final = _Pairs((("a", "b"),))

# Tried for every type; the value decides for which it is right.
_POOL: Final = (
    _Sample('"text"', "text"),
    _Sample('""', ""),
    _Sample('b"bytes"', b""),
    _Sample('bytearray(b"x")', bytearray(), wide=True),
    _Sample('memoryview(b"x")', memoryview(b""), wide=True),
    _Sample("1", 1),
    _Sample("1.5", 1.5),
    _Sample("1j", 1j),
    _Sample("True", True),
    _Sample('"true"', "true"),
    _Sample('"1"', "1"),
    _Sample("None", None),
    _Sample("object()", object()),
    _Sample("str", str),
    _Sample('["x", "y"]', ["x", "y"]),
    _Sample('("x", "y")', ["x", "y"], wide=True),
    _Sample("()", [], wide=True),
    _Sample("[1]", [1]),
    _Sample('[b"x"]', [b"x"]),
    _Sample('[("a", "b")]', [["a", "b"]], wide=True),
    _Sample('{"x"}', {"x"}),
    _Sample('(x for x in ["x"])', iter(())),
    _Sample("{}", _Pairs(())),
    _Sample('{"a": "b"}', _BOOK),
    _Sample('{"a": 1}', _Pairs((("a", 1),))),
    _Sample('{1: "a"}', _Pairs(((1, "a"),))),
    _Sample('{"a": "b", "c": 1}', _Pairs((("a", "b"), ("c", 1)))),
    _Sample('MappingProxyType({"a": "b"})', _BOOK, wide=True),
    _Sample("lambda: None", _Lambda(0)),
)

# What may stand in the place of one value within another.
_PARTS: Final = tuple(
    sample
    for sample in _POOL
    if sample.text in ('"text"', 'b"bytes"', "1", "1.5", "True", "None", "object()", '["x", "y"]')
)

# Variables of a declared type, with values that such a variable may hold.
_VARIABLES: Final[Mapping[str, tuple[str, tuple[object, ...]]]] = {
    "text": ("str", ("text",)),
    "maybe_text": ("str | None", ("text", None)),
    "texts": ("list[str]", (["x"],)),
    "text_tuple": ("tuple[str, ...]", (["x"],)),
    "text_sequence": ("Sequence[str]", (["x"],)),
    "maybe_texts": ("list[str] | None", (["x"], None)),
    "text_set": ("set[str]", ({"x"},)),
    "whole": ("int", (1,)),
    "maybe_whole": ("int | None", (1, None)),
    "wholes": ("Sequence[int]", ([1],)),
    "real": ("float", (1.5,)),
    "flag": ("bool", (True,)),
    "maybe_flag": ("bool | None", (True, None)),
    "raw": ("bytes", (b"",)),
    "text_or_raw": ("str | bytes | bytearray | memoryview", ("text", b"", bytearray())),
    "text_or_whole": ("str | int", ("text", 1)),
    "book": ("dict[str, str]", (_BOOK,)),
    "book_mapping": ("Mapping[str, str]", (_BOOK,)),
    "maybe_book": ("Mapping[str, str] | None", (_BOOK, None)),
    "counts": ("dict[str, int]", (_Pairs((("a", 1),)),)),
    "shelf": ("Mapping[int, str]", (_Pairs(((1, "a"),)),)),
    "anything": ("object", (object(),)),
}

# Their types that an exact type is never too narrow for.
_EXACT: Final = frozenset({"str", "int", "float", "bool", "bytes", "str | None", "int | None"})

_TOP: Final = """\
# pyright: reportUnusedImport=false
from __future__ import annotations

import dataclasses
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, assert_type

class Foreign:
    nope: int

def wide(res: object) -> None: ...
def nothing() -> None: ...
def two(res: object, more: object) -> None: ...
def foreign(res: Foreign) -> None: ...
async def later_foreign(res: Foreign) -> None: ...
"""

# What a user may pass for something that receives a result, and what not.
_HELPERS: Final = """\
def plain_{n}(res: {r}) -> None: ...
def answers_{n}(res: {r}) -> int: return 1
async def later_{n}(res: {r}) -> None: ...
async def later_answers_{n}(res: {r}) -> int: return 1
def spare_{n}(res: {r}, more: int = 0) -> None: ...
def rest_{n}(*res: {r}) -> None: ...
def wider_{n}(res: {r} | Foreign) -> None: ...
def named_{n}(*, res: {r}) -> None: ...
class Called_{n}:
    def __call__(self, res: {r}) -> None: ...
    def method(self, res: {r}) -> None: ...
    async def later(self, res: {r}) -> None: ...
    @staticmethod
    def static(res: {r}) -> None: ...
    @classmethod
    def of_class(cls, res: {r}) -> None: ...
    def none(self) -> None: ...
    def two(self, res: {r}, more: int) -> None: ...
"""

_FUNCTIONS: Final = (
    "plain_{n}",
    "answers_{n}",
    "later_{n}",
    "later_answers_{n}",
    "spare_{n}",
    "rest_{n}",
    "wider_{n}",
    "wide",
    "print",
    "Called_{n}()",
    "Called_{n}().method",
    "Called_{n}().later",
    "Called_{n}.static",
    "Called_{n}.of_class",
    "given.list_{n}.append",
    "given.callable_{n}",
    "given.later_callable_{n}",
    "lambda res: None",
    "lambda res: res",
    "lambda res: print(res)",
    "lambda _: None",
    "lambda res: plain_{n}(res)",
    "lambda res: later_{n}(res)",
)
_NO_FUNCTIONS: Final = (
    "nothing",
    "two",
    "foreign",
    "later_foreign",
    "named_{n}",
    "Called_{n}().none",
    "Called_{n}().two",
    "Called_{n}.method",
    "given.list_foreign.append",
    "later_{n}(given.r_{n})",
    "given.r_{n}",
    "lambda: None",
    "lambda res, more: None",
    "lambda res: res.nope",
    "lambda res: res.nope()",
    "lambda res: print(res.nope)",
    "lambda res: foreign(res)",
    "lambda res: res + object()",
    "5",
    '"name"',
    "object()",
    "[print]",
    "{{}}",
)
# The same in brief, for the second and third callback, and for an object within a call.
_FEW_FUNCTIONS: Final = ("plain_{n}", "later_{n}", "wide", "lambda res: print(res)")
_FEW_NO_FUNCTIONS: Final = (
    "nothing",
    "two",
    "later_foreign",
    "lambda: None",
    "lambda res: res.nope",
    "5",
)

# What a variable of a plain type may be given.
_PLAIN: Final = {
    "str": {"string"},
    "bytes": {"ArrayBuffer"},
    "bool": {"boolean"},
    "int": {"integer", "boolean"},
    "float": {"number", "integer", "boolean"},
    "None": {"null", "undefined", "void"},
    "set[str]": set[str](),
}


@dataclass
class _Results:
    """The types that callbacks and listeners receive, numbered."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, annotation: str) -> int:
        return self.numbers.setdefault(annotation, len(self.numbers))


class _Deriver:
    """Derives the cases of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._types = {type_.name: type_ for type_ in api.types}
        self._classes = {class_.name: class_ for class_ in api.classes}
        self._instance = identifier(api.namespace)
        self._results = _Results()
        self._had: set[tuple[str, str]] = set()
        self._wide = self._given_names()
        self._cases = list(self._all())

    def cases(self) -> list[Case]:
        return self._cases

    def head(self) -> list[str]:
        api = self._api
        names = [type_.name for type_ in api.types] + [class_.name for class_ in api.classes]
        names += [option.name for option in api.options]
        names += [self._namespace_class, self._instance, "Call", "WxError"]
        lines = [
            *_TOP.splitlines(),
            "",
            f"from {api.package} import {', '.join(sorted(names))}",
            "",
        ]
        for annotation, number in self._results.numbers.items():
            lines += _HELPERS.format(n=number, r=annotation).splitlines()
        lines += ["class Given:", "    list_foreign: list[Foreign]"]
        for annotation, number in self._results.numbers.items():
            lines += [
                f"    r_{number}: {annotation}",
                f"    list_{number}: list[{annotation}]",
                f"    callable_{number}: Callable[[{annotation}], object]",
                f"    later_callable_{number}: Callable[[{annotation}], Coroutine[Any, Any, None]]",
            ]
        lines += [f"    a_{class_.name}: {class_.name}" for class_ in api.classes]
        lines += [f"    {name}: {text}" for name, (text, _) in _VARIABLES.items()]
        return lines

    @property
    def _namespace_class(self) -> str:
        return self._api.namespace[0].upper() + self._api.namespace[1:]

    def _all(self) -> Iterator[Case]:
        for type_ in self._api.types:
            if isinstance(type_, ObjectType):
                fields = self._fields_of(type_)
                exact = type_.name not in self._wide
                yield from self._constructor(
                    type_.name, type_.name, type_.name, fields, (), exact=exact
                )
                yield from self._reading(type_.name, fields)
        for class_ in self._api.classes:
            yield from self._properties(class_)
            yield from self._unknown_members(
                f"given.a_{class_.name}", [call.name for call in class_.methods]
            )
        yield from self._unknown_members(
            self._instance, [call.name for call in self._api.functions]
        )
        for call in self._api.calls:
            owner = self._instance if call.owner is None else f"given.a_{call.owner}"
            target = f"{owner}.{identifier(call.name)}"
            about = call.name if call.owner is None else f"{call.owner}.{call.name}"
            yield Case(about, f"{target} = 5", False)
            if call.option is not None:
                yield from self._optioned(call, about, target)
            elif call.listener is not None:
                yield from self._listening(call, about, target)
            else:
                yield from self._positional(call, about, target)

    # Calls with options.

    def _optioned(self, call: Call, about: str, target: str) -> Iterator[Case]:
        option = call.option
        assert option is not None
        fields = option.fields
        callbacks = tuple(option.callbacks.items())
        required = self._required(fields)
        name = option.name
        made = f"{name}({required})"

        # Each style, with everything that can be wrong about its fields.
        yield from self._constructor(about, target, name, fields, callbacks)
        yield from self._constructor(name, name, name, fields, callbacks, outer=target)
        yield from self._assignments(name, fields, callbacks, made)

        # The object as such.
        yield Case(about, f"{target}({made})", True)
        yield Case(about, f"{target}(option)", True, (f"option = {made}",))
        yield Case(about, f"{target}(dataclasses.replace({made}))", True)
        yield Case(about, f"{target}(option=option)", False, (f"option = {made}",))
        for text in ("None", "...", "{}", "object()", name, f"[{made}]", f"lambda: {made}"):
            yield Case(about, f"{target}({text})", False)
        yield Case(about, f"{target}(dict({required}))", False)
        yield Case(about, f"{target}({made}, {made})", False)
        yield Case(about, f"{target}({made}, nope=1)", False)
        for other in self._api.options:
            if other.name != name:
                foreign = f"{other.name}({self._required(other.fields)})"
                yield Case(about, f"{target}({foreign})", False)

        # Both styles at once.
        for key, text in self._keywords(fields, callbacks):
            yield Case(about, f"{target}({made}, {key}={text})", False)

        # What comes back.
        result = self._result(call)
        if call.returns is not None:
            yield from self._returning(call, about, f"{target}({required})", call.returns)
            yield from self._returning(call, about, f"{target}({made})", call.returns)
            return
        for used in (f"{target}({required})", f"{target}({made})"):
            yield Case(about, f"assert_type({used}, Call[{result}])", True)
            yield Case(about, f"assert_type(await {used}, {result})", True)
            yield Case(about, f"assert_type({used}.result(), {result})", True)
            yield Case(about, f"assert_type({used}.result(1), {result})", True)
            yield Case(about, f"assert_type({used}.result(timeout=1.5), {result})", True)
            yield Case(about, f"assert_type({used}.result(timeout=None), {result})", True)
            yield Case(about, f"assert_type({used}.done(), bool)", True)
            yield Case(about, f"{used}.nope()", False)
            yield Case(about, f"_x = {used}.nope", False)
            yield Case(about, f'{used}.result("1")', False)
            yield Case(about, f"{used}()", False)
            yield Case(about, f"_x: Foreign = {used}", False)
            yield Case(about, f"_x: Foreign = await {used}", False)
            yield Case(about, f"_x: Foreign = {used}.result()", False)
            yield Case(about, f"_x = (await {used}).nope", False)
            yield Case(about, f"async with {used}: pass", False)
            yield Case(about, f"async for _ in {used}: pass", False)
            if result != "object":
                yield Case(about, f"_x: {result} = {used}", False)
            success = option.callbacks.get("success")
            for name_, read, _ in self._readable(success):
                yield Case(about, f"_x = (await {used}).{name_}", True)
                yield Case(about, f"_x = {used}.result().{name_}", True)
                yield Case(about, f"_x = {used}.{name_}", False)
                yield Case(about, f"assert_type((await {used}).{name_}, {read})", True)
                yield Case(about, f"_x: Foreign = (await {used}).{name_}", False)

    def _returning(self, call: Call, about: str, used: str, returns: Type) -> Iterator[Case]:
        annotation = self._received(returns)
        if annotation is not None:
            yield Case(about, f"assert_type({used}, {annotation})", True)
        yield Case(about, f"_x: Foreign = {used}", False)
        yield Case(about, f"_x = {used}.nope", False)
        yield Case(about, f"{used}.nope()", False)
        if returns not in (Primitive("any"), Primitive("function")):
            yield Case(about, f"await {used}", False)
        if isinstance(returns, Named) and returns.name in self._classes:
            yield Case(about, f"{used}.result()", False)
            for result in call.option.callbacks.values() if call.option is not None else ():
                for name, _, _ in self._readable(result):
                    yield Case(about, f"_x = {used}.{name}", False)

    def _constructor(
        self,
        about: str,
        target: str,
        kind: str,
        fields: Sequence[Field],
        callbacks: Sequence[tuple[str, Type]],
        outer: str = "",
        exact: bool = False,
    ) -> Iterator[Case]:
        """The cases of keywords: of a call, or of an object, within a call if ``outer``."""

        def used(arguments: str) -> str:
            made = f"{target}({arguments})"
            return f"{outer}({made})" if outer else made

        def case(right: bool, arguments: str, at: str = "") -> Case:
            return Case(f"{about}.{at}" if at else about, used(arguments), right)

        required = self._required(fields)
        yield case(True, required)
        everything = [f"{key}={text}" for key, text in self._keywords(fields, callbacks)]
        yield case(True, ", ".join(everything))
        yield case(True, ", ".join(reversed(everything)))
        for at in fields:
            name = identifier(at.name)
            others = self._required([other for other in fields if other is not at])
            if at.required:
                yield case(False, others, name)
            verdicts = self._arguments(at, exact=exact)
            for right, text in _few(verdicts) if outer or exact else verdicts:
                yield case(right, _joined(f"{name}={text}", others), name)
        for callback, result in callbacks:
            brief = bool(outer) or callback != callbacks[0][0]
            for right, text in self._functions(result, "callback", brief=brief):
                yield case(right, _joined(required, f"{callback}={text}"), callback)
            yield case(True, _joined(required, f"{callback}=None"), callback)
        yield from self._misspelt(case, fields, callbacks, 2 if outer or exact else 5)
        yield case(False, _joined("1", required))
        if target == kind:
            yield case(False, f"dict({required})")
        for at in fields:
            for text in itertools.islice(self._right(at.type), 1):
                others = self._required([other for other in fields if other is not at])
                yield case(False, _joined(text, others), identifier(at.name))

    def _misspelt(
        self,
        case: _MakeCase,
        fields: Sequence[Field],
        callbacks: Sequence[tuple[str, Type]],
        most: int,
    ) -> Iterator[Case]:
        required = self._required(fields)
        known = {identifier(at.name) for at in fields} | {name for name, _ in callbacks}
        for at in fields:
            right = next(iter(self._right(at.type)), "None")
            others = self._required([other for other in fields if other is not at])
            for typo in _typos(identifier(at.name), known)[:most]:
                # Both beside the right name and in its place.
                yield case(False, _joined(required, f"{typo}={right}"), typo)
                yield case(False, _joined(others, f"{typo}={right}"), typo)
        for name, _ in callbacks:
            for typo in _typos(name, known)[:most]:
                yield case(False, _joined(required, f"{typo}=print"), typo)
        yield case(False, _joined(required, "nope=1"), "nope")
        yield case(False, _joined(required, "nope=None"), "nope")

    def _assignments(
        self,
        name: str,
        fields: Sequence[Field],
        callbacks: Sequence[tuple[str, Type]],
        made: str,
    ) -> Iterator[Case]:
        before = (f"option = {made}",)
        for at in fields:
            for right, text in _few(self._arguments(at)):
                line = f"option.{identifier(at.name)} = {text}"
                yield Case(f"{name}.{identifier(at.name)}", line, right, before)
            yield Case(name, f"print(option.{identifier(at.name)})", True, before)
        for callback, result in callbacks:
            for right, text in self._functions(result, "callback", brief=True):
                yield Case(f"{name}.{callback}", f"option.{callback} = {text}", right, before)
            yield Case(f"{name}.{callback}", f"option.{callback} = None", True, before)
        yield Case(name, "option.nope = 1", False, before)
        yield Case(name, "print(option.nope)", False, before)
        yield Case(name, "option()", False, before)
        yield Case(name, 'option["nope"]', False, before)

    def _keywords(
        self, fields: Sequence[Field], callbacks: Sequence[tuple[str, Type]]
    ) -> Iterator[tuple[str, str]]:
        for at in fields:
            yield identifier(at.name), next(iter(self._right(at.type)), "None")
        for callback, _ in callbacks:
            yield callback, "print"

    def _required(self, fields: Iterable[Field]) -> str:
        given = [
            f"{identifier(at.name)}={next(iter(self._right(at.type)))}"
            for at in fields
            if at.required
        ]
        return ", ".join(given)

    # Listeners and positional parameters.

    def _listening(self, call: Call, about: str, target: str) -> Iterator[Case]:
        listener = call.listener
        assert listener is not None
        for right, text in self._functions(listener.result, "listener"):
            yield Case(about, f"{target}({text})", right)
        optional = listener.optional and call.removes is not None
        yield Case(about, f"{target}()", optional)
        yield Case(about, f"{target}(None)", optional)
        yield Case(about, f"{target}(listener=wide)", False)
        yield Case(about, f"{target}(success=wide)", False)
        yield Case(about, f"{target}(print, print)", False)
        yield Case(about, f"{target}(print, None)", False)
        yield Case(about, f"await {target}(print)", False)
        if call.removes is not None:
            return
        received = "" if listener.result is None else (self._received(listener.result) or "object")
        parameters = f"res: {received}" if received else ""
        argument = f"given.r_{self._results.number(received)}" if received else ""
        # As a decorator it leaves what it decorates callable, with its type.
        before: tuple[str, ...] = (f"@{target}", f"def on({parameters}) -> int: return 1")
        yield Case(about, f"assert_type(on({argument}), int)", True, before)
        yield Case(about, f"_x: Foreign = on({argument})", False, before)
        yield Case(about, "on(Foreign())", False, before)
        before = (f"@{target}", f"async def on({parameters}) -> str: return 'x'")
        yield Case(about, f"assert_type(await on({argument}), str)", True, before)
        yield Case(about, f"_x: Foreign = await on({argument})", False, before)
        before = (f"@{target}", f"@{target}", f"def on({parameters}) -> None: ...")
        yield Case(about, f"on({argument})", True, before)
        before = (f"on = {target}(lambda{' res' if received else ''}: 1.5)",)
        yield Case(about, f"assert_type(on({argument}), float)", True, before)

    def _positional(self, call: Call, about: str, target: str) -> Iterator[Case]:
        parameters = call.parameters
        plain = [at for at in parameters if not at.rest]
        rest = next((at for at in parameters if at.rest), None)
        needed = [at for at in plain if at.required]
        base = [next(iter(self._right(at.type))) for at in needed]
        yield Case(about, f"{target}({', '.join(base)})", True)
        for count in range(len(base)):
            yield Case(about, f"{target}({', '.join(base[:count])})", False)
        full = [next(iter(self._right(at.type))) for at in plain]
        yield Case(about, f"{target}({', '.join(full)})", True)
        if rest is None:
            yield Case(about, f"{target}({', '.join([*full, 'object()'])})", False)
        else:
            for right, text in self._arguments(rest, absent=False):
                yield Case(about, f"{target}({', '.join([*full, text])})", right)
                yield Case(about, f"{target}({', '.join([*full, text, text])})", right)
        for index, at in enumerate(plain):
            for right, text in self._arguments(at):
                given = [*full[:index], text, *full[index + 1 :]]
                yield Case(f"{about}.{at.name}", f"{target}({', '.join(given)})", right)
        yield Case(about, f"{target}({_joined(', '.join(base), 'nope=1')})", False)
        yield Case(about, f"{target}({_joined(', '.join(base), 'success=print')})", False)
        used = f"{target}({', '.join(base)})"
        if call.returns is not None:
            yield from self._returning(call, about, used, call.returns)
        else:
            yield Case(about, f"await {used}", False)

    # Functions that receive a result.

    def _functions(
        self, result: Type | None, kind: str, *, brief: bool = False
    ) -> Iterator[tuple[bool, str]]:
        """Yield what may be given as a function that receives a result, and what may not.

        At length only the first time that such a result is received by a function of this kind.
        """
        if result is None:
            for text in ("nothing", "print", "lambda: None", "lambda: print()"):
                yield True, text
            for text in ("wide", "two", "lambda res: None", "5", '"name"', "object()"):
                yield False, text
            return
        received = self._received(result) or "object"
        number = self._results.number(received)
        if brief or (kind, received) in self._had:
            for right, texts in ((True, _FEW_FUNCTIONS), (False, _FEW_NO_FUNCTIONS)):
                for text in texts:
                    yield right, text.format(n=number)
            for name, _, _ in self._readable(result):
                yield True, f"lambda res: print(res.{name})"
                yield False, f"lambda res: foreign(res.{name})"
            return
        self._had.add((kind, received))
        for text in _FUNCTIONS:
            yield True, text.format(n=number, r=received)
        for text in _NO_FUNCTIONS:
            yield False, text.format(n=number, r=received)
        for name, _, type_ in self._readable(result):
            yield True, f"lambda res: res.{name}"
            yield True, f"lambda res: print(res.{name})"
            yield False, f"lambda res: res.{name} + object()"
            yield False, f"lambda res: res.{name}.nope"
            yield False, f"lambda res: foreign(res.{name})"
            if type_ not in (Primitive("function"), Primitive("any")):
                yield False, f"lambda res: res.{name}()"
            for typo in _typos(name, {other for other, _, _ in self._readable(result)}):
                yield False, f"lambda res: res.{typo}"

    def _reading(self, name: str, fields: Sequence[Field]) -> Iterator[Case]:
        """The cases of what is read from an object of a named type."""
        number = self._results.number(name)
        res = f"given.r_{number}"
        known = {identifier(at.name) for at in fields}
        for at in fields:
            attribute = identifier(at.name)
            about = f"{name}.{attribute}"
            read = self._read(name, at)
            yield Case(about, f"print({res}.{attribute})", True)
            if read is not None:
                yield Case(about, f"assert_type({res}.{attribute}, {read})", True)
                yield Case(about, f"_x: {read} = {res}.{attribute}", True)
            yield Case(about, f"_x: Foreign = {res}.{attribute}", False)
            yield Case(about, f"_x: Foreign | None = {res}.{attribute}", False)
            for python in _PLAIN:
                if not self._may_hold(python, at):
                    yield Case(about, f"_x: {python} = {res}.{attribute}", False)
            for typo in _typos(attribute, known):
                yield Case(about, f"print({res}.{typo})", False)
        yield Case(name, f"{res}.nope = 1", False)
        yield Case(name, f"_x = {res}['nope']", False)
        yield Case(name, f"for _ in {res}: pass", False)
        for pattern in (identifier(at.name) for at in fields):
            before = (f"match {res}:", f"    case {name}({pattern}=read):")
            yield Case(name, "    " * 2 + "print(read)", True, before)

    def _properties(self, class_: Class) -> Iterator[Case]:
        for at in class_.fields:
            about = f"{class_.name}.{at.name}"
            attribute = f"given.a_{class_.name}.{identifier(at.name)}"
            read = self._received(at.type)
            if read is not None:
                shown = read if at.required else f"{read} | None"
                yield Case(about, f"assert_type({attribute}, {shown})", True)
            yield Case(about, f"_x: Foreign = {attribute}", False)
            yield Case(about, f"{attribute} = {next(iter(self._right(at.type)))}", False)

    def _unknown_members(self, owner: str, names: Sequence[str]) -> Iterator[Case]:
        known = {identifier(name) for name in names}
        for name in names:
            for typo in _typos(identifier(name), known):
                yield Case(f"{owner}.{typo}", f"print({owner}.{typo})", False)
        yield Case(owner, f"{owner}.nope()", False)
        yield Case(owner, f"{owner}.nope = 1", False)
        yield Case(owner, f"{owner}()", False)

    # Types.

    def _arguments(
        self, at: Field, *, absent: bool = True, exact: bool = False
    ) -> Iterator[tuple[bool, str]]:
        """Yield what may be given for a field, and what may not.

        Args:
            at: The field.
            absent: Whether None stands for an absent value.
            exact: Whether the field is of the type that users receive, which is narrower.
        """
        meant = at.type
        if absent and not at.required:
            meant = Union((meant, Primitive("null")))
        tailored = [*self._samples(at.type, 0), *self._spoilt(at.type)]
        seen: set[str] = set()
        for sample in (*tailored, *_POOL):
            fits = self._fits(sample.value, meant)
            undecided = fits is None or (fits and exact and sample.wide)
            if not undecided and sample.text not in seen:
                seen.add(sample.text)
                yield fits is True, sample.text
        for name, (text, values) in _VARIABLES.items():
            fits = _every(self._fits(value, meant) for value in values)
            if fits is not None and not (fits and exact and text not in _EXACT):
                yield fits, f"given.{name}"

    def _right(self, type_: Type) -> Iterator[str]:
        return (sample.text for sample in self._samples(type_, 0))

    def _samples(self, type_: Type, depth: int) -> Iterator[_Sample]:
        """Yield values of a type, the plainest first."""
        match type_:
            case Primitive(name):
                for sample in _POOL:
                    if self._fits(sample.value, type_):
                        yield sample
                if name == "function":
                    yield _Sample("print", _Lambda(1))
            case Literal(value):
                yield _Sample(repr(value), value)
            case Array(item):
                inner = [] if depth > 3 else list(self._samples(item, depth + 1))[:3]
                for sample in inner:
                    yield _Sample(f"[{sample.text}]", [sample.value], sample.wide)
                    pair = f"({sample.text}, {sample.text})"
                    yield _Sample(pair, [sample.value] * 2, wide=True)
                yield _Sample("[]", [])
            case Record(key, held):
                keys = list(self._samples(key, depth + 1))[:2]
                values = [] if depth > 3 else list(self._samples(held, depth + 1))[:2]
                for first in keys:
                    for second in values:
                        text = f"{{{first.text}: {second.text}}}"
                        pairs = _Pairs(((first.value, second.value),))
                        yield _Sample(text, pairs, first.wide or second.wide)
                yield _Sample("{}", _Pairs(()))
            case Union(members):
                for member in members:
                    yield from self._samples(member, depth)
            case Function(parameters, returns):
                names = ", ".join(f"a{index}" for index in range(len(parameters)))
                answer = next(self._samples(returns, depth + 1), _Sample("None", None))
                text = f"(lambda {names}: {answer.text})" if names else f"(lambda: {answer.text})"
                yield _Sample(text, _Lambda(len(parameters)))
            case Named(name):
                yield from self._named_samples(name, depth)

    def _named_samples(self, name: str, depth: int) -> Iterator[_Sample]:
        match self._types.get(name):
            case EnumType(values=values):
                for value in values:
                    yield _Sample(repr(value.value), value.value)
            case NewName(type=meant):
                yield from self._samples(meant, depth)
            case ObjectType() as type_:
                fields = [at for at in self._fields_of(type_) if at.required]
                if depth > 6:
                    return
                given = [
                    f"{identifier(at.name)}={next(self._samples(at.type, depth + 1)).text}"
                    for at in fields
                ]
                yield _Sample(f"{name}({', '.join(given)})", _Made(name))
            case None if name in self._classes:
                yield _Sample(f"given.a_{name}", _Made(name))
            case None:  # a type variable
                yield _Sample("object()", object())

    def _spoilt(self, type_: Type) -> Iterator[_Sample]:
        """Yield values that are almost of a type: the value decides whether they are."""
        match type_:
            case Array(item):
                right = next(self._samples(item, 0), None)
                for wrong in _PARTS:
                    if self._fits(wrong.value, item) is False:
                        yield _Sample(f"[{wrong.text}]", [wrong.value])
                        if right is not None:
                            both = [right.value, wrong.value]
                            yield _Sample(f"[{right.text}, {wrong.text}]", both)
                if right is not None:
                    yield right
                    yield _Sample(f"[[{right.text}]]", [[right.value]])
            case Record(key, value):
                first = next(self._samples(key, 0))
                second = next(self._samples(value, 0))
                for wrong in _PARTS:
                    if self._fits(wrong.value, value) is False:
                        text = f"{{{first.text}: {wrong.text}}}"
                        yield _Sample(text, _Pairs(((first.value, wrong.value),)))
                for wrong in (_Sample("1", 1), _Sample("1.5", 1.5), _Sample("None", None)):
                    text = f"{{{wrong.text}: {second.text}}}"
                    yield _Sample(text, _Pairs(((wrong.value, second.value),)))
            case Union(members):
                for member in members:
                    yield from self._spoilt(member)
            case Named(name):
                meant = self._types.get(name)
                if isinstance(meant, NewName):
                    yield from self._spoilt(meant.type)
                yield _Sample(name, type) if isinstance(meant, ObjectType) else _Sample("int", int)
                for other in self._types.values():
                    if isinstance(other, ObjectType) and other.name != name:
                        yield from self._named_samples(other.name, 0)
            case _:
                pass

    def _fits(self, value: object, type_: Type) -> bool | None:
        """Tell whether a value is of a type; None if checkers may see it either way."""
        match type_:
            case Primitive("string"):
                return isinstance(value, str)
            case Primitive("number" | "integer") if isinstance(value, bool):
                return None
            case Primitive("number"):
                return isinstance(value, int | float)
            case Primitive("integer"):
                return isinstance(value, int)
            case Primitive("boolean"):
                return isinstance(value, bool)
            case Primitive("ArrayBuffer"):
                return isinstance(value, bytes | bytearray | memoryview)
            case Primitive("object"):
                return self._fits(value, Record(Primitive("string"), Primitive("any")))
            case Primitive("any"):
                return True
            case Primitive("function"):
                return isinstance(value, _Lambda | type)
            case Primitive():
                return value is None
            case Literal(literal):
                return type(value) is type(literal) and value == literal
            case Array(item):
                if isinstance(value, memoryview):
                    return None  # a sequence of numbers to Python, a buffer to the platform
                if not isinstance(value, list):
                    return False
                return _every(self._fits(each, item) for each in value)
            case Record(key, held):
                if not isinstance(value, _Pairs):
                    return False
                pairs = value.pairs
                verdicts = [self._fits(first, key) for first, _ in pairs]
                verdicts += [self._fits(second, held) for _, second in pairs]
                return _every(verdicts)
            case Function(parameters):
                if isinstance(value, type):
                    return None
                return isinstance(value, _Lambda) and value.arity == len(parameters)
            case Union(members):
                return _some(self._fits(value, member) for member in members)
            case Named(name):
                return self._fits_named(value, name)
            case _:
                return None

    def _fits_named(self, value: object, name: str) -> bool | None:
        match self._types.get(name):
            case EnumType(values=values):
                return any(type(value) is type(one.value) and value == one.value for one in values)
            case NewName(type=meant):
                return self._fits(value, meant)
            case None if name not in self._classes:  # a type variable
                return True
            case _:
                return isinstance(value, _Made) and name in self._line(value.name)

    def _line(self, name: str) -> Iterator[str]:
        """Yield a name and those that it extends."""
        at: str | None = name
        while at is not None:
            yield at
            thing = self._types.get(at) or self._classes.get(at)
            base = thing.extends if isinstance(thing, ObjectType | Class) else None
            at = base.name if base is not None else None

    def _fields_of(self, type_: ObjectType) -> tuple[Field, ...]:
        found: list[Field] = []
        for name in self._line(type_.name):
            each = self._types[name]
            assert isinstance(each, ObjectType)
            found = [*each.fields, *found]
        return tuple(found)

    def _readable(self, result: Type | None) -> list[tuple[str, str, Type]]:
        """The fields of a result whose type is exact: name, annotation, type."""
        type_ = self._types.get(result.name) if isinstance(result, Named) else None
        if not isinstance(type_, ObjectType):
            return []
        found: list[tuple[str, str, Type]] = []
        for at in self._fields_of(type_):
            read = self._read(type_.name, at)
            if read is not None:
                found.append((identifier(at.name), read, at.type))
        return found

    def _read(self, owner: str, at: Field) -> str | None:
        """The annotation of what is read from a field; None where users give such objects."""
        read = self._received(at.type)
        if read is None or (owner in self._wide and _is_wide(at.type)):
            return None
        return read if at.required or _may_be_none(at.type) else f"{read} | None"

    def _result(self, call: Call) -> str:
        success = call.option.callbacks.get("success") if call.option is not None else None
        return "None" if success is None else self._received(success) or "object"

    def _may_hold(self, python: str, at: Field) -> bool:
        """Tell whether a variable of a plain type may be given what is read from a field."""
        kinds = _PLAIN[python]
        waiting = [at.type] if at.required else [at.type, Primitive("null")]
        while waiting:
            match waiting.pop():
                case Union(members):
                    waiting += members
                case Named(name):
                    match self._types.get(name):
                        case NewName(type=meant):
                            waiting.append(meant)
                        case EnumType(values=values):
                            waiting += [Literal(value.value) for value in values]
                        case _:
                            return False
                case Literal(value):
                    waiting.append(Primitive("string" if isinstance(value, str) else "integer"))
                case Primitive(name):
                    if name not in kinds:
                        return False
                case _:
                    return False
        return True

    def _received(self, type_: Type) -> str | None:
        """The annotation of what users receive; None where there is more than one way to say it."""
        match type_:
            case Primitive(name):
                return _RECEIVED.get(name)
            case Literal(value):
                return f"Literal[{value!r}]"
            case Named(name):
                named = self._types.get(name)
                if isinstance(named, NewName):
                    return self._received(named.type)
                return name if named is not None or name in self._classes else "object"
            case Array(item):
                inner = self._received(item)
                return inner and f"list[{inner}]"
            case Record(key, value):
                first, second = self._received(key), self._received(value)
                return first and second and f"dict[{first}, {second}]"
            case Union(members):
                texts = [self._received(member) for member in members]
                return " | ".join(text for text in texts if text) if all(texts) else None
            case Function():
                return None
            case _:
                return None

    def _given_names(self) -> set[str]:
        """The object types that users give: what they hold is typed widely."""
        waiting: list[Type] = []
        for call in self._api.calls:
            waiting += [at.type for at in call.parameters]
            waiting += [at.type for at in call.option.fields] if call.option is not None else []
        found: set[str] = set()
        while waiting:
            for used in names_in(waiting.pop()):
                type_ = self._types.get(used.name)
                if used.name in found or type_ is None:
                    continue
                found.add(used.name)
                if isinstance(type_, NewName):
                    waiting.append(type_.type)
                elif isinstance(type_, ObjectType):
                    waiting += [at.type for at in self._fields_of(type_)]
                    found |= set(self._line(type_.name))
        return found


_RECEIVED: Final = {
    "string": "str",
    "number": "float",
    "integer": "int",
    "boolean": "bool",
    "ArrayBuffer": "bytes",
    "object": "dict[str, object]",
    "any": "object",
    "null": "None",
    "undefined": "None",
    "void": "None",
}


def _joined(*arguments: str) -> str:
    return ", ".join(argument for argument in arguments if argument)


def _typos(name: str, known: set[str]) -> list[str]:
    """Names that somebody may write for another, but no name of the same thing."""
    snake = re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: f"_{found[0]}", name).lower()
    others = {name.lower(), name.swapcase(), snake, f"{name}s", f"on{name[0].upper()}{name[1:]}"}
    return sorted(others - known - {name})


def _every(verdicts: Iterable[bool | None]) -> bool | None:
    found = set(verdicts)
    return False if False in found else None if None in found else True


def _some(verdicts: Iterable[bool | None]) -> bool | None:
    found = set(verdicts)
    return True if True in found else None if None in found else False


def _is_wide(type_: Type) -> bool:
    """Tell whether a type has another annotation where users give its values."""
    match type_:
        case Primitive(name):
            return name in ("ArrayBuffer", "object")
        case Array() | Record() | Function():
            return True
        case Union(members):
            return any(_is_wide(member) for member in members)
        case _:
            return False


def _may_be_none(type_: Type) -> bool:
    match type_:
        case Primitive(name):
            return name in ("null", "undefined", "void")
        case Union(members):
            return any(_may_be_none(member) for member in members)
        case _:
            return False


def _few(verdicts: Iterable[tuple[bool, str]]) -> Iterator[tuple[bool, str]]:
    """Yield the first right and the first wrong ones, and every variable."""
    left = {True: 3, False: 4}
    for right, text in verdicts:
        left[right] -= 1
        if left[right] >= 0 or text.startswith("given."):
            yield right, text
