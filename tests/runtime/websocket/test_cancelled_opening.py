"""An attempt that is cancelled at any moment comes to its end, on every event loop."""

from __future__ import annotations

import asyncio

import pytest

from servers import ScriptedServer, scripts, tls
from servers.echo import EchoServer
from servers.faults import ERROR
from servers.fixtures import Start
from servers.harness import ABNORMAL, Events, run, until
from wxsocket import Wx

pytestmark = pytest.mark.usefixtures("each_loop")


def check(log: list[tuple[object, ...]]) -> None:
    """Cancelled, or open just before: never anything else."""
    if log[0] == ("open",):
        assert log in ([("open",), ("close", 1000, "")], [("open",), ("close", 1003, "")])
    else:
        assert log == [ERROR, ABNORMAL]


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
def test_attempts_cancelled_after_each_number_of_ticks(start: Start, secure: bool) -> None:
    async def main(echo: EchoServer) -> None:
        for count in range(60):
            app = Wx(ssl=tls.client_context())
            task = app.connectSocket(url=echo.url)
            events = Events(task)
            for _ in range(count):
                await asyncio.sleep(0)
            task.close()
            await events.wait("close")
            check(events.log)

    run(main(start(EchoServer(tls=tls.server_context() if secure else None))))


def test_attempts_cancelled_just_as_tcp_connects(start: Start) -> None:
    """Spread over the time that a connection takes, many at once."""

    async def main(server: ScriptedServer) -> None:
        links = []
        for number in range(100):
            task = Wx().connectSocket(url=server.url)
            links.append((task, Events(task)))
            asyncio.get_running_loop().call_later(number * 0.0001, task.close)
        await until(lambda: all(events.count("close") for _, events in links), "every close")
        for task, events in links:
            assert events.log == [ERROR, ABNORMAL]
            assert task.readyState == 3

    run(main(start(ScriptedServer(scripts.stay))))


@pytest.mark.needs_sockets
def test_the_program_ends_after_cancelled_attempts(echo: EchoServer) -> None:
    """In plain code ``run`` returns: it waits for every link, and every link ends."""
    for _ in range(20):
        app = Wx()
        tasks = [app.connectSocket(url=echo.url) for _ in range(3)]
        links = [Events(task) for task in tasks]
        app.onSocketOpen(lambda res, app=app: app.closeSocket(code=1000))  # type: ignore[misc]
        tasks[2].close()
        app.run(timeout=20)
        assert [events.kinds[-1] for events in links] == ["close"] * 3
