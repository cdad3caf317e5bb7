"""A link whose failure nobody could have heard of is logged once; any other is not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from servers.harness import ticks
from wxsocket import SocketTask, Wx, WxError
from wxsocket.testing import FakeServer

Hears = Callable[[Wx, SocketTask], Awaitable[None]]


async def nobody(app: Wx, task: SocketTask) -> None:
    pass


async def another_event(app: Wx, task: SocketTask) -> None:
    task.onOpen(lambda res: None)
    app.onSocketMessage(lambda res: None)


async def on_error(app: Wx, task: SocketTask) -> None:
    task.onError(lambda res: None)


async def on_close(app: Wx, task: SocketTask) -> None:
    task.onClose(lambda res: None)


async def wx_error(app: Wx, task: SocketTask) -> None:
    app.onSocketError(lambda res: None)


async def wx_close(app: Wx, task: SocketTask) -> None:
    app.onSocketClose(lambda res: None)


async def cancelled(app: Wx, task: SocketTask) -> None:
    task.close()


async def wait_closed(app: Wx, task: SocketTask) -> None:
    task.waitClosed()


async def block(app: Wx, task: SocketTask) -> None:
    async def enter() -> None:
        with pytest.raises(WxError):
            async with task:
                pass

    asyncio.ensure_future(enter())  # noqa: RUF006
    await ticks()


async def iteration(app: Wx, task: SocketTask) -> None:
    aiter(task)


def logged(hears: Hears, caplog: pytest.LogCaptureFixture, *, beside: bool = False) -> int:
    """How often the failure of a link is logged, be it the main one or one beside it."""

    async def main() -> None:
        server = FakeServer(accept=False)
        app = Wx(network=server)
        if beside:
            app.connectSocket(url="ws://main.example")
        task = app.connectSocket(url="ws://example.com/unheard")
        await hears(app, task)
        await ticks()
        server.links[-1].drop()
        await ticks()
        assert task.readyState == 3

    with caplog.at_level(logging.WARNING, "wxsocket"):
        asyncio.run(main())
    return sum("ws://example.com/unheard" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("hears", [nobody, another_event])
def test_unheard(hears: Hears, caplog: pytest.LogCaptureFixture) -> None:
    assert logged(hears, caplog) == 1


@pytest.mark.parametrize(
    "hears",
    [on_error, on_close, wx_error, wx_close, cancelled, wait_closed, block, iteration],
)
def test_heard(hears: Hears, caplog: pytest.LogCaptureFixture) -> None:
    assert logged(hears, caplog) == 0


@pytest.mark.parametrize("hears", [wx_error, wx_close])
def test_wx_listeners_hear_the_main_link_alone(
    hears: Hears, caplog: pytest.LogCaptureFixture
) -> None:
    assert logged(hears, caplog, beside=True) == 1


def test_who_waits_for_the_close_learns_of_the_end_of_the_loop() -> None:
    async def main() -> SocketTask:
        task = Wx(network=FakeServer()).connectSocket(url="ws://example.com")
        await ticks()
        assert task.readyState == 1
        closed.append(task.waitClosed())
        return task

    closed: list[object] = []
    task = asyncio.run(main())
    (call,) = closed
    assert repr(call).startswith("<Call succeeded: ")
    assert "1006" in repr(call)
    assert task.readyState == 3
