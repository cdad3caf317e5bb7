"""Fakes by subclass: for each call there is one method to override."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from servers.harness import run
from wxsocket import (
    Call,
    CloseSocketOption,
    ConnectSocketOption,
    GeneralCallbackResult,
    OnSocketMessageListenerResult,
    SendSocketMessageOption,
    SocketTask,
    SocketTaskCloseOption,
    SocketTaskSendOption,
    Wx,
    WxError,
)


def done(option: SocketTaskSendOption | SocketTaskCloseOption) -> Call[GeneralCallbackResult]:
    result = GeneralCallbackResult(errMsg="sendSocketMessage:ok")
    if option.success is not None:
        option.success(result)
    call: Call[GeneralCallbackResult] = Call()
    call.succeed(result)
    return call


class FakeTask(SocketTask):
    """Answers every message with its length."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str | bytes | bytearray | memoryview] = []
        self.listeners: list[Callable[[OnSocketMessageListenerResult], object]] = []

    def _send(self, option: SocketTaskSendOption) -> Call[GeneralCallbackResult]:
        self.sent.append(option.data)
        for listener in self.listeners:
            listener(OnSocketMessageListenerResult(data=str(len(option.data))))
        return done(option)

    def _close(self, option: SocketTaskCloseOption) -> Call[GeneralCallbackResult]:
        return done(option)

    def _onMessage(self, listener: Callable[[OnSocketMessageListenerResult], object]) -> None:
        self.listeners.append(listener)


class FakeWx(Wx):
    """Makes `FakeTask`s; everything else is the engine."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def _connectSocket(self, option: ConnectSocketOption) -> FakeTask:
        self.urls.append(option.url)
        return FakeTask()

    def _sendSocketMessage(self, option: SendSocketMessageOption) -> Call[GeneralCallbackResult]:
        call: Call[GeneralCallbackResult] = Call()
        call.fail("sendSocketMessage:fail by the fake", seen=option.fail is not None)
        return call

    def _closeSocket(self, option: CloseSocketOption) -> Call[GeneralCallbackResult]:
        return self._sendSocketMessage(SendSocketMessageOption(data=""))


def talk(app: Wx) -> list[str | bytes]:
    """Code under test: it knows the documented classes only."""
    heard: list[str | bytes] = []
    task = app.connectSocket(url="anything goes")
    task.onMessage(lambda res: heard.append(res.data))
    task.send(data="hello")
    task.send(SocketTaskSendOption(data=b"you"))
    task.close()
    return heard


def test_in_plain_code() -> None:
    app = FakeWx()
    assert talk(app) == ["5", "3"]
    assert app.urls == ["anything goes"]
    assert app.sendSocketMessage(data="x", fail=print).done()
    with pytest.raises(WxError, match="^sendSocketMessage:fail by the fake$"):
        app.closeSocket().result()
    app.run()


def test_in_a_coroutine() -> None:
    async def main() -> None:
        app = FakeWx()
        assert talk(app) == ["5", "3"]
        task = app.connectSocket(url="x")
        assert (await task.send(data="x")).errMsg == "sendSocketMessage:ok"
        with pytest.raises(WxError, match="by the fake"):
            await app.sendSocketMessage(data="x")

    run(main())


def test_what_is_not_overridden_is_the_engine_without_a_link() -> None:
    task = FakeTask()
    assert (task.readyState, task.url, task.closeCode) == (3, "", None)
    assert repr(task) == "<FakeTask closed>"
    assert list(task) == []
    task.onClose(lambda res: None)
    with pytest.raises(TypeError):
        task.onClose(5)  # type: ignore[arg-type, call-overload, unused-ignore]
