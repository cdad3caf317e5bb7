"""What stands behind the emitted classes: an engine of the runtime, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Final

from wxgen.python.additions import RuntimeClass, runtime_class
from wxgen.python.code import Code, Symbol, subscript
from wxruntime.engines import ENGINE_NAMES, EngineClass, EngineInterface, engine_interface

__all__ = ["Behind", "interface_of", "modules_beside"]


def interface_of(name: str | None) -> EngineInterface | None:
    """Return what the engine of that name implements; None where there is none."""
    return engine_interface(name) if name in ENGINE_NAMES and name is not None else None


@dataclass(frozen=True)
class Behind:
    """What stands behind an emitted class.

    Attributes:
        interface: What the engine implements.
        class_: What it implements of this class.
    """

    interface: EngineInterface
    class_: EngineClass

    @property
    def additions(self) -> RuntimeClass:
        """The runtime's class that the emitted one extends."""
        return runtime_class(self.interface.module, self.class_.additions)

    def base(self, results: Iterable[Code]) -> Code:
        """The base class, with the classes of what its listeners receive."""
        symbol = Symbol(self.interface.module, self.class_.additions)
        arguments = tuple(results)
        return subscript(symbol, *arguments) if arguments else Code((symbol,))

    def limits(self, constants: str) -> Code:
        """The statement that hands the document's limits to the engine.

        Args:
            constants: The module that has them.
        """
        limits = Symbol(self.interface.module, "Limits")
        arguments: list[Code] = []
        for name in self.interface.limits:
            arguments.append(Code.of(f"{name.lower()}=", Symbol(constants, name)))
        return Code.of("_limits = ", limits, "(", Code.joined(", ", arguments), ")")


def modules_beside(interface: EngineInterface) -> tuple[str, ...]:
    """Name the modules beside the API that hand the package's classes to the engine's tools."""
    folder = resources.files(interface.module)
    return tuple(name for name, tool in _TOOLS.items() if (folder / f"{tool}.py").is_file())


# Modules of a package, and the engine's modules that hold their bodies.
_TOOLS: Final = {
    "__main__": "command",
    "locust": "locust",
    "pytest_plugin": "pytest_plugin",
    "testing": "testing",
}
