"""The timer of an opening lasts no longer than the opening."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from servers.harness import ticks
from wxsocket import Wx
from wxsocket.testing import FakeServer

SECONDS = 12_345


class Loop(asyncio.SelectorEventLoop):
    """A loop that knows which of its timers are pending."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[asyncio.TimerHandle] = []

    def call_later(  # type: ignore[override]
        self, delay: float, *args: Any, **options: Any
    ) -> asyncio.TimerHandle:
        timer = super().call_later(delay, *args, **options)
        if delay == SECONDS:
            self.made.append(timer)
        return timer

    @property
    def pending(self) -> list[asyncio.TimerHandle]:
        return [timer for timer in self.made if not timer.cancelled()]


def accept(server: FakeServer) -> None:
    server.links[0].accept()


def refuse(server: FakeServer) -> None:
    server.links[0].refuse()


def drop(server: FakeServer) -> None:
    server.links[0].drop()


@pytest.mark.parametrize("answer", [accept, refuse, drop])
def test_the_openings_timer_is_cancelled_when_the_opening_ends(
    answer: Callable[[FakeServer], None],
) -> None:
    loop = Loop()

    async def main() -> None:
        server = FakeServer(accept=False)
        async with Wx(network=server) as app:
            task = app.connectSocket(url="ws://example.com", timeout=SECONDS * 1000)
            task.onError(lambda res: None)
            await ticks()
            assert len(loop.pending) == 1
            answer(server)
            await ticks()
            assert task.readyState == (1 if answer is accept else 3)
            assert loop.pending == []

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main())


def test_the_openings_timer_is_cancelled_when_the_opening_is_cancelled() -> None:
    loop = Loop()

    async def main() -> None:
        async with Wx(network=FakeServer(accept=False)) as app:
            task = app.connectSocket(url="ws://example.com", timeout=SECONDS * 1000)
            await ticks()
            await task.close()
            await ticks()
            assert task.readyState == 3
            assert loop.pending == []

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main())
