"""What users write that no spec can tell. Each line that ends with `# wrong` must be rejected."""

# Its wrong lines are for the tests: here the checker is silent, and the layout stays.
# mypy: ignore-errors
# ruff: noqa: C408, E701, I001, PIE804, SIM905, UP012
# fmt: off

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import logging
import os
import threading
from collections import ChainMap, UserList, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, MutableSequence
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType, TracebackType
from typing import Any, Protocol, TypedDict, TypeVar, assert_type

import wxsocket
import wxsocket.api
from wxsocket import (
    Backoff,
    Call,
    CloseSocketOption,
    ConnectSocketOption,
    GeneralCallbackResult,
    Heartbeat,
    OnSocketCloseListenerResult,
    OnSocketErrorListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
    ReconnectingSocket,
    SendSocketMessageOption,
    SocketTask,
    SocketTaskCloseOption,
    SocketTaskSendOption,
    TraceRecord,
    Wx,
    WxError,
    wx,
)
from wxsocket.locust import MiniProgramUser, task
from wxsocket.testing import FakeLink, FakeServer

log = logging.getLogger(__name__)
URL = "wss://example.com"


# Callbacks and listeners, as they come about.


def on_ok(res: GeneralCallbackResult) -> None: ...
async def on_ok_later(res: GeneralCallbackResult) -> None: ...
def on_message(res: OnSocketMessageListenerResult) -> None: ...
async def on_message_later(res: OnSocketMessageListenerResult) -> int: return 1
def on_close(res: OnSocketCloseListenerResult) -> None: ...
def with_prefix(prefix: str, res: OnSocketMessageListenerResult) -> None: ...
def with_level(res: OnSocketMessageListenerResult, level: int) -> None: ...
def with_keyword(res: OnSocketMessageListenerResult, *, level: int = 1) -> None: ...
def with_needed_keyword(res: OnSocketMessageListenerResult, *, level: int) -> None: ...
def of_anything(res: object) -> str: return ""
def of_no_argument() -> None: ...
def of_rest(*args: object, **kwargs: object) -> None: ...
def of_text(text: str) -> None: ...

T = TypeVar("T")
P_Result = TypeVar("P_Result", bound=GeneralCallbackResult | OnSocketErrorListenerResult)


def generic(res: T) -> T: return res
def bounded(res: P_Result) -> P_Result: return res


class HasErrMsg(Protocol):
    @property
    def errMsg(self) -> str: ...


def of_protocol(res: HasErrMsg) -> None: ...


class Counter:
    count: int = 0

    def __call__(self, res: object) -> None: ...
    def on_message(self, res: OnSocketMessageListenerResult) -> None: ...
    async def on_message_later(self, res: OnSocketMessageListenerResult) -> None: ...
    @staticmethod
    def plain(res: OnSocketMessageListenerResult) -> None: ...
    @classmethod
    def of_class(cls, res: OnSocketMessageListenerResult) -> None: ...
    @functools.cached_property
    def cached(self) -> Callable[[OnSocketMessageListenerResult], None]: return on_message
    def without_result(self) -> None: ...


def listeners(task: SocketTask, counter: Counter, queue: asyncio.Queue[object]) -> None:
    message: Callable[[OnSocketMessageListenerResult], None] = on_message
    later: Callable[[OnSocketMessageListenerResult], Coroutine[Any, Any, int]] = on_message_later
    awaited: Callable[[OnSocketMessageListenerResult], Awaitable[None]] = counter.on_message_later
    received: list[OnSocketMessageListenerResult] = []
    texts: list[str | bytes] = []
    many: deque[object] = deque()
    for each in (task.onMessage, wx.onSocketMessage):
        each(message)
        each(later)
        each(awaited)
        each(lambda res: print(res.data))
    task.onMessage(message)
    wx.onSocketMessage(message)
    task.onMessage(later)
    wx.onSocketMessage(awaited)
    task.onMessage(functools.partial(with_prefix, "x"))
    wx.onSocketMessage(functools.partial(with_level, level=1))
    task.onMessage(functools.partial(with_prefix, "x", 5))  # wrong
    task.onMessage(with_keyword)
    task.onMessage(with_needed_keyword)  # wrong
    task.onMessage(with_level)  # wrong
    task.onMessage(with_prefix)  # wrong
    task.onMessage(of_anything)
    task.onMessage(of_rest)
    task.onMessage(of_text)  # wrong
    task.onMessage(of_no_argument)  # wrong
    task.onMessage(generic)
    task.onError(bounded)
    task.onMessage(bounded)  # wrong
    task.onError(of_protocol)
    wx.onSocketError(of_protocol)
    task.onMessage(of_protocol)  # wrong
    task.onMessage(counter)
    task.onMessage(counter.on_message)
    task.onMessage(counter.on_message_later)
    task.onMessage(counter.plain)
    task.onMessage(Counter.of_class)
    task.onMessage(counter.cached)
    task.onMessage(counter.count)  # wrong
    task.onMessage(counter.without_result)  # wrong
    task.onMessage(Counter.on_message)  # wrong
    task.onMessage(received.append)
    wx.onSocketMessage(received.append)
    task.onClose(received.append)  # wrong
    task.onMessage(many.append)
    task.onMessage(texts.append)  # wrong
    task.onMessage(queue.put_nowait)
    task.onMessage(queue.put)
    task.onMessage(log.info)
    task.onMessage(print)
    task.onMessage(repr)
    task.onMessage(lambda res: texts.append(res.data))
    task.onMessage(lambda res: received.append(res))
    task.onMessage(lambda res: on_message_later(res))
    task.onMessage(lambda res: print(res.data))
    wx.onSocketMessage(lambda res: print(res.data))
    task.onMessage(lambda res: print(res.code))  # wrong
    task.onMessage(lambda _res: None)
    task.onClose(lambda res: print(res.code + 1, res.reason.upper()))
    task.onClose(lambda res: print(res.code + "x"))  # wrong
    task.onClose(lambda res: res.code and res.reason)
    task.onOpen(lambda res: print(res.header["server"].upper()))
    task.onOpen(lambda res: print(res.header.get("server", "none").upper()))
    task.onOpen(lambda res: print(res.header[1]))  # wrong
    task.onOpen(lambda res: print(res.header.get("server").upper()))  # wrong
    task.onMessage(lambda res: print(res.data.upper()))
    task.onMessage(lambda res: print(res.data.encode()))  # wrong
    task.onMessage(lambda res: res.data.encode() if isinstance(res.data, str) else res.data)
    task.onError(lambda res: print(res.errMsg))
    task.onError(lambda res: wx.closeSocket(reason=res.errMsg))
    task.onError(lambda res: task.close(code=res.errMsg))  # wrong
    task.onClose(lambda res: task.close(code=res.code, reason=res.reason))
    task.onOpen(on_message)  # wrong
    wx.onSocketOpen(on_message)  # wrong
    wx.onSocketClose(on_message_later)  # wrong
    task.onMessage(on_ok_later)  # wrong
    task.onMessage([print])  # wrong
    task.onMessage("print")  # wrong
    task.onMessage(threading.Event)  # wrong
    task.onClose(threading.Event().set)  # wrong
    task.onClose(lambda _: threading.Event().set())


def callbacks(task: SocketTask, counter: Counter) -> None:
    ok: Callable[[GeneralCallbackResult], None] | None = None
    results: list[GeneralCallbackResult] = []
    future: asyncio.Future[GeneralCallbackResult] = asyncio.Future()
    task.send(data="x", success=ok, fail=ok, complete=ok)
    task.send(data="x", success=on_ok, fail=on_ok_later, complete=counter)
    task.send(data="x", success=functools.partial(of_anything))
    task.send(data="x", success=results.append, fail=future.set_result)
    task.send(SocketTaskSendOption(data="x", success=results.append, fail=future.set_result))
    task.send(data="x", success=lambda res: print(res.errMsg), fail=lambda res: print(res.errMsg))
    task.send(SocketTaskSendOption(data="x", fail=lambda res: log.error("%s", res.errMsg)))
    task.send(data="x", success=lambda res: results.append(res), complete=generic)
    task.send(data="x", success=bounded)
    task.send(data="x", success=of_protocol)
    task.send(data="x", success=on_message)  # wrong
    task.send(SocketTaskSendOption(data="x", success=on_message))  # wrong
    task.send(data="x", complete=of_no_argument)  # wrong
    task.send(data="x", success=lambda: None)  # wrong
    task.send(data="x", success=on_ok_later(GeneralCallbackResult(errMsg="x")))  # wrong
    task.send(data="x", success=lambda res: res.data)  # wrong
    wx.connectSocket(url=URL, success=lambda res: on_ok(res), fail=lambda res: of_text(res.errMsg))
    wx.connectSocket(url=URL, success=lambda res: of_text(res))  # wrong


# Decorators leave what they decorate callable, with its type.


@wx.onSocketMessage
def decorated(res: OnSocketMessageListenerResult) -> int:
    return len(res.data)


@wx.onSocketClose
async def decorated_later(res: OnSocketCloseListenerResult) -> str:
    return res.reason


@wx.onSocketOpen
def decorated_with_mistake(res: OnSocketOpenListenerResult) -> None:
    print(res.headers)  # wrong


async def decorators(task: SocketTask, message: OnSocketMessageListenerResult) -> None:
    @task.onMessage
    @wx.onSocketMessage
    def both(res: OnSocketMessageListenerResult) -> str | bytes:
        return res.data

    @task.onClose
    async def closed(res: OnSocketCloseListenerResult) -> None:
        await asyncio.sleep(res.code)

    @task.onMessage  # wrong
    def for_another(res: OnSocketCloseListenerResult) -> None: ...

    assert_type(both(message), str | bytes)
    assert_type(decorated(message), int)
    assert_type(await decorated_later(OnSocketCloseListenerResult(code=1, reason="")), str)
    await closed(OnSocketCloseListenerResult(code=1, reason=""))
    task.onMessage(decorated)
    decorated()  # wrong
    decorated(1)  # wrong
    task.onClose(decorated)  # wrong
    listener = task.onMessage(lambda res: res.data)
    assert_type(listener(message), str | bytes)


# What calls give back.


async def results(task: SocketTask) -> None:
    call = wx.sendSocketMessage(data="x")
    assert_type(call, Call[GeneralCallbackResult])
    assert_type(await call, GeneralCallbackResult)
    assert_type(call.result(), GeneralCallbackResult)
    assert_type(call.result(timeout=0.5), GeneralCallbackResult)
    assert_type(call.result().errMsg, str)
    assert_type((await call).errMsg, str)
    assert_type(call.done(), bool)
    assert_type(wx.closeSocket(), Call[GeneralCallbackResult])
    assert_type(task.close(), Call[GeneralCallbackResult])
    assert_type(task.send(data=b""), Call[GeneralCallbackResult])
    assert_type(wx.connectSocket(url=URL), SocketTask)
    assert_type(wx.connectSocket(ConnectSocketOption(url=URL)), SocketTask)
    assert_type(task.readyState, int)
    assert_type(await asyncio.wait_for(call, 1), GeneralCallbackResult)
    first, second = await asyncio.gather(call, task.send(data="y"))
    assert_type(first, GeneralCallbackResult)
    assert_type(second, GeneralCallbackResult)
    assert_type(await asyncio.shield(call), GeneralCallbackResult)
    waiting: Awaitable[GeneralCallbackResult] = call
    assert_type(await waiting, GeneralCallbackResult)
    wider: Awaitable[object] = call
    print(await wider)
    state: int = task.readyState
    task.readyState = state  # wrong
    task.readyState()  # wrong
    _code: int = (await call).code  # wrong
    _text: str = await call  # wrong
    _text = call.errMsg  # wrong
    _text = call.result  # wrong
    _call: Call[str] = call  # wrong
    await wx.connectSocket(url=URL)  # wrong
    wx.connectSocket(url=URL).nope()  # wrong
    wx.connectSocket(url=URL).result()  # wrong
    wx.connectSocket(url=URL).send("x")  # wrong
    await task.close().result()  # wrong
    call.result("1")  # wrong
    with call:  # wrong
        pass
    try:
        await call
    except WxError as error:
        assert_type(error.errMsg, str)
        print(error.code)  # wrong
    WxError()  # wrong
    WxError(1)  # wrong
    raise WxError(errMsg="x:fail y")


async def contexts(option: ConnectSocketOption) -> None:
    async with wx.connectSocket(url=URL) as task:
        assert_type(task, SocketTask)
        async for message in task:
            assert_type(message, str | bytes)
            message.decode()  # wrong
            if isinstance(message, str):
                assert_type(message.upper(), str)
            else:
                assert_type(message, bytes)
    async with wx.connectSocket(option) as task, Wx() as app, app.connectSocket(option) as other:
        assert_type(app, Wx)
        assert_type(other, SocketTask)
        assert_type([each async for each in task], list[str | bytes])
        assert_type({len(each) async for each in other}, set[int])
    async with contextlib.AsyncExitStack() as stack:
        assert_type(await stack.enter_async_context(wx.connectSocket(url=URL)), SocketTask)
        assert_type(await stack.enter_async_context(Wx(max_message_size=2**20)), Wx)
    iterator: AsyncIterator[str | bytes] = aiter(wx.connectSocket(url=URL))
    assert_type(await anext(iterator), str | bytes)
    async with wx.sendSocketMessage(data="x"):  # wrong
        pass
    async for _ in wx:  # wrong
        pass


# The additions.


def traced(record: TraceRecord) -> None: ...
def of_text_too(record: str) -> None: ...
def tick(count: int, *, step: int = 1) -> None: ...
def next_option() -> ConnectSocketOption: return ConnectSocketOption(url=URL)
async def next_option_later() -> ConnectSocketOption: return ConnectSocketOption(url=URL)
def is_wanted(close: OnSocketCloseListenerResult) -> bool: return close.code != 1008
def of_message_too(close: OnSocketMessageListenerResult) -> bool: return True


def with_and_for() -> None:
    with Wx() as app, app.connectSocket(url=URL) as task:
        assert_type(app, Wx)
        assert_type(task, SocketTask)
        assert_type(list(task), list[str | bytes])
        assert_type(task.waitClosed().result(timeout=1), OnSocketCloseListenerResult)
    for text in wx.connectSocket(url=URL):
        text.nope()  # wrong
    with wx.sendSocketMessage(data="x"):  # wrong
        pass
    for _ in wx:  # wrong
        pass


async def receiving(task: SocketTask) -> None:
    assert_type(await task.receive(), str | bytes)
    assert_type(await asyncio.wait_for(task.receive(), 1), str | bytes)
    assert_type(await task.waitClosed(), OnSocketCloseListenerResult)
    print((await task.waitClosed()).reason.upper())
    assert_type((task.closeCode, task.closeReason), tuple[int | None, str | None])
    assert_type((task.url, task.protocol, task.bufferedAmount), tuple[str, str, int])
    (await task.receive()).upper().nope()  # wrong
    print((await task.waitClosed()).errMsg)  # wrong
    await task.receive(1)  # wrong
    task.closeCode.bit_length()  # wrong
    task.bufferedAmount = 1  # wrong


def tracing_and_timers(app: Wx) -> None:
    Wx(trace=traced)
    Wx(trace=print)
    Wx(trace=lambda record: print(record.kind.upper()))
    Wx(trace=of_text_too)  # wrong
    Wx(trace=True)  # wrong
    Wx(network=FakeServer())
    Wx(network=FakeServer(accept=False))
    Wx(network=URL)  # wrong
    Wx(network=FakeServer)  # wrong
    assert_type(app.setTimeout(tick, 10, 1), int)
    assert_type(app.setInterval(lambda: None, 1.5), int)
    app.clearTimeout(app.setTimeout(tick))
    app.clearInterval(None)
    app.setTimeout(1)  # wrong
    app.setTimeout(tick, "10")  # wrong
    app.clearTimeout("1")  # wrong
    app.close(1000)  # wrong


async def reconnecting() -> None:
    option = ConnectSocketOption(url=URL)
    backoff = Backoff(initial=1, factor=1.5, maximum=30, jitter=0)
    async with ReconnectingSocket(wx, option, backoff=backoff, heartbeat=Heartbeat(20, "ping")) as socket:
        assert_type(socket, ReconnectingSocket)
        assert_type([each async for each in socket], list[str | bytes])
        assert_type(socket.attempts, int)
        assert_type(socket.send(data="x"), Call[GeneralCallbackResult])
        task: SocketTask = socket
        task.onMessage(on_message)
    ReconnectingSocket(wx, next_option, queue=10)
    ReconnectingSocket(wx, next_option_later, retry=is_wanted)
    ReconnectingSocket(wx, option, retry=of_message_too)  # wrong
    ReconnectingSocket(wx, URL)  # wrong
    ReconnectingSocket(wx, CloseSocketOption())  # wrong
    ReconnectingSocket(option)  # wrong
    ReconnectingSocket(wx, option, heartbeat=1)  # wrong
    ReconnectingSocket(wx, option, queue="1")  # wrong
    Backoff(initial="1")  # wrong
    Backoff(nope=1)  # wrong
    Heartbeat("20", "ping")  # wrong
    socket.attempts = 1  # wrong


async def in_memory() -> None:
    server = FakeServer()
    link = await server.nextLink(timeout=1)
    assert_type(link, FakeLink)
    assert_type(server.links, list[FakeLink])
    assert_type(await link.nextMessage(), str | bytes)
    assert_type(link.received, list[str | bytes])
    assert_type(link.closedWith, tuple[int, str] | None)
    assert_type((link.isOpen, link.url, link.tcpNoDelay), tuple[bool, str, bool])
    link.accept(header={"a": "b"}, protocol="p")
    link.refuse(status=403)
    link.send(b"x")
    link.close(None)
    link.drop()
    link.send(1)  # wrong
    link.close("x")  # wrong
    link.refuse("403")  # wrong
    link.accept(header=["a"])  # wrong
    FakeServer(True)  # wrong


class User(MiniProgramUser):
    async def on_start(self) -> None:
        assert_type(self.app, Wx)
        self.socket = await self.connect(url=URL, success=on_ok)
        assert_type(self.socket, SocketTask)
        assert_type(await self.connect(ConnectSocketOption(url=URL)), SocketTask)
        await self.connect()  # wrong
        await self.connect(url=1)  # wrong
        await self.connect(address=URL)  # wrong

    @task
    async def chat(self) -> None:
        async with self.measure("chat"):
            await self.socket.send(data="x")
        self.measure(1)  # wrong

    @task(3)
    async def rest(self) -> None: ...

    @task("3")  # wrong
    async def more(self) -> None: ...


def plain() -> None:
    with ThreadPoolExecutor() as pool:
        running = pool.submit(wx.sendSocketMessage, SendSocketMessageOption(data="x"))
        assert_type(running.result(), Call[GeneralCallbackResult])
    wx.run()
    wx.run(1)
    wx.run(timeout=1.5)
    wx.run(None)
    wx.run("1")  # wrong
    wx.run(seconds=1)  # wrong
    Wx(sdk_version="1.4.0", ssl=None, max_message_size=1)
    Wx("1.4.0")  # wrong
    Wx(sdk_version=1.4)  # wrong
    Wx(max_message_size="1")  # wrong
    Wx(ssl=True)  # wrong
    Wx(nope=1)  # wrong
    print(wxsocket.__version__.upper())
    wxsocket.nope()  # wrong
    assert_type(SocketTask(), SocketTask)
    assert_type(wxsocket.api.Wx(), Wx)
    SocketTask(1)  # wrong
    Call[str]().succeed(1)  # wrong


def positions(wx: Wx) -> None:
    wx.connectSocket(URL)  # wrong
    wx.connectSocket(URL, {})  # wrong
    wx.connectSocket({"url": URL})  # wrong
    wx.connectSocket(**{"url": URL})  # wrong
    wx.connectSocket(ConnectSocketOption(url=URL), url=URL)  # wrong
    wx.connectSocket(option=ConnectSocketOption(url=URL))  # wrong
    wx.connectSocket(*[ConnectSocketOption(url=URL)])
    wx.closeSocket(1000)  # wrong
    wx.closeSocket(1000, "done")  # wrong
    wx.closeSocket(SocketTaskCloseOption())  # wrong
    wx.connectSocket(CloseSocketOption())  # wrong
    wx.sendSocketMessage("x")  # wrong
    wx.sendSocketMessage()  # wrong
    wx.sendSocketMessage(SendSocketMessageOption())  # wrong
    wx.sendSocketMessage(SocketTaskSendOption(data="x"))  # wrong


# Options.


def headers(book: Mapping[str, str], counts: Mapping[str, int], chain: ChainMap[str, str]) -> None:
    wx.connectSocket(url=URL, header={"content-type": "application/json"})
    wx.connectSocket(url=URL, header=book)
    wx.connectSocket(url=URL, header=dict(book))
    wx.connectSocket(url=URL, header={**book, "a": "b"})
    wx.connectSocket(url=URL, header=book or None)
    wx.connectSocket(url=URL, header=chain)
    wx.connectSocket(url=URL, header=MappingProxyType({"a": "b"}))
    wx.connectSocket(url=URL, header=os.environ)
    wx.connectSocket(url=URL, header={name: value.upper() for name, value in book.items()})
    wx.connectSocket(ConnectSocketOption(url=URL, header=os.environ))
    wx.connectSocket(url=URL, header=counts)  # wrong
    wx.connectSocket(url=URL, header=dict(a=1))  # wrong
    wx.connectSocket(url=URL, header={"a": b"b"})  # wrong
    wx.connectSocket(url=URL, header=book.items())  # wrong
    wx.connectSocket(ConnectSocketOption(url=URL, header=[("a", "b")]))  # wrong
    wx.connectSocket(url=URL, headers={"a": "b"})  # wrong


class OwnSequence(Sequence[str]):
    def __getitem__(self, index: Any) -> Any: ...
    def __len__(self) -> int: return 0


def protocols(
    names: Sequence[str], some: list[str], pair: tuple[str, str], maybe: Sequence[str] | None
) -> None:
    tuple_of_names: tuple[str, ...] = ()
    changing: MutableSequence[str] = some
    waiting: deque[str] = deque(some)
    wx.connectSocket(url=URL, protocols=names)
    wx.connectSocket(url=URL, protocols=some)
    wx.connectSocket(url=URL, protocols=pair)
    wx.connectSocket(url=URL, protocols=maybe)
    wx.connectSocket(url=URL, protocols=tuple_of_names)
    wx.connectSocket(url=URL, protocols=changing)
    wx.connectSocket(url=URL, protocols=waiting)
    wx.connectSocket(url=URL, protocols=UserList(some))
    wx.connectSocket(url=URL, protocols=OwnSequence())
    wx.connectSocket(url=URL, protocols=["chat"])
    wx.connectSocket(url=URL, protocols=("chat", "superchat"))
    wx.connectSocket(url=URL, protocols=[])
    wx.connectSocket(url=URL, protocols=())
    wx.connectSocket(url=URL, protocols="chat superchat".split())
    wx.connectSocket(url=URL, protocols=[*names, "x"])
    wx.connectSocket(url=URL, protocols=[name.lower() for name in names])
    wx.connectSocket(url=URL, protocols=sorted({"a", "b"}))
    wx.connectSocket(url=URL, protocols=["a"] if names else None)
    wx.connectSocket(url=URL, protocols=names or None)
    wx.connectSocket(ConnectSocketOption(url=URL, protocols=names))
    wx.connectSocket(ConnectSocketOption(url=URL, protocols=some))
    wx.connectSocket(ConnectSocketOption(url=URL, protocols=pair))
    wx.connectSocket(url=URL, protocols="chat")  # wrong
    wx.connectSocket(ConnectSocketOption(url=URL, protocols="chat"))  # wrong
    wx.connectSocket(url=URL, protocols=URL)  # wrong
    wx.connectSocket(url=URL, protocols=f"{URL}")  # wrong
    wx.connectSocket(url=URL, protocols="chat" if names else None)  # wrong
    wx.connectSocket(url=URL, protocols=b"chat")  # wrong
    wx.connectSocket(url=URL, protocols=[b"chat"])  # wrong
    wx.connectSocket(url=URL, protocols={"chat"})  # wrong
    wx.connectSocket(url=URL, protocols=frozenset(names))  # wrong
    wx.connectSocket(url=URL, protocols={"chat": "x"})  # wrong
    wx.connectSocket(url=URL, protocols={0: "chat"})  # wrong
    wx.connectSocket(url=URL, protocols=(name for name in names))  # wrong
    wx.connectSocket(url=URL, protocols=["chat", None])  # wrong
    wx.connectSocket(url=URL, protocols=["chat", ["x"]])  # wrong
    wx.connectSocket(url=URL, protocols=[*names, 1])  # wrong
    wx.connectSocket(url=URL, protocols=iter(names))  # wrong


def read_back(option: ConnectSocketOption) -> None:
    if option.protocols is not None:
        for name in option.protocols:
            assert_type(name, str)
        assert_type(option.protocols[0], str)
        assert_type(list(option.protocols), list[str])
        assert_type(tuple(option.protocols), tuple[str, ...])
        print(", ".join(option.protocols), len(option.protocols), "x" in option.protocols)
        print([*option.protocols], list(reversed(option.protocols)))
        copied = ConnectSocketOption(url=option.url, protocols=option.protocols)
        copied.protocols = option.protocols
        copied.protocols = [*option.protocols, "more"]
        wx.connectSocket(url=URL, protocols=option.protocols)
    if option.header is not None:
        assert_type(option.header["a"], str)
        option.header["a"] = "b"  # wrong
    assert_type(option.url, str)
    assert_type(option.timeout, float | None)
    assert_type(option.tcpNoDelay, bool | None)
    assert_type(option.success, Callable[[GeneralCallbackResult], object] | None)
    option.success(GeneralCallbackResult(errMsg="x"))  # wrong
    if option.success is not None:
        option.success(GeneralCallbackResult(errMsg="x"))
        option.success("x")  # wrong
    for name in option.protocols:  # wrong
        print(name)


def data(view: memoryview, either: str | bytes, all_kinds: str | bytes | bytearray | memoryview) -> None:
    wx.sendSocketMessage(data="x")
    wx.sendSocketMessage(data=b"x")
    wx.sendSocketMessage(data=bytearray(3))
    wx.sendSocketMessage(data=view[1:])
    wx.sendSocketMessage(data=memoryview(b"x").cast("B"))
    wx.sendSocketMessage(data=either)
    wx.sendSocketMessage(data=all_kinds)
    wx.sendSocketMessage(data="x".encode())
    wx.sendSocketMessage(data=f"{view}")
    wx.sendSocketMessage(data=bytes([1, 2]))
    wx.sendSocketMessage(data=[1, 2])  # wrong
    wx.sendSocketMessage(data=None)  # wrong
    wx.sendSocketMessage(data={"a": 1})  # wrong
    wx.sendSocketMessage(data=1)  # wrong
    wx.sendSocketMessage(data=either or None)  # wrong
    wx.onSocketMessage(lambda res: wx.sendSocketMessage(data=res.data))
    wx.onSocketMessage(lambda res: wx.sendSocketMessage(data=res))  # wrong


def numbers(seconds: float, whole: int, maybe: float | None) -> None:
    wx.connectSocket(url=URL, timeout=5000)
    wx.connectSocket(url=URL, timeout=0.5)
    wx.connectSocket(url=URL, timeout=seconds * 1000)
    wx.connectSocket(url=URL, timeout=whole)
    wx.connectSocket(url=URL, timeout=maybe)
    wx.connectSocket(url=URL, timeout="5000")  # wrong
    wx.connectSocket(url=URL, timeout=1j)  # wrong
    wx.closeSocket(code=whole)
    wx.closeSocket(code=seconds)  # wrong
    wx.closeSocket(code=1000.0)  # wrong
    wx.closeSocket(code=maybe)  # wrong
    wx.connectSocket(url=URL, tcpNoDelay=not whole)
    wx.connectSocket(url=URL, tcpNoDelay=whole == 1)
    wx.connectSocket(url=URL, tcpNoDelay=whole)  # wrong


def step_by_step() -> None:
    option = ConnectSocketOption(url=URL)
    option.header = {"a": "b"}
    option.protocols = ["a"]
    option.timeout = 1
    option.tcpNoDelay = True
    option.success = on_ok
    option.fail = on_ok_later
    option.complete = lambda res: print(res.errMsg)
    option.complete = lambda res: print(res.data)  # wrong
    option.complete = on_message  # wrong
    option.url = None  # wrong
    option.protocols = "chat"  # wrong
    option.tcpNodelay = True  # wrong
    wx.connectSocket(option)
    wx.connectSocket(dataclasses.replace(option, url="wss://example.org"))
    assert_type(dataclasses.replace(option, timeout=1), ConnectSocketOption)
    print(dataclasses.asdict(option), dataclasses.fields(option))
    print(option == ConnectSocketOption(url=URL), option.url.upper())
    ConnectSocketOption(URL)  # wrong
    ConnectSocketOption()  # wrong
    ConnectSocketOption(url=URL, Timeout=1)  # wrong


class Keywords(TypedDict, total=False):
    code: int
    reason: str


def unpacked(keywords: Keywords, texts: dict[str, str], task: SocketTask) -> None:
    wx.closeSocket(**keywords)
    task.close(**keywords)
    wx.closeSocket(CloseSocketOption(**keywords))
    wx.connectSocket(**keywords)  # wrong
    wx.closeSocket(**texts)  # wrong


def received(message: OnSocketMessageListenerResult, end: OnSocketCloseListenerResult) -> str:
    match message:
        case OnSocketMessageListenerResult(data=str() as text):
            return text
        case OnSocketMessageListenerResult(data=bytes() as raw):
            return raw.decode()
        case OnSocketMessageListenerResult(data=data):
            print(data)
    match end:
        case OnSocketCloseListenerResult(code=1000 | 1003):
            return "normal"
        case OnSocketCloseListenerResult(code=code, reason=reason) if code < 4000:
            assert_type(code, int)
            return reason
        case OnSocketCloseListenerResult(code=code, reason=reason):
            return f"{code} {reason}"


def matched(res: OnSocketCloseListenerResult) -> None:
    match res:
        case OnSocketCloseListenerResult(1000, "done"): print("done")  # wrong
        case _: print("other")


# Fakes.


class CountingWx(Wx):
    def __init__(self) -> None:
        super().__init__(sdk_version="latest")
        self.count = 0

    def more(self) -> int:
        self.count += 1
        return self.count


class FakeTask(wxsocket.api.SocketTask):
    def __init__(self) -> None:
        self.sent: list[SocketTaskSendOption] = []
        self.listeners: list[Callable[[OnSocketMessageListenerResult], object]] = []

    @property
    def readyState(self) -> int:
        return 1

    async def __aenter__(self) -> FakeTask:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        yield "x"

    def _close(self, option: SocketTaskCloseOption) -> Call[GeneralCallbackResult]:
        call: Call[GeneralCallbackResult] = Call()
        call.succeed(GeneralCallbackResult(errMsg="closeSocket:ok"))
        return call

    def _send(self, option: SocketTaskSendOption) -> Call[GeneralCallbackResult]:
        self.sent.append(option)
        call = Call[GeneralCallbackResult]()
        call.fail("sendSocketMessage:fail", seen=option.fail is not None)
        return call

    def _onMessage(self, listener: Callable[[OnSocketMessageListenerResult], object]) -> None:
        self.listeners.append(listener)

    def _onOpen(self, listener: Callable[[OnSocketOpenListenerResult], object]) -> None: ...
    def _onError(self, listener: Callable[[OnSocketErrorListenerResult], object]) -> None: ...
    def _onClose(self, listener: Callable[[OnSocketCloseListenerResult], object]) -> None: ...


class FakeWx(wxsocket.api.Wx):
    def run(self, timeout: float | None = None) -> None: ...
    async def __aenter__(self) -> FakeWx: return self
    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def _connectSocket(self, option: ConnectSocketOption) -> FakeTask:
        print(option.url.upper())
        return FakeTask()

    def _sendSocketMessage(self, option: SendSocketMessageOption) -> Call[GeneralCallbackResult]:
        print(option.data.upper())  # wrong
        return FakeTask().send(data=option.data)

    def _closeSocket(self, option: CloseSocketOption) -> Call[GeneralCallbackResult]:
        return FakeTask().close(code=option.code, reason=option.reason)

    def _onSocketOpen(self, listener: Callable[[OnSocketOpenListenerResult], object]) -> None: ...
    def _onSocketMessage(self, listener: Callable[[OnSocketMessageListenerResult], object]) -> None:
        listener(OnSocketMessageListenerResult(data="x"))
        listener(OnSocketMessageListenerResult(data=1))  # wrong
    def _onSocketError(self, listener: Callable[[OnSocketErrorListenerResult], object]) -> None: ...
    def _onSocketClose(self, listener: Callable[[OnSocketCloseListenerResult], object]) -> None: ...


class BadWx(wxsocket.api.Wx):
    def _connectSocket(self, option: CloseSocketOption) -> SocketTask: ...  # wrong
    def _closeSocket(self, option: CloseSocketOption) -> None: ...  # wrong
    def _sendSocketMessage(self) -> Call[GeneralCallbackResult]: ...  # wrong


def app(wx: wxsocket.api.Wx, task: wxsocket.api.SocketTask) -> None:
    task.send(data="x")
    assert_type(wx.connectSocket(url=URL), SocketTask)


app(FakeWx(), FakeTask())
app(wx, FakeTask())
app(Wx(), wx.connectSocket(url=URL))
app(CountingWx(), FakeTask())
app(FakeTask(), FakeWx())  # wrong
FakeTask().send(data=1)  # wrong
FakeTask().send("x")  # wrong
CountingWx().connectSocket()  # wrong
CountingWx().more().upper()  # wrong
