"""The Python annotations that may stand for types of the platform's own."""

from __future__ import annotations

import ast
from typing import Final

from wxgen.spec.diagnostics import did_you_mean

__all__ = ["HOST_NAMES", "host_fault"]

HOST_NAMES: Final = frozenset(
    {
        "Any",
        "Awaitable",
        "Callable",
        "Collection",
        "Iterable",
        "Iterator",
        "Mapping",
        "MutableMapping",
        "MutableSequence",
        "Sequence",
        "bool",
        "bytearray",
        "bytes",
        "complex",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "memoryview",
        "object",
        "set",
        "str",
        "tuple",
    }
)
"""The names that such an annotation may use, beside None. Emitted modules import them."""


def host_fault(text: str) -> str:
    """Find what is wrong with an annotation.

    Args:
        text: The annotation.

    Returns:
        What is wrong; "" if nothing is.
    """
    if len(text) > 200:
        return "a Python annotation of more than 200 characters"
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "not a Python annotation"
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in HOST_NAMES:
            hint = did_you_mean(node.id, HOST_NAMES)
            return f"{node.id!r} is no name that such an annotation may use{hint}"
        if isinstance(node, ast.Constant) and node.value not in (None, ...):
            return "not a Python annotation"
        if not isinstance(node, _HARMLESS):
            return "not a Python annotation"
    return ""


_HARMLESS: Final = (
    ast.Expression,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.Subscript,
    ast.Tuple,
    ast.List,
    ast.BinOp,
    ast.BitOr,
)
