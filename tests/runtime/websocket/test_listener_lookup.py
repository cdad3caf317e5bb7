"""The listener of the namespace is looked up after the task's listeners have run."""

from __future__ import annotations

import pytest

from servers import EchoServer
from servers.harness import run, until
from wxsocket import Wx

pytestmark = pytest.mark.usefixtures("each_loop")


@pytest.mark.parametrize("event", ["Open", "Message", "Error", "Close"])
@pytest.mark.parametrize("before", [True, False], ids=["replaced", "set"])
def test_a_tasks_listener_may_replace_the_wx_listener(
    echo: EchoServer, event: str, before: bool
) -> None:
    async def main() -> None:
        async with Wx() as app:
            heard: list[str] = []
            put = getattr(app, f"onSocket{event}")
            if before:
                put(lambda res: heard.append("earlier"))
            address = f"{echo.url}refuse" if event == "Error" else echo.url
            task = app.connectSocket(url=address)
            task.onError(lambda res: None)
            listen = getattr(task, f"on{event}")
            listen(lambda res: put(lambda res: heard.append("later")))
            if event != "Error":
                await until(lambda: task.readyState == 1)
                await task.send(data="!close 4000" if event == "Close" else "message")
            await until(lambda: bool(heard))
            assert heard == ["later"]

    run(main())
