# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 4a3f0205bd59d692).
# Do not edit; run: wxgen generate
"""The classes of the API: every call in both styles, and behind each a method that carries it out.

A call turns its arguments into one option object and hands it to the method of the same name with
`_` before it. That method hands it to the engine, or answers `not supported`; a fake overrides it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from wxruntime.call import Call
from wxruntime.options import both_styles, option_object
from wxruntime.websocket import Limits, ReconnectingAdditions, SocketTaskAdditions, WxAdditions

from .constants import MAX_LINKS, MAX_LINKS_BEFORE_1_5_0, MAX_REASON_BYTES, MULTIPLE_LINKS_SINCE
from .options import (
    CloseSocketOption,
    ConnectSocketOption,
    SendSocketMessageOption,
    SocketTaskCloseOption,
    SocketTaskSendOption,
)
from .types import (
    GeneralCallbackResult,
    OnSocketCloseListenerResult,
    OnSocketErrorListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
)

__all__ = [
    "ReconnectingSocket",
    "SocketTask",
    "Wx",
]

T = TypeVar("T")


class SocketTask(SocketTaskAdditions[OnSocketCloseListenerResult]):
    """One link, and the methods that work on it alone.

    Section of the document: SocketTask.
    """

    _close_result = OnSocketCloseListenerResult

    @both_styles(SocketTaskCloseOption)
    def close(
        self,
        option: SocketTaskCloseOption | None = None,
        /,
        **fields: Any,
    ) -> Call[GeneralCallbackResult]:
        """Close this link.

        Takes its options as keywords, or as one SocketTaskCloseOption.

        Args:
            code: The status code that tells the server why. Permitted are 1000, 1003 and 3000 to
                4999. Default: 1003.
            reason: A sentence that tells the server why. Unit: at most 123 bytes of UTF-8.
            success: Called when the call succeeds, before it returns.
            fail: Called when the call fails, before it returns.
            complete: Called after either, with the same object.

        Returns:
            The call: await it, or ask for its `result()` from another thread, for what `success`
            receives.

        Fails:
            closeSocket:fail taskID not exist: The link is closing or closed already, or was refused
                at once.
            closeSocket:fail The code must be either 1000, 1003, or between 3000 and 4999: The code
                is not permitted.
            closeSocket:fail reason must not be longer than 123 bytes of UTF-8: The reason is too
                long.

        Raises:
            TypeError: A required option is missing, one is unknown, or the two styles are mixed.
            WxError: When awaited: the call failed.

        Messages sent before are delivered before the link closes; messages that arrive after are
        dropped. A server that never answers is given up after 10 seconds.

        Before the link is open this cancels the attempt, which `onError` and `onClose` report.

        Note: The document's default code is 1003, which it calls a normal closure; in RFC 6455,
        1003 means unsupported data, and 1000 is the normal closure. The default is kept; pass 1000
        to say it the standard's way.

        Section of the document: SocketTask.close.
        """
        return self._close(option_object(SocketTaskCloseOption, option, fields))

    def onClose(
        self,
        listener: Callable[[OnSocketCloseListenerResult], T],
        /,
    ) -> Callable[[OnSocketCloseListenerResult], T]:
        """Listen for the end of this link.

        Args:
            listener: Called once, when the link has closed.

        Returns:
            The listener, so that this also serves as a decorator.

        Raises:
            TypeError: The listener cannot be called.

        Listeners add up and run in the order of their registration, before the listener of the `wx`
        function; all are dropped when the end of the link has been reported.

        Section of the document: SocketTask.onClose.
        """
        self._onClose(listener)
        return listener

    def onError(
        self,
        listener: Callable[[OnSocketErrorListenerResult], T],
        /,
    ) -> Callable[[OnSocketErrorListenerResult], T]:
        """Listen for the errors of this link.

        Args:
            listener: Called when the link cannot be opened, breaks, or is broken by the server.

        Returns:
            The listener, so that this also serves as a decorator.

        Raises:
            TypeError: The listener cannot be called.

        Listeners add up and run in the order of their registration, before the listener of the `wx`
        function; all are dropped when the end of the link has been reported.

        Section of the document: SocketTask.onError.
        """
        self._onError(listener)
        return listener

    def onMessage(
        self,
        listener: Callable[[OnSocketMessageListenerResult], T],
        /,
    ) -> Callable[[OnSocketMessageListenerResult], T]:
        """Listen for the messages that arrive over this link.

        Args:
            listener: Called with each message of the server.

        Returns:
            The listener, so that this also serves as a decorator.

        Raises:
            TypeError: The listener cannot be called.

        Listeners add up and run in the order of their registration, before the listener of the `wx`
        function; all are dropped when the end of the link has been reported.

        Section of the document: SocketTask.onMessage.
        """
        self._onMessage(listener)
        return listener

    def onOpen(
        self,
        listener: Callable[[OnSocketOpenListenerResult], T],
        /,
    ) -> Callable[[OnSocketOpenListenerResult], T]:
        """Listen for the opening of this link.

        Args:
            listener: Called when the link is open.

        Returns:
            The listener, so that this also serves as a decorator.

        Raises:
            TypeError: The listener cannot be called.

        Listeners add up and run in the order of their registration, before the listener of the `wx`
        function; all are dropped when the end of the link has been reported.

        Section of the document: SocketTask.onOpen.
        """
        self._onOpen(listener)
        return listener

    @both_styles(SocketTaskSendOption)
    def send(
        self,
        option: SocketTaskSendOption | None = None,
        /,
        **fields: Any,
    ) -> Call[GeneralCallbackResult]:
        """Send a message over this link.

        Takes its options as keywords, or as one SocketTaskSendOption.

        Args:
            data: The message. A string is sent as text, an ArrayBuffer as binary.
            success: Called when the call succeeds, before it returns.
            fail: Called when the call fails, before it returns.
            complete: Called after either, with the same object.

        Returns:
            The call: await it, or ask for its `result()` from another thread, for what `success`
            receives.

        Fails:
            SocketTask.send:fail SocketTask.readyState is not OPEN: The link is not open, or is
                closing.
            sendSocketMessage:fail unknown data: The message is neither a string nor bytes.

        Raises:
            TypeError: A required option is missing, one is unknown, or the two styles are mixed.
            WxError: When awaited: the call failed.

        Bytes are read at the call. Awaiting the call waits until the write buffer is below its
        high-water mark.

        Section of the document: SocketTask.send.
        """
        return self._send(option_object(SocketTaskSendOption, option, fields))

    def _close(self, option: SocketTaskCloseOption) -> Call[GeneralCallbackResult]:
        """Carry out `close`."""
        return self._link.close(option, GeneralCallbackResult)

    def _onClose(self, listener: Callable[[OnSocketCloseListenerResult], object]) -> None:
        """Carry out `onClose`."""
        self._link.onClose(listener, OnSocketCloseListenerResult)

    def _onError(self, listener: Callable[[OnSocketErrorListenerResult], object]) -> None:
        """Carry out `onError`."""
        self._link.onError(listener, OnSocketErrorListenerResult)

    def _onMessage(self, listener: Callable[[OnSocketMessageListenerResult], object]) -> None:
        """Carry out `onMessage`."""
        self._link.onMessage(listener, OnSocketMessageListenerResult)

    def _onOpen(self, listener: Callable[[OnSocketOpenListenerResult], object]) -> None:
        """Carry out `onOpen`."""
        self._link.onOpen(listener, OnSocketOpenListenerResult)

    def _send(self, option: SocketTaskSendOption) -> Call[GeneralCallbackResult]:
        """Carry out `send`."""
        return self._link.send(option, GeneralCallbackResult)


class Wx(WxAdditions):
    """The functions of `wx`.

    Two-way messages between a mini program and a server. Seven functions of the `wx` namespace work
    on the main link; the six methods of a `SocketTask` work on the one link that they belong to.

    Caution: Prefer the methods of `SocketTask`. With several links at once the `wx` functions can
    act on, or hear, another link than the one you had in mind; a task always means its own link.

    Section of the document: WebSocket.
    """

    _limits = Limits(
        max_links=MAX_LINKS,
        max_links_before_1_5_0=MAX_LINKS_BEFORE_1_5_0,
        multiple_links_since=MULTIPLE_LINKS_SINCE,
        max_reason_bytes=MAX_REASON_BYTES,
    )  # fmt: skip

    @both_styles(SendSocketMessageOption)
    def sendSocketMessage(
        self,
        option: SendSocketMessageOption | None = None,
        /,
        **fields: Any,
    ) -> Call[GeneralCallbackResult]:
        """Send a message over the main link.

        Takes its options as keywords, or as one SendSocketMessageOption.

        Args:
            data: The message. A string is sent as text, an ArrayBuffer as binary.
            success: Called when the call succeeds, before it returns.
            fail: Called when the call fails, before it returns.
            complete: Called after either, with the same object.

        Returns:
            The call: await it, or ask for its `result()` from another thread, for what `success`
            receives.

        Fails:
            sendSocketMessage:fail WebSocket is not connected: The main link is not open, or there
                is none.
            sendSocketMessage:fail unknown data: The message is neither a string nor bytes.

        Raises:
            TypeError: A required option is missing, one is unknown, or the two styles are mixed.
            WxError: When awaited: the call failed.

        Acts on the main link alone, even if other links are open.

        Bytes are read at the call. Awaiting the call waits until the write buffer is below its
        high-water mark, so that a loop of awaited sends never outruns a slow server.

        Caution: Only an open link takes messages: call `connectSocket` first, and wait for the
        listener that `onSocketOpen` registered.

        Section of the document: sendSocketMessage.
        """
        return self._sendSocketMessage(option_object(SendSocketMessageOption, option, fields))

    def onSocketOpen(
        self,
        listener: Callable[[OnSocketOpenListenerResult], T],
        /,
    ) -> Callable[[OnSocketOpenListenerResult], T]:
        """Listen for the opening of the main link.

        Args:
            listener: Called each time that the main link opens.

        Returns:
            The listener, so that this also serves as a decorator.

        Raises:
            TypeError: The listener cannot be called.

        Hears the main link alone. A later listener replaces the earlier one; the listener stays for
        the links that follow.

        Section of the document: onSocketOpen.
        """
        self._onSocketOpen(listener)
        return listener

    def onSocketMessage(
        self,
        listener: Callable[[OnSocketMessageListenerResult], T],
        /,
    ) -> Callable[[OnSocketMessageListenerResult], T]:
        """Listen for the messages that arrive over the main link.

        Args:
            listener: Called with each message of the server.

        Returns:
            The listener, so that this also serves as a decorator.

        Raises:
            TypeError: The listener cannot be called.

        Hears the main link alone. A later listener replaces the earlier one; the listener stays for
        the links that follow.

        Section of the document: onSocketMessage.
        """
        self._onSocketMessage(listener)
        return listener

    def onSocketError(
        self,
        listener: Callable[[OnSocketErrorListenerResult], T],
        /,
    ) -> Callable[[OnSocketErrorListenerResult], T]:
        """Listen for the errors of the main link.

        Args:
            listener: Called when the main link cannot be opened, breaks, or is broken by the
                server.

        Returns:
            The listener, so that this also serves as a decorator.

        Raises:
            TypeError: The listener cannot be called.

        Hears the main link alone. A later listener replaces the earlier one; the listener stays for
        the links that follow.

        Section of the document: onSocketError.
        """
        self._onSocketError(listener)
        return listener

    def onSocketClose(
        self,
        listener: Callable[[OnSocketCloseListenerResult], T],
        /,
    ) -> Callable[[OnSocketCloseListenerResult], T]:
        """Listen for the end of the main link.

        Args:
            listener: Called once for each main link, when it has closed.

        Returns:
            The listener, so that this also serves as a decorator.

        Raises:
            TypeError: The listener cannot be called.

        Hears the main link alone. A later listener replaces the earlier one; the listener stays for
        the links that follow.

        Section of the document: onSocketClose.
        """
        self._onSocketClose(listener)
        return listener

    @both_styles(ConnectSocketOption)
    def connectSocket(
        self,
        option: ConnectSocketOption | None = None,
        /,
        **fields: Any,
    ) -> SocketTask:
        """Open a link to a WebSocket server.

        Takes its options as keywords, or as one ConnectSocketOption.

        Args:
            url: The address of the server, absolute, with the scheme wss (or ws).
            header: Header fields to send with the opening request. `Referer` cannot be set, nor can
                the fields of the handshake itself; those are left out.
            protocols: The subprotocols to offer, the preferred one first.
            tcpNoDelay: Whether to set TCP_NODELAY on the connection, which turns Nagle's algorithm
                off. Default: False.
            timeout: How long the opening may take as a whole, counted from the call. Unit:
                milliseconds. Default: 60000 when absent or not above 0.
            success: Called when the call succeeds, before it returns.
            fail: Called when the call fails, before it returns.
            complete: Called after either, with the same object.

        Returns:
            The task of the new link, also when the call is refused; then it is closed.

        Fails:
            connectSocket:fail invalid url "test.php": The address is empty or relative, holds a
                fragment, or its scheme is not ws or wss.
            connectSocket:fail invalid header "name": A header field's name or value would break the
                request.
            connectSocket:fail invalid protocols "name": A subprotocol is no token, or is offered
                twice.
            connectSocket:fail parameter error: parameter.url should be String instead of Number;:
                An option is of a wrong type; the text names it, the type wanted and the type given.
            connectSocket:fail exceed max task count: There are five links already.

        Raises:
            TypeError: A required option is missing, one is unknown, or the two styles are mixed.

        Succeeds when the call is accepted, before anything is sent. A server that cannot be
        reached, or does not accept, is reported by `onError` and then `onClose` with 1006, never by
        `fail`.

        The first link is the main link. Another one takes its place only when it is made after the
        main link has closed.

        Caution: Read about the limit of concurrent links before you open several.

        Note: The document asks for a wss address, while its own samples pass the relative
        `test.php`. A relative address names no server here and is refused; ws is accepted beside
        wss, because development servers use it.

        Note: The document gives `timeout` no default. It is 60000 here, as the platform has it.

        Section of the document: connectSocket.
        """
        return self._connectSocket(option_object(ConnectSocketOption, option, fields))

    @both_styles(CloseSocketOption)
    def closeSocket(
        self,
        option: CloseSocketOption | None = None,
        /,
        **fields: Any,
    ) -> Call[GeneralCallbackResult]:
        """Close the main link, and every other link with it.

        Takes its options as keywords, or as one CloseSocketOption.

        Args:
            code: The status code that tells the server why. Permitted are 1000, 1003 and 3000 to
                4999. Default: 1003.
            reason: A sentence that tells the server why. Unit: at most 123 bytes of UTF-8.
            success: Called when the call succeeds, before it returns.
            fail: Called when the call fails, before it returns.
            complete: Called after either, with the same object.

        Returns:
            The call: await it, or ask for its `result()` from another thread, for what `success`
            receives.

        Fails:
            closeSocket:fail WebSocket is not connected: The main link is not open, or there is
                none. Other links are closed all the same.
            closeSocket:fail The code must be either 1000, 1003, or between 3000 and 4999: The code
                is not permitted.
            closeSocket:fail reason must not be longer than 123 bytes of UTF-8: The reason is too
                long.

        Raises:
            TypeError: A required option is missing, one is unknown, or the two styles are mixed.
            WxError: When awaited: the call failed.

        The main link closes with the code, reason and callbacks given; every other link closes with
        the defaults. An argument that is refused closes nothing.

        Caution: A link that has not opened yet cannot be closed this way: it opens all the same.
        Close it from the listener that `onSocketOpen` registered, or later.

        Note: The document's default code is 1003, which it calls a normal closure; in RFC 6455,
        1003 means unsupported data, and 1000 is the normal closure. The default is kept; pass 1000
        to say it the standard's way.

        Section of the document: closeSocket.
        """
        return self._closeSocket(option_object(CloseSocketOption, option, fields))

    def _sendSocketMessage(self, option: SendSocketMessageOption) -> Call[GeneralCallbackResult]:
        """Carry out `sendSocketMessage`."""
        return self._engine.sendSocketMessage(option, GeneralCallbackResult)

    def _onSocketOpen(self, listener: Callable[[OnSocketOpenListenerResult], object]) -> None:
        """Carry out `onSocketOpen`."""
        self._engine.onSocketOpen(listener, OnSocketOpenListenerResult)

    def _onSocketMessage(self, listener: Callable[[OnSocketMessageListenerResult], object]) -> None:
        """Carry out `onSocketMessage`."""
        self._engine.onSocketMessage(listener, OnSocketMessageListenerResult)

    def _onSocketError(self, listener: Callable[[OnSocketErrorListenerResult], object]) -> None:
        """Carry out `onSocketError`."""
        self._engine.onSocketError(listener, OnSocketErrorListenerResult)

    def _onSocketClose(self, listener: Callable[[OnSocketCloseListenerResult], object]) -> None:
        """Carry out `onSocketClose`."""
        self._engine.onSocketClose(listener, OnSocketCloseListenerResult)

    def _connectSocket(self, option: ConnectSocketOption) -> SocketTask:
        """Carry out `connectSocket`."""
        return self._engine.connectSocket(option, GeneralCallbackResult, SocketTask)

    def _closeSocket(self, option: CloseSocketOption) -> Call[GeneralCallbackResult]:
        """Carry out `closeSocket`."""
        return self._engine.closeSocket(option, GeneralCallbackResult)


class ReconnectingSocket(ReconnectingAdditions[OnSocketCloseListenerResult], SocketTask):
    """One logical link that is opened again when it is lost. It is used as a `SocketTask` is.

    The constructor makes the first attempt. Listeners hear every link, one after the other, and
    stay. `send` waits in a queue while there is no open link, and is sent, in order, before
    anything newer; success means written to a link: what a lost link had not delivered is not sent
    again. `async with` waits for the first open link; `async for` and `receive` go on across links.

    An attempt that is refused because there are too many links is reported by `onError` and
    `onClose` with 1006, and tried again. One whose arguments are refused is reported likewise, and
    ends it.

    `close` ends it, also while it waits or connects: what is still in the queue fails with
    `sendSocketMessage:fail WebSocket is not connected`, and so does what is sent later. So do the
    end of `async with Wx()`, of `with Wx()` and of the loop, `wx.close()` and Ctrl-C. Until then it
    keeps `run` going.

    `readyState` is 0 also while it waits for the next attempt. `waitClosed` waits until it has
    ended, for the close of the last link, or 1006 if there was none.

    Args:
        wx: The mini program to which the links belong. They count against its limit.
        option: What `connectSocket` takes, or a function, plain or `async def`, that makes it for
            each attempt, so that a token can be fresh. What the function raises is reported as for
            listeners; that attempt has failed, without events, and is tried again.
        backoff: How long to wait before each new attempt. Default: 1 second, doubled each time up
            to 30, spread by a fifth.
        heartbeat: How to find out that the server has fallen silent. Default: keepalive pings
            alone.
        queue: How many messages may wait for a link; the next one fails with
            `sendSocketMessage:fail queue is full`. Default: 256.
        retry: A plain function of what `onClose` listeners receive, called before them at the end
            of each link: returning False ends it. What it raises is reported as for listeners.
            Default: always again.

    Raises:
        TypeError: An argument is of a wrong type.
        ValueError: `queue` is negative.
    """
