"""YAML text to nodes, by libyaml where it is there, otherwise in Python alone.

Only this module and :mod:`wxgen.spec.source` know YAML. Both ways give the same nodes with the same
marks. Python's is the one that says what is wrong: whatever the fast way does not read is read again.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from wxgen.spec.diagnostics import Fault, Mark

__all__ = [
    "BOOL",
    "FLOAT",
    "INT",
    "MAPPING",
    "MAX_DEPTH",
    "NULL",
    "SEQUENCE",
    "TEXT",
    "Unreadable",
    "compose",
    "compose_fast",
]

MAX_DEPTH: Final = 100
"""How deep a document may be nested."""

# What nodes are. No tag that a document writes is one of these.
NULL: Final = "null"
BOOL: Final = "bool"
INT: Final = "int"
FLOAT: Final = "float"
TEXT: Final = "text"
MAPPING: Final = "mapping"
SEQUENCE: Final = "sequence"
_COLLECTIONS: Final[dict[type[yaml.Node], str]] = {
    yaml.MappingNode: MAPPING,
    yaml.SequenceNode: SEQUENCE,
}

_WORDS: Final = {
    "": NULL,
    "~": NULL,
    **dict.fromkeys(("null", "Null", "NULL"), NULL),
    **dict.fromkeys(("true", "True", "TRUE", "false", "False", "FALSE"), BOOL),
}
_NUMBERS: Final = [
    (INT, re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z")),
    (
        FLOAT,
        re.compile(
            r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
            r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
        ),
    ),
]
_NUMBERS_START: Final = frozenset("-+.0123456789")


class Unreadable(Exception):
    """A fault after which nothing more can be read.

    Attributes:
        faults: It, and those that were found before it.
    """

    def __init__(self, *faults: Fault) -> None:
        """Hold what is wrong.

        Args:
            faults: What is wrong.
        """
        super().__init__(*faults)
        self.faults = list(faults)


class _Resolver:
    """Tells plain scalars apart as the core schema of YAML 1.2 does."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: Any) -> str:
        if kind is not yaml.ScalarNode:
            return _COLLECTIONS[kind]
        if not implicit[0]:
            return TEXT
        if value[:1] in _NUMBERS_START:
            for tag, pattern in _NUMBERS:
                if pattern.match(value):
                    return tag
        return _WORDS.get(value, TEXT)


class _Loader(_Resolver, yaml.SafeLoader):
    """Composes nodes, and refuses tags, circles and what is nested too deep."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.faults: list[Fault] = []
        self._open: list[str | None] = []

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        mark = _mark(event.start_mark)
        is_alias = isinstance(event, yaml.AliasEvent)
        if is_alias and event.anchor in self._open:
            self.faults.append(Fault(mark, f"alias '*{event.anchor}' stands inside its own anchor"))
            self.get_event()  # type: ignore[no-untyped-call]
            return yaml.ScalarNode(NULL, "", event.start_mark, event.end_mark)
        if not is_alias and event.tag is not None:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.faults.append(Fault(mark, f"tag '{shown}': tags have no meaning here"))
            event.tag = None
            if isinstance(event, yaml.ScalarEvent):
                event.implicit = (True, False)
        if len(self._open) >= MAX_DEPTH:
            raise Unreadable(Fault(mark, f"nested deeper than {MAX_DEPTH} levels"))
        self._open.append(None if is_alias else event.anchor)
        try:
            return super().compose_node(parent, index)
        finally:
            self._open.pop()


def compose(text: str) -> tuple[yaml.Node, list[Fault]]:
    """Compose a text in Python alone.

    Args:
        text: The text.

    Returns:
        The nodes, and what is wrong with tags and aliases.

    Raises:
        Unreadable: It is not YAML.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except Unreadable as fatal:
        raise Unreadable(*loader.faults, *fatal.faults) from None
    except yaml.MarkedYAMLError as error:
        raise Unreadable(*loader.faults, _syntax_fault(error)) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML lets through what Python says about an escape or a number that is too large.
        mark = Mark(loader.line + 1, loader.column + 1)
        fault = Fault(mark, "not valid YAML: a number or an escape is too large")
        raise Unreadable(*loader.faults, fault) from None
    except RecursionError:
        mark = Mark(loader.line + 1, loader.column + 1)
        raise Unreadable(*loader.faults, Fault(mark, "nested too deep to be read")) from None
    if node is None:
        raise Unreadable(Fault(Mark(1, 1), "the file is empty"))
    return node, loader.faults


# What libyaml takes or places otherwise than Python: tabs, a comment close to a block's sign...
_NOT_FAST: Final = re.compile(r"\t|#(?:(?<=[|>]#)|(?<=[|>][-+0-9]#)|(?<=[|>][-+0-9][-+0-9]#))")
# ... and explicit keys, and tags without a name, where they begin a node.
_SIGN: Final = re.compile(r"[?!](?=\s|\Z)")


def _is_fast(text: str) -> bool:
    """Whether libyaml reads a text as Python does, if it reads it."""
    if ("\t" in text or "#" in text) and _NOT_FAST.search(text):
        return False
    for sign in _SIGN.finditer(text):
        before = sign.start() - 1
        while before >= 0 and text[before] == " ":
            before -= 1
        if before < 0 or text[before] in "\n[{,:-?":
            return False
        word = before
        while word >= 0 and not text[word].isspace():
            word -= 1
        if text[word + 1] in "&!":
            return False
    return True


def compose_fast(text: str) -> yaml.Node | None:
    """Compose a text by libyaml.

    Args:
        text: The text.

    Returns:
        The nodes; None if libyaml is not there, or if only :func:`compose` can tell what the text
        is. The nodes of an alias inside its own anchor go round, and a node with a tag is none of
        those that are known here.
    """
    if _FastLoader is None or not _is_fast(text):
        return None
    try:
        node: yaml.Node | None = _FastLoader(text).get_single_node()
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        return None
    return node if isinstance(node, yaml.CollectionNode) else None


def _fast_loader() -> Any:
    """Make the loader that libyaml drives, if PyYAML was built with it."""
    try:
        from yaml import cyaml
    except ImportError:
        return None
    parser: Any = vars(cyaml)["CParser"]

    class FastLoader(_Resolver, parser):  # type: ignore[misc]
        def descend_resolver(self, node: Any, index: Any) -> None:
            pass  # there are no resolvers by path

        def ascend_resolver(self) -> None:
            pass

    return FastLoader


_FastLoader: Final = _fast_loader()


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    at = Mark(1, 1) if mark is None else _mark(mark)
    if error.context == "expected a single document in the stream":
        return Fault(at, "more than one document in the file")
    message = f"not valid YAML: {error.problem or error.context}"
    if error.problem and error.context and error.context_mark is not None:
        start = _mark(error.context_mark)
        message += f" ({error.context}, from {start.line}:{start.column})"
    return Fault(at, message)
