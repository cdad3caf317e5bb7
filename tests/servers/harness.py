"""What every network test needs: a loop with a limit, a record of events, and a clean end."""

import asyncio
import gc
import os
import socket
import warnings
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from wxsocket import (
    GeneralCallbackResult,
    OnSocketCloseListenerResult,
    OnSocketErrorListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
    SocketTask,
    Wx,
    WxError,
)

from .gate import PATIENCE
from .gate import until as until  # tests find it here, too
from .texts import NO_TASK, NOT_OPEN

T = TypeVar("T")

Event = tuple[Any, ...]

ABNORMAL: Event = ("close", 1006, "abnormal closure")
FAIL, OK = "fail", "ok"


def run(main: Coroutine[Any, Any, T], *, timeout: float = 60.0) -> T:
    """Run a test's coroutine on a loop of its own, and see that nothing is left behind.

    It fails when a task still runs after the coroutine has ended (those of the clean end itself
    may take a moment), when a socket or a transport is left to the garbage collector, and when
    anything reaches the loop's exception handler.
    """
    errors: list[dict[str, Any]] = []

    async def whole() -> T:
        asyncio.get_running_loop().set_exception_handler(lambda loop, error: errors.append(error))
        try:
            async with asyncio.timeout(timeout):
                result = await main
            await no_tasks_left()
            return result
        finally:
            # What asyncio.run does next, where it would wait for ever.
            async with asyncio.timeout(PATIENCE):
                await asyncio.get_running_loop().shutdown_asyncgens()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = asyncio.run(whole())
        gc.collect()
    leaks = [w for w in caught if issubclass(w.category, ResourceWarning | RuntimeWarning)]
    assert not leaks, [str(warning.message) for warning in leaks]
    assert not errors, errors
    return result


async def no_tasks_left() -> None:
    """Wait until the current task is the loop's only one."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        assert asyncio.get_running_loop().time() < deadline, f"tasks left behind: {others}"
        await asyncio.sleep(0.005)


async def ticks(count: int = 20) -> None:
    """Let the loop turn, so that whatever was due has happened."""
    for _ in range(count):
        await asyncio.sleep(0)


class Events:
    """The events of a link, or of a `Wx`, in the order in which its listeners hear them.

    `("open",)`, `("message", data)`, `("error",)` and `("close", code, reason)`; what else the
    listeners received is in `headers` and `errors`.
    """

    def __init__(self, source: SocketTask | Wx) -> None:
        self.log: list[Event] = []
        self.headers: list[dict[str, str]] = []
        self.errors: list[str] = []
        self._changed = asyncio.Event()
        if isinstance(source, Wx):
            source.onSocketOpen(self._open)
            source.onSocketMessage(self._message)
            source.onSocketError(self._error)
            source.onSocketClose(self._close)
        else:
            source.onOpen(self._open)
            source.onMessage(self._message)
            source.onError(self._error)
            source.onClose(self._close)

    @property
    def kinds(self) -> list[str]:
        return [event[0] for event in self.log]

    @property
    def messages(self) -> list[str | bytes]:
        return [event[1] for event in self.log if event[0] == "message"]

    def count(self, kind: str) -> int:
        return self.kinds.count(kind)

    async def wait(self, kind: str, count: int = 1) -> None:
        """Wait until there have been `count` events of this kind."""
        try:
            async with asyncio.timeout(PATIENCE):
                while self.count(kind) < count:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"waited in vain for {kind}, there was {self.log}") from None

    def _add(self, *event: Any) -> None:
        self.log.append(event)
        self._changed.set()

    def _open(self, res: OnSocketOpenListenerResult) -> None:
        self.headers.append(res.header)
        self._add("open")

    def _message(self, res: OnSocketMessageListenerResult) -> None:
        self._add("message", res.data)

    def _error(self, res: OnSocketErrorListenerResult) -> None:
        self.errors.append(res.errMsg)
        self._add("error")

    def _close(self, res: OnSocketCloseListenerResult) -> None:
        self._add("close", res.code, res.reason)


class Calls:
    """The callbacks of one call: `connectSocket(url=..., **calls.options)`."""

    def __init__(self) -> None:
        self.log: list[tuple[str, GeneralCallbackResult]] = []

    @property
    def options(self) -> dict[str, Any]:
        def note(kind: str) -> Callable[[GeneralCallbackResult], None]:
            return lambda res: self.log.append((kind, res))

        return {kind: note(kind) for kind in ("success", "fail", "complete")}

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.log]

    def check(self, outcome: str, errMsg: str) -> None:
        """See that the call ended so, once, with the same object for both callbacks."""
        first = "success" if outcome == OK else "fail"
        assert self.kinds == [first, "complete"]
        assert self.log[0][1] is self.log[1][1]
        assert isinstance(self.log[0][1], GeneralCallbackResult)
        assert self.log[0][1].errMsg == errMsg


async def failure(call: Awaitable[object]) -> str:
    """The `errMsg` of a call that has to fail."""
    try:
        await call
    except WxError as exc:
        return exc.errMsg
    raise AssertionError("the call has succeeded")


def untyped(thing: object) -> Any:
    """For arguments that no type checker would let pass."""
    return thing


async def refused(app: Wx, errMsg: str | None, **options: Any) -> str:
    """See that a `connectSocket` is refused at once; returns the errMsg."""
    calls = Calls()
    task = untyped(app).connectSocket(**{**options, **calls.options})
    assert isinstance(task, SocketTask)
    assert calls.kinds == ["fail", "complete"]
    said = calls.log[0][1].errMsg
    calls.check(FAIL, said if errMsg is None else errMsg)
    events = Events(task)
    assert task.readyState == 3
    assert await failure(task.send(data="x")) == NOT_OPEN
    assert await failure(task.close()) == NO_TASK
    assert await failure(task.close(code=1001)) == NO_TASK
    await ticks()
    assert events.log == []
    return said


async def opened(app: Wx, url: str, **options: Any) -> tuple[SocketTask, Events]:
    """A link that is open, and its events."""
    task = app.connectSocket(url=url, **options)
    events = Events(task)
    await events.wait("open")
    return task, events


async def echoes(task: SocketTask, events: Events, message: str = "are you there") -> None:
    """See that a link is alive."""
    before = len(events.messages)
    await task.send(data=message)
    await events.wait("message", before + 1)
    assert events.messages[-1] == message


async def shut(*links: tuple[SocketTask, Events]) -> None:
    """Close links, and wait until they have closed."""
    for task, _ in links:
        await task.close(code=1000)
    for _, events in links:
        await events.wait("close")


def sockets_to(port: int) -> list[socket.socket]:
    """Duplicates of this process's client sockets to a port of the loopback, to be closed."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            descriptor = os.dup(int(name))
        except OSError:  # gone meanwhile
            continue
        try:
            sock = socket.socket(fileno=descriptor)
        except OSError:  # no socket
            os.close(descriptor)
            continue
        try:
            is_ours = sock.family == socket.AF_INET and sock.getpeername()[1] == port
        except OSError:  # closed, or listening
            is_ours = False
        if is_ours:
            found.append(sock)
        else:
            sock.close()
    return found
