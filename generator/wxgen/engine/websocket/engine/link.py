"""One link: the engine's `SocketTask`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Final

from ..api import SocketTask
from ..calls import Call, WxError
from ..options import CloseSocketOption, SocketTaskCloseOption, SocketTaskSendOption
from ..types import (
    GeneralCallbackResult,
    OnSocketCloseListenerResult,
    OnSocketErrorListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
)
from . import checks, texts
from .checks import Opening
from .connection import Connection, Settings, open_connection
from .home import Home
from .inbox import Inbox
from .life import CloseFrame, Life, State
from .listeners import AddedListeners, Listener, ReplacedListeners, checked
from .texts import Refused

__all__ = ["DEFAULT_CLOSE", "NORMAL_CLOSE", "Frame", "Link", "fail", "frame_or_refusal", "succeed"]

Frame = CloseFrame | Refused

DEFAULT_CLOSE: Final = checks.close_frame(SocketTaskCloseOption())
NORMAL_CLOSE: Final = CloseFrame(1000, "")


def succeed(home: Home, option: Any, name: str) -> GeneralCallbackResult:
    """Run success and complete.

    Args:
        home: Where the callbacks run.
        option: The option object of the call.
        name: Its name.

    Returns:
        What they received, to settle the call with.
    """
    result = GeneralCallbackResult(errMsg=texts.ok(name))
    for callback in (option.success, option.complete):
        if callback is not None:
            home.invoke(callback, result)
    return result


def fail(home: Home, call: Call[GeneralCallbackResult], option: Any, errMsg: str) -> None:
    """Run fail and complete, and settle the call.

    Args:
        home: Where the callbacks run.
        call: The call.
        option: Its option object.
        errMsg: What went wrong.
    """
    result = GeneralCallbackResult(errMsg=errMsg)
    callbacks = [callback for callback in (option.fail, option.complete) if callable(callback)]
    for callback in callbacks:
        home.invoke(callback, result)
    call.fail(errMsg, seen=bool(callbacks))
    if not callbacks:
        home.note_failure(call)


def frame_or_refusal(option: CloseSocketOption | SocketTaskCloseOption) -> Frame:
    """Check a close now; whoever carries it out decides what a refusal means."""
    try:
        return checks.close_frame(option)
    except Refused as refused:
        return refused


class Link(SocketTask):
    """One link to a server.

    Args:
        home: Where it lives.
        settings: What all links of the namespace share.
        wx_listeners: The listeners of the namespace, which hear the link if it is ``heard``.
    """

    def __init__(self, home: Home, settings: Settings, wx_listeners: ReplacedListeners) -> None:
        self.home = home
        self.heard = False
        self.connecting: Call[GeneralCallbackResult] = Call(home.rescue)
        self._settings = settings
        self._wx_listeners = wx_listeners
        self._listeners = AddedListeners()
        self._life = Life()
        self._connection: Connection | None = None
        self._attempt: asyncio.Task[None] | None = None
        self._attempt_over = False
        self._timer: asyncio.TimerHandle | None = None
        self._cause = ""
        self._over = False  # whether the end has been delivered
        self._inbox: Inbox | None = None
        self._reading = True
        self._sends: list[tuple[Call[GeneralCallbackResult], GeneralCallbackResult]] = []
        self._changed: set[asyncio.Future[None]] = set()

    # What the roster asks.

    @property
    def is_closed(self) -> bool:
        """Whether the link has closed; it has, too, when its loop was closed."""
        return self._life.state is State.CLOSED or self.home.loop.is_closed()

    @property
    def holds_place(self) -> bool:
        """Whether the link counts against the limit."""
        return self._life.holds_place and not self.is_closed

    @property
    def is_open(self) -> bool:
        """Whether the link takes messages."""
        return (
            self._life.state is State.OPEN
            and self._connection is not None
            and self._connection.is_open
        )

    # The beginning and the end.

    def refuse(self) -> None:
        """The call that was to make this link was refused."""
        self._life.refuse()
        self._over = True
        self._notify()

    def start(self, opening: Opening) -> None:
        """Begin to open the link."""
        if not self.home.move_in(self):
            self.abandon()  # the loop is shutting down
            return
        loop = self.home.loop
        self._timer = loop.call_later(opening.timeout, self._time_out, opening.timeout)
        loop.call_soon(self._begin, opening)

    def shut(self, frame: CloseFrame) -> bool:
        """Close the link. Returns whether that was accepted."""
        was_open = self._life.state is State.OPEN
        if self.is_closed or not self._life.close():
            return False
        if was_open and self._connection is not None:
            self._connection.start_close(frame)
            self.read_or_pause()
        else:
            self._give_up_opening(texts.OPENING_CANCELLED)
        return True

    def abandon(self) -> None:
        """Let go of the network at once, and report nothing."""
        self._life.refuse()
        if self._timer is not None:
            self._timer.cancel()
        if self._attempt is not None:
            self._attempt.cancel()
        if self._connection is not None:
            self._connection.abort()
        self._notify()

    async def wait_gone(self) -> None:
        """Wait until the network has been let go of."""
        if self._attempt is not None:
            await asyncio.wait([self._attempt])
        if self._connection is not None:
            await self._connection.wait_closed()

    async def wait_closed(self) -> None:
        """Wait until the end of the link has been delivered."""
        while not self.is_closed:
            await self._change()

    def _begin(self, opening: Opening) -> None:
        if self._life.state is not State.CONNECTING:
            self._attempt_over = True
            self._finish(None, self._cause)
            return
        self._attempt = self.home.loop.create_task(open_connection(opening, self._settings, self))
        self._attempt.add_done_callback(self._attempt_done)

    def _time_out(self, seconds: float) -> None:
        if self._life.state is State.CONNECTING:
            self._give_up_opening(texts.opening_timed_out(seconds))

    def _give_up_opening(self, cause: str) -> None:
        self._cause = cause
        if self._attempt is not None:
            self._attempt.cancel()

    def _attempt_done(self, attempt: asyncio.Task[None]) -> None:
        self._attempt_over = True
        if attempt.cancelled():
            if not self._cause:  # by whoever shuts the loop down
                self.abandon()
                self.home.move_out(self)
                return
        elif (exc := attempt.exception()) is not None:
            self._cause = self._cause or texts.opening_failed(exc)
        if not self._life.was_open and (self._connection is None or self._connection.is_lost):
            self._finish(None, self._cause or texts.lost(None))

    def _finish(self, frame: CloseFrame | None, cause: str) -> None:
        """The network is gone: report the end."""
        if self._timer is not None:
            self._timer.cancel()
        ending = self._life.end(frame, cause)
        if ending is not None:
            if ending.error is not None:
                self._cause = ending.error
                self._report("error", OnSocketErrorListenerResult(errMsg=ending.error))
            close = ending.close
            result = OnSocketCloseListenerResult(code=close.code, reason=close.reason)
            self._report("close", result)
        self._over = True
        self._listeners.clear()
        self._connection = self._attempt = None  # both refer to the link
        self._notify()
        self.home.move_out(self)

    # What the connection tells.

    def attached(self, connection: Connection) -> None:
        self._connection = connection

    def opened(self, header: dict[str, str]) -> None:
        if self._cause or not self._life.open():
            return  # given up a moment ago
        if self._timer is not None:
            self._timer.cancel()
        self._notify()
        self._report("open", OnSocketOpenListenerResult(header=header))

    def received(self, data: str | bytes) -> None:
        if self._life.state is not State.OPEN:
            return
        listened = self._is_listened_to
        inbox = self._inbox
        if inbox is not None and (inbox.is_iterated or not listened):
            inbox.put(data)
        if listened:
            self._report("message", OnSocketMessageListenerResult(data=data))

    def peer_closes(self) -> None:
        self._life.peer_closes()

    def failed(self, text: str) -> None:
        if self._life.fail():
            self._report("error", OnSocketErrorListenerResult(errMsg=text))

    def writable(self) -> None:
        sends, self._sends = self._sends, []
        for call, result in sends:
            call.succeed(result)

    def lost(self, frame: CloseFrame | None, cause: str) -> None:
        if self._life.was_open:
            self._finish(frame, cause)
        elif self._attempt_over:
            self._finish(None, self._cause or cause)

    # Listeners.

    @property
    def _is_listened_to(self) -> bool:
        return bool(self._listeners.message) or (
            self.heard and self._wx_listeners.message is not None
        )

    def _report(self, event: str, result: Any) -> None:
        for listener in getattr(self._listeners, event):
            self.home.invoke(listener, result)
        # Looked up now: one of the task's listeners may have replaced it.
        wx_listener = getattr(self._wx_listeners, event) if self.heard else None
        if wx_listener is not None:
            self.home.invoke(wx_listener, result)

    def _listen(self, event: str, listener: Listener) -> None:
        checked(listener)
        self.home.do(lambda: self._add_listener(event, listener))

    def _add_listener(self, event: str, listener: Listener) -> None:
        if self._over:
            return  # nothing will follow
        self._listeners.add(event, listener)
        self.read_or_pause()

    def _onOpen(self, listener: Callable[[OnSocketOpenListenerResult], object]) -> None:
        self._listen("open", listener)

    def _onMessage(self, listener: Callable[[OnSocketMessageListenerResult], object]) -> None:
        self._listen("message", listener)

    def _onError(self, listener: Callable[[OnSocketErrorListenerResult], object]) -> None:
        self._listen("error", listener)

    def _onClose(self, listener: Callable[[OnSocketCloseListenerResult], object]) -> None:
        self._listen("close", listener)

    # Calls.

    def _send(self, option: SocketTaskSendOption) -> Call[GeneralCallbackResult]:
        return self.submit(option, option.data, texts.TASK_NOT_OPEN)

    def submit(self, option: Any, data: object, not_open: str) -> Call[GeneralCallbackResult]:
        """Send a message, from any thread.

        Args:
            option: The option object, for its callbacks.
            data: The message.
            not_open: The text of the failure if the link is not open.

        Returns:
            The call, which is done when the write buffer has room again.
        """
        call: Call[GeneralCallbackResult] = Call(self.home.rescue)
        message: str | bytes | Refused
        try:
            message = checks.payload(data)
            checks.check_callbacks(texts.SEND, option)
        except Refused as refused:
            message = refused
        if self.home.is_here:
            self._write(call, option, message, not_open)
        else:
            self.home.do(lambda: self._write(call, option, message, not_open))
        return call

    def _write(
        self,
        call: Call[GeneralCallbackResult],
        option: Any,
        message: str | bytes | Refused,
        not_open: str,
    ) -> None:
        connection = self._connection
        if connection is None or not self.is_open or self.home.loop.is_closed():
            fail(self.home, call, option, not_open)
            return
        if isinstance(message, Refused):
            fail(self.home, call, option, message.errMsg)
            return
        if isinstance(message, str):
            connection.send_message(checks.encode(message), text=True)
        else:
            connection.send_message(message, text=False)
        result = succeed(self.home, option, texts.SEND)
        if connection.is_full and not connection.is_lost:
            self._sends.append((call, result))
        else:
            call.succeed(result)

    def _close(self, option: SocketTaskCloseOption) -> Call[GeneralCallbackResult]:
        call: Call[GeneralCallbackResult] = Call(self.home.rescue)
        frame = frame_or_refusal(option)
        self.home.do(lambda: self._close_here(call, option, frame))
        return call

    def _close_here(
        self, call: Call[GeneralCallbackResult], option: SocketTaskCloseOption, frame: Frame
    ) -> None:
        if self.is_closed or self._life.state is State.CLOSING:
            fail(self.home, call, option, texts.gone())
        elif isinstance(frame, Refused):
            fail(self.home, call, option, frame.errMsg)
        else:
            self.shut(frame)
            call.succeed(succeed(self.home, option, texts.CLOSE))

    # The additions.

    @property
    def readyState(self) -> int:
        """The state of the link: 0 connecting, 1 open, 2 closing, 3 closed."""
        return int(State.CLOSED if self.is_closed else self._life.state)

    async def __aenter__(self) -> Link:
        self._open_inbox()
        if self._life.was_open and self.readyState != State.OPEN:
            raise WxError(texts.fail(texts.CONNECT, texts.CLOSED_ALREADY))
        try:
            while self._life.state is State.CONNECTING:
                await self._change()
        except asyncio.CancelledError:
            self.shut(NORMAL_CLOSE)  # nobody will leave the block that was not entered
            raise
        await self.connecting  # raises if the call itself was refused
        if not self._life.was_open:
            await self.wait_closed()
            raise WxError(texts.fail(texts.CONNECT, self._cause))
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shut(NORMAL_CLOSE)
        await self.wait_closed()

    def __aiter__(self) -> AsyncIterator[str | bytes]:
        return self._open_inbox().iterate()

    def _open_inbox(self) -> Inbox:
        if asyncio._get_running_loop() is not self.home.loop and not self.is_closed:
            raise RuntimeError("use the link in a coroutine of the loop on which it lives")
        if self._inbox is None:
            # An iteration may be collected on any thread.
            self._inbox = Inbox(lambda: self.home.do(self.read_or_pause))
            if self.is_closed:
                self._inbox.end()
        return self._inbox

    def read_or_pause(self) -> None:
        """Pause reading while messages wait for a consumer, and only then.

        To be called whenever a listener is added or the state of the inbox changes.
        """
        inbox, connection = self._inbox, self._connection
        if connection is None:
            return
        pause = (
            inbox is not None
            and inbox.is_full
            and self._life.state is State.OPEN
            and (inbox.is_iterated or not self._is_listened_to)
        )
        if pause == self._reading:
            self._reading = not pause
            if pause:
                connection.pause()
            else:
                connection.resume()

    # Waiting.

    async def _change(self) -> None:
        """Wait for the link to open or to end."""
        waiter = asyncio.get_running_loop().create_future()
        self._changed.add(waiter)
        try:
            await waiter
        finally:
            self._changed.discard(waiter)

    def _notify(self) -> None:
        for waiter in self._changed:
            if not waiter.done():
                waiter.set_result(None)
        if self._inbox is not None and self.is_closed:
            self._inbox.end()
