"""The contract: five links, or one."""

from __future__ import annotations

import pytest

from servers import EchoServer, ScriptedServer, scripts
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
    until,
)
from servers.texts import (
    BAD_CODE,
    CONNECT_OK,
    TOO_MANY,
)
from wxsocket import (
    SocketTask,
    Wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_a_sixth_link(start: Start, echo: EchoServer) -> None:
    async def main(silent: ScriptedServer) -> None:
        app = Wx()
        links = [await opened(app, echo.url) for _ in range(3)]
        connecting = [app.connectSocket(url=silent.url) for _ in range(2)]
        waiting = [Events(task) for task in connecting]
        await refused(app, TOO_MANY, url=echo.url)
        await refused(Wx(), None, url="invalid")
        assert len((await opened_and_shut(Wx())).log) == 2, "another Wx has its own limit"

        # An accepted close frees the place at once, also one that cancels.
        links[0][0].close(code=1000)
        links.append(await opened(app, echo.url))
        await refused(app, TOO_MANY, url=echo.url)
        connecting[0].close()
        sixth = app.connectSocket(url=echo.url)
        links.append((sixth, Events(sixth)))
        await refused(app, TOO_MANY, url=echo.url)
        await links[-1][1].wait("open")

        # So does the end of the link.
        again: list[SocketTask] = []
        links[1][0].onClose(lambda res: again.append(app.connectSocket(url=echo.url)))
        echo.close(1000, client=1)
        await links[1][1].wait("close")
        await until(lambda: bool(again))
        assert again[0].readyState == 0
        links.append((again[0], Events(again[0])))
        await links[-1][1].wait("open")
        await refused(app, TOO_MANY, url=echo.url)

        # A close that is refused frees nothing.
        assert await failure(links[2][0].close(code=1)) == BAD_CODE
        await refused(app, TOO_MANY, url=echo.url)

        await echoes(*links[2])
        connecting[1].close()
        await shut(*links[2:])
        for events in waiting:
            await events.wait("close")

    async def opened_and_shut(app: Wx) -> Events:
        link = await opened(app, echo.url)
        await shut(link)
        return link[1]

    silent = start(ScriptedServer(scripts.stay))
    run(main(silent))


def test_a_failed_opening_frees_the_place(start: Start, echo: EchoServer) -> None:
    async def main(bad: ScriptedServer) -> None:
        app = Wx()
        for _ in range(3):
            failing = [Events(app.connectSocket(url=bad.url)) for _ in range(5)]
            await refused(app, TOO_MANY, url=echo.url)
            for events in failing:
                await events.wait("close")
        await shut(await opened(app, echo.url))

    bad = start(ScriptedServer(scripts.status(503)))
    run(main(bad))


def test_wx_close_socket_frees_every_place_at_once(echo: EchoServer) -> None:
    async def main() -> None:
        app = Wx()
        old = [await opened(app, echo.url) for _ in range(5)]
        app.closeSocket(code=1000)
        new = [app.connectSocket(url=echo.url) for _ in range(5)]
        links = [(task, Events(task)) for task in new]
        for _, events in links:
            await events.wait("open")
        for _, events in old:
            await events.wait("close")
        await shut(*links)

    run(main())


@pytest.mark.parametrize("version", ["1.5.0", "1.5.1", "1.10.0", "2.0.0", "10.0.0", "latest"])
def test_sdk_versions_with_five_links(echo: EchoServer, version: str) -> None:
    async def main() -> None:
        app = Wx(sdk_version=version)
        links = [await opened(app, echo.url) for _ in range(5)]
        await refused(app, TOO_MANY, url=echo.url)
        for link in links:
            await echoes(*link)
        await shut(*links)

    run(main())


@pytest.mark.parametrize("version", ["1.4.99", "1.4.4", "1.0.0", "0.9.9"])
def test_sdk_versions_with_one_link(echo: EchoServer, version: str) -> None:
    async def main() -> None:
        app = Wx(sdk_version=version)
        heard = Events(app)
        first = await opened(app, echo.url)
        calls = Calls()
        task = app.connectSocket(url=echo.url, **calls.options)
        calls.check(OK, CONNECT_OK)
        second = (task, Events(task))
        assert first[0].readyState >= 2
        await first[1].wait("close")
        await second[1].wait("open")
        assert first[1].kinds == ["open", "close"]
        await heard.wait("open", 2)
        assert heard.count("close") == 1, "the old link's end is delivered to the wx-listener too"
        await app.sendSocketMessage(data="to the new one")
        await second[1].wait("message")
        assert heard.messages == ["to the new one"]
        await shut(second)
        assert heard.count("close") == 2

    run(main())


def test_one_link_replaces_one_that_is_still_connecting(start: Start, echo: EchoServer) -> None:
    async def main(silent: ScriptedServer) -> None:
        app = Wx(sdk_version="1.4.0")
        first = Events(app.connectSocket(url=silent.url))
        await silent.peer()
        second = await opened(app, echo.url)
        await first.wait("close")
        assert first.count("open") == 0
        await app.sendSocketMessage(data="x")
        await second[1].wait("message")
        await shut(second)

    silent = start(ScriptedServer(scripts.stay))
    run(main(silent))
