"""Dataclasses that are completed when they are first used.

``dataclasses.dataclass`` compiles the methods of a class when the class is defined, which is most of
the time that importing hundreds of option and result classes takes. The decorator here gives the same
class, with slots, and compiles when the class is first called, compared, shown, or asked for its fields.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable
from typing import Any, Final

__all__ = ["TypeAliasType", "TypeVar", "dataclass", "is_plain"]

C = typing.TypeVar("C", bound=type[Any])

# What asking the class for completes it; all but the last are there afterwards.
_ASKED: Final = ("__dataclass_fields__", "__dataclass_params__", "__match_args__", "__signature__")
_METHODS: Final = ("__init__", "__repr__", "__eq__")

# Classes that are not complete yet, with the defaults of their fields; and what completed them.
_waiting: Final[dict[type[Any], dict[str, Any]]] = {}
_completed: Final[dict[type[Any], type[Any]]] = {}


def TypeVar(name: str, *, bound: Any = None, default: Any = None) -> Any:
    """Make a type variable; what it is bound to, and its default, are for checkers only.

    Args:
        name: Its name.
        bound: What it must be.
        default: What it is when nothing says it; not every Python knows that.
    """
    del bound, default
    return typing.TypeVar(name)


class TypeAliasType:
    """A name for a type with type variables, as ``typing`` has one from Python 3.12 on.

    Checkers read what it stands for; at run time it can stand, with type arguments, in a type.
    """

    def __init__(self, name: str, value: Any, *, type_params: tuple[Any, ...]) -> None:
        """Make a name.

        Args:
            name: The name.
            value: The type.
            type_params: Its type variables, in the order in which type arguments stand.
        """
        self.__name__ = name
        self.__value__ = value
        self.__type_params__ = type_params

    def __getitem__(self, arguments: Any) -> Any:
        """Return the type with type arguments."""
        return types.GenericAlias(typing.cast(Any, self), arguments)

    def __or__(self, other: Any) -> Any:
        """Return this or another type."""
        return typing.Union[self, other]  # noqa: UP007 (self | other comes here again)

    def __ror__(self, other: Any) -> Any:
        """Return another type or this."""
        return typing.Union[other, self]  # noqa: UP007

    def __call__(self) -> None:
        """Raise, as a type that has no instances does."""
        raise TypeError(f"{self.__name__} is a name for types, and has no instances")

    def __repr__(self) -> str:
        return self.__name__


def dataclass(*, kw_only: bool) -> Callable[[C], C]:
    """Make a class a dataclass with slots, like ``dataclasses.dataclass(slots=True)``.

    Args:
        kw_only: Whether its fields are given by keyword only.

    Returns:
        The decorator.
    """
    assert kw_only
    return _prepare


def is_plain(make: object, *names: str) -> bool:
    """Tell whether a constructor does no more than set fields, so that one may as well set them.

    Args:
        make: A class, or whatever makes objects.
        names: Its fields.

    Returns:
        Whether ``make`` is a dataclass with slots, with these fields and nothing of its own.
    """
    return (
        isinstance(make, type)
        and (make in _waiting or dataclasses.is_dataclass(make))
        and make.__bases__ == (object,)
        and vars(make).get("__slots__") == names
        and not any(hasattr(make, name) for name in ("__post_init__", "__setstate__"))
        and "__new__" not in vars(make)
    )


def _prepare(class_: C) -> C:
    body = dict(vars(class_))
    names = [*body.get("__annotations__", {})]
    defaults = {name: body.pop(name) for name in names if name in body}
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    body["__slots__"] = tuple(names)
    body["__hash__"] = None  # as of every class that compares by value and can change
    for name in _ASKED:
        body[name] = _Asked(name)
    for name in _METHODS:
        body[name] = _Method(name)
    metaclass: Any = type(class_)
    prepared: Any = metaclass(class_.__name__, class_.__bases__, body)
    prepared.__qualname__ = class_.__qualname__
    _waiting[prepared] = defaults
    made: C = prepared
    return made


class _Asked:
    """Completes the class that is asked for an attribute."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        _complete(_owner_of(self, owner, self._name))
        if self._name == "__signature__":
            return inspect.signature(owner) if instance is None else None
        return getattr(owner, self._name)


class _Method(_Asked):
    """Completes the class whose method is called."""

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        _complete(_owner_of(self, owner, self._name))
        method = getattr(owner, self._name)
        return method if instance is None else method.__get__(instance, owner)


def _owner_of(attribute: _Asked, class_: type[Any], name: str) -> type[Any]:
    # Another thread may have completed it a moment ago.
    found = (each for each in class_.__mro__ if vars(each).get(name) is attribute)
    return next(found, class_)


def _complete(class_: type[Any]) -> type[Any]:
    """Let ``dataclasses`` do its work on a class without slots, and take over what it made."""
    defaults = _waiting.get(class_)
    if defaults is None:
        return _completed.get(class_, class_)
    bases = tuple(_complete(base) for base in class_.__bases__)
    body = {"__module__": class_.__module__, "__qualname__": class_.__qualname__, **defaults}
    body["__annotations__"] = vars(class_).get("__annotations__", {})
    plain = [base for base in bases if dataclasses.is_dataclass(base)]
    for name in body["__annotations__"]:
        if name not in body and any(hasattr(base, name) for base in plain):
            body[name] = dataclasses.field()  # not the default that a base has
    made: type[Any] = type(class_.__name__, tuple(plain), body)
    made = dataclasses.dataclass(kw_only=True)(made)
    for name, member in vars(made).items():
        if name in (*_METHODS, *_ASKED, "__replace__"):
            setattr(class_, name, member)
    if isinstance(vars(class_).get("__signature__"), _Asked):
        del class_.__signature__
    _completed[class_] = made
    _waiting.pop(class_, None)
    return made
