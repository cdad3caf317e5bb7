"""An example in Python for each call of the reference, made from the examples of the spec."""

from __future__ import annotations

import re

from wxgen.python.code import NONE
from wxgen.python.names import identifier, literal
from wxgen.python.records import PyCall, PyClass, PyPackage
from wxgen.spec.records import EnumType, NewName
from wxgen.spec.typeexpr import Array, Literal, Named, Primitive, Record, Type, Union, names_in

__all__ = ["example", "variable"]

# How deep objects within objects are shown.
_DEEPEST = 4


def example(package: PyPackage, owner: PyClass, call: PyCall) -> str:
    """Write a statement that makes a call, as a type checker accepts it.

    Args:
        package: The package that the call belongs to.
        owner: The class of the call.
        call: The call.

    Returns:
        Python text without a newline at its end.
    """
    target = package.instance if owner is package.namespace else variable(package, owner.name)
    name = f"{target}.{call.name}"
    if call.source.event is not None:
        return f'{name}("event", on_event)'
    if call.source.listener is not None or call.source.removes is not None:
        return _listener(name, call)
    arguments: list[str] = []
    for field in call.parameters:
        if field.source is not None and not field.source.rest:
            arguments.append(_value(field.source.type, field.source.example, package))
    for field in call.option.all_fields if call.option is not None else ():
        source = field.source
        if source is not None and (source.required or source.example is not None):
            value = _value(source.type, source.example, package)
            arguments.append(f"{field.name}={value}")
    text = f"{name}({', '.join(arguments)})"
    if len(text) > 80:
        text = "\n".join([f"{name}(", *(f"    {argument}," for argument in arguments), ")"])
    if call.awaited:
        return f"await {text}"
    if call.returns == NONE:
        return text
    symbols = [*call.returns.symbols]
    is_class = symbols and len(call.returns.parts) == 1 and symbols[0].module.endswith(".api")
    return f"{variable(package, symbols[0].name) if is_class else 'result'} = {text}"


def variable(package: PyPackage, class_: str) -> str:
    """Return the name that examples give to an object of a class."""
    if class_ == package.namespace.name:
        return package.instance
    words = re.findall("[A-Z][a-z0-9]*", class_)
    return identifier(words[-1].lower() if words else class_.lower())


def _listener(name: str, call: PyCall) -> str:
    source = call.source.listener
    if source is None or call.source.removes is not None:
        return f"{name}({'' if source is None or source.optional else 'on_event'})"
    function = "on_" + call.name.removeprefix("on").lower()
    if call.receives is None:
        return f"@{name}\ndef {function}() -> None:\n    print({literal(call.label)})"
    return f"@{name}\ndef {function}(res: {call.receives}) -> None:\n    print(res)"


def _value(type_: Type, given: object, package: PyPackage, within: tuple[str, ...] = ()) -> str:
    if len(within) > _DEEPEST:
        return "..."
    if given is not None:
        return literal(given)
    match type_:
        case Primitive("string"):
            return '"text"'
        case Primitive("number" | "integer"):
            return "1"
        case Primitive("boolean"):
            return "True"
        case Primitive("ArrayBuffer"):
            return 'b"bytes"'
        case Literal(value):
            return literal(value)
        case Array(item):
            if any(used.name in within for used in names_in(item)):
                return "[]"  # an object that holds its like may hold none
            return f"[{_value(item, None, package, within)}]"
        case Record() | Primitive("object"):
            return "{}"
        case Union(members):
            return _value(members[0], None, package, within)
        case Named(name) if name not in within:
            return _named(name, package, (*within, name))
        case _:
            return "None"


def _named(name: str, package: PyPackage, within: tuple[str, ...]) -> str:
    for type_ in package.types:
        if type_.name != name:
            continue
        match type_.source:
            case EnumType(values=values):
                return literal(values[0].value)
            case NewName(type=meant):
                return _value(meant, None, package, within)
        arguments = [
            f"{field.name}={_value(field.source.type, field.source.example, package, within)}"
            for field in type_.fields
            if field.source is not None and field.source.required
        ]
        return f"{name}({', '.join(arguments)})"
    return "None"
