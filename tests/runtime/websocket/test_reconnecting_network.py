"""A reconnecting socket over a network in memory that does anything in any order."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st

from servers.harness import ticks
from wxruntime.websocket.arguments import Opening
from wxruntime.websocket.network import Observer, Settings
from wxruntime.websocket.state import CloseFrame
from wxsocket import Backoff, ConnectSocketOption, ReconnectingSocket, Wx

AT_ONCE = Backoff(initial=0)


class Line:
    """A connection in memory."""

    def __init__(self, observer: Observer) -> None:
        self.observer: Observer | None = observer
        self.sent: list[str | bytes] = []
        self.is_open = False
        self.is_full = False
        self.buffered = 0
        self.paused = False
        self.is_closing = False
        self.answer = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        try:
            await self.answer
            self.is_open = True
            assert self.observer is not None
            assert self.observer.opened(self, {}, "")
        except BaseException:
            self.observer = None
            raise

    def decide(self, accept: bool) -> None:
        if not self.answer.done():
            if accept:
                self.answer.set_result(None)
            else:
                self.answer.set_exception(ConnectionError("refused"))

    def end(self, frame: CloseFrame | None) -> None:
        observer, self.observer = self.observer, None
        self.is_open = False
        if observer is not None and self.answer.done() and not self.answer.cancelled():
            observer.writable()
            observer.lost(frame, "the connection was lost")

    def send_text(self, data: str) -> None:
        assert self.is_open
        self.sent.append(data)

    def send_binary(self, data: bytes) -> None:
        assert self.is_open
        self.sent.append(data)

    def start_close(self, frame: CloseFrame) -> None:
        self.is_open = False
        self.is_closing = True

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def abort(self) -> None:
        self.end(None)

    async def wait_gone(self) -> None:
        pass


class Lines:
    """The network: every line that was ever opened."""

    def __init__(self) -> None:
        self.all: list[Line] = []

    async def open(self, opening: Opening, settings: Settings, observer: Observer) -> None:
        line = Line(observer)
        self.all.append(line)
        await line.open()

    @property
    def last(self) -> Line | None:
        return self.all[-1] if self.all else None


DEEDS = st.sampled_from(
    [
        "send",
        "send",
        "send-and-send",
        "tick",
        "ticks",
        "accept",
        "accept",
        "refuse",
        "drop",
        "close-frame",
        "break-off",
        "message",
        "peer-closes",
        "other-link",
    ]
)


class Play:
    """One socket, and what becomes of each message."""

    def __init__(self, queue: int) -> None:
        self.lines = Lines()
        self.app = Wx(network=self.lines)
        self.count = 0
        self.fates: dict[str, list[str]] = {}
        self.successes: list[str] = []
        self.events: list[str] = []
        self.pushed: deque[str] = deque()
        option = ConnectSocketOption(url="ws://localhost/")
        self.socket = ReconnectingSocket(self.app, option, backoff=AT_ONCE, queue=queue)
        self.socket.onOpen(lambda res: self.events.append("open"))
        self.socket.onError(lambda res: self.events.append("error"))
        self.socket.onClose(lambda res: self.events.append("close"))

    def send(self, *, again: bool = False) -> None:
        self.count += 1
        name = str(self.count)
        fates = self.fates[name] = []

        def succeeded(res: object) -> None:
            fates.append("success")
            self.successes.append(name)
            if again:
                self.send()

        self.socket.send(
            data=name,
            success=succeeded,
            fail=lambda res: fates.append(res.errMsg),
            complete=lambda res: fates.append("complete"),
        )

    async def do(self, deed: str) -> None:
        line = self.lines.last
        match deed:
            case "send":
                self.send()
            case "send-and-send":
                self.send(again=True)
            case "tick":
                await asyncio.sleep(0)
            case "ticks":
                await ticks(5)
            case "other-link":
                self.app.connectSocket(url="ws://localhost/").onError(lambda res: None)
        if line is None:
            return
        match deed:
            case "accept" | "refuse":
                line.decide(deed == "accept")
            case "drop":
                line.end(None)
            case "close-frame":
                line.end(CloseFrame(1000, ""))
            case "peer-closes":
                line.is_open = False
                if line.observer is not None:
                    line.observer.peer_closes()
            case "break-off" if line.is_open and line.observer is not None:
                line.observer.failed("broken")
            case "message" if line.is_open and line.observer is not None:
                line.observer.received("x")

    async def finish(self) -> None:
        self.socket.close(code=1000)
        assert self.socket.readyState in (2, 3)
        self.send()
        for line in self.lines.all:
            line.end(CloseFrame(1000, ""))
        await self.socket.waitClosed()
        await ticks(10)
        assert self.socket.readyState == 3


@given(st.integers(0, 3), st.lists(DEEDS, max_size=40))
@settings(max_examples=200, deadline=None)
def test_anything_in_any_order(queue: int, deeds: list[str]) -> None:
    async def main() -> Play:
        problems: list[object] = []
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, problem: problems.append(problem)
        )
        play = Play(queue)
        for deed in deeds:
            await play.do(deed)
        await play.finish()
        assert problems == []
        return play

    play = asyncio.run(main())
    written = [message for line in play.lines.all for message in line.sent]
    assert written == play.successes, "success is said for what is written, and for it alone"
    assert written == sorted(written, key=lambda name: int(str(name))), "in the order of the calls"
    for fates in play.fates.values():
        assert len(fates) == 2
        assert fates[1] == "complete"
        assert fates[0] in (
            "success",
            "sendSocketMessage:fail queue is full",
            "sendSocketMessage:fail WebSocket is not connected",
        )
    assert play.fates[str(play.count)][0].endswith("not connected")
    for before, after in itertools.pairwise(play.events):
        assert (before, after) not in {("open", "open"), ("close", "close"), ("error", "open")}
