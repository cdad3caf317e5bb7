"""The examples of a call side by side: both styles of Python, and the platform's JavaScript."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable

from wxgen.python.examples import example, variable
from wxgen.python.names import identifier
from wxgen.python.records import PyCall, PyClass, PyPackage
from wxgen.spec.records import CALLBACKS, Call, EnumType, Field, Listener, NewName
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
)

__all__ = ["javascript", "option_style"]

# How deep objects within objects are shown.
_DEEPEST = 4


def option_style(package: PyPackage, owner: PyClass, call: PyCall) -> str:
    """Write the example of a call with an option object in the place of keywords.

    Args:
        package: The package that the call belongs to.
        owner: The class of the call.
        call: The call.

    Returns:
        Python text, or "" if the call takes no options.
    """
    if call.option is None:
        return ""
    text = example(package, owner, call)
    made = next((node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)), None)
    if made is None:
        return ""
    before = [_segment(text, each) for each in made.args]
    fields = [f"{each.arg}={_segment(text, each.value)}" for each in made.keywords]
    start = text.partition("(")[0]
    option = f"{call.option.name}({', '.join(fields)})"
    order = [option, *before] if call.source.forms[0].option_first else [*before, option]
    whole = f"{start}({', '.join(order)})"
    if len(whole) <= 60:
        return whole
    option = "\n".join(
        [f"    {call.option.name}(", *(f"        {each}," for each in fields), "    ),"]
    )
    rest = [f"    {each}," for each in before]
    order = [option, *rest] if call.source.forms[0].option_first else [*rest, option]
    return "\n".join([f"{start}(", *order, ")"])


def _segment(text: str, node: ast.expr) -> str:
    return ast.get_source_segment(text, node) or ast.unparse(node)


def javascript(package: PyPackage, owner: PyClass, call: PyCall) -> str:
    """Write the same call as a mini program makes it.

    Args:
        package: The package that the call belongs to.
        owner: The class of the call.
        call: The call.

    Returns:
        JavaScript without a newline at its end.
    """
    source = call.source
    holder = package.api.namespace if source.owner is None else variable(package, owner.name)
    name = f"{holder}.{source.name}"
    if call.event is not None:
        values = [_text(call.event.name), _heard(call.event.listener, source)]
        return f"{name}({', '.join(values[:1] if source.event == 'removes' else values)})"
    if source.removes is not None:
        optional = source.listener is None or source.listener.optional
        return f"{name}({'' if optional else 'listener'})"
    first = source.forms[0]
    values = [
        _value(field.type, field.example, package) for field in first.parameters if not field.rest
    ]
    if source.listener is not None:
        return f"{name}({', '.join([*values, _heard(source.listener, source)])})"
    if call.option is not None:
        properties = _properties(call, package)
        if properties or not first.option_optional:
            option = "\n".join(["{", *(f"  {each}," for each in properties), "}"])
            values = [option, *values] if first.option_first else [*values, option]
    made = f"{name}({', '.join(values)})"
    symbols = [*call.returns.symbols]
    if source.returns is None:
        return made
    is_class = len(call.returns.parts) == 1 and symbols and symbols[0].module.endswith(".api")
    if call.awaited:
        return f"await {made}"
    return f"const {variable(package, symbols[0].name) if is_class else 'result'} = {made}"


def _heard(listener: Listener, call: Call) -> str:
    """A listener that shows what it hears."""
    heard = [field.name for field in listener.parameters]
    heard = ["res"] if listener.result is not None else heard
    shown = ", ".join(heard) or _text(call.label)
    return f"({', '.join(heard)}) => {{\n  console.log({shown})\n}}"


def _properties(call: PyCall, package: PyPackage) -> list[str]:
    assert call.option is not None
    found: list[str] = []
    for field in call.option.all_fields:
        source = field.source
        if source is None and field.name in CALLBACKS:
            shown = "console.log(res)" if field.name != "fail" else "console.error(res.errMsg)"
            found.append(f"{field.name}(res) {{ {shown} }}" if field.name != "complete" else "")
        elif source is not None and (source.required or source.example is not None):
            found.append(_property(source, package))
    return [each for each in found if each]


def _property(field: Field, package: PyPackage, within: tuple[str, ...] = ()) -> str:
    value = _value(field.type, field.example, package, within)
    plain = re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", field.name)
    return f"{field.name if plain else _text(field.name)}: {value}"


def _value(type_: Type, given: object, package: PyPackage, within: tuple[str, ...] = ()) -> str:
    if len(within) > _DEEPEST:
        return "undefined"
    if given is not None:
        return _text(given)
    match type_:
        case Primitive("string"):
            return '"text"'
        case Primitive("number" | "integer"):
            return "1"
        case Primitive("boolean"):
            return "true"
        case Primitive("ArrayBuffer"):
            return "new Uint8Array([1, 2, 3]).buffer"
        case Literal(value):
            return _text(value)
        case Array(item):
            inner = _value(item, None, package, within)
            return "[]" if inner in ("null", "undefined") else f"[{inner}]"
        case Record() | Primitive("object"):
            return "{}"
        case Union(members):
            return _value(members[0], None, package, within)
        case Named(name) if name not in within:
            return _named(name, package, (*within, name))
        case Promise(value):
            return _value(value, None, package, within)
        case Tuple(items):
            return f"[{', '.join(_value(item, None, package, within) for item in items)}]"
        case Object(members):
            pairs = [
                f"{member.name}: {_value(member.type, None, package, within)}"
                for member in members
                if member.required
            ]
            return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
        case Function() | Primitive("function"):
            return "() => {}"
        case _:
            return "null"


def _named(name: str, package: PyPackage, within: tuple[str, ...]) -> str:
    found = package.named.get(identifier(name))
    if found is None:
        return "null"
    if isinstance(found, PyClass):
        return variable(package, found.name)
    match found.source:
        case EnumType(values=values):
            return _text(values[0].value)
        case NewName(type=meant):
            return _value(meant, None, package, within)
    fields = (*found.inherited, *found.fields)
    sources: Iterable[Field] = (each.source for each in fields if each.source is not None)
    inner = [_property(field, package, within) for field in sources if field.required]
    return f"{{ {', '.join(inner)} }}" if inner else "{}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
