"""Calls that can be made in several forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from wxruntime.call import Call
from wxruntime.support import not_supported, refuse

__all__ = ["refuse_any", "told_apart"]

R = TypeVar("R")


def told_apart(
    arguments: Sequence[Any],
    fields: dict[str, Any],
    kinds: Sequence[type[Any]],
    *,
    option_first: bool = False,
) -> tuple[Any, ...]:
    """Turn the keywords of a call into an option object, if it has any.

    Args:
        arguments: The positional arguments.
        fields: The keywords.
        kinds: The classes of the option objects that the call takes, in one form or another.
        option_first: Whether the option object comes before the other arguments.

    Returns:
        The arguments, the option object among them.

    Raises:
        TypeError: No option object has such fields, or one is given beside keywords.
    """
    if any(isinstance(argument, tuple(kinds)) for argument in arguments):
        if fields:
            raise TypeError("give either an option object or keywords, not both")
        return tuple(arguments)
    if not fields and arguments:
        return tuple(arguments)
    problem: TypeError | None = None
    for kind in kinds:
        try:
            option = kind(**fields)
        except TypeError as error:
            problem = problem or error
        else:
            return (option, *arguments) if option_first else (*arguments, option)
    if not fields:
        return tuple(arguments)
    raise problem if problem is not None else TypeError("the call takes no keywords")


def refuse_any(
    label: str, arguments: Sequence[Any], make_result: Callable[..., R], returned: Any = None
) -> Any:
    """Answer a call of several forms that has a type but nothing behind it.

    Args:
        label: The name of the call.
        arguments: Its arguments; one of them may be an option object.
        make_result: Makes what ``fail`` receives, from an ``errMsg``.
        returned: What it returns where it returns an object; None if it returns something else.

    Raises:
        WxError: It takes no option object in this form, and returns no object.
    """
    option = next((each for each in arguments if hasattr(type(each), "__dataclass_fields__")), None)
    if option is None and returned is None:
        raise not_supported(label)
    call: Call[R] = refuse(label, option, make_result)
    return call if returned is None else returned
