"""What the bindings add for Python: awaitables, decorators, the two styles of a call."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from servers.echo import EchoServer
from servers.harness import ABNORMAL, run, ticks, until
from wxsocket import (
    Call,
    ConnectSocketOption,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
    SocketTaskSendOption,
    Wx,
    WxError,
    wx,
)

pytestmark = pytest.mark.usefixtures("each_loop")

# Awaitables.


def test_awaited_calls(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            sent = task.send(data="x")
            assert isinstance(sent, Call)
            assert (await sent).errMsg == "sendSocketMessage:ok"
            assert (await sent).errMsg == sent.result().errMsg  # as often as one likes
            assert (await task.close(code=1000)).errMsg == "closeSocket:ok"
            again = task.close()
            for _ in range(2):
                with pytest.raises(WxError, match="^closeSocket:fail taskID not exist$"):
                    await again

    run(main())


@pytest.mark.needs_sockets
def test_awaited_send_waits_for_room_in_the_buffer_and_success_does_not(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx(max_message_size=2**26).connectSocket(url=echo.url) as task:
            steps: list[str] = []
            call = task.send(data=bytes(2**25), success=lambda res: steps.append("success"))
            assert steps == ["success"]
            assert not call.done()
            with pytest.raises(TimeoutError):  # who gives up waiting harms nothing
                await asyncio.wait_for(call, 0.0001)
            await call
            async for message in task:
                assert message == bytes(2**25)
                break

    run(main())


def test_pending_sends_are_settled_when_the_link_ends(echo: EchoServer) -> None:
    async def main() -> None:
        task = Wx().connectSocket(url=echo.url)
        async with task:
            calls = [task.send(data=bytes(2**24)) for _ in range(4)]
        await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 30)

    run(main())


# Listeners.


def test_listeners_are_decorators(echo: EchoServer) -> None:
    def plain(res: OnSocketOpenListenerResult) -> None: ...

    async def slow(res: OnSocketMessageListenerResult) -> None: ...

    async def main() -> None:
        app = Wx()
        task = app.connectSocket(url=echo.url)
        assert task.onOpen(plain) is plain
        assert app.onSocketOpen(plain) is plain
        assert task.onMessage(slow) is slow
        assert app.onSocketMessage(slow) is slow
        async with task:
            pass
        assert task.onOpen(plain) is plain  # also when nothing will follow

    run(main())


def test_coroutine_listeners_run_as_tasks_and_report_their_exceptions(echo: EchoServer) -> None:
    async def main() -> None:
        problems: list[dict[str, Any]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: problems.append(context))
        async with Wx().connectSocket(url=echo.url) as task:
            done: list[str | bytes] = []

            @task.onMessage
            async def work(res: OnSocketMessageListenerResult) -> None:
                await asyncio.sleep(0)
                done.append(res.data)
                raise ValueError(res.data)

            await task.send(data="x")
            await task.send(data="y")
            await until(lambda: len(problems) == 2)
            assert done == ["x", "y"]
            assert [str(problem["exception"]) for problem in problems] == ["x", "y"]
            assert all(problem["exception"].__traceback__ for problem in problems)
            assert task.readyState == 1

    run(main())


def test_cancellation_that_a_coroutine_raises_by_itself_is_reported(echo: EchoServer) -> None:
    async def main() -> None:
        problems: list[dict[str, Any]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: problems.append(context))

        async def cancelled(res: object) -> None:
            raise asyncio.CancelledError

        async with Wx().connectSocket(url=echo.url, success=cancelled):
            await until(lambda: bool(problems))
        assert [type(problem["exception"]) for problem in problems] == [asyncio.CancelledError]

    run(main())


def test_listener_registered_by_an_error_hears_the_close() -> None:
    async def main() -> None:
        codes: list[int] = []
        task = Wx().connectSocket(url="ws://127.0.0.1:1")

        @task.onError
        def on_error(res: object) -> None:
            task.onClose(lambda res: codes.append(res.code))

        await until(lambda: bool(codes))
        assert codes == [1006]

    run(main())


def test_listener_that_is_none() -> None:
    wrong: Any = 5
    with pytest.raises(TypeError, match="a listener is a function, not int"):
        wx.onSocketOpen(wrong)

    async def main() -> None:
        task = Wx().connectSocket(url="ws://127.0.0.1:1")
        with pytest.raises(TypeError, match="a listener is a function, not int"):
            task.onClose(wrong)
        task.close()
        await until(lambda: task.readyState == 3)

    run(main())


# The two styles.


def test_styles_are_not_mixed() -> None:
    call: Any = wx.connectSocket
    with pytest.raises(TypeError, match="either a ConnectSocketOption or keywords, not both"):
        call(ConnectSocketOption(url="ws://a"), url="ws://b")
    with pytest.raises(TypeError, match="either a ConnectSocketOption or keywords, not both"):
        call(ConnectSocketOption(url="ws://a"), success=None)
    with pytest.raises(TypeError, match="expected a ConnectSocketOption or keywords, got str"):
        call("ws://a")
    with pytest.raises(TypeError, match="got SocketTaskSendOption"):
        call(SocketTaskSendOption(data="x"))
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'url'"):
        call()
    with pytest.raises(TypeError, match="unexpected keyword argument 'uri'"):
        call(url="ws://a", uri="ws://a")


def test_use_on_another_loop(echo: EchoServer) -> None:
    app = Wx()
    task = app.connectSocket(url=echo.url)

    async def elsewhere() -> None:
        with pytest.raises(RuntimeError, match="loop on which it lives"):
            async with task:
                pass
        with pytest.raises(RuntimeError, match="loop on which it lives"):
            aiter(task)

    asyncio.run(elsewhere())
    task.close()
    app.run()


@pytest.mark.parametrize("version", ["", "1", "1.5", "newest", "1.5.0.0", "1.5.x"])
def test_bad_version(version: str) -> None:
    with pytest.raises(ValueError, match="sdk_version"):
        Wx(sdk_version=version)


@pytest.mark.parametrize(
    "arguments",
    [
        {"sdk_version": None},
        {"max_message_size": 0},
        {"max_message_size": 1.5},
        {"ping_interval": 0},
        {"ping_interval": "20"},
        {"ping_timeout": None},
        {"close_timeout": -1},
        {"close_timeout": float("nan")},
        {"ssl": "yes"},
    ],
    ids=str,
)
def test_bad_setting(arguments: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError), match=next(iter(arguments))):
        Wx(**arguments)


def test_state_while_the_server_closes(echo: EchoServer) -> None:
    async def main() -> None:
        async with Wx().connectSocket(url=echo.url) as task:
            states: list[int] = []
            task.onClose(lambda res: states.append(task.readyState))
            await echo.client()
            echo.close(1000, "")
            await until(lambda: bool(states))
            assert states == [3]
        await ticks()

    run(main())


def test_abnormal_is_what_the_contract_names() -> None:
    assert ABNORMAL == ("close", 1006, "abnormal closure")
