"""How callbacks and listeners are run: plain functions or coroutine functions alike."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final, TypeVar

from wxruntime.running import running_loop

__all__ = [
    "LOGGER",
    "as_coroutine",
    "checked_function",
    "report",
    "run_callback",
    "run_callback_here",
    "witnessed",
]

A = TypeVar("A")
F = TypeVar("F", bound=Callable[..., object])

LOGGER: Final = logging.getLogger("wxsocket")
"""The logger of everything that nobody else could see."""

# Those who want to know what callbacks raise.
_witnesses: Final[list[list[BaseException]]] = []

# Loops keep weak references to their tasks only.
_tasks: Final[set[asyncio.Task[object]]] = set()


def run_callback(
    callback: Callable[[A], object], result: A, loop: asyncio.AbstractEventLoop | None
) -> Coroutine[Any, Any, object] | None:
    """Run a callback; what it raises is reported, and never reaches the caller.

    Args:
        callback: The function.
        result: Its argument.
        loop: The loop whose exception handler is called with an exception; without one it is
            logged by ``asyncio``, as loops themselves have it.

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
    return None if outcome is None else as_coroutine(outcome)


def run_callback_here(callback: Callable[[A], object], result: A) -> None:
    """Run a callback that belongs to no loop; its coroutine, on the loop that runs here.

    Args:
        callback: The function; what it raises is reported.
        result: Its argument.
    """
    loop = running_loop()
    coroutine = run_callback(callback, result, loop)
    if coroutine is None:
        return
    if loop is None:
        coroutine.close()
        report(callback, RuntimeError("no loop runs here for the coroutine"), None)
        return
    task = loop.create_task(coroutine)
    _tasks.add(task)
    task.add_done_callback(lambda done: _task_done(done, callback))


def _task_done(task: asyncio.Task[object], callback: object) -> None:
    _tasks.discard(task)
    if not task.cancelled() and (exc := task.exception()) is not None:
        report(callback, exc, task.get_loop())


def as_coroutine(outcome: object) -> Coroutine[Any, Any, object] | None:
    """Return what a callback returned if that is a coroutine, else None."""
    return outcome if asyncio.iscoroutine(outcome) else None


def report(callback: object, exc: BaseException, loop: asyncio.AbstractEventLoop | None) -> None:
    """Report what a callback raised.

    Args:
        callback: The function that raised.
        exc: What it raised.
        loop: The loop whose exception handler is called, if there is one.
    """
    for raised in _witnesses:
        raised.append(exc)
    message = f"Exception in the wxsocket callback {callback!r}"
    if loop is None:
        logging.getLogger("asyncio").error(message, exc_info=exc)
    else:
        loop.call_exception_handler({"message": message, "exception": exc, "callback": callback})


@contextlib.contextmanager
def witnessed() -> Iterator[list[BaseException]]:
    """Collect what callbacks raise within a block, in any thread. It is reported all the same."""
    raised: list[BaseException] = []
    _witnesses.append(raised)
    try:
        yield raised
    finally:
        # Not by its value: lists that are empty are equal.
        _witnesses[:] = [other for other in _witnesses if other is not raised]


def checked_function(function: F, what: str = "a listener") -> F:
    """Return the function, if it can be called.

    Args:
        function: The function.
        what: What it is given as, for the message.

    Raises:
        TypeError: It cannot be called.
    """
    if not callable(function):
        raise TypeError(f"{what} is a function, not {type(function).__name__}")
    return function
