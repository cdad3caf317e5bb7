"""An ended link is freed by its last reference: the collector is off here."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from servers import ClosedPort
from servers.echo import EchoServer
from servers.fixtures import Start
from servers.harness import run, ticks, until
from wxsocket import SocketTask, Wx


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def check(refs: list[weakref.ref[SocketTask]]) -> None:
    assert refs
    assert [ref() for ref in refs] == [None] * len(refs)


def test_links_that_echoed_and_closed(echo: EchoServer) -> None:
    async def one(app: Wx) -> weakref.ref[SocketTask]:
        task = app.connectSocket(url=echo.url)
        task.onOpen(lambda res: task.send(data="x"))
        task.onMessage(lambda res: task.close(code=1000))
        await until(lambda: task.readyState == 3)
        await ticks()
        return weakref.ref(task)

    async def main() -> None:
        app = Wx()
        refs = [await one(app) for _ in range(3)]
        await ticks()
        check(refs)

    run(main())


def test_links_that_were_iterated(echo: EchoServer) -> None:
    async def one(app: Wx) -> weakref.ref[SocketTask]:
        async with app.connectSocket(url=echo.url) as task:
            await task.send(data="x")
            async for _ in task:
                break
        return weakref.ref(task)

    async def main() -> None:
        app = Wx()
        refs = [await one(app) for _ in range(3)]
        await ticks()
        check(refs)

    run(main())


def test_links_that_never_opened(start: Start) -> None:
    url = start(ClosedPort()).url

    async def one(app: Wx, address: str, cancel: bool) -> weakref.ref[SocketTask]:
        task = app.connectSocket(url=address, fail=lambda res: None)
        task.onError(lambda res: None)
        if cancel:
            task.close()
        await until(lambda: task.readyState == 3)
        await ticks()
        return weakref.ref(task)

    async def main() -> None:
        app = Wx()
        cases = [(url, False), (url, True), ("test.php", False)]
        refs = [await one(app, address, cancel) for address, cancel in cases]
        await ticks()
        check(refs)

    run(main())


def test_a_user_sees_few_names_that_are_not_documented(start: Start) -> None:
    task = Wx().connectSocket(url="test.php", fail=lambda res: None)
    internal = [name for name in dir(task) if name.startswith("_") and not name.startswith("__")]
    hooks = ["_close", "_onClose", "_onError", "_onMessage", "_onOpen", "_send"]
    assert set(hooks) <= set(internal)
    assert len(internal) - len(hooks) <= 3, internal
