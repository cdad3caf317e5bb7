"""How a test gets its servers, and its event loop.

``echo`` is an honest server, ``start`` starts any other; each ends with the test that asked for it.
``each_loop`` runs a test once for every kind of event loop. A conftest imports what it wants.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol, TypeVar

import pytest

from wxruntime.websocket import real_network

from .echo import EchoServer
from .fake_echo import FakeEcho, FakeEchoNetwork

Server = TypeVar("Server")


class Start(Protocol):
    """``start(ScriptedServer(script))``: the server runs until the test has ended."""

    def __call__(self, server: AbstractContextManager[Server], /) -> Server: ...


@pytest.fixture
def start() -> Iterator[Start]:
    """Start servers for this test; those started last end first."""
    with ExitStack() as servers:
        yield servers.enter_context


@pytest.fixture
def echo(start: Start) -> EchoServer:
    """An honest server."""
    return start(EchoServer())


@pytest.fixture
def either_echo(
    request: pytest.FixtureRequest, start: Start, monkeypatch: pytest.MonkeyPatch
) -> EchoServer:
    """An honest server on the network, or in memory: which, is the fixture's parameter."""
    if request.param == "network":
        return start(EchoServer())
    echo = start(FakeEcho())
    real = real_network.WebsocketsNetwork
    monkeypatch.setattr(
        real_network,
        "WebsocketsNetwork",
        lambda *arguments: FakeEchoNetwork(echo, real(*arguments)),
    )
    return echo


@pytest.fixture(params=["asyncio", "uvloop"])
def each_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run the test on asyncio's own event loop, and again on uvloop; servers stay on asyncio's."""
    if request.param == "uvloop":
        uvloop = pytest.importorskip("uvloop")
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    yield
    asyncio.set_event_loop_policy(None)
