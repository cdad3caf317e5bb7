"""The shapes of types of the platform's own, which a spec writes as Python annotations."""

from __future__ import annotations

import ast
from typing import Any, Final, Protocol

__all__ = ["host_shape"]


class _Shapes(Protocol):
    def make(self, *kind: Any) -> int: ...
    def union(self, *shapes: int) -> int: ...


def host_shape(shapes: _Shapes, python: str, *, given: bool) -> int:
    """Return the shape of an annotation.

    Args:
        shapes: Where shapes are made.
        python: The annotation; the reader has made sure that it is a harmless one.
        given: Whether users give such values, or receive them.
    """
    return _Host(shapes, given).of(ast.parse(python.strip(), mode="eval").body)


class _Host:
    """Makes the shapes of annotations."""

    def __init__(self, shapes: _Shapes, given: bool) -> None:
        self._shapes = shapes
        self._given = given

    def of(self, node: ast.expr) -> int:
        make = self._shapes.make
        match node:
            case ast.Name("Any"):
                return make("anything" if self._given else "any")
            case ast.Name(name) if name in _WORDS:
                return make(_WORDS[name])
            case ast.Constant(None):
                return make("none")
            case ast.BinOp(left, ast.BitOr(), right):
                return self._shapes.union(self.of(left), self.of(right))
            case ast.Subscript(ast.Name("Callable"), ast.Tuple([takes, answer])):
                return self._function(takes, answer)
            case ast.Subscript(ast.Name(name), inner):
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return make(*_GENERIC.get(name, ("host", make("host", name))), *map(self.of, parts))
            case _:
                return make("host", ast.unparse(node))

    def _function(self, takes: ast.expr, answer: ast.expr) -> int:
        if isinstance(takes, ast.List):
            # What a function is given flows the other way.
            other = _Host(self._shapes, not self._given)
            listed: object = tuple(map(other.of, takes.elts))
        else:
            listed = "whatever" if self._given else "anything"
        return self._shapes.make("function", listed, self.of(answer))


_WORDS: Final = {
    "bool": "boolean",
    "bytearray": "bytearray",
    "bytes": "bytes",
    "float": "number",
    "int": "integer",
    "memoryview": "memoryview",
    "object": "anything",
    "str": "string",
}
_GENERIC: Final = {
    "Awaitable": ("awaitable",),
    "Collection": ("view", "Collection"),
    "Iterable": ("view", "Iterable"),
    "Iterator": ("view", "Iterator"),
    "Mapping": ("mapping",),
    "Sequence": ("view", "Sequence"),
    "dict": ("dict",),
    "frozenset": ("view", "frozenset"),
    "list": ("list",),
    "tuple": ("tuple",),
}
