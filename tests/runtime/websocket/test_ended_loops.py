"""Calls that meet the end of their loop are answered, on whichever side of it they fall."""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections.abc import Callable

import pytest

from servers.harness import until
from wxsocket import SocketTask, Wx, WxError
from wxsocket.testing import FakeServer

NOT_OPEN = "SocketTask.send:fail SocketTask.readyState is not OPEN"


def on_a_thread(action: Callable[[], object]) -> None:
    thread = threading.Thread(target=action)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


async def _open() -> SocketTask:
    task = Wx(network=FakeServer()).connectSocket(url="ws://example.com")
    await until(lambda: task.readyState == 1)
    return task


def test_a_call_from_a_thread_after_the_end_of_the_loop_is_answered_at_once() -> None:
    """The loop has been shut down, and stands still; it need not be closed yet."""
    loop = asyncio.new_event_loop()
    said: list[str] = []

    def call(task: SocketTask) -> None:
        with pytest.raises(WxError) as caught:
            task.send(data="x", fail=lambda res: said.append(res.errMsg)).result(timeout=5)
        said.append(caught.value.errMsg)

    try:
        task = loop.run_until_complete(_open())
        loop.run_until_complete(loop.shutdown_asyncgens())
        on_a_thread(lambda: call(task))
        assert said == [NOT_OPEN, NOT_OPEN]
    finally:
        loop.close()


def test_a_call_handed_over_before_the_end_of_the_loop_is_answered_by_it() -> None:
    """It was handed over while the loop stood still, and the next that runs is its shutdown."""
    loop = asyncio.new_event_loop()
    said: list[str] = []

    async def hold(task: SocketTask) -> None:
        # The thread hands its call over while this blocks the loop.
        on_a_thread(lambda: task.send(data="x", complete=lambda res: said.append(res.errMsg)))
        assert said == []

    try:
        task = loop.run_until_complete(_open())
        loop.run_until_complete(hold(task))
        loop.run_until_complete(loop.shutdown_asyncgens())
        assert len(said) == 1
    finally:
        loop.close()


def test_a_loop_that_goes_on_after_its_shutdown_opens_links_again() -> None:
    loop = asyncio.new_event_loop()
    app = Wx(network=FakeServer())

    async def open_and_close() -> list[int]:
        states: list[int] = []
        async with app.connectSocket(url="ws://example.com") as task:
            states.append(task.readyState)
        states.append(task.readyState)
        return states

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            for _ in range(3):
                assert loop.run_until_complete(open_and_close()) == [1, 3]
                loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            loop.close()
    assert [str(warning.message) for warning in caught] == []
