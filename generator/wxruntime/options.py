"""The two styles of a call: one option object, or its fields as keywords."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, TypeVar

__all__ = ["both_styles", "option_object"]

O = TypeVar("O")  # noqa: E741
F = TypeVar("F", bound=Callable[..., object])


def both_styles(kind: type[object]) -> Callable[[F], F]:
    """Make ``help`` and ``inspect`` show a call's options, as its stub does.

    Args:
        kind: The class of the option object.

    Returns:
        A decorator for a method that takes either a ``kind`` or its fields as keywords.
    """

    def decorate(function: F) -> F:
        setattr(function, "__signature__", _BothStyles(function, kind))  # noqa: B010
        return function

    return decorate


class _BothStyles(inspect.Signature):
    """A signature that is put together when somebody looks: there are hundreds at import."""

    __slots__ = ("_function", "_kind", "_made")

    def __init__(self, function: Callable[..., object], kind: type[object]) -> None:
        self._function = function
        self._kind = kind
        self._made: inspect.Signature | None = None

    @property
    def parameters(self) -> MappingProxyType[str, inspect.Parameter]:
        """The parameters before the option object, that object, and the options."""
        return self._whole().parameters

    @property
    def return_annotation(self) -> Any:
        """What the call returns."""
        return self._whole().return_annotation

    def replace(self, **changes: Any) -> inspect.Signature:  # type: ignore[override]
        """Return a plain signature with something else in it."""
        return self._whole().replace(**changes)

    def _whole(self) -> inspect.Signature:
        if self._made is None:
            function, kind = self._function, self._kind
            # Without what this object itself says.
            code: Any = function
            plain = inspect.Signature.from_callable(
                type(code)(code.__code__, code.__globals__, None, code.__defaults__)
            )
            plain = plain.replace(
                return_annotation=code.__annotations__.get("return", plain.empty),
                parameters=[
                    each.replace(annotation=code.__annotations__.get(each.name, each.empty))
                    for each in plain.parameters.values()
                ],
            )
            *before, _, _ = plain.parameters.values()
            option = inspect.Parameter(
                "option", inspect.Parameter.POSITIONAL_ONLY, default=..., annotation=kind.__name__
            )
            # Those that are given by their places give way to options of their names.
            taken = {*inspect.signature(kind).parameters}
            given: list[inspect.Parameter] = []
            for each in (*before, option):
                name = each.name
                while name in taken:
                    name = f"_{name}"
                taken.add(name)
                given.append(each.replace(name=name))
            # With an option object even a required field is not given as a keyword.
            fields = [
                field.replace(default=...) if field.default is field.empty else field
                for field in inspect.signature(kind).parameters.values()
            ]
            self._made = plain.replace(parameters=[*given, *fields])
        return self._made


def option_object(kind: type[O], option: O | None, fields: dict[str, Any]) -> O:
    """Turn either style of a call into its option object.

    Args:
        kind: The class of the option object.
        option: The object, when the call was given one.
        fields: The keywords, when the call was given those.

    Returns:
        The option object.

    Raises:
        TypeError: Both styles are mixed, the object is another call's, or a field is missing or
            unknown.
    """
    if option is None:
        return kind(**fields)
    if fields:
        raise TypeError(f"give either a {kind.__name__} or keywords, not both")
    if not isinstance(option, kind):
        raise TypeError(f"expected a {kind.__name__} or keywords, got {type(option).__name__}")
    return option
