"""A link that fails when nobody can hear of it is logged, once."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servers import ClosedPort, ScriptedServer, frames, scripts
from servers.fixtures import Start
from servers.harness import run, until
from wxsocket import SocketTask, Wx, WxError

EXAMPLES = Path(__file__).parents[2] / "examples"


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == "wxsocket" and record.levelno == logging.WARNING
    ]


def nobody(app: Wx, task: SocketTask) -> None: ...


def wrong_events(app: Wx, task: SocketTask) -> None:
    task.onOpen(lambda res: None)
    task.onMessage(lambda res: None)
    app.onSocketMessage(lambda res: None)


def fail_and_end(app: Wx, url: str, prepare: Callable[[Wx, SocketTask], object]) -> None:
    async def main() -> None:
        task = app.connectSocket(url=url, fail=lambda res: None, complete=lambda res: None)
        prepare(app, task)
        await until(lambda: task.readyState == 3)

    run(main())


FAILURES = {
    "refused": scripts.status(403),
    "no answer": scripts.fin,
    "lost": scripts.then(b"", scripts.fin),
    "broken": scripts.offend(frames.frame(3)),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("prepare", [nobody, wrong_events])
def test_logged_once(
    start: Start, caplog: pytest.LogCaptureFixture, failure: str, prepare: Any
) -> None:
    server = start(ScriptedServer(FAILURES[failure]))
    fail_and_end(Wx(), server.url, prepare)
    assert len(warnings_of(caplog)) == 1


@pytest.mark.parametrize(
    "prepare",
    [
        lambda app, task: task.onError(lambda res: None),
        lambda app, task: task.onClose(lambda res: None),
        lambda app, task: app.onSocketError(lambda res: None),
        lambda app, task: app.onSocketClose(lambda res: None),
        lambda app, task: task.close(),
    ],
    ids=["onError", "onClose", "onSocketError", "onSocketClose", "cancelled"],
)
def test_not_logged_when_somebody_hears(
    start: Start, caplog: pytest.LogCaptureFixture, prepare: Any
) -> None:
    fail_and_end(Wx(), start(ClosedPort()).url, prepare)
    assert warnings_of(caplog) == []


def test_not_logged_when_awaited(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    url = start(ClosedPort()).url

    async def main() -> None:
        with pytest.raises(WxError):
            async with Wx().connectSocket(url=url):
                pytest.fail("it cannot have opened")
        assert [message async for message in Wx().connectSocket(url=url)] == []

    run(main())
    assert warnings_of(caplog) == []


def test_listeners_of_wx_count_for_the_main_link_alone(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    server, closed = start(ScriptedServer(scripts.stay)), start(ClosedPort())

    async def main() -> None:
        app = Wx()
        app.onSocketError(lambda res: None)
        app.onSocketClose(lambda res: None)
        main_link = app.connectSocket(url=server.url)
        other = app.connectSocket(url=closed.url)
        await until(lambda: other.readyState == 3)
        main_link.close()
        await until(lambda: main_link.readyState == 3)

    run(main())
    assert len(warnings_of(caplog)) == 1


def test_an_ordinary_close_is_not_logged(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    fail_and_end(Wx(), start(ScriptedServer(scripts.closes(1001))).url, nobody)
    assert warnings_of(caplog) == []


def test_the_example_without_a_server_says_so_on_standard_error(start: Start) -> None:
    url = start(ClosedPort()).url.removesuffix("/")
    program = (EXAMPLES / "callbacks.py").read_text("utf-8").replace("ws://127.0.0.1:8765", url)
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr.count("\n") == 1
    assert url in ended.stderr
