"""The body of the pytest plugin: a test fails when a callback or listener of its app raised.

An emitted package adds the fixture ``wx_app``, which needs its own class, and is the plugin.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Generator, Iterator
from typing import Any, Final, TypeVar

import pytest

from wxruntime.callbacks import witnessed
from wxruntime.running import running_loop
from wxruntime.websocket.additions import WxAdditions
from wxruntime.websocket.testing import FakeServer

__all__ = ["closed_at_end", "pytest_runtest_call", "wx_server"]

W = TypeVar("W", bound=WxAdditions)

# How often the loop turns before an app is closed, and after: what a fake server has sent is
# delivered in one turn, and the coroutines of listeners need a few.
TURNS: Final = 20


class _Watch:
    """What is known of one test.

    Attributes:
        apps: The apps to close when its function has ended.
        raised: What callbacks and listeners have raised.
        own: The failure of the test, once it has one.
    """

    def __init__(self, raised: list[BaseException]) -> None:
        self.apps: list[WxAdditions] = []
        self.raised = raised
        self.own: BaseException | None = None

    def check(self) -> None:
        """Raise what callbacks have raised, unless the test has failed by itself."""
        raised, self.raised[:] = list(self.raised), ()
        if self.own is not None or not raised:
            return
        failure = raised[0] if len(raised) == 1 else BaseExceptionGroup("callbacks raised", raised)
        self.own = failure
        raise failure


_WATCH: Final = pytest.StashKey[_Watch]()


@pytest.fixture
def wx_server(request: pytest.FixtureRequest) -> Iterator[FakeServer]:
    """A `FakeServer` that accepts every link.

    The test fails when a callback or listener raises, as by an ``assert``.
    """
    with witnessed() as raised:
        watch = request.node.stash[_WATCH] = _Watch(raised)
        yield FakeServer()
        watch.check()  # what was raised in the teardown of other fixtures


def closed_at_end(request: pytest.FixtureRequest, app: W) -> Iterator[W]:
    """Yield an app, as a fixture does, that is closed when the test's function has ended.

    Args:
        request: The request for the fixture, which uses ``wx_server``.
        app: The app.
    """
    request.node.stash[_WATCH].apps.append(app)
    yield app
    app.close()  # what other fixtures have opened since


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Close the test's apps when its function has ended; fail it if a callback has raised."""
    __tracebackhide__ = True
    watch = item.stash.get(_WATCH, None)
    if watch is None:
        return (yield)
    function: Any = getattr(item, "obj", None)
    is_coroutine = inspect.iscoroutinefunction(function)
    if is_coroutine:
        setattr(item, "obj", _closing_in_loop(function, watch))  # noqa: B010
    result = failure = None
    try:
        result = yield
    except BaseException as exc:
        failure = exc
    finally:
        if is_coroutine:
            setattr(item, "obj", function)  # noqa: B010
    # A plugin for coroutines may add what callbacks have raised, or raise it by itself.
    if watch.own is None and not (is_coroutine and watch.raised):
        watch.own = failure
    _close(watch.apps)
    watch.check()
    if watch.own is not None:
        raise watch.own
    return result


def _closing_in_loop(
    function: Callable[..., Awaitable[object]], watch: _Watch
) -> Callable[..., Awaitable[object]]:
    """Wrap a test's function, so that its apps are closed while its loop still runs."""

    @functools.wraps(function)
    async def test(*args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        try:
            await function(*args, **kwargs)
        except BaseException as exc:
            watch.own = exc
            raise
        finally:
            if running_loop() is not None:  # else it is no loop of asyncio
                await _turn()
                for app in watch.apps:
                    await app.__aexit__(None, None, None)
                await _turn()

    return test


def _close(apps: list[WxAdditions]) -> None:
    """Close apps in plain code."""
    for app in apps:
        engine = app._engine
        for handle in engine.loops.handles:

            async def close(handle: Any = handle, engine: Any = engine) -> None:
                await _turn()
                await engine.close_all(handle)
                await _turn()

            handle.block_on(close())
        app.close()


async def _turn() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)
