"""Names: which ones Python and the bindings keep for themselves, and what a spec's name becomes."""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from typing import Final

__all__ = [
    "ANNOTATIONS",
    "EXPORTS",
    "MODULES",
    "MODULE_NAMES",
    "PACKAGE",
    "class_name",
    "identifier",
    "literal",
    "quoted",
    "sorted_names",
]

PACKAGE: Final = "wxsocket"

# Names that annotations use. A member of that name would hide them inside its class.
ANNOTATIONS: Final = frozenset(
    [
        "bool",
        "bytearray",
        "bytes",
        "dict",
        "float",
        "int",
        "list",
        "memoryview",
        "object",
        "str",
        "Any",
        "Call",
        "Callable",
        "Literal",
        "Mapping",
        "SequenceNotStr",
        "TypeAlias",
    ]
)
# Names that the bodies of emitted classes and calls use.
_BODIES: Final = frozenset({"abstractmethod", "not_supported", "overload", "property"})
_PARAMETERS: Final = frozenset({"self", "cls", "option", "listener", "fields"})
# Names that linters refuse, because some fonts do not tell them from 1 and 0.
_AMBIGUOUS: Final = frozenset({"I", "O", "l"})
_RESERVED: Final = ANNOTATIONS | _BODIES | _PARAMETERS | _AMBIGUOUS

# What the package exports beside the spec's own names.
EXPORTS: Final = frozenset({"Call", "WxError"})

# What the modules of the package import for themselves.
MODULE_NAMES: Final = frozenset(
    {"ABC", "Final", "T", "TypeVar", "abstractmethod", "dataclass", "overload"}
)

# The modules of the package: an instance of the namespace of that name would hide one.
MODULES: Final = frozenset(
    {"api", "callbacks", "calls", "constants", "engine", "extras", "options", "types"}
)


def identifier(name: str) -> str:
    """Return the Python name for a name of the spec.

    Args:
        name: The name; the schema has made sure that it starts with a letter.

    Returns:
        The name, with what Python does not allow replaced by ``_``, and ``_`` added to names that
        mean something else to Python or to the emitted modules.
    """
    changed = "".join(char if char.isalnum() else "_" for char in name)
    return f"{changed}_" if keyword.iskeyword(changed) or changed in _RESERVED else changed


def quoted(text: str) -> str:
    """Return a string as a Python literal with double quotes, as formatters want it."""
    literal = repr(text)
    if literal[0] == '"' or '"' in text:
        return literal
    return f'"{literal[1:-1]}"'


def literal(value: object) -> str:
    """Return plain data as a Python literal."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    return repr(value)


def sorted_names(names: Iterable[str]) -> list[str]:
    """Sort names as isort does: constants, then classes, then the rest."""

    def key(name: str) -> tuple[int, str, str]:
        kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
        return kind, name.lower(), name

    return sorted(names, key=key)


def class_name(namespace: str) -> str:
    return namespace[0].upper() + namespace[1:]
