"""One link: its state, its events, its calls. What stands behind a `SocketTask`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from wxruntime.call import Call
from wxruntime.callbacks import LOGGER, as_coroutine, checked_function, report
from wxruntime.errors import WxError
from wxruntime.loops import LoopHandle, Loops, Spot, finish_at_once
from wxruntime.running import running_loop
from wxruntime.websocket import answers, arguments, error_texts
from wxruntime.websocket.addresses import without_user
from wxruntime.websocket.arguments import Opening
from wxruntime.websocket.error_texts import Refused
from wxruntime.websocket.interface import (
    CloseOptions,
    Limits,
    MakesCloseResult,
    MakesErrorResult,
    MakesMessageResult,
    MakesOpenResult,
    SendOptions,
)
from wxruntime.websocket.listeners import (
    NO_LISTENERS,
    AddedListeners,
    Event,
    Listener,
    Make,
    OtherEvent,
    ReplacedListeners,
)
from wxruntime.websocket.network import Connection, Network, Settings
from wxruntime.websocket.receive_buffer import ReceiveBuffer
from wxruntime.websocket.registry import Registry
from wxruntime.websocket.state import ABNORMAL, CloseFrame, LinkState, State

__all__ = ["NORMAL_CLOSE", "Link", "Shared"]

R = TypeVar("R")
T = TypeVar("T")

NORMAL_CLOSE: Final = CloseFrame(1000, "")

# Enumerations look their members up slowly.
_OPEN: Final = State.OPEN
_new: Final[Callable[[type[Any]], Any]] = object.__new__


@dataclass(frozen=True)
class Shared:
    """What all links of one namespace share."""

    settings: Settings
    limits: Limits
    network: Network
    listeners: ReplacedListeners
    registry: Registry[Link]
    loops: Loops


class Link:
    """One link to a server.

    Args:
        shared: What it shares with the other links of its namespace.
        handle: The loop on which it lives; None for one that never begins.
        url: Its address.
    """

    __slots__ = (
        "__weakref__",
        "_attempt",
        "_buffer",
        "_close_waiters",
        "_connection",
        "_failed_call",
        "_is_over",
        "_is_reading",
        "_listeners",
        "_sends",
        "_shared",
        "_timer",
        "_waiters",
        "close_frame",
        "handle",
        "holds_back",
        "is_main",
        "is_observed",
        "protocol",
        "state",
        "url",
    )

    def __init__(self, shared: Shared | None, handle: LoopHandle | None, url: str) -> None:
        self.handle = handle
        self.url = url
        self.protocol = ""
        self.close_frame: CloseFrame | None = None
        self.is_main = False
        self.is_observed = False
        """Whether somebody waits for it, and so learns of its end."""
        self.holds_back: Callable[[], bool] | None = None
        """Tells whether reading is to pause, when somebody else buffers the messages."""
        self.state = LinkState()
        self._shared = shared
        self._listeners = NO_LISTENERS
        self._failed_call: Call[Any] | None = None
        self._connection: Connection | None = None
        self._attempt: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False  # whether the end has been delivered
        self._buffer: ReceiveBuffer | None = None
        self._is_reading = True
        self._sends: list[tuple[Call[Any], Any]] | None = None
        self._waiters: set[asyncio.Future[None]] | None = None
        self._close_waiters: list[tuple[Call[Any], Make]] | None = None
        if shared is None:
            self.state.refuse()
            self._is_over = True

    def __repr__(self) -> str:
        state = self.ready_state.name.lower()
        code = f" {self.close_frame.code}" if self.close_frame is not None else ""
        return f"{without_user(self.url)} {state}{code}".strip()

    # What it is like, readable from any thread.

    @property
    def is_closed(self) -> bool:
        """Whether the link has closed; it has, too, when its loop was closed."""
        return self.state.value is State.CLOSED or (self.handle is not None and self.handle.is_gone)

    @property
    def holds_place(self) -> bool:
        """Whether the link counts against the limit."""
        return self.state.holds_place and not self.is_closed

    @property
    def is_open(self) -> bool:
        """Whether the link takes messages."""
        connection = self._connection
        return (
            self.state.value is State.OPEN
            and connection is not None
            and connection.is_open
            and not self.is_closed
        )

    @property
    def ready_state(self) -> State:
        """The state, as `SocketTask.readyState` has it."""
        return State.CLOSED if self.is_closed else self.state.value

    @property
    def buffered(self) -> int:
        """How many bytes were sent that the kernel has not taken yet."""
        connection = self._connection
        return 0 if connection is None else connection.buffered

    @property
    def is_paused(self) -> bool:
        """Whether nothing is read for now."""
        return not self._is_reading

    @property
    def refusal(self) -> str | None:
        """Why the call that was to make it was refused, if it was; who asks has seen it."""
        return None if self._failed_call is None else _refusal(self._failed_call)

    # The beginning.

    def refuse(self, call: Call[Any]) -> None:
        """The call that was to make this link was refused."""
        self._failed_call = call
        self.state.refuse()
        self._is_over = True
        self._notify()

    def start(self, opening: Opening) -> None:
        """Begin to open the link. To be called on its loop."""
        assert self.handle is not None
        assert self._shared is not None
        loop = self.handle.loop
        if not self.handle.track(self):
            self.abandon()  # the loop is shutting down
            return
        self._timer = loop.call_later(opening.timeout, self._time_out, opening.timeout)
        work = self._shared.network.open(opening, self._shared.settings, self)
        self._attempt = loop.create_task(work)
        self._attempt.add_done_callback(self._attempt_done)

    def opened(self, connection: Connection, header: dict[str, str], protocol: str) -> bool:
        """The server has accepted. Returns False when the opening was given up meanwhile."""
        if not self.state.open():
            return False
        self._connection = connection
        self.protocol = protocol
        self._stop_timer()
        self._notify()
        self._report("open", header=header)
        return True

    def _time_out(self, seconds: float) -> None:
        if self.state.give_up(error_texts.opening_timed_out(seconds)) and self._attempt is not None:
            self._attempt.cancel()

    def _attempt_done(self, attempt: asyncio.Task[None]) -> None:
        """The opening has ended. Unless the link was open, that is the end of the link."""
        self._attempt = None
        cause = ""
        if attempt.cancelled():
            if not self.state.cause and not self.state.was_open:
                self.abandon()  # cancelled by whoever shuts the loop down
                self._untrack()
                return
        elif (exc := attempt.exception()) is not None:
            cause = error_texts.opening_failed(exc)
        if not self.state.was_open:
            self._finish(None, cause)

    # The end.

    def shut(self, frame: CloseFrame) -> bool:
        """Close the link. Returns whether that was accepted."""
        if self.is_closed or not self.state.close():
            return False
        if self._connection is not None:
            self._connection.start_close(frame)
            self.read_or_pause()
        elif self._attempt is not None:
            self._attempt.cancel()
        return True

    def abandon(self) -> None:
        """Let go of the network at once, and report nothing."""
        self.state.refuse()
        self._is_over = True
        self._stop_timer()
        if self.handle is None or not self.handle.is_gone:  # else nothing can be done any more
            if self._attempt is not None:
                self._attempt.cancel()
            if self._connection is not None:
                self._connection.abort()
        self._settle_close_waiters(ABNORMAL)
        self.writable()
        self._notify()

    async def wait_gone(self) -> None:
        """Wait until the network has been let go of."""
        if self._attempt is not None:
            await asyncio.wait([self._attempt])
        if self._connection is not None:
            await self._connection.wait_gone()

    def lost(self, frame: CloseFrame | None, cause: str) -> None:
        """The open connection has ended."""
        self._finish(frame, cause)

    def peer_closes(self) -> None:
        """The server's close frame has come."""
        self.state.peer_closes()

    def failed(self, text: str) -> None:
        """The server broke the protocol or fell silent."""
        if self.state.fail(text):
            self._report_error(text)

    def _finish(self, frame: CloseFrame | None, cause: str) -> None:
        """The one end of a link: report it."""
        self._stop_timer()
        end = self.state.end(frame, cause)
        if end is not None:
            if end.error is not None:
                self._report_error(end.error)
            self.close_frame = close = end.close
            self._report("close", code=close.code, reason=close.reason)
            self._settle_close_waiters(close)
        self._is_over = True
        self._listeners = NO_LISTENERS
        self._connection = None
        if self._shared is not None:
            self._shared.registry.remove(self)
        self._notify()
        self._untrack()

    def _report_error(self, text: str) -> None:
        heard = self._report("error", errMsg=text)
        if not (
            heard
            or self.is_observed
            or self.state.was_cancelled
            or self._listeners.hears_end
            or (self.is_main and self._shared is not None and self._shared.listeners.hears_end)
        ):
            LOGGER.warning(
                "<SocketTask %r>: %s (nobody listens for errors or the close)", self, text
            )

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _untrack(self) -> None:
        if self.handle is not None:
            self.handle.untrack(self)

    # Messages.

    def received(self, data: str | bytes) -> None:
        """A message has come. The hottest of all methods: it calls as little as it can."""
        if self.state.value is not _OPEN:
            return
        added = self._listeners
        buffer = self._buffer
        if buffer is not None and (
            buffer.is_consumed or not (added.message or self._has_message_listener)
        ):
            buffer.put(data)
        result: Any = None
        make = added.make_message
        if make is not None:
            kind = added.message_class
            if kind is not None:  # a third of the time of calling it
                result = _new(kind)
                result.data = data
            else:
                result = make(data=data)
            for listener in added.message:
                try:  # as `_invoke`, without the call
                    outcome = listener(result)
                except (KeyboardInterrupt, SystemExit):
                    raise
                except BaseException as exc:
                    self._raised(listener, exc)
                    continue
                if outcome is not None:
                    self._returned(listener, outcome)
        if self.is_main and self._shared is not None:
            # Looked up now: one of the task's listeners may have replaced it.
            wx_listener = self._shared.listeners.message
            if wx_listener is not None:
                listener, wx_make = wx_listener
                self._invoke(listener, result if wx_make is make else wx_make(data=data))

    def writable(self) -> None:
        """The write buffer has room again, or will never have."""
        sends, self._sends = self._sends, None
        for call, result in sends or ():
            call.succeed(result)

    # Listeners.

    @property
    def wx_hears_messages(self) -> bool:
        """Whether the namespace's listener receives the messages of this link."""
        shared = self._shared
        return self.is_main and shared is not None and shared.listeners.message is not None

    @property
    def _has_message_listener(self) -> bool:
        return bool(self._listeners.message) or self.wx_hears_messages

    def _report(self, event: OtherEvent, **fields: Any) -> bool:
        """Call the task's listeners, then that of the namespace. Returns whether there was one."""
        results: dict[Make, Any] = {}

        def call(listener: Listener, make: Make) -> None:
            if make not in results:
                results[make] = make(**fields)
            self._invoke(listener, results[make])

        for listener, make in self._listeners.others(event):
            call(listener, make)
        if self.is_main and self._shared is not None:
            # Looked up now: one of the task's listeners may have replaced it.
            wx_listener = self._shared.listeners.other(event)
            if wx_listener is not None:
                call(*wx_listener)
        return bool(results)

    def _invoke(self, listener: Listener, result: Any) -> None:
        """Call a listener, as `LoopHandle.invoke` does."""
        try:
            outcome = listener(result)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as exc:
            self._raised(listener, exc)
            return
        if outcome is not None:
            self._returned(listener, outcome)

    def _raised(self, listener: Listener, exc: BaseException) -> None:
        assert self.handle is not None
        report(listener, exc, self.handle.loop)

    def _returned(self, listener: Listener, outcome: object) -> None:
        assert self.handle is not None
        if (coroutine := as_coroutine(outcome)) is not None:
            self.handle.start(coroutine, listener)

    def _listen(self, event: Event, listener: Listener, make: Make) -> None:
        checked_function(listener)
        if self.handle is not None:
            self.handle.do(lambda: self._add_listener(event, listener, make))

    def _add_listener(self, event: Event, listener: Listener, make: Make) -> None:
        if self._is_over:
            return  # nothing will follow
        if self._listeners is NO_LISTENERS:
            self._listeners = AddedListeners()
        self._listeners.add(event, listener, make)
        if event == "message":
            self.read_or_pause()

    def onOpen(self, listener: Callable[[R], object], make: MakesOpenResult[R]) -> None:
        """Carry out `SocketTask.onOpen`."""
        self._listen("open", listener, make)

    def onMessage(self, listener: Callable[[R], object], make: MakesMessageResult[R]) -> None:
        """Carry out `SocketTask.onMessage`."""
        self._listen("message", listener, make)

    def onError(self, listener: Callable[[R], object], make: MakesErrorResult[R]) -> None:
        """Carry out `SocketTask.onError`."""
        self._listen("error", listener, make)

    def onClose(self, listener: Callable[[R], object], make: MakesCloseResult[R]) -> None:
        """Carry out `SocketTask.onClose`."""
        self._listen("close", listener, make)

    # Calls.

    def send(self, option: SendOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `SocketTask.send`."""
        return self.submit(option, make, error_texts.TASK_NOT_OPEN)

    @property
    def _place(self) -> Spot:
        """Where its calls are answered."""
        return self.handle or (_SPOT if self._shared is None else self._shared.loops)

    def submit(self, option: SendOptions[R], make: MakesErrorResult[R], not_open: str) -> Call[R]:
        """Send a message, from any thread.

        Args:
            option: The option object.
            make: Makes what the callbacks receive.
            not_open: The text of the failure if the link is not open.

        Returns:
            The call, which is done when the write buffer has room again.
        """
        handle = self.handle
        call: Call[R] = Call(handle)
        message: str | bytes | Refused
        try:
            message = arguments.payload(option.data)
            arguments.check_callbacks(error_texts.SEND, option)
        except Refused as refused:
            message = refused.kept()
        if handle is None or running_loop() is handle.loop:
            self.write(call, option, message, make, not_open)
        else:
            handle.do(lambda: self.write(call, option, message, make, not_open))
        return call

    def write(
        self,
        call: Call[R],
        option: SendOptions[R],
        message: str | bytes | Refused,
        make: MakesErrorResult[R],
        not_open: str,
    ) -> None:
        """Send a message whose arguments have been read. To be called on the link's loop.

        Args:
            call: The call to settle.
            option: The option object, for its callbacks.
            message: The message, or why the call is refused.
            make: Makes what the callbacks receive.
            not_open: The text of the failure if the link is not open.
        """
        connection, handle = self._connection, self.handle
        if (
            connection is None
            or handle is None
            or self.state.value is not _OPEN
            or not connection.is_open
            or handle.is_gone
        ):
            answers.fail(self._place, call, option, not_open, make)
            return
        if isinstance(message, str):
            connection.send_text(message)
        elif isinstance(message, bytes):
            connection.send_binary(message)
        else:
            answers.fail(handle, call, option, message.errMsg, make)
            return
        result = answers.succeed(handle, option, make(errMsg=error_texts.SEND_OK))
        if connection.is_full and self._connection is connection:
            self._sends = self._sends or []
            self._sends.append((call, result))
        else:
            call.succeed(result)

    def close(self, option: CloseOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `SocketTask.close`."""
        call: Call[R] = Call(self.handle)
        frame: CloseFrame | Refused
        try:
            limit = 0 if self._shared is None else self._shared.limits.max_reason_bytes
            frame = arguments.close_frame(option, limit)
        except Refused as refused:
            frame = refused.kept()
        if self.handle is None:
            self._close(call, option, frame, make)
        else:
            self.handle.do(lambda: self._close(call, option, frame, make))
        return call

    def _close(
        self,
        call: Call[R],
        option: CloseOptions[R],
        frame: CloseFrame | Refused,
        make: MakesErrorResult[R],
    ) -> None:
        handle = self.handle
        if handle is None or not self.holds_place:
            answers.fail(self._place, call, option, error_texts.GONE, make)
        elif isinstance(frame, Refused):
            answers.fail(handle, call, option, frame.errMsg, make)
        else:
            self.shut(frame)
            call.succeed(
                answers.succeed(handle, option, make(errMsg=error_texts.ok(error_texts.CLOSE)))
            )

    # Waiting and receiving.

    def wait_closed_call(self, make: MakesCloseResult[R]) -> Call[R]:
        """Return a call that succeeds with the close when the link has closed, now or later."""
        call: Call[R] = Call(self.handle)
        self.is_observed = True
        if self.handle is None:
            self._settle_closed(call, make)
        else:
            self.handle.do(lambda: self._settle_closed(call, make))
        return call

    def _settle_closed(self, call: Call[R], make: MakesCloseResult[R]) -> None:
        if self._failed_call is not None:
            call.fail(_refusal(self._failed_call), seen=False)
        elif self._is_over or self.is_closed:
            close = self.close_frame or ABNORMAL
            call.succeed(make(code=close.code, reason=close.reason))
        else:
            self._close_waiters = self._close_waiters or []
            self._close_waiters.append((call, make))

    def _settle_close_waiters(self, close: CloseFrame) -> None:
        waiters, self._close_waiters = self._close_waiters, None
        for call, make in waiters or ():
            call.succeed(make(code=close.code, reason=close.reason))

    async def enter(self) -> None:
        """Wait until the link is open.

        Raises:
            WxError: It could not be opened, or is closed already.
        """
        self.open_buffer()
        if self._failed_call is not None:
            raise WxError(_refusal(self._failed_call))
        if self.state.was_open and not self.is_open:
            raise _not_opened(error_texts.CLOSED_ALREADY)
        try:
            while self.state.value is State.CONNECTING:
                await self._change()
        except asyncio.CancelledError:
            self.shut(NORMAL_CLOSE)  # nobody will leave the block that was not entered
            raise
        if not self.state.was_open:
            await self.wait_closed()
            raise _not_opened(self.state.cause or error_texts.CLOSED_ALREADY)

    async def leave(self) -> None:
        """Close the link with 1000, and wait until it has closed."""
        self.shut(NORMAL_CLOSE)
        await self.wait_closed()

    async def wait_closed(self) -> None:
        """Wait until the end of the link has been delivered."""
        while not self._is_over and not self.is_closed:
            await self._change()

    def block_on(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait in plain code until a coroutine is done that belongs on the link's loop."""
        return finish_at_once(work) if self.handle is None else self.handle.block_on(work)

    def iterate_plain(self) -> Iterator[str | bytes]:
        """Yield each message in plain code, waiting for it if need be."""
        buffer = self.block_on(self._opened_buffer())
        messages = buffer.iterate()  # as long as it is held, messages are kept
        while len(buffer) or self.block_on(buffer.wait()):
            yield buffer.take()
        del messages

    async def _opened_buffer(self) -> ReceiveBuffer:
        return self.open_buffer()

    def open_buffer(self) -> ReceiveBuffer:
        """Keep messages from now on for whoever takes them one by one."""
        self.is_observed = True
        handle = self.handle
        if handle is not None and not self.is_closed and handle.loop is not running_loop():
            raise RuntimeError("use the link in a coroutine of the loop on which it lives")
        if self._buffer is None:
            # An iteration may be collected on any thread.
            self._buffer = ReceiveBuffer(self._reconsider_reading)
            if self.is_closed:
                self._buffer.end()
        return self._buffer

    def _reconsider_reading(self) -> None:
        if self.handle is not None:
            self.handle.do(self.read_or_pause)

    def read_or_pause(self) -> None:
        """Pause reading while messages wait for a consumer, and only then.

        To be called whenever a listener is added or the state of the buffer changes.
        """
        connection = self._connection
        if connection is None:
            return
        pause = self.state.value is State.OPEN and self._is_clogged
        if pause == self._is_reading:
            self._is_reading = not pause
            if pause:
                connection.pause()
            else:
                connection.resume()

    @property
    def _is_clogged(self) -> bool:
        """Whether too many messages wait for their consumer."""
        if self.holds_back is not None:
            return self.holds_back()
        buffer = self._buffer
        return (
            buffer is not None
            and buffer.is_full
            and (buffer.is_consumed or not self._has_message_listener)
        )

    async def _change(self) -> None:
        """Wait for the link to open or to end."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters = self._waiters or set()
        self._waiters.add(waiter)
        await waiter

    def _notify(self) -> None:
        waiters, self._waiters = self._waiters, None
        for waiter in waiters or ():
            if not waiter.done() and not waiter.get_loop().is_closed():
                waiter.set_result(None)
        if self._buffer is not None and self.is_closed:
            self._buffer.end()


_SPOT: Final = Spot()


def _refusal(call: Call[Any]) -> str:
    """The text of a failed call, which counts as seen from now on."""
    try:
        call.result()
    except WxError as error:
        return error.errMsg
    raise AssertionError("the call has not failed")


def _not_opened(cause: str) -> WxError:
    return WxError(error_texts.fail(error_texts.CONNECT, cause))
