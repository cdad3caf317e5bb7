"""The docstrings of what is emitted, in blocks. Escaping and wrapping is the printer's work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from wxgen.spec.api import Api, Chapter
from wxgen.spec.records import Call, Class, EnumType, Field, NamedType, Notes, Option

__all__ = [
    "Doc",
    "Entries",
    "callback_text",
    "field_text",
    "of_call",
    "of_class",
    "of_namespace",
    "of_option",
    "of_type",
    "paragraph",
    "returns_text",
    "sentence",
    "since_text",
]


@dataclass(frozen=True)
class Entries:
    """A section with a title, and an entry a line; an entry without a name is a paragraph."""

    title: str
    entries: tuple[tuple[str, str], ...]


Doc: TypeAlias = tuple[str | Entries, ...]
"""A docstring: paragraphs and sections."""

_CALLBACKS: Final = {
    "success": "Called when the call succeeds, before it returns.",
    "fail": "Called when the call fails, before it returns.",
    "complete": "Called after either, with the same object.",
}
_IGNORED: Final = {
    "ignored": "Accepted without effect here.",
    "none": "Not supported here.",
}


def field_text(field: Field, *, is_result: bool = False) -> str:
    """Describe a field: what it is, its unit, its default, what to know before using it.

    Args:
        field: The field.
        is_result: Whether it is a field of what callbacks and listeners receive.

    Returns:
        One paragraph.
    """
    parts = [sentence(field.description)]
    if field.unit is not None:
        parts.append(f"Unit: {sentence(field.unit)}")
    if field.default is not None:
        parts.append(f"Default: {field.default!r}.")
    elif field.fallback is not None:
        parts.append(f"Default: {sentence(field.fallback)}")
    parts += _since_and_deprecated(field.notes)
    if field.support != "full":
        parts.append("Never set here." if is_result else _IGNORED[field.support])
    parts += [f"Note: {sentence(text)}" for text in field.notes.oddities]
    return " ".join(parts)


def callback_text(name: str) -> str:
    """Describe success, fail or complete."""
    return _CALLBACKS[name]


def since_text(notes: Notes) -> str:
    """Say since when there is a thing, and whether it is deprecated; "" when there is nothing."""
    return " ".join(_since_and_deprecated(notes))


def of_type(type_: NamedType) -> Doc:
    """The docstring of a named type. Its fields have their own."""
    parts: list[str | Entries] = [*_start(type_.description, type_.notes)]
    parts += _oddities(type_.notes)
    if isinstance(type_, EnumType):
        values = [
            (repr(value.value), _joined(sentence(value.description), since_text(value.notes)))
            for value in type_.values
        ]
        parts.append(Entries("Values", tuple(values)))
    return (*parts, _source(type_.notes))


def of_option(option: Option, call: Call | None) -> Doc:
    """The docstring of an option object. Its fields have their own.

    Args:
        option: The option type.
        call: The call that it belongs to, unless it is for several.
    """
    if call is not None:
        return (f"The options of {call.label}.", _source(call.notes))
    return (*_start(option.description, option.notes), *_source_of(option.notes))


def of_call(call: Call, fields: Sequence[tuple[str, str]]) -> Doc:
    """The docstring of a function or method.

    Args:
        call: The call.
        fields: The names and texts of its options or parameters.
    """
    parts: list[str | Entries] = [*_start(call.description, call.notes)]
    if call.support != "full":
        parts.append(_IGNORED[call.support])
    if call.option is not None:
        parts.append(f"Takes its options as keywords, or as one {call.option.name}.")
    if fields:
        parts.append(Entries("Args", tuple(fields)))
    if call.listener is not None:
        parts.append(Entries("Args", (("listener", sentence(call.listener.description)),)))
    returns = returns_text(call)
    if returns:
        parts.append(Entries("Returns", (("", returns),)))
    if call.failures:
        failures = [(failure.errMsg, sentence(failure.when)) for failure in call.failures]
        parts.append(Entries("Fails", tuple(failures)))
    raises = tuple(_raises(call))
    if raises:
        parts.append(Entries("Raises", raises))
    parts += [sentence(text) for text in call.behaviour]
    parts += [f"Caution: {sentence(text)}" for text in call.cautions]
    parts += _oddities(call.notes)
    return (*parts, _source(call.notes))


def of_class(class_: Class) -> Doc:
    """The docstring of a class."""
    return (
        *_start(class_.description, class_.notes),
        *_oddities(class_.notes),
        _source(class_.notes),
    )


def of_namespace(api: Api, chapter: Chapter) -> Doc:
    """The docstring of the namespace's class, or of the part of it that one chapter has."""
    what = f"The functions of `{api.namespace}`"
    return (
        f"{what}: {chapter.title}." if chapter.name else f"{what}.",
        sentence(chapter.description),
        *(f"Caution: {sentence(text)}" for text in chapter.cautions),
        *_oddities(chapter.notes),
        _source(chapter.notes),
    )


def returns_text(call: Call) -> str:
    """Describe what a call returns, or "" if that is nothing."""
    if call.returns_description is not None:
        return sentence(call.returns_description)
    if call.listener is not None:
        return (
            ""
            if call.removes or call.event
            else "The listener, so that this also serves as a decorator."
        )
    if call.returns is None and call.option is not None:
        return (
            "The call: await it, or ask for its `result()` from another thread, "
            "for what `success` receives."
        )
    return ""


def paragraph(text: str) -> str:
    """Return a text with single spaces."""
    return " ".join(text.split())


def sentence(text: str) -> str:
    """Return a text with single spaces, and a full stop at its end."""
    joined = paragraph(text)
    return joined if joined.endswith(_ENDS) else f"{joined}."


_ENDS: Final = (".", "!", "?", ":", "…", "。", "！", "？", "：")


def _raises(call: Call) -> Iterator[tuple[str, str]]:
    if call.option is not None:
        text = "A required option is missing, one is unknown, or the two styles are mixed."
        yield "TypeError", text
        if call.returns is None:
            yield "WxError", "When awaited: the call failed."
    elif call.listener is not None:
        yield "TypeError", "The listener cannot be called."


def _start(description: str, notes: Notes) -> Iterator[str]:
    yield sentence(description)
    yield from _since_and_deprecated(notes)


def _since_and_deprecated(notes: Notes) -> Iterator[str]:
    if notes.since is not None:
        yield f"Since base library {notes.since}."
    if notes.deprecated is not None:
        yield f"Deprecated: {sentence(notes.deprecated)}"


def _oddities(notes: Notes) -> list[str]:
    return [f"Note: {sentence(text)}" for text in notes.oddities]


def _source_of(notes: Notes) -> Iterator[str]:
    if notes.section:
        yield _source(notes)


def _source(notes: Notes) -> str:
    return f"Section of the document: {sentence(notes.section)}"


def _joined(*texts: str) -> str:
    return " ".join(text for text in texts if text)
