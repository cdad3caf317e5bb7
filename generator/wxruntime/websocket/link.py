"""One link: its state, its events, its calls. What stands behind a `SocketTask`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from wxruntime.call import Call
from wxruntime.callbacks import LOGGER
from wxruntime.errors import WxError
from wxruntime.loop_handle import LoopHandle
from wxruntime.websocket import error_texts
from wxruntime.websocket.addresses import without_user
from wxruntime.websocket.arguments import Opening
from wxruntime.websocket.link_calls import CallableLink, Shared
from wxruntime.websocket.listeners import (
    NO_LISTENERS,
    OtherEvent,
)
from wxruntime.websocket.network import Connection
from wxruntime.websocket.state import ABNORMAL, CloseFrame, State

__all__ = ["NORMAL_CLOSE", "Link"]

NORMAL_CLOSE: Final = CloseFrame(1000, "")

# Enumerations look their members up slowly.
_OPEN: Final = State.OPEN
_new: Final[Callable[[type[Any]], Any]] = object.__new__


class Link(CallableLink):
    """One link to a server.

    Args:
        shared: What it shares with the other links of its namespace.
        handle: The loop on which it lives; None for one that never begins.
        url: Its address.
    """

    __slots__ = (
        "_attempt",
        "_failed_call",
        "_is_reading",
        "_timer",
        "holds_back",
        "is_main",
        "protocol",
        "url",
    )

    def __init__(self, shared: Shared | None, handle: LoopHandle | None, url: str) -> None:
        super().__init__(shared, handle)
        self.url = url
        self.protocol = ""
        self.is_main = False
        self.holds_back: Callable[[], bool] | None = None
        """Tells whether reading is to pause, when somebody else buffers the messages."""
        self._failed_call: Call[Any] | None = None
        self._attempt: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_reading = True
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
        results = self._call_listeners(event, **fields)
        if self.is_main and self._shared is not None:
            # Looked up now: one of the task's listeners may have replaced it.
            wx_listener = self._shared.listeners.other(event)
            if wx_listener is not None:
                listener, make = wx_listener
                if make not in results:
                    results[make] = make(**fields)
                self._invoke(listener, results[make])
        return bool(results)

    # Waiting and receiving.

    async def enter(self) -> None:
        """Wait until the link is open.

        Raises:
            WxError: It could not be opened, or is closed already.
        """
        self.open_buffer()
        refusal = self.refusal
        if refusal is not None:
            raise WxError(refusal)
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

    def read_or_pause(self) -> None:
        """Pause reading while messages wait for a consumer, and only then.

        To be called whenever a listener is added or the state of the buffer changes.
        """
        connection = self._connection
        if connection is None:
            return
        is_clogged = self.holds_back or self._is_clogged
        pause = self.state.value is State.OPEN and is_clogged()
        if pause == self._is_reading:
            self._is_reading = not pause
            if pause:
                connection.pause()
            else:
                connection.resume()


def _refusal(call: Call[Any]) -> str:
    """The text of a failed call, which counts as seen from now on."""
    try:
        call.result()
    except WxError as error:
        return error.errMsg
    raise AssertionError("the call has not failed")


def _not_opened(cause: str) -> WxError:
    return WxError(error_texts.fail(error_texts.CONNECT, cause))
