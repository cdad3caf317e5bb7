"""Timers, as `Wx.setTimeout` and `Wx.setInterval` start them."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from servers.harness import ticks
from wxsocket import Wx
from wxsocket.testing import FakeServer


@pytest.fixture
def app() -> Wx:
    return Wx(network=FakeServer())


def seconds(work: Callable[[], object]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def test_a_timeout_is_in_milliseconds_and_keeps_run_going(app: Wx) -> None:
    heard: list[object] = []
    app.setTimeout(lambda *given: heard.append(given), 300, "a", 2)
    assert heard == []
    assert 0.29 < seconds(app.run) < 2.5
    assert heard == [("a", 2)]


def test_timeouts_come_in_the_order_of_their_times(app: Wx) -> None:
    heard: list[str] = []
    app.setTimeout(heard.append, 40, "last")
    app.setTimeout(heard.append, 0, "first")
    app.setTimeout(heard.append, -1000, "negative is 0")
    app.setTimeout(heard.append, float("nan"), "so is what is no number")
    app.run()
    assert heard == ["first", "negative is 0", "so is what is no number", "last"]


def test_a_timeout_that_is_very_far_away_can_be_set(app: Wx) -> None:
    timer = app.setTimeout(print, float("inf"))
    with pytest.raises(TimeoutError):
        app.run(timeout=0.01)
    app.clearTimeout(timer)
    app.run(timeout=5)


@pytest.mark.parametrize("clear", ["clearTimeout", "clearInterval"])
@pytest.mark.parametrize("start", ["setTimeout", "setInterval"])
def test_either_clears_either(app: Wx, clear: str, start: str) -> None:
    heard: list[str] = []
    timer = getattr(app, start)(heard.append, 0, "x")
    other = app.setTimeout(heard.append, 0, "other")
    assert isinstance(timer, int)
    assert timer != other
    getattr(app, clear)(timer)
    app.run(timeout=5)
    assert heard == ["other"]


def test_ids_that_are_gone_are_ignored(app: Wx) -> None:
    timer = app.setTimeout(lambda: None)
    app.run()
    for gone in (timer, timer, None, 4711, -1):
        app.clearTimeout(gone)
        app.clearInterval(gone)
    app.clearTimeout()
    app.run(timeout=5)


def test_an_interval_goes_on_until_it_is_cleared_inside_a_round_too(app: Wx) -> None:
    rounds: list[int] = []

    def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 3:
            app.clearInterval(interval)

    interval = app.setInterval(work, 1)
    app.run(timeout=5)
    assert rounds == [0, 1, 2]


def test_rounds_never_overlap_and_are_due_when_the_last_one_has_ended(app: Wx) -> None:
    started: list[float] = []
    ended: list[float] = []

    async def work() -> None:
        started.append(time.monotonic())
        await asyncio.sleep(0.05)
        ended.append(time.monotonic())
        if len(ended) == 3:
            app.clearInterval(interval)

    interval = app.setInterval(work, 20)
    app.run(timeout=10)
    assert len(started) == 3
    for end, start in zip(ended, started[1:], strict=False):
        assert start - end > 0.015


def test_an_interval_that_is_cleared_while_a_round_is_under_way_has_no_other(app: Wx) -> None:
    rounds: list[str] = []

    async def work() -> None:
        rounds.append("begun")
        app.clearInterval(interval)
        await asyncio.sleep(0.01)
        rounds.append("ended")

    interval = app.setInterval(work, 0)
    app.run(timeout=5)
    assert rounds == ["begun", "ended"]


@pytest.mark.parametrize("coroutine", [False, True], ids=["plain", "async"])
def test_what_a_timers_function_raises_is_reported_and_an_interval_goes_on(
    app: Wx, coroutine: bool, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[int] = []

    def work() -> None:
        rounds.append(1)
        if len(rounds) == 2:
            app.clearInterval(interval)
        raise ValueError("of a timer")

    async def work_async() -> None:
        work()

    interval = app.setInterval(work_async if coroutine else work, 0)
    with caplog.at_level(logging.ERROR, "asyncio"):
        app.run(timeout=5)
    assert len(rounds) == 2
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == [
        "of a timer"
    ] * 2


@pytest.mark.parametrize("function", [None, "print", 3])
def test_what_cannot_be_called_is_a_type_error(app: Wx, function: Any) -> None:
    for start in (app.setTimeout, app.setInterval):
        with pytest.raises(TypeError, match="a timer's first argument is a function"):
            start(function)
    app.run(timeout=5)


@pytest.mark.parametrize("milliseconds", ["5", None, True, [1]])
def test_a_time_that_is_no_number_is_a_type_error(app: Wx, milliseconds: Any) -> None:
    with pytest.raises(TypeError, match="milliseconds are a number"):
        app.setTimeout(print, milliseconds)


def test_the_end_of_a_block_clears_all_timers() -> None:
    heard: list[str] = []

    async def main() -> None:
        async with Wx(network=FakeServer()) as app:
            app.setTimeout(heard.append, 10, "timeout")
            app.setInterval(heard.append, 10, "interval")
        await asyncio.sleep(0.05)

    asyncio.run(main())
    with Wx(network=FakeServer()) as app:
        app.setTimeout(heard.append, 0, "plain")
    app.run(timeout=5)
    assert heard == []


def test_a_timer_that_a_last_listener_starts_does_not_outlive_the_block() -> None:
    heard: list[str] = []

    async def main() -> None:
        async with Wx(network=FakeServer()) as app:
            task = app.connectSocket(url="ws://example.com")
            task.onClose(lambda res: app.setTimeout(heard.append, 10, "late"))
            await ticks()
        await asyncio.sleep(0.05)

    asyncio.run(main())
    assert heard == []


def test_the_end_of_the_loop_clears_all_timers() -> None:
    heard: list[str] = []

    async def main() -> None:
        app = Wx(network=FakeServer())
        app.setTimeout(heard.append, 30, "timeout")
        app.setInterval(heard.append, 30, "interval")

    with asyncio.Runner() as runner:
        runner.run(main())
        runner.run(runner.get_loop().shutdown_asyncgens())
        runner.run(asyncio.sleep(0.06))
    assert heard == []


def test_numbers_of_timers_are_new_ones_each_time(app: Wx) -> None:
    assert len({app.setTimeout(lambda: None) for _ in range(100)}) == 100
    app.run(timeout=5)


def test_a_timeout_that_has_come_holds_its_function_no_longer(app: Wx) -> None:
    class Function:
        def __call__(self) -> None:
            pass

    function = Function()
    gone = weakref.ref(function)
    app.setTimeout(function)
    del function
    app.run()
    gc.collect()
    assert gone() is None
