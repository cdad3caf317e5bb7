"""The socket class of an ordinary mini program: heartbeat, back-off, queue, request and response.

The JavaScript idea: a class around ``wx.connectSocket`` that beats with ``setInterval``, connects
again from ``onClose`` with a ``setTimeout`` that grows, and finds the callback of an answer by its id.
It is kept as such programs have it; `ReconnectingSocket` does the first three by itself.

Usage: python socket_class.py URL
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable
from typing import Any

from wxsocket import (
    OnSocketCloseListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
    Wx,
    wx,
)

HEARTBEAT = json.dumps({"type": "heartbeat"})
OPEN = 1


class Socket:
    """One logical link to a server that answers each request with an object of the same id."""

    def __init__(
        self, app: Wx, url: str, *, heartbeat: int = 20_000, first: int = 1_000, most: int = 30_000
    ) -> None:
        self.app = app
        self.url = url
        self.heartbeat = heartbeat
        self.first = self.delay = first
        self.most = most
        self.ids = itertools.count(1)
        self.queue: list[str] = []
        self.waiting: dict[int, Callable[[Any], object]] = {}
        self.is_closing = False
        self.interval: int | None = None
        self.timer: int | None = None
        self.connect()

    def connect(self) -> None:
        self.task = self.app.connectSocket(url=self.url)
        self.task.onOpen(self.on_open)
        self.task.onMessage(self.on_message)
        self.task.onError(lambda res: print("error   ", res.errMsg))
        self.task.onClose(self.on_close)

    def on_open(self, res: OnSocketOpenListenerResult) -> None:
        self.delay = self.first
        self.interval = self.app.setInterval(self.send, self.heartbeat, HEARTBEAT)
        queue, self.queue = self.queue, []
        for text in queue:
            self.send(text)

    def on_message(self, res: OnSocketMessageListenerResult) -> None:
        message = json.loads(res.data)
        answered = self.waiting.pop(message.get("id"), None)
        if answered is not None:
            answered(message["data"])

    def on_close(self, res: OnSocketCloseListenerResult) -> None:
        print("closed  ", res.code)
        self.app.clearInterval(self.interval)
        if not self.is_closing:
            self.timer = self.app.setTimeout(self.connect, self.delay)
            self.delay = min(self.delay * 2, self.most)

    def send(self, text: str) -> None:
        if self.task.readyState == OPEN:
            self.task.send(data=text)
        else:
            self.queue.append(text)

    def request(self, data: object, answered: Callable[[Any], object]) -> None:
        number = next(self.ids)
        self.waiting[number] = answered
        self.send(json.dumps({"id": number, "data": data}))

    def close(self) -> None:
        self.is_closing = True
        self.app.clearTimeout(self.timer)
        if self.task.readyState <= OPEN:
            self.task.close(code=1000)


def main() -> None:
    socket = Socket(wx, sys.argv[1])

    def on_name(name: str) -> None:
        print("answered", name)
        socket.request(["two", "things"], on_things)

    def on_things(things: list[str]) -> None:
        print("answered", things)
        socket.close()

    socket.request("name", on_name)  # it waits in the queue until the link is open
    wx.run(timeout=30)


if __name__ == "__main__":
    main()
