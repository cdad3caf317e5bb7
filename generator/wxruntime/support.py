"""How emitted code answers what no engine carries out: never silently.

A call without an engine fails with ``not supported``. What is accepted without effect is logged once,
the first time that it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from wxruntime.call import Call
from wxruntime.callbacks import LOGGER, run_callback_here
from wxruntime.errors import WxError

__all__ = ["accept", "is_given", "not_supported", "note_ignored", "refuse"]

R = TypeVar("R")

_noted: Final[set[tuple[str, str]]] = set()


def refuse(label: str, option: object, make_result: Callable[..., R]) -> Call[R]:
    """Answer a call that has a type but nothing behind it, through ``fail`` and ``complete``.

    Args:
        label: The name of the call.
        option: Its option object.
        make_result: Makes what ``fail`` receives, from an ``errMsg``.

    Returns:
        The failed call.
    """
    error = not_supported(label)
    seen = _run(option, ("fail", "complete"), make_result(errMsg=error.errMsg))
    call: Call[R] = Call()
    call.fail(error.errMsg, seen=seen)
    return call


def accept(label: str, option: object, make_result: Callable[..., R]) -> Call[R]:
    """Answer a call that is accepted without effect, through ``success`` and ``complete``.

    Args:
        label: The name of the call.
        option: Its option object.
        make_result: Makes what ``success`` receives, from an ``errMsg``.

    Returns:
        The call, which has succeeded.
    """
    note_ignored(label, "", True, False)
    result = make_result(errMsg=f"{label}:ok")
    _run(option, ("success", "complete"), result)
    call: Call[R] = Call()
    call.succeed(result)
    return call


def not_supported(label: str) -> WxError:
    """Make the error of a call that has a type but nothing behind it.

    Args:
        label: The name of the call.

    Returns:
        The error, with ``<call>:fail not supported``.
    """
    return WxError(f"{label}:fail not supported")


def is_given(value: object, default: object) -> bool:
    """Tell whether an option is used: given, and not as its default.

    Args:
        value: The option's value.
        default: Its default, or None.
    """
    return value is not None and value != default


def note_ignored(label: str, name: str, value: object, default: object) -> None:
    """Log, once, that an option or a call is accepted without effect.

    Args:
        label: The name of the call.
        name: The option, or "" for the call itself.
        value: The option's value.
        default: Its default: while it has that, there is nothing to ignore.
    """
    if is_given(value, default) and (label, name) not in _noted:
        _noted.add((label, name))
        what = f"the option {name!r} of {label}" if name else label
        LOGGER.warning("%s is accepted, but has no effect", what)


def _run(option: object, names: tuple[str, ...], result: Any) -> bool:
    """Run callbacks of an option object. Returns whether there was one."""
    told = False
    for name in names:
        callback = getattr(option, name, None)
        if callback is not None:
            told = True
            run_callback_here(callback, result)
    return told
