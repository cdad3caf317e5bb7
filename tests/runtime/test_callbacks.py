"""What callbacks may raise, and where that goes."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from wxruntime.callbacks import checked_function, run_callback, run_callback_here
from wxsocket import GeneralCallbackResult, Wx
from wxsocket.testing import FakeServer


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_program_leaves_a_callback(kind: type[BaseException]) -> None:
    def callback(res: object) -> None:
        raise kind

    with pytest.raises(kind):
        run_callback(callback, None, None)
    with pytest.raises(kind):
        run_callback_here(callback, None)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_program_leaves_the_call_whose_callback_raised_it(
    kind: type[BaseException],
) -> None:
    def fail(res: GeneralCallbackResult) -> None:
        raise kind

    with pytest.raises(kind):
        Wx(network=FakeServer()).sendSocketMessage(data="x", fail=fail)


def test_anything_else_is_reported_and_the_call_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    completed: list[str] = []

    def fail(res: GeneralCallbackResult) -> None:
        raise ValueError("mine")

    app = Wx(network=FakeServer())
    with caplog.at_level(logging.ERROR, "asyncio"):
        app.sendSocketMessage(data="x", fail=fail, complete=lambda res: completed.append("x"))
    assert completed == ["x"]
    (record,) = caplog.records
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "mine"


def reported(main: Any) -> list[dict[str, Any]]:
    """What reaches the loop's exception handler."""
    errors: list[dict[str, Any]] = []

    async def whole() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, error: errors.append(error))
        await main()

    asyncio.run(whole())
    return errors


def test_a_coroutine_that_cancels_itself_is_reported() -> None:
    """Unlike one that somebody else has cancelled."""

    async def fail(res: GeneralCallbackResult) -> None:
        raise asyncio.CancelledError

    async def main() -> None:
        Wx(network=FakeServer()).sendSocketMessage(data="x", fail=fail)
        await asyncio.sleep(0.01)

    (error,) = reported(main)
    assert isinstance(error["exception"], asyncio.CancelledError)
    assert error["callback"] is fail


def test_a_coroutine_that_somebody_cancels_is_not_reported() -> None:
    async def fail(res: GeneralCallbackResult) -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        before = asyncio.all_tasks()
        Wx(network=FakeServer()).sendSocketMessage(data="x", fail=fail)
        await asyncio.sleep(0)
        (task,) = asyncio.all_tasks() - before
        task.cancel()
        await asyncio.wait([task])

    assert reported(main) == []


def test_what_cannot_be_called_is_named() -> None:
    untyped: Any = "text"
    with pytest.raises(TypeError, match="a listener is a function, not str"):
        checked_function(untyped)
