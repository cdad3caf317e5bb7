"""The two styles of a call: one option object, or its fields as keywords."""

from __future__ import annotations

import inspect
from collections.abc import Callable
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
        plain = inspect.signature(function)
        self = next(iter(plain.parameters.values()))
        option = inspect.Parameter(
            "option", inspect.Parameter.POSITIONAL_ONLY, default=..., annotation=kind.__name__
        )
        # With an option object even a required field is not given as a keyword.
        fields = [
            field.replace(default=...) if field.default is field.empty else field
            for field in inspect.signature(kind).parameters.values()
        ]
        both = plain.replace(parameters=[self, option, *fields])
        setattr(function, "__signature__", both)  # noqa: B010
        return function

    return decorate


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
