"""The names of an emitted module: which name each symbol has there, and the imports for them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Final

from wxgen.python.code import Code, Symbol
from wxgen.python.layout import WIDTH, evaluable
from wxgen.python.names import own, quoted, sorted_names
from wxgen.python.places import MODULES
from wxgen.python.variables import Variable

__all__ = ["Scope"]

_CHECKING: Final = Symbol("typing", "TYPE_CHECKING")

# A module imports those before it; annotations of what comes later are for checkers only.
_ORDER: Final = {name: at for at, name in enumerate(("constants", "types", "options", "api"))}
assert _ORDER.keys() == set(MODULES)

# What checkers take from one module, and the code from another.
_REPLACED: Final = {
    Symbol("dataclasses", "dataclass"): "wxruntime.records",
    Symbol("typing_extensions", "TypeAliasType"): "wxruntime.records",
    Symbol("typing_extensions", "TypeVar"): "wxruntime.records",
}

Names = dict[str, dict[str, str]]


class Scope:
    """Gives names to symbols, and remembers which were used.

    A symbol from outside the package keeps its name, unless the spec has such a name: then it gets
    one that starts with ``_``, and that no name of the spec is.
    """

    def __init__(
        self,
        module: str,
        taken: Container[str],
        variables: Mapping[str, Variable] | None = None,
        *,
        hidden: Container[str] = (),
        stub: bool = False,
    ) -> None:
        """Begin a module.

        Args:
            module: Its name, seen from the package.
            taken: The names of the spec.
            variables: The type variables of the package.
            hidden: The names that members of its classes have.
            stub: Whether only checkers read the module.
        """
        self._module = module
        self._taken = taken
        self._variables = variables or {}
        self._hidden = hidden
        self._stub = stub
        self._running: dict[Symbol, None] = {}
        self._hinted: dict[Symbol, None] = {}
        self._texts: dict[Code | Symbol, str] = {}
        self._hints: dict[Code | Symbol, str] = {}

    def __call__(self, code: Code | Symbol) -> str:
        """Return the text of code that runs when the module is loaded, and import what it needs."""
        return self._texts.get(code) or self._named(code, self._running, self._texts)

    def hint(self, code: Code | Symbol) -> str:
        """Return the text of an annotation, and import what it needs."""
        return self._hints.get(code) or self._named(code, self._hinted, self._hints)

    def base(self, code: Code) -> str:
        """Return the text of a base class; type arguments that may be defined later are quoted."""
        base, *arguments = code.symbols
        later = {self._local(one) for one in arguments if one.module == self._module}
        return evaluable(self(code), later - {self._local(base)})

    def body(self, lines: Sequence[Code]) -> list[str]:
        """Return the text of a function's statements; what is in other chapters it imports itself."""
        found: Names = {}
        for line in lines:
            for symbol in line.symbols:
                if self._is_elsewhere(symbol.module):
                    found.setdefault(symbol.module, {})[symbol.name] = self._local(symbol)
                else:
                    self._running[symbol] = None
        texts = [line.named(self._local) for line in lines]
        if not found:
            return texts
        imports = [line for block in self._blocks(found) for line in block.split("\n")]
        return [*imports, "", *texts]

    def own(self, module: str, name: str) -> str:
        """Return the name of a symbol, for a template."""
        return self(Symbol(module, name))

    def is_there(self, symbol: Symbol) -> bool:
        """Tell whether an annotation's symbol is there at run time."""
        return not self._is_later(symbol.module)

    def variables(self) -> str:
        """Return the statements that define the type variables that were used so far."""
        used = {symbol.name for symbol in (*self._running, *self._hinted) if not symbol.module}
        found = [variable for name, variable in self._variables.items() if name in used]
        if not found:
            return ""
        plain = all(each.bound is None and each.default is None for each in found)
        kind = self.own("typing" if plain else "typing_extensions", "TypeVar")
        lines: list[str] = []
        for variable in found:
            arguments = [quoted(variable.name)]
            for name, code in (("bound", variable.bound), ("default", variable.default)):
                if code is not None:
                    arguments.append(f"{name}={self._evaluable(code)}")
            lines.append(f"{variable.name} = {kind}({', '.join(arguments)})")
        return "\n".join(lines)

    def _evaluable(self, code: Code) -> str:
        """A type where it is evaluated; in quotes when it is defined later, or only for checkers."""
        later = any(
            symbol.module == self._module or not self.is_there(symbol) for symbol in code.symbols
        )
        return quoted(self.hint(code)) if later else self(code)

    def imports(self) -> str:
        """Return the import statements for what was used so far, each group after an empty line."""
        real: Names = {}
        checked: Names = {}
        replaced: Names = {}
        for symbol in {**self._running, **self._hinted}:
            name = self._local(symbol)
            if symbol.module in ("", self._module):
                continue
            if symbol.module == "builtins" and name == symbol.name:
                continue
            group = real
            if not self._stub and symbol in _REPLACED:
                group = checked
                replaced.setdefault(_REPLACED[symbol], {})[symbol.name] = name
            elif symbol not in self._running and self._is_later(symbol.module):
                group = checked
            group.setdefault(symbol.module, {})[symbol.name] = name
        if not checked:
            return "".join(f"\n{block}\n" for block in self._blocks(real))
        checking = self._local(_CHECKING)
        real.setdefault("typing", {})[_CHECKING.name] = checking
        text = "".join(f"\n{block}\n" for block in self._blocks(real))
        blocks = "\n\n".join(map(_indented, self._blocks(checked)))
        if not replaced:
            return f"{text}\nif {checking}:\n{blocks}\n"
        # Linters take a name for what it is in the last branch.
        running = "\n\n".join(map(_indented, self._blocks(replaced)))
        return f"{text}\nif not {checking}:\n{running}\nelse:\n{blocks}\n"

    def _named(
        self, code: Code | Symbol, used: dict[Symbol, None], known: dict[Code | Symbol, str]
    ) -> str:
        used.update(dict.fromkeys(code.symbols if isinstance(code, Code) else (code,)))
        text = code.named(self._local) if isinstance(code, Code) else self._local(code)
        known[code] = text
        return text

    def _local(self, symbol: Symbol) -> str:
        if symbol == _CHECKING:
            return symbol.name  # checkers know it by this name alone, which no type has
        if symbol.module[:1] == "." or not symbol.module:
            is_hidden = symbol.name in self._hidden and symbol.module != self._module
            return own(symbol.name, self._taken) if is_hidden else symbol.name
        return own(symbol.name, self._taken)

    # Modules of the package.

    def _is_elsewhere(self, module: str) -> bool:
        """Whether a module is that of another chapter."""
        return module[:1] == "." and _folder(module) != _folder(self._module)

    def _is_later(self, module: str) -> bool:
        """Whether a module is not imported for the sake of annotations."""
        if self._stub or module[:1] != ".":
            return False
        mine = self._module.rpartition(".")[2]
        theirs = module.rpartition(".")[2]
        return self._is_elsewhere(module) or _ORDER.get(theirs, 0) > _ORDER.get(mine, 9)

    def _relative(self, module: str) -> str:
        if module[:1] != ".":
            return module
        folder = _folder(self._module)
        if not folder:
            return module
        return f".{module.rpartition('.')[2]}" if _folder(module) == folder else f".{module}"

    def _blocks(self, modules: Names) -> Iterable[str]:
        """The import statements, in the groups that linters want."""
        groups: dict[int, dict[str, dict[str, str]]] = {}
        for module, names in modules.items():
            at = 3 if module[0] == "." else _GROUPS.get(module.partition(".")[0], 0)
            groups.setdefault(at, {}).setdefault(self._relative(module), {}).update(names)
        for _, group in sorted(groups.items()):
            ordered = sorted(group, key=lambda each: (-(len(each) - len(each.lstrip("."))), each))
            yield "\n".join(line for module in ordered for line in _lines(module, group[module]))


_GROUPS: Final = {"typing_extensions": 1, "wxruntime": 2}


def _folder(module: str) -> str:
    return module.rpartition(".")[0].lstrip(".")


def _indented(block: str) -> str:
    return "\n".join(f"    {line}" for line in block.split("\n"))


def _lines(module: str, names: Mapping[str, str]) -> Iterable[str]:
    """The statements for one module: one for the names that stay, one for each that changes."""
    plain = sorted_names((name for name, local in names.items() if local == name), ignore_case=True)
    statements = {
        name: f"from {module} import {name} as {local}"
        for name, local in names.items()
        if local != name
    }
    if plain:
        line = f"from {module} import {', '.join(plain)}"
        if len(line) > WIDTH - 4:
            line = "\n".join([f"from {module} import (", *(f"    {name}," for name in plain), ")"])
        statements[plain[0]] = line
    return [statements[first] for first in sorted_names(statements, ignore_case=True)]
