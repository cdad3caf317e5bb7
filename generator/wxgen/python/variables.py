"""The type variables of an API, each distinct one once."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from wxgen.python.code import Code, Symbol
from wxgen.python.names import own
from wxgen.spec.records import TypeParameter

__all__ = ["Variable", "Variables"]


@dataclass(frozen=True)
class Variable:
    """A type variable: its name in Python, and what it is bound to."""

    name: str
    bound: Code | None = None
    default: Code | None = None


class Variables:
    """Gives every type variable a name; those that are the same share one."""

    def __init__(self, taken: Container[str]) -> None:
        self._taken = taken
        self._names: dict[TypeParameter, str] = {}
        self.found: dict[str, Variable] = {}

    def symbols(self, parameters: Sequence[TypeParameter]) -> dict[str, Code]:
        """Return what each type variable of a thing is called.

        Args:
            parameters: Its type variables.
        """
        return {
            parameter.name: Code((Symbol("", self._name(parameter)),)) for parameter in parameters
        }

    def define(self, parameter: TypeParameter, bound: Code | None, default: Code | None) -> None:
        """Say what a type variable is bound to."""
        name = self._name(parameter)
        self.found[name] = Variable(name, bound, default)

    def own(self, name: str) -> Code:
        """Return a type variable of the emitted code's own."""
        name = own(name, self._taken)
        self.found.setdefault(name, Variable(name))
        return Code((Symbol("", name),))

    def _name(self, parameter: TypeParameter) -> str:
        if parameter not in self._names:
            name = parameter.name
            number = 1
            while name in self._taken or name in self._names.values() or name in _RESERVED:
                number += 1
                name = f"{parameter.name}{number}"
            self._names[parameter] = name
        return self._names[parameter]


# The type variable of listeners has this name, so that its signatures look the same everywhere.
_RESERVED = frozenset({"T"})
