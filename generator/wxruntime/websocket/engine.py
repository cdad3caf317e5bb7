"""One mini program: its links, its listeners, its loops. What stands behind a `Wx`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol, TypeVar

from wxruntime.call import Call
from wxruntime.callbacks import checked_function
from wxruntime.loop_handle import LoopHandle, Tracked
from wxruntime.loops import Loops
from wxruntime.running import running_loop
from wxruntime.timers import Timers
from wxruntime.websocket import answers, arguments, error_texts
from wxruntime.websocket.arguments import DEFAULT_CLOSE, Opening
from wxruntime.websocket.error_texts import Refused
from wxruntime.websocket.interface import (
    CloseOptions,
    ConnectOptions,
    Limits,
    MakesCloseResult,
    MakesErrorResult,
    MakesMessageResult,
    MakesOpenResult,
    SendOptions,
)
from wxruntime.websocket.link import NORMAL_CLOSE, Link
from wxruntime.websocket.link_calls import Shared
from wxruntime.websocket.listeners import Event, Listener, Make, ReplacedListeners
from wxruntime.websocket.network import Network, Settings
from wxruntime.websocket.registry import Registry
from wxruntime.websocket.state import CloseFrame

__all__ = ["Engine", "Persistent"]

R = TypeVar("R")
T = TypeVar("T")

# How often the links that listeners open while the others close are closed in their turn.
LAST_ROUNDS: Final = 3


class Persistent(Tracked, Protocol):
    """What opens links again, so that it has to end before the links are closed."""

    @property
    def handle(self) -> LoopHandle | None:
        """The loop on which it lives."""

    def end(self) -> None:
        """Open no further link; close the one that there is with 1000."""


class Engine:
    """The links of one mini program.

    Args:
        settings: What all links share.
        limits: The limits of the platform.
        sdk_version: The base library version to behave as.
        network: Opens connections.

    Raises:
        ValueError: ``sdk_version`` is no version.
    """

    def __init__(
        self, settings: Settings, limits: Limits, sdk_version: str, network: Network
    ) -> None:
        if sdk_version == "latest" or _version(sdk_version) >= _version(
            limits.multiple_links_since
        ):
            registry = Registry[Link](limits.max_links, replace=False)
        else:
            registry = Registry[Link](limits.max_links_before_1_5_0, replace=True)
        self.limits = limits
        self.loops = Loops(self.close_all)
        self._shared = Shared(settings, limits, network, ReplacedListeners(), registry, self.loops)
        self._registry = registry
        self.timers = Timers(self.loops)
        self.persistent: set[Persistent] = set()
        if running_loop() is not None:
            self.loops.find_or_make()  # so that other threads find it

    # Driving plain code.

    def run(self, timeout: float | None) -> None:
        """Drive the links of plain code until nothing is left to do, and let go of the loop.

        Raises:
            TimeoutError: There was more to do after ``timeout``.
            RuntimeError: Another loop drives the links.
        """
        if running_loop() is not None:
            raise RuntimeError(
                "a loop is running here already and drives the links: do not call run()"
            )
        plain = self.loops.plain
        if plain is None:
            if any(
                link.handle is not None and link.handle.loop.is_running() for link in self.links
            ):
                raise RuntimeError(
                    "the links live on the loop of another thread, which drives them"
                )
            self.loops.log_failures()
            return
        if plain.loop.is_running():
            raise RuntimeError("run() is under way in another thread already")
        plain.drive(plain.wait_idle(timeout))
        plain.close()
        self.loops.log_failures()

    def close(self) -> None:
        """Close the links with 1000, drive the loop until they have closed, and let go of it."""
        for handle in self.loops.handles:
            handle.block_on(self.close_all(handle))
        self.loops.release_plain()
        self.loops.log_failures()

    @property
    def links(self) -> list[Link]:
        """The links that have not closed, the oldest first."""
        return list(self._registry)

    async def close_all(self, handle: LoopHandle) -> None:
        """Clear the timers, close the links with 1000, wait for those that live on one loop."""
        for _ in range(LAST_ROUNDS):
            self.timers.clear_all()
            persistent = list(self.persistent)
            for one in persistent:
                one.end()
            links = self.links
            if not links and not persistent:
                return
            for link in links:
                _shut(link, NORMAL_CLOSE)
            for link in links:
                if link.handle is handle:
                    await link.wait_closed()
            for one in persistent:
                if one.handle is handle:
                    await one.wait_gone()
        # Listeners have opened a new link for each that was closed. It could go on for ever.
        self.timers.clear_all()
        left: list[Tracked] = [one for one in self.persistent if one.handle is handle]
        left += [link for link in self.links if link.handle is handle]
        for each in left:
            each.abandon()
            await each.wait_gone()
            handle.untrack(each)

    # Listeners.

    def _listen(self, event: Event, listener: Listener, make: Make) -> None:
        checked_function(listener)
        handle = self.loops.find()
        if handle is None:  # no link yet, and no loop for which a listener would be a reason
            self._put_listener(event, listener, make)
        else:
            handle.do(lambda: self._put_listener(event, listener, make))

    def _put_listener(self, event: Event, listener: Listener, make: Make) -> None:
        self._shared.listeners.put(event, listener, make)
        main = self._registry.main
        if main is not None and main.handle is not None and event == "message":
            main.handle.do(main.read_or_pause)

    def onSocketOpen(self, listener: Callable[[R], object], make: MakesOpenResult[R]) -> None:
        """Carry out `wx.onSocketOpen`."""
        self._listen("open", listener, make)

    def onSocketMessage(self, listener: Callable[[R], object], make: MakesMessageResult[R]) -> None:
        """Carry out `wx.onSocketMessage`."""
        self._listen("message", listener, make)

    def onSocketError(self, listener: Callable[[R], object], make: MakesErrorResult[R]) -> None:
        """Carry out `wx.onSocketError`."""
        self._listen("error", listener, make)

    def onSocketClose(self, listener: Callable[[R], object], make: MakesCloseResult[R]) -> None:
        """Carry out `wx.onSocketClose`."""
        self._listen("close", listener, make)

    # Links, which a traced engine makes of another class.

    def _new_link(self, handle: LoopHandle | None, url: str) -> Link:
        return Link(self._shared, handle, url)

    def _no_link(self, handle: LoopHandle | None) -> Link:
        """Make a link that never begins."""
        return Link(self._shared, handle, "")

    # Calls.

    def connectSocket(
        self,
        option: ConnectOptions[R],
        make: MakesErrorResult[R],
        make_task: Callable[[Link], T],
    ) -> T:
        """Carry out `wx.connectSocket`."""
        opening = arguments.or_refused(arguments.opening, option)
        if isinstance(opening, Refused):
            handle = self.loops.find_here()  # a call that fails needs no loop
            url = option.url if isinstance(option.url, str) else ""
        else:
            handle = self.loops.find_or_make()
            url = opening.url
        link = self._new_link(handle, url)
        if handle is None:
            self._admit(link, option, make, opening)
        else:
            handle.do(lambda: self._admit(link, option, make, opening))
        return make_task(link)

    def _admit(
        self,
        link: Link,
        option: ConnectOptions[R],
        make: MakesErrorResult[R],
        opening: Opening | Refused,
    ) -> None:
        call: Call[R] = Call(link.handle)
        handle = link.handle
        if handle is None or isinstance(opening, Refused):
            assert isinstance(opening, Refused)
            link.refuse(call)
            answers.fail(handle or self.loops, call, option, opening.errMsg, make)
            return
        replaced = self._registry.admit(link)
        if replaced is None:
            link.refuse(call)
            answers.fail(handle, call, option, error_texts.TOO_MANY, make)
            return
        for other in replaced:
            _shut(other, DEFAULT_CLOSE)
        link.start(opening)
        answers.succeed(handle, option, make(errMsg=error_texts.ok(error_texts.CONNECT)))

    def sendSocketMessage(self, option: SendOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `wx.sendSocketMessage`."""
        main = self._registry.main
        if main is None:
            # A link that never begins: it is not open, and says so.
            main = self._no_link(self.loops.find_here())
        return main.submit(option, make, error_texts.SEND_NOT_CONNECTED)

    def closeSocket(self, option: CloseOptions[R], make: MakesErrorResult[R]) -> Call[R]:
        """Carry out `wx.closeSocket`."""
        main = self._registry.main
        handle = main.handle if main is not None else self.loops.find_here()
        call: Call[R] = Call(handle)
        frame = arguments.or_refused(arguments.close_frame, option, self.limits.max_reason_bytes)
        if handle is None:
            self._close(handle, call, option, frame, make)
        else:
            handle.do(lambda: self._close(handle, call, option, frame, make))
        return call

    def _close(
        self,
        handle: LoopHandle | None,
        call: Call[R],
        option: CloseOptions[R],
        frame: CloseFrame | Refused,
        make: MakesErrorResult[R],
    ) -> None:
        place = handle or self.loops
        if isinstance(frame, Refused):
            answers.fail(place, call, option, frame.errMsg, make)
            return
        main = self._registry.main
        others = [link for link in self._registry if link is not main]
        if main is not None and main.is_open and main.shut(frame):
            result = make(errMsg=error_texts.ok(error_texts.CLOSE))
            call.succeed(answers.succeed(place, option, result))
        else:
            answers.fail(place, call, option, error_texts.CLOSE_NOT_CONNECTED, make)
        for link in others:
            _shut(link, DEFAULT_CLOSE)


def _shut(link: Link, frame: CloseFrame) -> None:
    """Close a link on its loop."""
    if link.handle is not None:
        link.handle.do(partial(link.shut, frame))


def _version(text: str) -> tuple[int, ...]:
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", text):
        raise ValueError(f"sdk_version is 'latest' or three numbers with dots, not {text!r}")
    return tuple(int(part) for part in text.split("."))
