"""A spec against the schema of the spec language.

Only this module and :mod:`wxgen.spec.explain` know JSON Schema. Whether a document fits is decided
here, fast; what is wrong with one that does not is asked of a whole validator there.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from wxgen.spec.diagnostics import Fault
from wxgen.spec.document import Document

__all__ = ["compile_schema", "schema", "validate"]

Check = Callable[[Any], bool]
"""Tells whether a value fits."""


def validate(document: Document, rules: Mapping[str, Any] | None = None) -> list[Fault]:
    """Hold a document against a schema.

    Args:
        document: The document.
        rules: A JSON Schema, Draft 2020-12; that of the spec language when absent.

    Returns:
        Everything that is wrong.
    """
    if rules is None and _fits_language()(document.value):
        return []
    from wxgen.spec.explain import explain  # a library that takes long to import

    return explain(document, schema() if rules is None else rules)


@functools.cache
def schema() -> dict[str, Any]:
    """Find the schema of the spec language.

    Returns:
        The schema: the package's own, or in a checkout that of the folder ``spec``.
    """
    packaged = importlib.resources.files("wxgen") / "schema.json"
    if packaged.is_file():
        text = packaged.read_text(encoding="utf-8")
    else:
        checkout = Path(__file__).resolve().parents[3]
        text = (checkout / "spec" / "schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@functools.cache
def _fits_language() -> Check:
    return compile_schema(schema())


def compile_schema(rules: Mapping[str, Any]) -> Check:
    """Make a function that decides whether a value fits a schema, without saying why not.

    Args:
        rules: A JSON Schema that uses no other keywords than the schema of the spec language.

    Raises:
        NotImplementedError: It uses another keyword.
    """
    return _Compiler(rules).check(rules)


_KINDS: Final[Mapping[str, Check]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, float) and value.is_integer())
    ),
    "boolean": lambda value: isinstance(value, bool),
}
_SILENT: Final = frozenset(
    {"$schema", "$defs", "title", "description", "default", "examples", "x-message"}
)


class _Compiler:
    """Turns subschemas into functions; each definition once."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._definitions: dict[str, Check] = {}

    def check(self, rules: Mapping[str, Any]) -> Check:
        if rules.get("type") == "string" and rules.keys() <= _TEXTS:
            return _text_check(rules)
        checks = [self._keyword(name, rules[name], rules) for name in rules if name not in _SILENT]
        used = [check for check in checks if check is not None]
        if len(used) == 1:
            return used[0]

        def fits(value: Any) -> bool:
            for check in used:  # noqa: SIM110 (all() takes twice the time)
                if not check(value):
                    return False
            return True

        return fits

    def _keyword(self, name: str, limit: Any, rules: Mapping[str, Any]) -> Check | None:
        match name:
            case "type":
                kinds = [_KINDS[kind] for kind in ([limit] if isinstance(limit, str) else limit)]
                return kinds[0] if len(kinds) == 1 else lambda value: any(k(value) for k in kinds)
            case "properties":
                return self._object(limit, rules)
            case "additionalProperties":
                return None if "properties" in rules else self._object({}, rules)
            case "propertyNames":
                names = self.check(limit)
                return lambda value: not isinstance(value, dict) or all(map(names, value))
            case "required":
                needed = frozenset(limit)
                return lambda value: not isinstance(value, dict) or needed <= value.keys()
            case "dependentRequired":
                return lambda value: (
                    not isinstance(value, dict)
                    or all(value.keys() >= set(limit[key]) for key in limit if key in value)
                )
            case "items":
                item = self.check(limit)
                return lambda value: not isinstance(value, list) or all(map(item, value))
            case "minItems":
                return lambda value: not isinstance(value, list) or len(value) >= limit
            case "minProperties":
                return lambda value: not isinstance(value, dict) or len(value) >= limit
            case "minLength":
                return lambda value: not isinstance(value, str) or len(value) >= limit
            case "pattern":
                pattern = _pattern(limit)
                return lambda value: not isinstance(value, str) or bool(pattern.search(value))
            case "enum":
                return lambda value: any(_same(value, one) for one in limit)
            case "const":
                return lambda value: _same(value, limit)
            case "anyOf":
                branches = [self.check(branch) for branch in limit]
                return lambda value: any(branch(value) for branch in branches)
            case "not":
                other = self.check(limit)
                return lambda value: not other(value)
            case "$ref":
                return self._definition(limit)
        raise NotImplementedError(name)

    def _object(self, properties: Mapping[str, Any], rules: Mapping[str, Any]) -> Check:
        known = {key: self.check(rule) for key, rule in properties.items()}
        further = rules.get("additionalProperties", True)
        others = self.check(further) if isinstance(further, dict) else lambda _: bool(further)

        def fits(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            for key, held in value.items():
                check = known.get(key, others)
                if not check(held):
                    return False
            return True

        return fits

    def _definition(self, reference: str) -> Check:
        name = reference.removeprefix("#/$defs/")
        if reference not in self._definitions:
            self._definitions[reference] = lambda value: self._definitions[reference](value)
            self._definitions[reference] = self.check(self._root["$defs"][name])
        return self._definitions[reference]


# What most is held against, and so at once.
_TEXTS: Final = _SILENT | {"type", "minLength", "pattern"}


def _text_check(rules: Mapping[str, Any]) -> Check:
    least = rules.get("minLength", 0)
    if "pattern" not in rules:
        return lambda value: isinstance(value, str) and len(value) >= least
    search = _pattern(rules["pattern"]).search
    return lambda value: (
        isinstance(value, str) and len(value) >= least and search(value) is not None
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", text))


def _same(value: Any, other: Any) -> bool:
    """Whether two plain values are one for JSON: 1 is 1.0, but not true."""
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)
