"""Steps of tasks, and what else Locust needs where tasks are coroutines."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Final, TypeVar, overload

import gevent
import locust
from locust import TaskSet
from locust.exception import (
    InterruptTaskSet,
    RescheduleTask,
    RescheduleTaskImmediately,
    StopTest,
    StopUser,
)
from locust.stats import CSV_STATS_INTERVAL_SEC

__all__ = [
    "CONTROL_FLOW",
    "Step",
    "check_coroutine_function",
    "check_tasks",
    "is_default",
    "left",
    "task",
]

F = TypeVar("F", bound=Callable[..., Coroutine[Any, Any, object]])

REQUEST_TYPE: Final = "WS"
"""The type under which everything is reported."""

CONTROL_FLOW: Final = (
    StopUser,
    StopTest,
    InterruptTaskSet,
    RescheduleTask,
    RescheduleTaskImmediately,
)
"""What Locust lets tasks raise for what is to be done next: no failures."""


class Step:
    """A step of a task, which reports itself when its block ends.

    Args:
        report: Takes what Locust's event ``request`` is fired with.
        name: The name in the statistics.

    Attributes:
        response_length: The size that is reported.
    """

    __slots__ = ("_begun_at", "_name", "_report", "_start_time", "response_length")

    def __init__(self, report: Callable[[dict[str, Any]], None], name: str) -> None:
        self._report = report
        self._name = name
        self._begun_at = 0.0
        self._start_time = 0.0
        self.response_length = 0

    async def __aenter__(self) -> Step:
        """Begin the step."""
        self._start_time = time.time()
        self._begun_at = asyncio.get_running_loop().time()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        elapsed = asyncio.get_running_loop().time() - self._begun_at
        if exc is not None and not isinstance(exc, Exception):
            return  # the user is stopped
        self._report(
            {
                "request_type": REQUEST_TYPE,
                "name": self._name,
                "response_time": elapsed * 1000,
                "response_length": self.response_length,
                "response": None,
                "exception": None if isinstance(exc, CONTROL_FLOW) else exc,
                "start_time": self._start_time,
                "url": None,
            }
        )


@overload
def task(weight: F, /) -> F: ...
@overload
def task(weight: int = 1, /) -> Callable[[F], F]: ...
def task(weight: Any = 1, /) -> Any:
    """Locust's decorator ``@task`` or ``@task(weight)``, typed for ``async def`` methods.

    Args:
        weight: How often the task is picked, in proportion to the others.
    """
    return locust.task(weight)


def check_coroutine_function(function: Any) -> None:
    """Refuse what would block the loop, or do nothing, when it is run there.

    Raises:
        TypeError: It is no ``async def`` function.
    """
    if not inspect.iscoroutinefunction(inspect.unwrap(function)):
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(f"{name} runs on an asyncio loop: write it as 'async def'")


def check_tasks(tasks: Any) -> None:
    """Check all tasks of a user or TaskSet, those of its TaskSets included.

    Raises:
        TypeError: One is no ``async def`` function.
    """
    for task in tasks:
        if not (isinstance(task, type) and issubclass(task, TaskSet)):
            check_coroutine_function(task)
            continue
        for hook in (task.on_start, task.on_stop):
            if not is_default(hook):
                check_coroutine_function(hook)
        check_tasks(task.tasks)


def is_default(hook: Any) -> bool:
    """Whether a TaskSet's hook is Locust's own, which does nothing."""
    return getattr(hook, "__func__", hook) in (TaskSet.on_start, TaskSet.on_stop)


def left(exc: InterruptTaskSet) -> Exception:
    """What leaving a TaskSet means for the one around it."""
    return (RescheduleTaskImmediately if exc.reschedule else RescheduleTask)(exc.reschedule)


def _complete_csv(environment: Any, **_: Any) -> None:
    """Have ``--csv`` end with the final statistics.

    Locust writes the files once a second, and not again at the end: what is reported in between is
    missing.
    """
    if getattr(environment.parsed_options, "csv_prefix", None):
        quit_hook = environment.events.quit
        quit_hook.add_listener(lambda **_: gevent.sleep(CSV_STATS_INTERVAL_SEC + 0.1))


_events: Final[Any] = locust.events
_events.init.add_listener(_complete_csv)
