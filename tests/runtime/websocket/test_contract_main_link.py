"""The contract: which link the ``wx`` functions act on."""

from __future__ import annotations

import pytest

from servers import EchoServer, Peer, ScriptedServer, frames
from servers.fixtures import Start
from servers.harness import (
    OK,
    Calls,
    Events,
    echoes,
    failure,
    opened,
    refused,
    run,
    shut,
)
from servers.texts import (
    BAD_CODE,
    CLOSE_NOT_CONNECTED,
    CLOSE_OK,
    LONG_REASON,
    SEND_NOT_CONNECTED,
)
from wxsocket import (
    Wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_two_links(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        heard = Events(app)
        first, second, third = [await opened(app, echo.url) for _ in range(3)]
        await app.sendSocketMessage(data="through wx")
        await first[1].wait("message")
        await echoes(*second)
        await echoes(*third)
        assert second[1].messages == third[1].messages == ["are you there"]
        assert heard.log == [("open",), ("message", "through wx")]

        calls = Calls()
        app.closeSocket(code=4001, reason="main", **calls.options)
        calls.check(OK, CLOSE_OK)
        assert [task.readyState for task, _ in (first, second, third)] == [2, 2, 2]
        for _, events in (first, second, third):
            await events.wait("close")
        assert first[1].log[-1] == ("close", 4001, "main")
        assert second[1].log[-1] == third[1].log[-1] == ("close", 1003, "")
        assert heard.log == first[1].log
        assert calls.kinds == ["success", "complete"]
        assert [(await echo.ended(i)).closed for i in range(3)] == [
            (4001, "main"),
            (1003, ""),
            (1003, ""),
        ]

    run(main())


def test_close_socket_with_arguments_that_are_refused_closes_nothing(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        links = [await opened(app, echo.url) for _ in range(2)]
        assert await failure(app.closeSocket(code=1001)) == BAD_CODE
        assert await failure(app.closeSocket(reason="x" * 124)) == LONG_REASON
        for link in links:
            assert link[0].readyState == 1
            await echoes(*link)
        await shut(*links)

    run(main())


def test_the_main_link_has_closed_and_others_are_open(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        heard = Events(app)
        first = await opened(app, echo.url)
        second = await opened(app, echo.url)
        await shut(first)
        silence = list(heard.log)
        assert silence == first[1].log
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        await echoes(*second)
        assert heard.log == silence
        third = await opened(app, echo.url)
        await app.sendSocketMessage(data="new main")
        await third[1].wait("message")
        assert heard.log == [*silence, ("open",), ("message", "new main")]
        assert second[1].messages == ["are you there"]
        await shut(second, third)
        assert heard.log == [*silence, *third[1].log]

    run(main())


def test_close_socket_when_the_main_link_has_closed_closes_the_others(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        first = await opened(app, echo.url)
        others = [await opened(app, echo.url) for _ in range(2)]
        await shut(first)
        assert await failure(app.closeSocket(code=4001, reason="x")) == CLOSE_NOT_CONNECTED
        for _, events in others:
            await events.wait("close")
            assert events.log[-1] == ("close", 1003, "")

    run(main())


def test_the_main_link_is_replaced_only_when_it_has_closed(start: Start, echo: EchoServer) -> None:
    """A link made while the main link is still closing, or still connecting, is not main."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.read_until_close()
        await peer.server.gate("answer").wait()
        await peer.send(frames.close(1000))

    async def main(slow: ScriptedServer) -> None:
        app = Wx()
        heard = Events(app)
        first = await opened(app, slow.url)
        first[0].close(code=1000)
        second = await opened(app, echo.url)
        assert first[0].readyState == 2
        assert heard.kinds == ["open"]
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        slow.gate("answer").open()
        await first[1].wait("close")
        assert heard.kinds == ["open", "close"]
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        third = await opened(app, echo.url)
        assert heard.kinds == ["open", "close", "open"]
        await app.sendSocketMessage(data="x")
        await third[1].wait("message")
        assert second[1].messages == []
        await shut(second, third)

    slow = start(ScriptedServer(script))
    run(main(slow))


def test_a_link_that_is_refused_does_not_become_main(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        await refused(app, None, url="test.php")
        link = await opened(app, echo.url)
        await refused(app, None, url="test.php")
        await app.sendSocketMessage(data="x")
        await link[1].wait("message")
        await shut(link)

    run(main())
