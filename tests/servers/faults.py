"""What a fault of a server is, and the check that it does to the app what the contract says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from wxsocket import Wx

from . import EchoServer, Script, ScriptedServer
from .fixtures import Start
from .harness import (
    ABNORMAL,
    OK,
    Calls,
    Event,
    Events,
    echoes,
    opened,
    run,
    shut,
)

OPEN: Event = ("open",)
ERROR: Event = ("error",)
FAILED = (ERROR, ABNORMAL)
"""What is heard when a link fails, after what was heard before."""


def said(message: str | bytes) -> Event:
    return ("message", message)


@dataclass
class Fault:
    """A server's behaviour, and what the app and the server must then see.

    Attributes:
        script: what the server does.
        events: what the listeners hear, all of it.
        sent: the codes one of which the server must receive in a close frame; none at all if empty.
        errors: a text that the errMsg must contain; needed where there is an error.
        link: further arguments of connectSocket.
        app: further arguments of Wx.
        server: further arguments of ScriptedServer.
        close: the arguments of a close by the app, right after the link has opened.
    """

    name: str
    script: Script
    events: Sequence[Event]
    sent: Sequence[int] = ()
    errors: str = ""
    link: dict[str, Any] = field(default_factory=dict)
    app: dict[str, Any] = field(default_factory=dict)
    server: dict[str, Any] = field(default_factory=dict)
    close: dict[str, Any] | None = None


def check(start: Start, fault: Fault) -> None:
    """See that a link, its `Wx` and the server notice a fault as it says, and other links do not."""
    server = start(ScriptedServer(fault.script, **fault.server))
    run(check_address(start, fault, server, server.url))
    assert len(server.peers) == 1, "a link connects once"


async def check_address(
    start: Start, fault: Fault, server: ScriptedServer | None, url: str
) -> None:
    """The same for an address where there may be no server at all."""
    echo = start(EchoServer())
    app = Wx(**fault.app)
    heard = Events(app)
    calls = Calls()
    faulty = app.connectSocket(url=url, **fault.link, **calls.options)
    events = Events(faulty)
    calls.check(OK, "connectSocket:ok")
    unharmed = await opened(app, echo.url)
    if fault.close is not None:
        await events.wait("open")
        await faulty.close(**fault.close)
    await events.wait("close")
    assert faulty.readyState == 3
    await echoes(*unharmed)
    await shut(unharmed)
    assert unharmed[1].kinds == ["open", "message", "close"]
    assert events.log == list(fault.events)
    assert heard.log == events.log, "the wx-listeners hear what the main link's own hear"
    assert calls.kinds == ["success", "complete"], "fail is not called for what the network did"
    assert len(events.errors) == events.count("error") == (1 if fault.errors else 0)
    for message in events.errors:
        assert isinstance(message, str)
        assert fault.errors in message
    if server is not None:
        peer = await server.finished()
        if fault.sent:
            assert peer.close_frame is not None
            assert peer.close_frame.code in fault.sent
        elif fault.close is None:
            assert peer.close_frame is None


def ids(faults: Sequence[Fault]) -> pytest.MarkDecorator:
    """Run a test for each fault, under its name."""
    return pytest.mark.parametrize("fault", faults, ids=[fault.name for fault in faults])
