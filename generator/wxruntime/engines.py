"""The engines that a spec can name, and what each implements.

The generator reads this to compare a spec with its engine, and to know what emitted code hands over.
Importing it imports no network code.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

__all__ = ["ENGINE_NAMES", "EngineCall", "EngineClass", "EngineInterface", "engine_interface"]


@dataclass(frozen=True)
class EngineCall:
    """One call that an engine carries out.

    Emitted code hands over the option object or the listener, then the constructor of what the
    callbacks or the listener receive, then the class of what the call returns, if it returns one.

    Attributes:
        option: The protocol of what the engine reads from the option object; None if there is none.
        result: The protocol of the constructor of what callbacks or listeners receive.
        returns: Whether the engine is handed the class of what the call returns.
    """

    option: type | None
    result: type
    returns: bool = False

    @property
    def options(self) -> frozenset[str]:
        """The options that the engine gives effect to, callbacks included."""
        if self.option is None:
            return frozenset()
        return frozenset(
            name
            for base in self.option.__mro__
            for name, member in vars(base).items()
            if isinstance(member, property)
        )

    @property
    def result_fields(self) -> frozenset[str]:
        """The fields of the result that the engine fills."""
        call: Callable[..., object] = self.result.__call__
        return frozenset(name for name in inspect.signature(call).parameters if name != "self")


@dataclass(frozen=True)
class EngineClass:
    """A class of an API that has an engine behind it.

    Attributes:
        additions: The name of the runtime's base class of the emitted class.
        attribute: The attribute of that base class that holds what carries out the calls.
        calls: What is implemented, by the documented name of the call.
        results: Class attributes that the emitted class sets: each to the class of what the
            listener of a call receives. The base class is generic in those classes, in this order.
    """

    additions: str
    attribute: str
    calls: Mapping[str, EngineCall]
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EngineInterface:
    """What an engine implements.

    Attributes:
        name: Its name, as ``engine:`` in a spec has it.
        module: The module that exports the base classes, and the class ``Limits``.
        namespace: The namespace's class.
        classes: The other classes, by name.
        limits: The constants that the spec must have; each is handed to ``Limits`` under its name
            in small letters.
        derived: Classes that the package has beside those of the spec: each with the name of the
            class that it extends, and the name of its additional base class, which comes first.
        exports: Names of ``module`` that the package exports as they are.
    """

    name: str
    module: str
    namespace: EngineClass
    classes: Mapping[str, EngineClass]
    limits: tuple[str, ...] = ()
    derived: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    exports: tuple[str, ...] = ()


_MODULES: Final = {"websocket": "wxruntime.websocket.declaration"}

ENGINE_NAMES: Final = frozenset(_MODULES)


def engine_interface(name: str) -> EngineInterface:
    """Return what an engine implements.

    Args:
        name: One of `ENGINE_NAMES`.
    """
    interface: EngineInterface = importlib.import_module(_MODULES[name]).INTERFACE
    return interface
