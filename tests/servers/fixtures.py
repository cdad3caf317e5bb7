"""How a test gets its servers: ``echo`` is an honest one, ``start`` starts any other.

A conftest imports them; each ends with the test that asked for it.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol, TypeVar

import pytest

from .echo import EchoServer

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
