"""YAML to plain values, each with its line and column; every fault, not the first.

Only this module knows YAML.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from wxgen.spec.diagnostics import Fault, Mark, SpecError, Steps
from wxgen.spec.schema import schema, validate

__all__ = ["MAX_DEPTH", "Document", "load", "parse"]

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


def load(
    path: Path,
    *,
    label: str | None = None,
    also: Callable[[Document], list[Fault]] = lambda document: [],
) -> Document:
    """Read a spec, and hold it against the schema of the spec language.

    Args:
        path: The spec's file.
        label: What to call the file in messages; the path when absent.
        also: Looks for more faults in a document that is wrong already, which no later step will
            see. It must cope with any document.

    Returns:
        What the file says, valid by the schema.

    Raises:
        SpecError: The file cannot be read, is not YAML, or is not valid; with every fault.
    """
    label = str(path) if label is None else label
    document, faults = _read(_text_of(path, label), label)
    if document is not None:
        # A value that could not be read has a fault already; it need not be valid too.
        faults += _elsewhere(validate(document, schema()), faults)
        if faults:
            faults += _elsewhere(also(document), faults)
    if document is None or faults:
        raise SpecError(label, faults)
    return document


def _elsewhere(found: list[Fault], known: list[Fault]) -> list[Fault]:
    marked = {fault.mark for fault in known}
    return [fault for fault in found if fault.mark not in marked]


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


# Files and characters.

# Control characters, halves of characters, and those that make text read in another order than it is
# written in.
_NO_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069"
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
            if raw[quote : len(raw) - quote] == node.value:
                self.inline.setdefault(path, Mark(start.line + 1, start.column + 1 + quote))

    def _fault(self, node: yaml.Node, message: str) -> None:
        self.faults.append(Fault(_mark(node.start_mark), message))
