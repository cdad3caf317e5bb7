"""Failures that nobody could have seen are logged, once."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest

from servers.harness import run
from wxsocket import (
    Wx,
    WxError,
)


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage().split(" (")[0]
        for record in caplog.records
        if record.name == "wxsocket" and record.levelno == logging.WARNING
    ]


NOT_CONNECTED = "sendSocketMessage:fail WebSocket is not connected"


def test_unseen_failure_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        app = Wx()
        app.sendSocketMessage(data="x")
        gc.collect()
        assert warnings_of(caplog) == [NOT_CONNECTED]

    run(main())
    assert warnings_of(caplog) == [NOT_CONNECTED]


def test_kept_failure_is_logged_when_the_loop_ends(caplog: pytest.LogCaptureFixture) -> None:
    kept: list[object] = []

    async def main() -> None:
        kept.append(Wx().sendSocketMessage(data="x"))
        assert warnings_of(caplog) == []

    asyncio.run(main())
    assert warnings_of(caplog) == [NOT_CONNECTED]
    kept.clear()
    gc.collect()
    assert warnings_of(caplog) == [NOT_CONNECTED]


def test_kept_failure_is_logged_when_run_ends(caplog: pytest.LogCaptureFixture) -> None:
    app = Wx()
    kept = app.sendSocketMessage(data="x")
    assert warnings_of(caplog) == []
    app.run()
    assert warnings_of(caplog) == [NOT_CONNECTED]
    del kept


def test_refused_link_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        Wx().connectSocket(url="test.php")

    run(main())
    gc.collect()
    assert warnings_of(caplog) == ['connectSocket:fail invalid url "test.php"']


def test_seen_failures_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        app = Wx()
        app.sendSocketMessage(data="x", fail=lambda res: None)
        app.sendSocketMessage(data="x", complete=lambda res: None)
        with pytest.raises(WxError):
            await app.sendSocketMessage(data="x")
        with pytest.raises(WxError):
            app.sendSocketMessage(data="x").result()
        with pytest.raises(WxError):
            async with app.connectSocket(url="test.php"):
                pass

    run(main())
    gc.collect()
    assert warnings_of(caplog) == []
