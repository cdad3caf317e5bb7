"""What a validator of JSON Schema found, in words, and with places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from wxgen.spec.diagnostics import Fault, Steps, did_you_mean
from wxgen.spec.document import Document

__all__ = ["explain"]


def explain(document: Document, schema: Mapping[str, Any]) -> list[Fault]:
    """Say what is wrong with a document by a schema.

    Args:
        document: The document.
        schema: A JSON Schema, Draft 2020-12. A subschema's ``x-message`` says in words what its
            pattern or combination of rules asks for.

    Returns:
        Everything that is wrong, each once, in no order.
    """
    try:
        broken = [_broken(error) for error in _Validator(schema).iter_errors(document.value)]
        return list(dict.fromkeys(_Translator(document, schema).faults(broken)))
    except RecursionError:
        deepest = max(document.places.marks, key=len)
        return [Fault(document.at(*deepest), "nested too deep to be checked")]


def _pattern(
    validator: Any, pattern: str, instance: object, schema: object
) -> Iterator[ValidationError]:
    """Match as JSON Schema does: `$` is the very end, not also before a last newline."""
    whole = re.sub(r"(?<!\\)\$$", r"\\Z", pattern)
    if isinstance(instance, str) and re.search(whole, instance) is None:
        yield ValidationError("does not match")


def _properties(
    validator: Any, properties: Mapping[str, Any], instance: object, schema: object
) -> Iterator[ValidationError]:
    """Check the values of a mapping; of one that is forbidden, jsonschema itself forgets the key."""
    if isinstance(instance, dict):
        for key, rule in properties.items():
            if key in instance:
                rule = _FORBIDDEN if rule is False else rule
                yield from validator.descend(instance[key], rule, path=key, schema_path=key)


_FORBIDDEN: Final[Mapping[str, Any]] = {"not": {}}

_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _pattern, "properties": _properties}
)

_KINDS: Final = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}

_UNKNOWN_KEYS: Final = ("additionalProperties", "unevaluatedProperties")

# What is said when a value breaks a limit, by the keyword that sets it.
_LIMITS: Final[Mapping[str, Callable[[Any], str]]] = {
    "minLength": lambda limit: _at_least(limit, "character"),
    "minItems": lambda limit: _at_least(limit, "item"),
    "minProperties": lambda limit: _at_least(limit, "key"),
    "maxLength": lambda limit: f"must not hold more than {_count(limit, 'character')}",
    "maxItems": lambda limit: f"must not hold more than {_count(limit, 'item')}",
    "maxProperties": lambda limit: f"must not hold more than {_count(limit, 'key')}",
    "minimum": lambda limit: f"must not be less than {limit}",
    "maximum": lambda limit: f"must not be more than {limit}",
    "exclusiveMinimum": lambda limit: f"must be more than {limit}",
    "exclusiveMaximum": lambda limit: f"must be less than {limit}",
    "multipleOf": lambda limit: f"must be a multiple of {limit}",
}

_LONGEST_SHOWN: Final = 60
_MOST_SHOWN: Final = 12

# What makes a branch of anyOf or oneOf less likely to be the one that was meant.
_OTHER_KIND: Final = 1_000_000
_OTHER_CHOICE: Final = 1_000


@dataclass(frozen=True)
class _Broken:
    """A rule of a schema, and the value that breaks it.

    `keyword` and `limit` are the rule, such as ``minLength`` and ``1``. `inside` is the way to the
    value within the value that the enclosing anyOf or oneOf looks at; `branches` are the broken
    rules of each branch of it.
    """

    keyword: str
    limit: Any
    value: Any
    path: Steps
    inside: Steps
    schema: Any
    conditional: bool
    technical: str
    branches: list[list[_Broken]]


def _broken(error: ValidationError) -> _Broken:
    branches: dict[str | int, list[_Broken]] = {}
    for below in error.context:
        branches.setdefault(below.schema_path[0], []).append(_broken(below))
    return _Broken(
        keyword=str(error.validator),
        limit=error.validator_value,
        value=error.instance,
        path=tuple(error.absolute_path),
        inside=tuple(error.relative_path),
        schema=error.schema,
        conditional=len(error.schema_path) > 1 and error.schema_path[-2] in ("then", "else"),
        technical=error.message,
        branches=list(branches.values()),
    )


class _Translator:
    """Says in words, and with a place, what a validator found."""

    def __init__(self, document: Document, schema: Mapping[str, Any]) -> None:
        self._document = document
        self._root = schema

    def faults(self, errors: list[_Broken]) -> Iterator[Fault]:
        for error in errors:
            if error.keyword == "unevaluatedProperties":
                yield from self._unevaluated(error, errors)
            else:
                yield from self._one(error)

    def _one(self, error: _Broken) -> Iterator[Fault]:
        if error.keyword in ("anyOf", "oneOf"):
            yield from self._branches(error)
        elif error.keyword == "additionalProperties":
            yield from self._unknown(error, _additional(error))
        elif error.keyword == "required":
            for key in error.limit:
                if key not in error.value:
                    yield self._fault(error, _message(error) or f"missing key '{key}'")
        elif error.keyword == "dependentRequired":
            yield from self._dependent(error)
        elif self._is_key(error):
            yield self._fault(error, _words_for_key(error))
        else:
            yield self._fault(error, _words(error))

    def _fault(self, error: _Broken, message: str) -> Fault:
        if self._is_key(error):
            return Fault(self._document.key_at(*error.path, error.value), message)
        whole = isinstance(error.value, dict | list) and error.keyword != "type"
        forbidden = error.schema == _FORBIDDEN
        at = self._document.key_at if whole or forbidden else self._document.at
        return Fault(at(*error.path), message)

    def _is_key(self, error: _Broken) -> bool:
        """Whether the fault is a key's: of `propertyNames`, with the mapping's path."""
        value = self._document.value
        for step in error.path:
            value = value[step]
        return isinstance(value, dict) and isinstance(error.value, str)

    def _unknown(self, error: _Broken, keys: Iterable[str]) -> Iterator[Fault]:
        missing = set(self._known(error.schema)) - set(error.value)
        for key in keys:
            mark = self._document.key_at(*error.path, key)
            yield Fault(mark, f"unknown key '{key}'{did_you_mean(key, missing)}")

    def _unevaluated(self, error: _Broken, errors: list[_Broken]) -> Iterator[Fault]:
        """Report the keys that no subschema knows.

        A subschema that fails leaves all its keys unevaluated: those are not at fault, but what
        made it fail.
        """
        left = [key for key in error.value if repr(key) in error.technical]
        known = set(self._known(error.schema))
        yield from self._unknown(error, [key for key in left if key not in known])
        if not any(_explains(other, error) for other in errors):
            for key in left:
                if key in known:
                    mark = self._document.key_at(*error.path, key)
                    message = _message(error) or f"key '{key}' does not belong here"
                    yield Fault(mark, message)

    def _dependent(self, error: _Broken) -> Iterator[Fault]:
        for key, needed in error.limit.items():
            for other in needed:
                if key in error.value and other not in error.value:
                    mark = self._document.key_at(*error.path, key)
                    yield Fault(mark, f"key '{key}' needs key '{other}' beside it")

    def _known(self, schema: object, depth: int = 0) -> Iterator[str]:
        """The keys that a schema names for a mapping, in whatever branch."""
        if not isinstance(schema, Mapping) or depth > 20:
            return
        yield from schema.get("properties", {})
        for keyword in ("allOf", "anyOf", "oneOf"):
            for branch in schema.get(keyword, []):
                yield from self._known(branch, depth + 1)
        for keyword in ("if", "then", "else"):
            yield from self._known(schema.get(keyword), depth + 1)
        for branch in schema.get("dependentSchemas", {}).values():
            yield from self._known(branch, depth + 1)
        if "$ref" in schema:
            yield from self._known(self._resolved(schema["$ref"]), depth + 1)

    def _resolved(self, reference: str) -> object:
        found: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def _branches(self, error: _Broken) -> Iterator[Fault]:
        """Report what is wrong with the branch that was most likely meant."""
        message = _message(error)
        if not error.branches:
            yield self._fault(error, message or "fits more than one of the forms it may have")
            return
        costs = [_cost(branch) for branch in error.branches]
        least = min(costs)
        best = error.branches[costs.index(least)]
        choice = _common_choice(error.branches)
        if least >= _OTHER_KIND:
            as_type = replace(error, keyword="type", limit=_kinds_wanted(error))
            yield self._fault(as_type, message or _words(as_type))
        elif choice is not None:
            yield self._fault(choice, _words(choice))
        elif message and (costs.count(least) > 1 or all(map(_is_about_all, best))):
            yield self._fault(error, message)
        else:
            yield from self.faults(best)


def _message(error: _Broken) -> str | None:
    """What the schema itself says to a fault whose keyword does not speak for itself."""
    if not isinstance(error.schema, Mapping):
        return None
    if error.keyword in ("required", *_UNKNOWN_KEYS) and not error.conditional:
        return None
    message = error.schema.get("x-message")
    return message if isinstance(message, str) else None


def _explains(other: _Broken, error: _Broken) -> bool:
    """Whether another fault is why a subschema failed and left keys unevaluated."""
    return other.keyword != error.keyword and other.path[: len(error.path)] == error.path


def _words_for_key(error: _Broken) -> str:
    """Say what is wrong with a key."""
    if error.keyword in ("enum", "const"):
        return f"unknown key '{error.value}'{did_you_mean(error.value, _texts(_choices(error)))}"
    words = _words(error)
    return f"a key {words}" if error.keyword in _LIMITS else words


def _words(error: _Broken) -> str:
    """Say what is wrong with a value that stands for itself."""
    match error.keyword:
        case "not" if error.schema == _FORBIDDEN:
            return f"key '{error.path[-1]}' does not belong here"
        case "type":
            kinds = [error.limit] if isinstance(error.limit, str) else error.limit
            wanted = _joined_by_or([_KINDS[kind] for kind in kinds])
            return f"expected {wanted}, found {_kind(error.value)}"
        case "enum" | "const":
            return _not_one_of(error.value, _choices(error))
        case "uniqueItems":
            return "must not hold the same item twice"
        case "items" | "unevaluatedItems":
            return "holds too many items"
        case "pattern":
            return _message(error) or f"{_shown(error.value)} does not match {error.limit}"
        case keyword if keyword in _LIMITS:
            return _LIMITS[keyword](error.limit)
        case _:
            return _message(error) or "does not fit here"


def _additional(error: _Broken) -> list[str]:
    return [
        key
        for key in error.value
        if key not in error.schema.get("properties", {})
        and not any(
            re.search(pattern, key) for pattern in error.schema.get("patternProperties", {})
        )
    ]


def _cost(errors: list[_Broken]) -> int:
    return sum(map(_weight, errors))


def _weight(error: _Broken) -> int:
    steps = len(error.inside)
    if steps == 0:
        if error.keyword == "type":
            return _OTHER_KIND
        if error.keyword == "additionalProperties":
            return len(_additional(error))
        if error.keyword in ("anyOf", "oneOf") and error.branches:
            return min(map(_cost, error.branches))
    if steps <= 1 and error.keyword in ("const", "enum"):
        return _OTHER_CHOICE
    return 1


def _is_about_all(error: _Broken) -> bool:
    """Whether a fault is that the value as a whole does not fit."""
    return not error.inside and error.keyword not in (
        "required",
        "dependentRequired",
        *_UNKNOWN_KEYS,
    )


def _kinds_wanted(error: _Broken) -> list[str]:
    """The types that the branches ask for, each once."""
    kinds: list[str] = []
    for below in chain(*error.branches):
        if below.inside:
            continue
        if below.keyword == "type":
            wanted = below.limit
            kinds += [wanted] if isinstance(wanted, str) else wanted
        else:
            kinds += _kinds_wanted(below)
    return list(dict.fromkeys(kinds))


def _common_choice(branches: list[list[_Broken]]) -> _Broken | None:
    """Join the choices of the one key, or of the value, that tells all branches apart.

    Branches for another kind of value do not count.
    """
    likely = [branch for branch in branches if _cost(branch) < _OTHER_KIND]
    found = [
        error
        for branch in likely
        for error in branch
        if error.keyword in ("const", "enum") and len(error.inside) <= 1
    ]
    places = {error.inside for error in found}
    if len(likely) < 2 or len(places) != 1 or len(found) != len(likely):
        return None
    return replace(found[0], keyword="enum", limit=list(chain(*map(_choices, found))))


def _choices(error: _Broken) -> list[Any]:
    return [error.limit] if error.keyword == "const" else list(error.limit)


def _texts(values: Iterable[object]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _not_one_of(value: object, choices: list[Any]) -> str:
    if len(choices) == 1:
        return f"must be {_shown(choices[0])}, not {_shown(value)}"
    shown = [_shown(choice) for choice in choices[:_MOST_SHOWN]]
    if len(choices) > _MOST_SHOWN:
        shown.append(f"{len(choices) - _MOST_SHOWN} more")
    hint = did_you_mean(value, _texts(choices)) if isinstance(value, str) else ""
    return f"{_shown(value)} is not one of {', '.join(shown)}{hint}"


def _shown(value: object) -> str:
    if isinstance(value, str):
        short = value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 3] + "..."
        return f"'{short}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else _kind(value)


def _kind(value: object) -> str:
    names = {
        dict: "object",
        list: "array",
        str: "string",
        bool: "boolean",
        int: "integer",
        float: "number",
    }
    return _KINDS[names.get(type(value), "null")]


def _joined_by_or(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _count(limit: int, what: str) -> str:
    return f"{limit} {what}" if limit == 1 else f"{limit} {what}s"


def _at_least(limit: int, what: str) -> str:
    return "must not be empty" if limit == 1 else f"must hold at least {_count(limit, what)}"
