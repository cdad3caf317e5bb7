"""YAML to plain values, each with its line and column; every fault, not the first."""

from __future__ import annotations

import hashlib
import math
import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from wxgen.spec.composer import (
    BOOL,
    FLOAT,
    INT,
    MAPPING,
    MAX_DEPTH,
    NULL,
    SEQUENCE,
    TEXT,
    Unreadable,
    compose,
    compose_fast,
)
from wxgen.spec.diagnostics import Fault, Mark, Problem, SpecError, Steps
from wxgen.spec.document import Document, Places, Spec

__all__ = ["MAX_DEPTH", "load", "load_spec", "parse", "read_text"]

MAX_NODES: Final = 200_000
MAX_DIGITS: Final = 100
MAX_BAD_CHARACTERS: Final = 100

_START: Final = Mark(1, 1)


def load_spec(path: Path, *, label: str | None = None) -> tuple[Spec | None, list[Fault]]:
    """Read a spec, and the files of its chapters.

    Args:
        path: The spec's file.
        label: What to call the file in messages; the path when absent.

    Returns:
        What the files say, None if the spec's own cannot be read; and what is wrong with them as
        files and as YAML.
    """
    label = str(path) if label is None else label
    root, faults = load(path, label)
    if root is None:
        return None, faults
    listed = root.value.get("chapters") if isinstance(root.value, dict) else None
    chapters: dict[str, Document] = {}
    for name, file in listed.items() if isinstance(listed, dict) else ():
        if not isinstance(file, str) or not file:
            continue  # the schema says so
        problem = _not_a_chapter(path, file)
        if problem:
            fault = root.mark_of(Problem(("chapters", name), problem))
            faults.append(Fault(fault, problem))
            continue
        within = os.path.join(os.path.dirname(label), file)
        document, found = load(path.parent / file, within)
        faults += [Fault(fault.mark, fault.message, within) for fault in found]
        if document is not None:
            chapters[name] = document
    return Spec(root, chapters), faults


def _not_a_chapter(spec: Path, name: str) -> str:
    file = spec.parent / name
    try:
        if not file.is_file():
            return f"there is no file {name!r} beside {spec.name}"
        return "a spec is no chapter of itself" if file.samefile(spec) else ""
    except (OSError, ValueError) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or error}"


def load(path: Path, label: str) -> tuple[Document | None, list[Fault]]:
    """Read a file.

    Args:
        path: The file.
        label: What to call it in messages.

    Returns:
        What the file says, None if it cannot be read; and what is wrong with it.
    """
    try:
        return read_text(_text_of(path), label)
    except Unreadable as fatal:
        return None, fatal.faults


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
    document, faults = read_text(text, label)
    if document is None or faults:
        raise SpecError(label, faults)
    return document


def read_text(text: str, label: str, *, fast: bool = True) -> tuple[Document | None, list[Fault]]:
    """Read YAML 1.2 (its core schema, without tags).

    Args:
        text: The YAML.
        label: What to call the text in messages.
        fast: Whether libyaml may read it.

    Returns:
        What the text says, None if nothing can be read; and what is wrong with it.
    """
    text = _normal(text)
    bad = list(_bad_characters(text))
    if bad:
        return None, bad
    node = compose_fast(text) if fast else None
    if node is not None:
        builder = _Builder()
        try:
            value = builder.build(node, 0)
        except (Unreadable, RecursionError):
            pass
        else:
            if not builder.faults:
                # The nodes take more room than all else: who asks for places has them made again.
                return _document(text, label, value, partial(_composed, text)), []
    # Whatever is wrong is told by the other way.
    builder = _Builder()
    found: list[Fault] = []
    try:
        node, found = compose(text)
        value = builder.build(node, 0)
    except Unreadable as fatal:
        return None, [*found, *builder.faults, *fatal.faults]
    except RecursionError:
        return None, [*found, *builder.faults, Fault(_START, "nested too deep to be read")]
    return _document(text, label, value, lambda: node), found + builder.faults


def _document(text: str, label: str, value: Any, nodes: Callable[[], yaml.Node]) -> Document:
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Document(label, digest, value, lambda: _places(text, nodes()))


def _composed(text: str) -> yaml.Node:
    return compose_fast(text) or compose(text)[0]


# Files and characters.

# Control characters, halves of characters, and those that make text read in another order than it is
# written in.
_NO_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069"
_BAD_IN_VALUE = re.compile(f"[{_NO_CONTROLS}]")
# Raw, these are no YAML, or invisible, or end a line for some readers and not for others.
_BAD_IN_SOURCE = re.compile(f"[{_NO_CONTROLS}\\u2028\\u2029\\ufeff\\ufffe\\uffff]")


def _text_of(path: Path) -> str:
    try:
        if path.is_dir():
            raise Unreadable(Fault(_START, "is a folder, not a file"))
        data = path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(Fault(_START, "no such file")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unreadable(Fault(_START, f"cannot be read: {reason}")) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _normal(data[: error.start].decode("utf-8"))
        mark = Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise Unreadable(Fault(mark, f"not UTF-8: byte 0x{data[error.start]:02x}")) from None


def _normal(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _bad_characters(text: str) -> Iterator[Fault]:
    """Find the characters that may not stand in a file; the first of them, if they are many."""
    if text.replace("\n", "").isprintable():
        return  # as nearly always, and told at once
    line, start = 1, 0
    for told, match in enumerate(_BAD_IN_SOURCE.finditer(text)):
        line += text.count("\n", start, match.start())
        start = max(start, text.rfind("\n", start, match.start()) + 1)
        mark = Mark(line, match.start() - start + 1)
        if told == MAX_BAD_CHARACTERS:
            yield Fault(mark, "more such characters follow")
            return
        yield _character_fault(mark, match[0])


def _character_fault(mark: Mark, char: str) -> Fault:
    kind = "a lone surrogate" if "\ud800" <= char <= "\udfff" else "a control character"
    if _BAD_IN_VALUE.match(char) is None:
        kind = "a character that must be escaped"
    return Fault(mark, f"the text holds U+{ord(char):04X}, {kind}")


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)


# Nodes to values.

_NO_KEYS: Final = {NULL: "nothing", BOOL: "true or false", INT: "a number", FLOAT: "a number"}


def _joined(text: str) -> str:
    """Join the halves of a character that JSON escapes as two surrogates."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _key_of(node: yaml.Node) -> str:
    """The key that a node is; of one that can be none, its place."""
    if not isinstance(node, yaml.ScalarNode):
        return f"({node.start_mark.line + 1}:{node.start_mark.column + 1})"
    return _joined(node.value)


class _Builder:
    """Turns nodes into plain values, and notes what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._count = 0

    def build(self, node: yaml.Node, depth: int) -> Any:
        self._count += 1
        if self._count > MAX_NODES:
            message = f"more than {MAX_NODES} values, counting what aliases repeat"
            raise Unreadable(Fault(_mark(node.start_mark), message))
        if depth >= MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise Unreadable(Fault(_mark(node.start_mark), message))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.MappingNode) and node.tag == MAPPING:
            return self._mapping(node, depth)
        if node.tag == SEQUENCE:
            return [self.build(item, depth + 1) for item in node.value]
        raise Unreadable  # a tag, which the slow way tells of

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            value = self.build(value_node, depth + 1)
            if key in mapping:
                first = next(each for each, _ in node.value if _key_of(each) == key)
                mark = _mark(first.start_mark)
                place = f"{mark.line}:{mark.column}"
                self._fault(key_node, f"duplicate key '{key}', first at {place}")
            else:
                mapping[key] = value
        return mapping

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._fault(node, "a key must be text, not a mapping or a list")
            return _key_of(node)
        if node.tag != TEXT:
            kind = _NO_KEYS.get(node.tag)
            if kind is None:
                raise Unreadable  # a tag, which the slow way tells of
            remedy = f"; write '{node.value}' in quotes" if node.value else ""
            self._fault(node, f"a key must be text, not {kind}{remedy}")
        return self._checked(node)

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        tag = node.tag
        if tag == TEXT:
            return self._checked(node)
        if tag == NULL:
            return None
        if tag == BOOL:
            return node.value.lower() == "true"
        if tag in (INT, FLOAT):
            return self._number(node)
        raise Unreadable  # a tag, which the slow way tells of

    def _number(self, node: yaml.ScalarNode) -> int | float:
        text: str = node.value
        if len(text) > MAX_DIGITS:
            self._fault(node, f"a number of more than {MAX_DIGITS} digits")
            return 0
        if node.tag == INT:
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        # Python calls them inf and nan, YAML .inf and .nan.
        number = float(re.sub(r"\.(?=[in])", "", text.lower()))
        if not math.isfinite(number):
            self._fault(node, "a number must be finite")
            return 0
        return number

    def _checked(self, node: yaml.ScalarNode) -> str:
        if node.style != '"':
            # No escapes: these are characters of the source, which are in order.
            text: str = node.value
            return text
        text = _joined(node.value)
        bad = _BAD_IN_VALUE.search(text)
        if bad:
            self.faults.append(_character_fault(_mark(node.start_mark), bad[0]))
        return text

    def _fault(self, node: yaml.Node, message: str) -> None:
        self.faults.append(Fault(_mark(node.start_mark), message))


# Nodes to places.


def _places(text: str, root: yaml.Node) -> Places:
    """Find where every value stands, and every key; the first one of several that are equal."""
    places = Places({}, {}, {})
    marks, keys, inline = places.marks, places.keys, places.inline
    assert isinstance(marks, dict)
    assert isinstance(keys, dict)
    assert isinstance(inline, dict)

    def visit(node: yaml.Node, path: Steps) -> None:
        marks.setdefault(path, _mark(node.start_mark))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                here = (*path, _key_of(key))
                keys.setdefault(here, _mark(key.start_mark))
                visit(value, here)
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                visit(item, (*path, index))
        else:
            start, end = node.start_mark, node.end_mark
            raw = text[start.index : end.index]
            for quote in (0, 1):
                if raw[quote : len(raw) - quote] == node.value:
                    inline.setdefault(path, Mark(start.line + 1, start.column + 1 + quote))

    visit(root, ())
    return places
