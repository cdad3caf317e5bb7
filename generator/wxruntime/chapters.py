"""Chapters of a package that are loaded when something of them is first touched."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

__all__ = ["lend", "lookup"]


def lend(class_: type[Any], module: str, source: str, names: Iterable[str]) -> None:
    """Give a class the members of a class of another module, which is loaded when one is touched.

    Args:
        class_: The class.
        module: The module, seen from the package of the class's own module.
        source: The class in it.
        names: The members.
    """
    package = class_.__module__.rpartition(".")[0]
    for name in names:
        setattr(class_, name, _Lent(class_, package, module, source, name))


def lookup(package: str, places: Mapping[str, Iterable[str]]) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of a package whose names are found in modules loaded later.

    Args:
        package: The package.
        places: The names that each module has, by the module seen from the package.
    """
    modules = {name: module for module, names in places.items() for name in names}

    def find(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(importlib.import_module(modules[name], package), name)
        setattr(importlib.import_module(package), name, found)
        return found

    return find


class _Lent:
    """A member that takes itself and its neighbours from their class when it is touched."""

    __slots__ = ("_class", "_module", "_name", "_package", "_source")

    def __init__(
        self, class_: type[Any], package: str, module: str, source: str, name: str
    ) -> None:
        self._class = class_
        self._package = package
        self._module = module
        self._source = source
        self._name = name

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        source = vars(getattr(importlib.import_module(self._module, self._package), self._source))
        for name, member in vars(self._class).copy().items():
            if isinstance(member, _Lent) and member._source == self._source:
                setattr(self._class, name, source[name])
        return source[self._name].__get__(instance, owner)

    def __set__(self, instance: object, value: object) -> None:
        self.__get__(instance, type(instance))
        setattr(instance, self._name, value)
