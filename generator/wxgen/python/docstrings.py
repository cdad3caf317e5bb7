"""The docstrings of what is emitted, as plain text. Escaping is the renderer's work."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from wxgen.spec.records import Api, Call, Class, EnumType, Field, NamedType

if TYPE_CHECKING:
    from wxgen.python import PyField

__all__ = [
    "WIDTH",
    "field_text",
    "of_call",
    "of_class",
    "of_namespace",
    "of_option",
    "of_type",
    "wrap",
]

# The longest line of what is emitted. Docstrings are wrapped for the deepest place they stand in.
WIDTH: Final = 100
_DOC_WIDTH: Final = WIDTH - 8

_CALLBACKS: Final = {
    "success": "Called when the call succeeds, before it returns.",
    "fail": "Called when the call fails, before it returns.",
    "complete": "Called after either, with the same object.",
}


def field_text(field: Field) -> str:
    """Describe a field: what it is, its unit, its default, what to know before using it.

    Args:
        field: The field.

    Returns:
        One paragraph.
    """
    parts = [sentence(field.description)]
    if field.unit is not None:
        parts.append(f"Unit: {field.unit}.")
    if field.default is not None:
        parts.append(f"Default: {_literal(field.default)}.")
    elif field.fallback is not None:
        parts.append(f"Default: {sentence(field.fallback)}")
    if field.notes.since is not None:
        parts.append(f"Since base library {field.notes.since}.")
    if field.notes.deprecated is not None:
        parts.append(f"Deprecated: {sentence(field.notes.deprecated)}")
    return " ".join(parts)


def callback_text(name: str) -> str:
    """Describe success, fail or complete."""
    return _CALLBACKS[name]


def of_field(field: PyField) -> str:
    """Describe a field, be it one of the spec's or a callback."""
    return field_text(field.source) if field.source is not None else callback_text(field.name)


def of_type(type_: NamedType) -> str:
    """The docstring of a named type. Its fields have their own."""
    parts = [*_start(type_.description, type_.notes.since, type_.notes.deprecated)]
    parts += _notes(type_.notes.oddities)
    if isinstance(type_, EnumType):
        values = [(_literal(value.value), value.description) for value in type_.values]
        parts.append(_section("Values", [_item(name, sentence(text)) for name, text in values]))
    parts.append(_source(type_.notes.section))
    return "\n\n".join(parts)


def of_option(call: Call) -> str:
    """The docstring of an option object. Its fields have their own."""
    return f"{wrap(f'The options of {call.label}.')}\n\n{_source(call.notes.section)}"


def of_call(call: Call, fields: Sequence[PyField]) -> str:
    """The docstring of a function or method."""
    parts = [*_start(call.description, call.notes.since, call.notes.deprecated)]
    parts += [wrap(sentence(text)) for text in call.behaviour]
    parts += [wrap(f"Caution: {sentence(text)}") for text in call.cautions]
    parts += _notes(call.notes.oddities)
    if call.option is not None:
        parts.append(wrap(f"Takes its options as keywords, or as one {call.option.name}."))
    if fields:
        parts.append(_section("Args", [_field_item(field) for field in fields]))
    if call.listener is not None:
        parts.append(_section("Args", [_item("listener", sentence(call.listener.description))]))
    returns = _returns(call)
    if returns:
        parts.append(_section("Returns", [_item("", returns)]))
    if call.failures:
        items = [_item(failure.errMsg, sentence(failure.when)) for failure in call.failures]
        parts.append(_section("Fails", items))
    if call.option is not None:
        text = "A required option is missing, one is unknown, or the two styles are mixed."
        raises = [_item("TypeError", text)]
        if call.returns is None:
            raises.append(_item("WxError", "When awaited: the call failed."))
        parts.append(_section("Raises", raises))
    elif call.listener is not None:
        text = "The listener cannot be called."
        parts.append(_section("Raises", [_item("TypeError", text)]))
    parts.append(_source(call.notes.section))
    return "\n\n".join(parts)


def of_class(class_: Class) -> str:
    """The docstring of a class."""
    parts = [*_start(class_.description, class_.notes.since, class_.notes.deprecated)]
    parts += _notes(class_.notes.oddities)
    parts.append(_source(class_.notes.section))
    return "\n\n".join(parts)


def of_namespace(api: Api) -> str:
    """The docstring of the namespace's class."""
    parts = [wrap(f"The functions of `{api.namespace}`."), wrap(sentence(api.description))]
    parts += [wrap(f"Caution: {sentence(text)}") for text in api.cautions]
    parts += _notes(api.notes.oddities)
    parts.append(_source(api.notes.section))
    return "\n\n".join(parts)


def returns_text(call: Call) -> str:
    """Describe what a call returns, or "" if that is nothing."""
    return _returns(call)


def sentence(text: str) -> str:
    """Return a text with single spaces, and a full stop at its end."""
    joined = " ".join(text.split())
    return joined if joined.endswith((".", "!", "?", ":")) else f"{joined}."


def _returns(call: Call) -> str:
    if call.returns_description is not None:
        return sentence(call.returns_description)
    if call.listener is not None:
        return "" if call.removes else "The listener, so that this also serves as a decorator."
    if call.returns is None and call.option is not None:
        return (
            "The call: await it, or ask for its `result()` from another thread, "
            "for what `success` receives."
        )
    return ""


def _start(description: str, since: str | None, deprecated: str | None) -> Iterable[str]:
    yield wrap(sentence(description))
    if since is not None:
        yield wrap(f"Since base library {since}.")
    if deprecated is not None:
        yield wrap(f"Deprecated: {sentence(deprecated)}")


def _notes(oddities: Sequence[str]) -> list[str]:
    return [wrap(f"Note: {sentence(text)}") for text in oddities]


def _source(section: str) -> str:
    return wrap(f"Section of the document: {sentence(section)}")


def _field_item(field: PyField) -> str:
    return _item(field.name, of_field(field))


def _section(title: str, items: Sequence[str]) -> str:
    return "\n".join([f"{title}:", *items])


def _item(name: str, text: str) -> str:
    # On one line, however long: editors show no more than the first line of an entry.
    return f"    {name}: {text}" if name else textwrap.indent(wrap(text), "    ")


def wrap(text: str) -> str:
    """Break a paragraph into lines."""
    return textwrap.fill(text, _DOC_WIDTH, break_long_words=False, break_on_hyphens=False)


def _literal(value: str | float | bool) -> str:
    return repr(value)
