# Emitted by wxgen 0.1.0 from its own callbacks.py for websocket.yaml (sha256 7ed8de42bf6a9a9e). Do not edit; run: wxgen generate
"""How success, fail, complete and listeners are run: plain functions or coroutine functions alike."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from .calls import Call, WxError

__all__ = ["not_supported", "refuse", "report", "run_callback"]

A = TypeVar("A")

# The loop keeps weak references only.
_tasks: set[asyncio.Task[object]] = set()


def run_callback(
    callback: Callable[[A], object], result: A, loop: asyncio.AbstractEventLoop | None
) -> Coroutine[Any, Any, object] | None:
    """Run a callback; what it raises is reported, and never reaches the caller.

    Args:
        callback: The function.
        result: Its argument.
        loop: The loop whose exception handler hears of an exception; without one the logger
            ``asyncio`` does, as loops themselves have it.

    Returns:
        The coroutine, if the callback returned one: the caller runs it as a task.
    """
    try:
        outcome = callback(result)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as exc:
        report(callback, exc, loop)
        return None
    # Most callbacks return nothing, and asking asyncio costs more than asking that first.
    return outcome if outcome is not None and asyncio.iscoroutine(outcome) else None


def report(callback: object, exc: BaseException, loop: asyncio.AbstractEventLoop | None) -> None:
    """Report what a callback raised.

    Args:
        callback: The function that raised.
        exc: What it raised.
        loop: The loop whose exception handler is told, if there is one.
    """
    message = f"Exception in the wxsocket callback {callback!r}"
    if loop is None:
        logging.getLogger("asyncio").error(message, exc_info=exc)
    else:
        loop.call_exception_handler({"message": message, "exception": exc, "callback": callback})


def not_supported(name: str) -> WxError:
    """Make the answer of a call that has a type but nothing behind it.

    Args:
        name: The name of the call.

    Returns:
        The error, with ``<call>:fail not supported``.
    """
    return WxError(f"{name}:fail not supported")


def refuse(name: str, option: Any, result: Callable[..., Any]) -> Call[Any]:
    """Answer a call that has a type but nothing behind it, through its callbacks.

    Args:
        name: The name of the call.
        option: Its option object.
        result: Makes what ``fail`` receives, from an ``errMsg``.

    Returns:
        The failed call.
    """
    error = not_supported(name)
    answer = result(errMsg=error.errMsg)
    loop = asyncio._get_running_loop()
    told = False
    for callback in (getattr(option, "fail", None), getattr(option, "complete", None)):
        if callback is None:
            continue
        told = True
        coroutine = run_callback(callback, answer, loop)
        if coroutine is not None and loop is not None:
            task = loop.create_task(coroutine)
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)
        elif coroutine is not None:
            coroutine.close()
            report(callback, RuntimeError("a coroutine function needs a running loop"), None)
    call: Call[Any] = Call()
    call.fail(error.errMsg, seen=told)
    return call
