"""The names of an emitted module: which name each symbol has there, and the imports for them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Final

from wxgen.python.code import Code, Symbol
from wxgen.python.layout import WIDTH
from wxgen.python.names import own, quoted, sorted_names

__all__ = ["CHECKING", "Scope"]

CHECKING: Final = Symbol("typing", "TYPE_CHECKING")


class Scope:
    """Gives names to symbols, and remembers which were used.

    A symbol from outside the package keeps its name, unless the spec has such a name: then it gets
    one that starts with ``_``, which no name of a spec does.
    """

    def __init__(
        self, module: str, taken: Container[str], later: Container[str] = frozenset()
    ) -> None:
        """Begin a module.

        Args:
            module: Its name, with a dot before it.
            taken: The names of the spec.
            later: Modules that only checkers import here, since they import this one.
        """
        self._module = module
        self._taken = taken
        self._later = later
        self._used: dict[Symbol, None] = {}

    def __call__(self, code: Code | Symbol) -> str:
        """Return the text of code, and import what it needs."""
        return code.named(self._name) if isinstance(code, Code) else self._name(code)

    def own(self, module: str, name: str) -> str:
        """Return the name of a symbol, for a template."""
        return self._name(Symbol(module, name))

    def variables(self) -> str:
        """Return the statements that define the type variables that were used so far."""
        names = [self._local(symbol) for symbol in self._used if not symbol.module]
        kind = self.own("typing", "TypeVar") if names else ""
        return "\n".join(f"{name} = {kind}({quoted(name)})" for name in names)

    def imports(self) -> str:
        """Return the import statements for what was used so far, and an empty line before them."""
        found: dict[str, list[tuple[str, str]]] = {}
        deferred: dict[str, list[tuple[str, str]]] = {}
        if any(symbol.module in self._later for symbol in self._used):
            self._name(CHECKING)
        for symbol in self._used:
            name = self._local(symbol)
            if symbol.module in ("", self._module) or (
                symbol.module == "builtins" and name == symbol.name
            ):
                continue
            group = deferred if symbol.module in self._later else found
            group.setdefault(symbol.module, []).append((symbol.name, name))
        blocks = list(_blocks(found))
        if deferred:
            lines = [line for block in _blocks(deferred) for line in block.split("\n")]
            lines = [f"if {self._name(CHECKING)}:", *(f"    {line}" for line in lines)]
            blocks.append("\n".join(lines))
        return "".join(f"\n{block}\n" for block in blocks)

    def _name(self, symbol: Symbol) -> str:
        self._used[symbol] = None
        return self._local(symbol)

    def _local(self, symbol: Symbol) -> str:
        if symbol.module.startswith(".") or symbol.module == self._module:
            return symbol.name
        return own(symbol.name, self._taken)


def _blocks(modules: dict[str, list[tuple[str, str]]]) -> Iterable[str]:
    """The import statements, in the groups that linters want."""
    groups: dict[int, list[str]] = {}
    for module in sorted(modules):
        group = 2 if module[0] == "." else 1 if module.partition(".")[0] in _OTHERS else 0
        groups.setdefault(group, []).append(module)
    for _, members in sorted(groups.items()):
        yield "\n".join(line for module in members for line in _lines(module, modules[module]))


_OTHERS: Final = ("wxruntime", "typing_extensions")


def _lines(module: str, names: list[tuple[str, str]]) -> Iterable[str]:
    plain = sorted_names(name for name, local in names if local == name)
    if plain:
        line = f"from {module} import {', '.join(plain)}"
        if len(line) <= WIDTH:
            yield line
        else:
            yield from (f"from {module} import (", *(f"    {name}," for name in plain), ")")
    for name in sorted_names(name for name, local in names if local != name):
        local = next(local for other, local in names if other == name)
        yield f"from {module} import {name} as {local}"
