"""Mini programs as users of Locust: `async def` tasks on one asyncio loop a worker.

Locust's greenlet of a user only waits; everything that the user does, its waiting between tasks
included, happens on the loop. Reports go back to Locust's thread in order, and before the end of their
user, so that statistics are complete when a test ends.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Generic,
    TypeVar,
    cast,
)

import locust
from locust import TaskSet
from locust.env import Environment
from locust.exception import (
    InterruptTaskSet,
    RescheduleTask,
    RescheduleTaskImmediately,
    StopTest,
    StopUser,
)
from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_STOPPING, DefaultTaskSet
from locust.user.users import UserMeta

from wxruntime.callbacks import LOGGER
from wxruntime.native_loop import GivenUp, NativeLoop, native_loop
from wxruntime.websocket.additions import SocketTaskAdditions, WxAdditions
from wxruntime.websocket.locust_tasks import (
    CONTROL_FLOW,
    Step,
    check_coroutine_function,
    check_tasks,
    is_default,
    left,
    task,
)

__all__ = ["MiniProgramUserBase", "Step", "task"]

W = TypeVar("W", bound=WxAdditions)
T = TypeVar("T", bound=SocketTaskAdditions[Any])

# How long a user that is killed may take for its `on_stop` and the end of its links, in seconds.
STOP_TIMEOUT: Final = 30.0

if TYPE_CHECKING:

    class _User(metaclass=UserMeta):
        """Locust's `User`, as far as it concerns users whose hooks and tasks are ``async def``."""

        abstract: bool
        environment: Any
        fixed_count: int
        host: str | None
        tasks: Any
        wait_time: Any
        weight: float
        _greenlet: Any
        _group: Any
        _state: str | None
        _taskset_instance: Any

        def __init__(self, environment: Environment) -> None: ...
        def context(self) -> dict[str, Any]: ...
else:
    _User = locust.User


class MiniProgramUserBase(_User, Generic[W]):
    """What `MiniProgramUser` of an emitted package is made of.

    A user of Locust that is a mini program of its own. Its tasks (``@task``), `on_start` and
    `on_stop`, and those of its TaskSets, are ``async def``; all users of a worker share one asyncio
    loop, so none of them may block: no ``time.sleep``, no ``requests``; ``await asyncio.to_thread``
    where that cannot be helped. Else everything is as with other users: weights, ``wait_time``, tags,
    nested TaskSets, ``StopUser``, events.

    When the user stops, its links are closed with 1000, after `on_stop`.

    Attributes:
        app: The mini program. One with other settings may take its place in ``__init__``.
        connect_name: The name under which `connect` reports itself.
    """

    abstract = True
    connect_name = "connect"
    app: W

    _make_app: Callable[[], W]

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.app = self._make_app()
        self._native: NativeLoop | None = None
        self._is_stopping = False
        self._pausing: asyncio.Future[None] | None = None

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        for function in (cls.on_start, cls.on_stop):
            check_coroutine_function(function)
        check_tasks(cls.tasks)

    # For those who write users.

    async def on_start(self) -> None:
        """Called when the user starts, before its first task."""

    async def on_stop(self) -> None:
        """Called when the user stops, after its last task; its links are still there."""

    def measure(self, name: str) -> Step:
        """Report a step of a task: ``async with self.measure("name"):``.

        The time is that of the block, taken on the loop. If the block raises, the step is reported as
        failed with that exception, which goes on. A step during which the user is stopped is not
        reported.

        Args:
            name: The name in Locust's statistics.

        Returns:
            The step; its ``response_length`` may be set.
        """
        return Step(self._report, name)

    async def _open(self, connect: Callable[[], T]) -> T:
        """Carry out `connect`: call, wait until the link is open, report how long that took.

        Args:
            connect: Calls ``connectSocket`` of the app.
        """
        async with self.measure(self.connect_name):
            task = connect()
            await task.__aenter__()
        return task

    async def wait(self) -> None:
        """Wait as between two tasks, for what ``wait_time`` says. The user may be stopped here."""
        await self._pause(self.wait_time())

    # For Locust, in its own thread.

    def run(self) -> None:
        """Run the user on the loop, while this greenlet waits."""
        self._state = LOCUST_STATE_RUNNING
        self._native = native_loop()
        try:
            self._native.run(self._live(), STOP_TIMEOUT)
        except GivenUp as exc:
            self._fire_error(exc)

    def stop(self, force: bool = False) -> bool:
        """Stop the user.

        Args:
            force: Whether not to wait for the end of its task.

        Returns:
            Whether it has stopped already.
        """
        if force or self._native is None:
            self._group.killone(self._greenlet)
            return True
        self._state = LOCUST_STATE_STOPPING
        self._native.loop.call_soon_threadsafe(self._ask_to_stop)
        return False

    def _fire_request(self, report: dict[str, Any]) -> None:
        try:
            self.environment.events.request.fire(**report)
        except (StopUser, StopTest):  # a listener may ask for that
            assert self._native is not None
            self._native.loop.call_soon_threadsafe(self._ask_to_stop)

    def _fire_error(self, exc: Exception) -> None:
        text = "".join(traceback.format_exception(exc))
        LOGGER.error("%s: %s\n%s", type(self).__name__, exc, text)
        self.environment.events.user_error.fire(
            user_instance=self, exception=exc, tb=exc.__traceback__
        )

    # On the loop.

    async def _live(self) -> None:
        async with self.app:
            try:
                try:
                    await self._call(self.on_start)
                except (StopUser, StopTest):
                    raise
                except Exception as exc:
                    self._report_error(exc)
                    return
                self._taskset_instance = DefaultTaskSet(cast(Any, self))
                await self._perform(self._taskset_instance)
            except (StopUser, StopTest):
                await self._call_on_stop(self.on_stop)

    async def _perform(self, tasks: Any) -> None:
        """Do the tasks of a TaskSet until it is left: `TaskSet.run` as a coroutine."""
        # The TaskSet's own would block the loop.
        tasks.wait = partial(self._pause_after, tasks)
        try:
            if not is_default(tasks.on_start):
                await self._call(tasks.on_start)
        except InterruptTaskSet as exc:
            raise left(exc) from exc
        is_pause_due = False
        while True:
            try:
                if is_pause_due:
                    await self._pause_after(tasks)
                is_pause_due = await self._do_next(tasks)
            except InterruptTaskSet as exc:
                if not is_default(tasks.on_stop):
                    await self._call_on_stop(tasks.on_stop)
                raise left(exc) from exc
            except (StopUser, StopTest):
                if not is_default(tasks.on_stop):
                    await self._call_on_stop(tasks.on_stop)
                raise
            except Exception as exc:
                self._report_error(exc)
                is_pause_due = True

    async def _do_next(self, tasks: Any) -> bool:
        """Do the next task. Returns whether a pause is due."""
        if not tasks._task_queue:
            tasks.schedule_task(tasks.get_next_task())
        self._check_stopping()
        task: Any = tasks._task_queue.popleft()
        owner: Any = self if isinstance(tasks, DefaultTaskSet) else tasks
        try:
            if isinstance(task, type) and issubclass(task, TaskSet):
                await self._perform(task(owner))
            elif getattr(task, "__self__", None) is tasks:
                await self._call(task)
            else:
                await self._call(task, owner)
        except RescheduleTaskImmediately:
            await self._pause(0)
            return False
        except RescheduleTask:
            pass
        return True

    async def _call(self, function: Callable[..., Any], *arguments: object) -> None:
        """Run a function of the user's."""
        check_coroutine_function(function)
        await self._stoppable(function(*arguments))

    async def _call_on_stop(self, on_stop: Callable[[], Any]) -> None:
        try:
            await self._call(on_stop)
        except CONTROL_FLOW:
            pass  # it stops already
        except Exception as exc:
            self._report_error(exc)

    async def _pause_after(self, tasks: Any) -> None:
        await self._pause(tasks.wait_time())

    async def _pause(self, seconds: float) -> None:
        self._check_stopping()
        assert self._native is not None
        if self._native.is_crowded:
            await self._stoppable(self._native.wait_for_room())
        if seconds <= 0:
            await self._stoppable(asyncio.sleep(0))
        else:
            loop = asyncio.get_running_loop()
            self._pausing = loop.create_future()
            timer = loop.call_later(seconds, _release, self._pausing)
            try:
                await self._stoppable(self._pausing)
            finally:
                timer.cancel()
                self._pausing = None
        self._check_stopping()

    async def _stoppable(self, work: Awaitable[object]) -> None:
        """Await something; when the user is killed meanwhile, that is a StopUser."""
        try:
            await work
        except asyncio.CancelledError as exc:
            if self._note_kill():
                raise StopUser from None
            raise RuntimeError("what was awaited has been cancelled") from exc

    def _check_stopping(self) -> None:
        # A task may have caught the cancellation.
        if self._note_kill() or self._is_stopping:
            raise StopUser

    def _note_kill(self) -> bool:
        """Take notice that the user was killed. Returns whether it was."""
        task = asyncio.current_task()
        if task is None or not task.cancelling():
            return False
        while task.uncancel():
            pass
        self._is_stopping = True
        return True

    def _ask_to_stop(self) -> None:
        """Stop after the current task, or the current pause at once."""
        self._is_stopping = True
        if self._pausing is not None:
            _release(self._pausing)

    def _report(self, report: dict[str, Any]) -> None:
        report["context"] = {**self.context()}
        if self._native is not None:
            self._native.post(partial(self._fire_request, report), can_wait=True)

    def _report_error(self, exc: Exception) -> None:
        assert self._native is not None
        self._native.post(partial(self._fire_error, exc))
        if not self.environment.catch_exceptions:
            raise exc


def _release(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
