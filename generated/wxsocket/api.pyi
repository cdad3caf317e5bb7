# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 1e1368febbb92c5a).
# Do not edit; run: wxgen generate
"""The signatures of the API. The docstrings of classes and calls are in `api.py`.

A docstring here is for editors, which read of a keyword where it is declared.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar, overload

from wxruntime.call import Call
from wxruntime.sequences import SequenceNotStr
from wxruntime.websocket import ReconnectingAdditions, SocketTaskAdditions, WxAdditions

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
    @overload
    def close(
        self,
        *,
        code: int | None = 1003,
        reason: str | None = None,
        success: Callable[[GeneralCallbackResult], object] | None = None,
        fail: Callable[[GeneralCallbackResult], object] | None = None,
        complete: Callable[[GeneralCallbackResult], object] | None = None,
    ) -> Call[GeneralCallbackResult]:
        """Close this link.

        Takes its options as keywords, or as one SocketTaskCloseOption.

        Args:
            code: The status code that tells the server why. Permitted are 1000, 1003 and 3000 to \
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

    @overload
    def close(self, option: SocketTaskCloseOption, /) -> Call[GeneralCallbackResult]: ...
    def onClose(
        self,
        listener: Callable[[OnSocketCloseListenerResult], T],
        /,
    ) -> Callable[[OnSocketCloseListenerResult], T]: ...
    def onError(
        self,
        listener: Callable[[OnSocketErrorListenerResult], T],
        /,
    ) -> Callable[[OnSocketErrorListenerResult], T]: ...
    def onMessage(
        self,
        listener: Callable[[OnSocketMessageListenerResult], T],
        /,
    ) -> Callable[[OnSocketMessageListenerResult], T]: ...
    def onOpen(
        self,
        listener: Callable[[OnSocketOpenListenerResult], T],
        /,
    ) -> Callable[[OnSocketOpenListenerResult], T]: ...
    @overload
    def send(
        self,
        *,
        data: str | bytes | bytearray | memoryview,
        success: Callable[[GeneralCallbackResult], object] | None = None,
        fail: Callable[[GeneralCallbackResult], object] | None = None,
        complete: Callable[[GeneralCallbackResult], object] | None = None,
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

    @overload
    def send(self, option: SocketTaskSendOption, /) -> Call[GeneralCallbackResult]: ...
    def _close(self, option: SocketTaskCloseOption) -> Call[GeneralCallbackResult]: ...
    def _onClose(self, listener: Callable[[OnSocketCloseListenerResult], object]) -> None: ...
    def _onError(self, listener: Callable[[OnSocketErrorListenerResult], object]) -> None: ...
    def _onMessage(self, listener: Callable[[OnSocketMessageListenerResult], object]) -> None: ...
    def _onOpen(self, listener: Callable[[OnSocketOpenListenerResult], object]) -> None: ...
    def _send(self, option: SocketTaskSendOption) -> Call[GeneralCallbackResult]: ...

class Wx(WxAdditions):
    @overload
    def sendSocketMessage(
        self,
        *,
        data: str | bytes | bytearray | memoryview,
        success: Callable[[GeneralCallbackResult], object] | None = None,
        fail: Callable[[GeneralCallbackResult], object] | None = None,
        complete: Callable[[GeneralCallbackResult], object] | None = None,
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

    @overload
    def sendSocketMessage(
        self,
        option: SendSocketMessageOption,
        /,
    ) -> Call[GeneralCallbackResult]: ...
    def onSocketOpen(
        self,
        listener: Callable[[OnSocketOpenListenerResult], T],
        /,
    ) -> Callable[[OnSocketOpenListenerResult], T]: ...
    def onSocketMessage(
        self,
        listener: Callable[[OnSocketMessageListenerResult], T],
        /,
    ) -> Callable[[OnSocketMessageListenerResult], T]: ...
    def onSocketError(
        self,
        listener: Callable[[OnSocketErrorListenerResult], T],
        /,
    ) -> Callable[[OnSocketErrorListenerResult], T]: ...
    def onSocketClose(
        self,
        listener: Callable[[OnSocketCloseListenerResult], T],
        /,
    ) -> Callable[[OnSocketCloseListenerResult], T]: ...
    @overload
    def connectSocket(
        self,
        *,
        url: str,
        header: Mapping[str, str] | None = None,
        protocols: SequenceNotStr[str] | None = None,
        tcpNoDelay: bool | None = False,
        timeout: float | None = None,
        success: Callable[[GeneralCallbackResult], object] | None = None,
        fail: Callable[[GeneralCallbackResult], object] | None = None,
        complete: Callable[[GeneralCallbackResult], object] | None = None,
    ) -> SocketTask:
        """Open a link to a WebSocket server.

        Takes its options as keywords, or as one ConnectSocketOption.

        Args:
            url: The address of the server, absolute, with the scheme wss (or ws).
            header: Header fields to send with the opening request. `Referer` cannot be set, nor \
                can the fields of the handshake itself; those are left out.
            protocols: The subprotocols to offer, the preferred one first.
            tcpNoDelay: Whether to set TCP_NODELAY on the connection, which turns Nagle's \
                algorithm off. Default: False.
            timeout: How long the opening may take as a whole, counted from the call. Unit: \
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

    @overload
    def connectSocket(self, option: ConnectSocketOption, /) -> SocketTask: ...
    @overload
    def closeSocket(
        self,
        *,
        code: int | None = 1003,
        reason: str | None = None,
        success: Callable[[GeneralCallbackResult], object] | None = None,
        fail: Callable[[GeneralCallbackResult], object] | None = None,
        complete: Callable[[GeneralCallbackResult], object] | None = None,
    ) -> Call[GeneralCallbackResult]:
        """Close the main link, and every other link with it.

        Takes its options as keywords, or as one CloseSocketOption.

        Args:
            code: The status code that tells the server why. Permitted are 1000, 1003 and 3000 to \
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

    @overload
    def closeSocket(self, option: CloseSocketOption, /) -> Call[GeneralCallbackResult]: ...
    def _sendSocketMessage(
        self,
        option: SendSocketMessageOption,
    ) -> Call[GeneralCallbackResult]: ...
    def _onSocketOpen(self, listener: Callable[[OnSocketOpenListenerResult], object]) -> None: ...
    def _onSocketMessage(
        self,
        listener: Callable[[OnSocketMessageListenerResult], object],
    ) -> None: ...
    def _onSocketError(self, listener: Callable[[OnSocketErrorListenerResult], object]) -> None: ...
    def _onSocketClose(self, listener: Callable[[OnSocketCloseListenerResult], object]) -> None: ...
    def _connectSocket(self, option: ConnectSocketOption) -> SocketTask: ...
    def _closeSocket(self, option: CloseSocketOption) -> Call[GeneralCallbackResult]: ...

class ReconnectingSocket(ReconnectingAdditions[OnSocketCloseListenerResult], SocketTask): ...
