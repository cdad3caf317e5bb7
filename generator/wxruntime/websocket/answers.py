"""How a call is answered: its callbacks are run, and what it returned is settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from wxruntime.call import Call
from wxruntime.loop_handle import Spot
from wxruntime.websocket.interface import MakesErrorResult

__all__ = ["fail", "succeed"]

R = TypeVar("R")


def succeed(place: Spot, option: Any, result: R) -> R:
    """Run success and complete.

    Args:
        place: Where they run.
        option: The option object of the call.
        result: What they receive.

    Returns:
        The result, to settle the call with.
    """
    if option.success is not None:
        place.invoke(option.success, result)
    if option.complete is not None:
        place.invoke(option.complete, result)
    return result


def fail(
    place: Spot,
    call: Call[R],
    option: Any,
    errMsg: str,
    make: MakesErrorResult[R],
) -> None:
    """Run fail and complete, and settle the call.

    Args:
        place: Where they run.
        call: The call.
        option: Its option object.
        errMsg: What went wrong.
        make: Makes what the callbacks receive.
    """
    callbacks: list[Callable[[R], object]] = [
        callback for callback in (option.fail, option.complete) if callable(callback)
    ]
    if callbacks:
        result = make(errMsg=errMsg)
        for callback in callbacks:
            place.invoke(callback, result)
    failure = call.fail(errMsg, seen=bool(callbacks))
    if not failure.seen:
        place.note_failure(failure)
