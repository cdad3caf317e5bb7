"""The contract: what may be sent, and when."""

from __future__ import annotations

import array
from typing import Any

import pytest

from servers import EchoServer, ScriptedServer, scripts
from servers.fixtures import Start
from servers.harness import (
    FAIL,
    Calls,
    Events,
    echoes,
    failure,
    opened,
    run,
    shut,
    untyped,
)
from servers.texts import (
    NOT_OPEN,
    SEND_NOT_CONNECTED,
    SEND_OK,
    UNKNOWN_DATA,
)
from wxsocket import (
    Wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")


def test_sending_when_the_link_is_not_open(start: Start, echo: EchoServer) -> None:
    async def main(silent: ScriptedServer) -> None:
        app = Wx()
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        connecting = app.connectSocket(url=silent.url)
        events = Events(connecting)
        assert await failure(connecting.send(data="x")) == NOT_OPEN
        assert await failure(app.sendSocketMessage(data="x")) == SEND_NOT_CONNECTED
        await silent.peer()
        assert await failure(connecting.send(data="x")) == NOT_OPEN
        connecting.close()
        assert await failure(connecting.send(data="x")) == NOT_OPEN
        await events.wait("close")
        assert await failure(connecting.send(data="x")) == NOT_OPEN

        task, events = await opened(app, echo.url)
        task.close(code=1000)
        assert await failure(task.send(data="closing")) == NOT_OPEN
        assert await failure(app.sendSocketMessage(data="closing")) == SEND_NOT_CONNECTED
        await events.wait("close")
        assert await failure(task.send(data="closed")) == NOT_OPEN
        assert await failure(app.sendSocketMessage(data="closed")) == SEND_NOT_CONNECTED
        assert (await echo.ended()).received == []

    silent = start(ScriptedServer(scripts.stay))
    run(main(silent))


def test_kinds_of_data(echo: EchoServer) -> None:
    mutable = bytearray(b"before")
    numbers = array.array("I", [1, 2, 3])
    view = memoryview(bytearray(b"view"))
    kinds: list[tuple[Any, str | bytes]] = [
        ("text", "text"),
        ("", ""),
        ("größer €\U0001f600\0", "größer €\U0001f600\0"),
        ("a\ud800b", "a\ufffdb"),
        ("\udfff", "\ufffd"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        (b"bytes", b"bytes"),
        (b"", b""),
        (bytearray(b"array"), b"array"),
        (mutable, b"before"),
        (view, b"view"),
        (memoryview(b"abcdef")[::2], b"ace"),
        (memoryview(b"abcdef")[::-1], b"fedcba"),
        (memoryview(numbers), numbers.tobytes()),
        (bytes(range(256)) * 300, bytes(range(256)) * 300),
        ("x" * 125, "x" * 125),
        ("x" * 126, "x" * 126),
        ("x" * 65535, "x" * 65535),
        ("x" * 65536, "x" * 65536),
    ]

    async def main() -> None:
        app = Wx()
        task, events = await opened(app, echo.url)
        for send in (task.send, app.sendSocketMessage):
            before = len(events.messages)
            mutable[:] = b"before"
            view[:] = b"view"
            calls = [untyped(send)(data=data) for data, _ in kinds]
            mutable[:] = b"after!"
            view[:] = b"gone"
            for call in calls:
                assert (await call).errMsg == SEND_OK
            await events.wait("message", before + len(kinds))
            received = events.messages[before:]
            assert received == [expected for _, expected in kinds]
            assert [type(data) for data in received] == [type(data) for _, data in kinds]
        await shut((task, events))

    run(main())


@pytest.mark.parametrize("data", [5, 1.5, True, None, [1], ["x"], {"a": 1}, object(), ("x",)])
def test_unknown_data(echo: EchoServer, data: Any) -> None:
    async def main() -> None:
        app = Wx()
        task, events = await opened(app, echo.url)
        for send in (untyped(task).send, untyped(app).sendSocketMessage):
            calls = Calls()
            assert await failure(send(data=data, **calls.options)) == UNKNOWN_DATA
            calls.check(FAIL, UNKNOWN_DATA)
        await echoes(task, events)
        assert events.messages == ["are you there"]
        await shut((task, events))

    run(main())
