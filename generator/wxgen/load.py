"""YAML to plain values, each with its line and column; every fault, not the first.

Only this module knows YAML and JSON Schema.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from wxgen.diagnostics import Fault, Mark, SpecError, did_you_mean

__all__ = ["Document", "load", "parse", "schema", "validate"]

Steps = tuple[str | int, ...]
"""The way from the root of a document to a value: keys and indices."""

MAX_DEPTH: Final = 100
MAX_NODES: Final = 200_000
MAX_DIGITS: Final = 100

_START: Final = Mark(1, 1)
_TOO_DEEP: Final = f"nested deeper than {MAX_DEPTH} levels"


@dataclass(frozen=True)
class Document:
    """A YAML text that was read.

    Attributes:
        label: The path of the text, as the user gave it.
        digest: SHA-256 of the text, in hexadecimal; the same on every machine.
        value: What the text says: plain mappings, lists, texts, numbers, booleans and None.
        marks: Where each value begins.
        keys: Where the key of each value of a mapping begins.
        inline: Where the characters begin of each text that stands in one piece on one line.
    """

    label: str
    digest: str
    value: Any
    marks: Mapping[Steps, Mark]
    keys: Mapping[Steps, Mark]
    inline: Mapping[Steps, Mark]

    def at(self, *path: str | int) -> Mark:
        """Find a value.

        Args:
            path: The keys and indices that lead to it.

        Returns:
            Where it begins, or where its nearest ancestor does when it does not exist.
        """
        while path not in self.marks and path:
            path = path[:-1]
        return self.marks.get(path, _START)

    def key_at(self, *path: str | int) -> Mark:
        """Find the key of a value.

        Args:
            path: The keys and indices that lead to the value.

        Returns:
            Where the key begins; without a key, as in a list, what `at` answers.
        """
        return self.keys.get(path) or self.at(*path)

    def text_at(self, path: Steps, offset: int) -> Mark:
        """Find a character of a text.

        Args:
            path: The keys and indices that lead to the text.
            offset: The character's index.

        Returns:
            Where the character is; where the text begins when it has several lines or escapes.
        """
        first = self.inline.get(path)
        return self.at(*path) if first is None else Mark(first.line, first.column + offset)


def load(path: Path, *, label: str | None = None) -> Document:
    """Read a spec, and hold it against the schema of the spec language.

    Args:
        path: The spec's file.
        label: What to call the file in messages; the path when absent.

    Returns:
        What the file says, valid by the schema.

    Raises:
        SpecError: The file cannot be read, is not YAML, or is not valid; with every fault.
    """
    label = str(path) if label is None else label
    document, faults = _read(_text_of(path, label), label)
    if document is not None:
        # A value that could not be read has a fault already; it need not be valid too.
        marked = {fault.mark for fault in faults}
        faults += [fault for fault in validate(document, schema()) if fault.mark not in marked]
    if document is None or faults:
        raise SpecError(label, faults)
    return document


def parse(text: str, label: str) -> Document:
    """Read YAML 1.2 (its core schema, without tags).

    Args:
        text: The YAML.
        label: What to call the text in messages.

    Returns:
        What the text says.

    Raises:
        SpecError: It is not YAML, or says more than plain values can hold; with every fault.
    """
    document, faults = _read(text, label)
    if document is None or faults:
        raise SpecError(label, faults)
    return document


def validate(document: Document, schema: Mapping[str, Any]) -> list[Fault]:
    """Hold a document against a schema.

    Args:
        document: The document.
        schema: A JSON Schema, Draft 2020-12. A subschema's ``x-message`` says in words what its
            pattern or combination of rules asks for.

    Returns:
        Everything that is wrong, in the order of the text.
    """
    try:
        broken = [_broken(error) for error in _Validator(schema).iter_errors(document.value)]
        return sorted(set(_Translator(document, schema).faults(broken)))
    except RecursionError:
        deepest = max(document.marks, key=len)
        return [Fault(document.at(*deepest), "nested too deep to be checked")]


def schema() -> dict[str, Any]:
    """Find the schema of the spec language.

    Returns:
        The schema: the package's own, or in a checkout that of the folder ``spec``.
    """
    packaged = importlib.resources.files("wxgen") / "schema.json"
    if packaged.is_file():
        text = packaged.read_text(encoding="utf-8")
    else:
        checkout = Path(__file__).resolve().parents[2]
        text = (checkout / "spec" / "schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


# Files and characters.

_NO_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
_BAD_IN_VALUE = re.compile(f"[{_NO_CONTROLS}]")
# Raw, these are no YAML, or invisible, or end a line for some readers and not for others.
_BAD_IN_SOURCE = re.compile(f"[{_NO_CONTROLS}\\u2028\\u2029\\ufeff\\ufffe\\uffff]")


def _text_of(path: Path, label: str) -> str:
    try:
        if path.is_dir():
            raise SpecError(label, [Fault(_START, "is a folder, not a file")])
        data = path.read_bytes()
    except FileNotFoundError:
        raise SpecError(label, [Fault(_START, "no such file")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SpecError(label, [Fault(_START, f"cannot be read: {reason}")]) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _normal(data[: error.start].decode("utf-8"))
        message = f"not UTF-8: byte 0x{data[error.start]:02x}"
        raise SpecError(label, [Fault(_mark_of(before, len(before)), message)]) from None


def _normal(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _mark_of(text: str, index: int) -> Mark:
    return Mark(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _character_fault(mark: Mark, char: str) -> Fault:
    kind = "a lone surrogate" if "\ud800" <= char <= "\udfff" else "a control character"
    if _BAD_IN_VALUE.match(char) is None:
        kind = "a character that must be escaped"
    return Fault(mark, f"the text holds U+{ord(char):04X}, {kind}")


# YAML to nodes.


class _Fatal(Exception):
    """A fault after which nothing more can be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


_NULL = "tag:yaml.org,2002:null"
_BOOL = "tag:yaml.org,2002:bool"
_INT = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"

_CORE_SCHEMA = [
    (_NULL, re.compile(r"(?:null|Null|NULL|~|)\Z")),
    (_BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")),
    (_INT, re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")),
    (
        _FLOAT,
        re.compile(
            r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
            r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
        ),
    ),
]


class _Loader(yaml.SafeLoader):
    """Composes nodes; tells plain scalars apart as YAML 1.2 does, and refuses tags and circles."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.yaml_implicit_resolvers = {None: _CORE_SCHEMA}
        self.faults: list[Fault] = []
        self._open: list[str | None] = []

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        mark = _mark(event.start_mark)
        is_alias = isinstance(event, yaml.AliasEvent)
        if is_alias and event.anchor in self._open:
            self.faults.append(Fault(mark, f"alias '*{event.anchor}' stands inside its own anchor"))
            self.get_event()  # type: ignore[no-untyped-call]
            return yaml.ScalarNode(_NULL, "", event.start_mark, event.end_mark)
        if not is_alias and event.tag is not None:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.faults.append(Fault(mark, f"tag '{shown}': tags have no meaning here"))
        if len(self._open) >= MAX_DEPTH:
            raise _Fatal(Fault(mark, _TOO_DEEP))
        self._open.append(None if is_alias else event.anchor)
        try:
            return super().compose_node(parent, index)
        finally:
            self._open.pop()


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)


def _compose(loader: _Loader) -> yaml.Node:
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _Fatal(_syntax_fault(error)) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML lets through what Python says about an escape or a number that is too large.
        mark = Mark(loader.line + 1, loader.column + 1)
        raise _Fatal(Fault(mark, "not valid YAML: a number or an escape is too large")) from None
    if node is None:
        raise _Fatal(Fault(_START, "the file is empty"))
    return node


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    at = _START if mark is None else _mark(mark)
    if error.context == "expected a single document in the stream":
        return Fault(at, "more than one document in the file")
    message = f"not valid YAML: {error.problem or error.context}"
    if error.problem and error.context and error.context_mark is not None:
        start = _mark(error.context_mark)
        message += f" ({error.context}, from {start.line}:{start.column})"
    return Fault(at, message)


# Nodes to values.


def _read(text: str, label: str) -> tuple[Document | None, list[Fault]]:
    text = _normal(text)
    bad = [
        _character_fault(_mark_of(text, match.start()), match[0])
        for match in _BAD_IN_SOURCE.finditer(text)
    ]
    if bad:
        return None, bad
    loader = _Loader(text)
    builder = _Builder(text)
    try:
        value = builder.build(_compose(loader), ())
    except _Fatal as fatal:
        return None, [*loader.faults, *builder.faults, fatal.fault]
    except RecursionError:
        mark = Mark(loader.line + 1, loader.column + 1)
        return None, [*loader.faults, *builder.faults, Fault(mark, "nested too deep to be read")]
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    document = Document(label, digest, value, builder.marks, builder.keys, builder.inline)
    return document, loader.faults + builder.faults


_NO_KEYS = {_NULL: "nothing", _BOOL: "true or false", _INT: "a number", _FLOAT: "a number"}


def _joined(text: str) -> str:
    """Join the halves of a character that JSON escapes as two surrogates."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


class _Builder:
    """Turns nodes into plain values, and notes where they are and what is wrong with them."""

    def __init__(self, text: str) -> None:
        self.marks: dict[Steps, Mark] = {}
        self.keys: dict[Steps, Mark] = {}
        self.inline: dict[Steps, Mark] = {}
        self.faults: list[Fault] = []
        self._text = text
        self._count = 0

    def build(self, node: yaml.Node, path: Steps) -> Any:
        mark = _mark(node.start_mark)
        self._count += 1
        if self._count > MAX_NODES:
            raise _Fatal(Fault(mark, f"more than {MAX_NODES} values, counting what aliases repeat"))
        if len(path) >= MAX_DEPTH:
            raise _Fatal(Fault(mark, _TOO_DEEP))
        self.marks.setdefault(path, mark)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Steps) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            here = (*path, key)
            if key in mapping:
                first = self.keys[here]
                message = f"duplicate key '{key}', first at {first.line}:{first.column}"
                self._fault(key_node, message)
            self.keys.setdefault(here, _mark(key_node.start_mark))
            value = self.build(value_node, here)
            mapping.setdefault(key, value)
        return mapping

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._fault(node, "a key must be text, not a mapping or a list")
            return f"({node.start_mark.line + 1}:{node.start_mark.column + 1})"
        if node.tag in _NO_KEYS:
            kind = _NO_KEYS[node.tag]
            remedy = f"; write '{node.value}' in quotes" if node.value else ""
            self._fault(node, f"a key must be text, not {kind}{remedy}")
        return self._checked(node)

    def _scalar(self, node: yaml.Node, path: Steps) -> Any:
        text: str = node.value
        if node.tag == _NULL:
            return None
        if node.tag == _BOOL:
            return text.lower() == "true"
        if node.tag in (_INT, _FLOAT):
            return self._number(node)
        self._note_inline(node, path)
        return self._checked(node)

    def _number(self, node: yaml.Node) -> int | float:
        text: str = node.value
        if len(text) > MAX_DIGITS:
            self._fault(node, f"a number of more than {MAX_DIGITS} digits")
            return 0
        if node.tag == _INT:
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        # Python calls them inf and nan, YAML .inf and .nan.
        number = float(re.sub(r"\.(?=[in])", "", text.lower()))
        if not math.isfinite(number):
            self._fault(node, "a number must be finite")
            return 0
        return number

    def _checked(self, node: yaml.Node) -> str:
        text = _joined(node.value)
        bad = _BAD_IN_VALUE.search(text)
        if bad:
            self.faults.append(_character_fault(_mark(node.start_mark), bad[0]))
        return text

    def _note_inline(self, node: yaml.Node, path: Steps) -> None:
        """Note where the characters of a text begin that stands in the source as it is."""
        start, end = node.start_mark, node.end_mark
        raw = self._text[start.index : end.index]
        for quote in (0, 1):
            if raw[quote : len(raw) - quote] == node.value and "\n" not in raw:
                self.inline.setdefault(path, Mark(start.line + 1, start.column + 1 + quote))

    def _fault(self, node: yaml.Node, message: str) -> None:
        self.faults.append(Fault(_mark(node.start_mark), message))


# What a schema's validator found, in words.


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

    `keyword` and `limit` are the rule, such as ``minLength`` and ``1``. `inside` is the way to the value within the value that the
    enclosing anyOf or oneOf looks at; `branches` are the broken rules of each branch of it.
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
