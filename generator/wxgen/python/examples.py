"""An example in Python for each call of the reference, made from the examples of the spec."""

from __future__ import annotations

import builtins
import re
from typing import Final

from wxgen.python import layout
from wxgen.python.annotations import familiar
from wxgen.python.code import NEVER, NONE
from wxgen.python.names import identifier, literal
from wxgen.python.records import Method, PyCall, PyClass, PyPackage
from wxgen.spec.records import EnumType, HostType, NewName
from wxgen.spec.typeexpr import (
    Array,
    Function,
    Literal,
    Named,
    Object,
    Primitive,
    Promise,
    Record,
    Tuple,
    Type,
    Union,
    names_in,
)

__all__ = ["example", "form_text", "target", "variable"]

# How deep objects within objects are shown.
_DEEPEST: Final = 4

_VALUES: Final = {
    "string": '"text"',
    "number": "1",
    "integer": "1",
    "boolean": "True",
    "ArrayBuffer": 'b"bytes"',
    "function": "print",
    "object": "{}",
}

# What stands for a type of the platform's own, by the name that it has in Python.
_HOSTS: Final = {
    **dict.fromkeys(("Collection", "Iterable", "Sequence", "list"), "[]"),
    **dict.fromkeys(("Mapping", "dict"), "{}"),
    **dict.fromkeys(("float", "int"), "1"),
    "Callable": "print",
    "bool": "True",
    "bytes": 'b"bytes"',
    "str": '"text"',
}

# What stands for an ``async def`` function of the reader's.
_WORK: Final = "work"


def example(package: PyPackage, owner: PyClass, call: PyCall) -> str:
    """Write a statement that makes a call, as a type checker accepts it.

    Args:
        package: The package that the call belongs to.
        owner: The class of the call.
        call: The call.

    Returns:
        Python text without a newline at its end.
    """
    source = call.source
    writer = _Writer(package, owner.name, target(package, owner, call))
    if source.listener is not None or source.removes is not None or source.event is not None:
        return writer.listener(call)
    return writer.call(call)


def target(package: PyPackage, owner: PyClass, call: PyCall) -> str:
    """Return what examples call a function or method of: the namespace, or an object."""
    return package.instance if call.source.owner is None else variable(package, owner.name)


def variable(package: PyPackage, class_: str, beside: str = "") -> str:
    """Return the name that examples give to an object of a class.

    Args:
        package: The package.
        class_: The class.
        beside: A name that is another object's.
    """
    if class_ == package.namespace.name:
        return package.instance
    words = re.findall("[A-Z][a-z0-9]*", class_)
    name = identifier(words[-1].lower() if words else class_.lower())
    if name == beside or hasattr(builtins, name):
        name = _snake(class_)
    return f"{name}_" if name == beside or hasattr(builtins, name) else name


def form_text(method: Method) -> str:
    """Return one form of a call as readers see it."""
    parts: list[str] = []
    for each in method.head.parameters:
        if isinstance(each, str):
            parts.append(each)
        elif each.annotation is not None:
            default = f" = {each.default}" if each.default else ""
            parts.append(f"{each.argument}: {each.annotation.named(familiar)}{default}")
    return f"{method.name}({', '.join(parts)}) -> {method.head.returns.named(familiar)}"


def _snake(name: str) -> str:
    """A name in camel case as Python writes functions: ``SocketOpen`` is ``socket_open``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|\W+|__", "_", name)
    return re.sub("__+", "_", words).lower()


def _names(type_: Type) -> set[str]:
    return {used.name for used in names_in(type_)}


class _Writer:
    """Writes the example of one call."""

    def __init__(self, package: PyPackage, owner: str, holder: str) -> None:
        self._package = package
        self._owner = owner
        self._holder = holder

    def call(self, call: PyCall) -> str:
        name = f"{self._holder}.{call.name}"
        arguments: list[str] = []
        for field in call.parameters:
            if field.source is not None and not field.source.rest:
                arguments.append(self._value(field.source.type, field.source.example))
        for field in call.option.all_fields if call.option is not None else ():
            source = field.source
            if source is not None and (source.required or source.example is not None):
                value = self._value(source.type, source.example)
                arguments.append(f"{field.name}={value}")
        text = f"{name}({', '.join(arguments)})"
        if len(text) > 80:
            broken = [line for each in arguments for line in layout.call(f"    {each}", 0, ",")]
            text = "\n".join([f"{name}(", *broken, ")"])
        if call.awaited:
            return f"await {text}"
        if call.returns in (NONE, NEVER):
            return text
        symbols = [*call.returns.symbols]
        is_class = symbols and len(call.returns.parts) == 1 and symbols[0].module.endswith(".api")
        kept = self._object(symbols[0].name) if is_class else "result"
        return f"{kept} = {text}"

    def listener(self, call: PyCall) -> str:
        source = call.source
        name = f"{self._holder}.{call.name}"
        what = (source.removes or source.name).removeprefix("on")
        before: list[str] = []
        if call.event is not None:
            what = call.event.name
            before = [literal(what)]
        before += [
            self._value(field.type, field.example) for field in source.parameters if not field.rest
        ]
        function = identifier(f"on_{_snake(what)}")
        if source.removes is not None or source.event == "removes":
            optional = source.listener is None or source.listener.optional
            return f"{name}({', '.join([*before, *([] if optional else [function])])})"
        answers = source.listener.returns if source.listener is not None else None
        if before:
            short = f"lambda *arguments: {self._value(answers, None)}" if answers else "print"
            return f"{name}({', '.join([*before, short])})"
        heard = [
            f"{each.argument}: {each.annotation.named(familiar) if each.annotation else 'object'}"
            for each in call.heard
        ]
        shown = ", ".join(each.name for each in call.heard) or literal(call.label)
        answer = call.answer.named(familiar) if call.answer is not None else "None"
        kind = "async def" if isinstance(answers, Promise) else "def"
        head = f"{kind} {function}({', '.join(heard)}) -> {answer}:"
        if len(head) > layout.WIDTH:
            broken = [f"    {each}," for each in heard]
            head = "\n".join([f"{kind} {function}(", *broken, f") -> {answer}:"])
        body = f"{head}\n    print({shown})"
        if answers is not None:
            body += f"\n    return {self._value(answers, None)}"
        return f"@{name}\n{body}"

    def _object(self, class_: str) -> str:
        """An object of a class, which is another than the one that has the method."""
        if class_ == self._owner:
            return self._holder
        return variable(self._package, class_, self._holder)

    def _value(self, type_: Type, given: object, within: tuple[str, ...] = ()) -> str:
        if len(within) > _DEEPEST:
            return "..."
        if given is not None:
            return literal(given)
        match type_:
            case Primitive(name):
                return _VALUES.get(name, "None")
            case Literal(value):
                return literal(value)
            case Array(item):
                if any(used.name in within for used in names_in(item)):
                    return "[]"  # an object that holds its like may hold none
                return f"[{self._value(item, None, within)}]"
            case Tuple(items):
                inner = [self._value(item, None, within) for item in items]
                return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
            case Record():
                return "{}"
            case Union(members):
                fitting = (one for one in members if not _names(one) & {*within})
                return self._value(next(fitting, members[0]), None, within)
            case Promise(value):
                return self._value(value, None, within)
            case Function(returns=Promise()):
                return _WORK
            case Function(returns=Primitive("void" | "any" | "unknown")):
                return "print"
            case Function(returns=returns):
                return f"lambda *arguments: {self._value(returns, None, within)}"
            case Object(members):
                symbol = self._package.unnamed.get((type_, True))
                values = [
                    f"{identifier(member.name)}={self._value(member.type, None, within)}"
                    for member in members
                    if member.required
                ]
                return f"{symbol.name}({', '.join(values)})" if symbol is not None else "None"
            case Named(name) if name not in within:
                return self._named(name, (*within, name))
            case _:
                return "None"

    def _named(self, name: str, within: tuple[str, ...]) -> str:
        found = self._package.named.get(identifier(name))
        if found is None:
            return "None"
        if isinstance(found, PyClass):
            return self._object(found.name)
        match found.source:
            case EnumType(values=values):
                return literal(values[0].value)
            case NewName(type=meant):
                return self._value(meant, None, within)
            case HostType(python=python):
                return _HOSTS.get(re.split(r"\W", python)[0], "None")
        arguments = [
            f"{field.name}={self._value(field.source.type, field.source.example, within)}"
            for field in (*found.inherited, *found.fields)
            if field.source is not None and field.source.required
        ]
        return f"{found.name}({', '.join(arguments)})"
