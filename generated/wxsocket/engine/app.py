# Emitted by wxgen 0.1.0 from its own engine/app.py for websocket.yaml (sha256 0a294839e4e61954). Do not edit; run: wxgen generate
"""One mini program: the engine's `Wx`."""

from __future__ import annotations

import asyncio
import re
import ssl as ssl_module
import weakref
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, Final

from ..api import SocketTask
from ..api import Wx as WxFace
from ..calls import Call
from ..constants import MAX_LINKS, MAX_LINKS_BEFORE_1_5_0, MULTIPLE_LINKS_SINCE
from ..options import CloseSocketOption, ConnectSocketOption, SendSocketMessageOption
from ..types import (
    GeneralCallbackResult,
    OnSocketCloseListenerResult,
    OnSocketErrorListenerResult,
    OnSocketMessageListenerResult,
    OnSocketOpenListenerResult,
)
from . import checks, texts
from .checks import FOREVER, Opening
from .connection import Settings
from .home import Home
from .link import DEFAULT_CLOSE, NORMAL_CLOSE, Frame, Link, fail, frame_or_refusal, succeed
from .listeners import Listener, ReplacedListeners, checked
from .roster import Roster
from .texts import Refused

__all__ = ["Wx"]

MEBIBYTE: Final = 2**20

# How often the links that listeners open while the others close are closed in their turn.
LAST_ROUNDS: Final = 3


class Wx(WxFace):
    """A mini program of its own: its own links, its own limit, its own listeners.

    In a coroutine its links live on the running loop. In plain code nothing moves until
    :meth:`run`. ``async with Wx() as app:`` closes what is still open at the end, with 1000.

    The proxies that the environment names are used, as the websockets library does.

    Args:
        sdk_version: The base library version to behave as: "latest", or three numbers such as
            "1.4.0". Below 1.5.0 there is one link at a time.
        ssl: The TLS context for wss addresses. Default: the system's certificates.
        max_message_size: The largest message accepted, in bytes. Default: 16 MiB.
        ping_interval: The time between keepalive pings, in seconds; None sends none. Default: 20.
        ping_timeout: How long a pong may take, in seconds. Default: 20.
        close_timeout: How long the server may take to answer a close, in seconds. Default: 10.

    Raises:
        TypeError: ``ssl`` is no context.
        ValueError: ``sdk_version`` is no version, or a size or time is no positive number.
    """

    def __init__(
        self,
        *,
        sdk_version: str = "latest",
        ssl: ssl_module.SSLContext | None = None,
        max_message_size: int = 16 * MEBIBYTE,
        ping_interval: float | None = 20.0,
        ping_timeout: float = 20.0,
        close_timeout: float = 10.0,
    ) -> None:
        if ssl is not None and not isinstance(ssl, ssl_module.SSLContext):
            raise TypeError(f"ssl is an ssl.SSLContext, not {type(ssl).__name__}")
        if not isinstance(max_message_size, int) or max_message_size < 1:
            raise ValueError(f"max_message_size is a number of bytes, not {max_message_size!r}")
        if ping_interval is not None:
            _check_seconds("ping_interval", ping_interval)
        _check_seconds("ping_timeout", ping_timeout)
        _check_seconds("close_timeout", close_timeout)
        self._settings = Settings(ssl, max_message_size, ping_interval, ping_timeout, close_timeout)
        if sdk_version == "latest" or _version(sdk_version) >= _version(MULTIPLE_LINKS_SINCE):
            self._roster: Roster[Link] = Roster(MAX_LINKS, replace=False)
        else:
            self._roster = Roster(MAX_LINKS_BEFORE_1_5_0, replace=True)
        self._listeners = ReplacedListeners()
        self._homes: list[Home] = []
        self._runner: _Runner | None = None
        if asyncio._get_running_loop() is not None:
            self._home()  # so that other threads find it

    # Where code runs.

    def _home(self) -> Home:
        """Find where a call made here and now is to be carried out."""
        home = self._known_home()
        if home is None:
            running = asyncio._get_running_loop()
            if running is None:
                self._runner = _Runner(self)
                home = self._runner.home
            else:
                home = Home(running)
            self._homes.append(home)
        return home

    def _known_home(self) -> Home | None:
        self._homes = [home for home in self._homes if not home.loop.is_closed()]
        running = asyncio._get_running_loop()
        if running is not None:
            return next((home for home in self._homes if home.loop is running), None)
        # Plain code on a thread beside a running loop is handed to that loop.
        for home in reversed(self._homes):
            if home.loop.is_running():
                return home
        return self._runner.home if self._runner is not None else None

    def run(self, timeout: float | None = None) -> None:
        """Drive this `Wx` from plain code, until every link has closed and every callback has run.

        Ctrl-C closes the links with 1000 and is raised again.

        Args:
            timeout: How long to drive it, in seconds; without it as long as it takes.

        Raises:
            TimeoutError: There was more to do after ``timeout``. The links stay as they are, and
                ``run`` can be called again.
            RuntimeError: A loop is running in this thread already, or the links live on that of
                another thread: it drives them.
        """
        if asyncio._get_running_loop() is not None:
            raise RuntimeError(
                "a loop is running here already and drives the links: do not call run()"
            )
        runner = self._runner
        if runner is None:
            if any(link.home.loop.is_running() for link in self._roster):
                raise RuntimeError(
                    "the links live on the loop of another thread, which drives them"
                )
            return
        if runner.home.loop.is_running():
            raise RuntimeError("run() is under way in another thread already")
        try:
            runner.drive(timeout)
        except KeyboardInterrupt:
            try:
                runner.finish(self._close_all(runner.home))
            finally:
                self._drop_runner()
            raise
        self._drop_runner()

    def _drop_runner(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.close()

    async def __aenter__(self) -> Wx:
        self._home()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._close_all(self._home())

    async def _close_all(self, home: Home) -> None:
        """Close the links with 1000, and wait for the end of those that live here."""
        for _ in range(LAST_ROUNDS):
            links = list(self._roster)
            if not links:
                return
            for link in links:
                link.home.do(partial(link.shut, NORMAL_CLOSE))
            for link in links:
                if link.home is home:
                    await link.wait_closed()
        # Listeners have opened a new link for each that was closed. It could go on for ever.
        for link in self._roster:
            if link.home is home:
                link.abandon()
                await link.wait_gone()
                home.move_out(link)

    # Listeners.

    def _listen(self, event: str, listener: Listener) -> None:
        checked(listener)
        home = self._known_home()
        if home is None and asyncio._get_running_loop() is not None:
            home = self._home()
        if home is None:  # no link yet, and no loop for which a listener would be a reason
            self._put_listener(event, listener)
        else:
            home.do(lambda: self._put_listener(event, listener))

    def _put_listener(self, event: str, listener: Listener) -> None:
        self._listeners.put(event, listener)
        main = self._roster.main
        if main is not None:
            main.home.do(main.read_or_pause)

    def _onSocketOpen(self, listener: Callable[[OnSocketOpenListenerResult], object]) -> None:
        self._listen("open", listener)

    def _onSocketMessage(self, listener: Callable[[OnSocketMessageListenerResult], object]) -> None:
        self._listen("message", listener)

    def _onSocketError(self, listener: Callable[[OnSocketErrorListenerResult], object]) -> None:
        self._listen("error", listener)

    def _onSocketClose(self, listener: Callable[[OnSocketCloseListenerResult], object]) -> None:
        self._listen("close", listener)

    # Calls.

    def _connectSocket(self, option: ConnectSocketOption) -> SocketTask:
        home = self._home()
        link = Link(home, self._settings, self._listeners)
        try:
            opening: Opening | Refused = checks.opening(option)
        except Refused as refused:
            opening = refused
        home.do(lambda: self._admit(link, option, opening))
        return link

    def _admit(self, link: Link, option: Any, opening: Opening | Refused) -> None:
        if isinstance(opening, Refused):
            self._refuse(link, option, opening.errMsg)
            return
        replaced = self._roster.admit(link)
        if replaced is None:
            self._refuse(link, option, texts.too_many())
            return
        for other in replaced:
            other.home.do(partial(other.shut, DEFAULT_CLOSE))
        link.start(opening)
        link.connecting.succeed(succeed(link.home, option, texts.CONNECT))

    def _refuse(self, link: Link, option: Any, errMsg: str) -> None:
        link.refuse()
        fail(link.home, link.connecting, option, errMsg)

    def _sendSocketMessage(self, option: SendSocketMessageOption) -> Call[GeneralCallbackResult]:
        not_open = texts.not_connected(texts.SEND)
        main = self._roster.main
        if main is None:
            # A link that never begins: it is not open, and says so.
            main = Link(self._home(), self._settings, self._listeners)
        return main.submit(option, option.data, not_open)

    def _closeSocket(self, option: CloseSocketOption) -> Call[GeneralCallbackResult]:
        frame = frame_or_refusal(option)
        main = self._roster.main
        home = main.home if main is not None else self._home()
        call: Call[GeneralCallbackResult] = Call(home.rescue)
        home.do(lambda: self._close_here(home, call, option, frame))
        return call

    def _close_here(
        self, home: Home, call: Call[GeneralCallbackResult], option: Any, frame: Frame
    ) -> None:
        if isinstance(frame, Refused):
            fail(home, call, option, frame.errMsg)
            return
        main = self._roster.main
        others = [link for link in self._roster if link is not main]
        if main is not None and main.is_open and main.shut(frame):
            call.succeed(succeed(home, option, texts.CLOSE))
        else:
            fail(home, call, option, texts.not_connected(texts.CLOSE))
        for link in others:
            link.home.do(partial(link.shut, DEFAULT_CLOSE))


class _Runner:
    """The loop of plain code: made for the first call, driven by `Wx.run`, closed when idle."""

    def __init__(self, owner: Wx) -> None:
        # A factory, so that the thread's current loop stays whatever it was.
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.home = Home(self._runner.get_loop())
        # Links that nobody drives to their end still let go of their sockets.
        self._end = weakref.finalize(owner, _close, self._runner, self.home)

    def drive(self, timeout: float | None) -> None:
        """Run the loop until there is nothing left to do."""
        self.home.adopt()
        self._runner.run(self.home.drive(timeout))

    def finish(self, work: Any) -> None:
        """Run the loop until a coroutine is done."""
        self._runner.run(work)

    def close(self) -> None:
        """Let go of everything."""
        self._end()


def _close(runner: asyncio.Runner, home: Home) -> None:
    if asyncio._get_running_loop() is None:
        runner.run(home.end())
        runner.close()
    else:  # collected while another loop runs
        home.log_failures()
        home.loop.close()


def _check_seconds(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= FOREVER:
        raise ValueError(f"{name} is a positive number of seconds, not {value!r}")


def _version(text: str) -> tuple[int, ...]:
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", text):
        raise ValueError(f"sdk_version is 'latest' or three numbers with dots, not {text!r}")
    return tuple(int(part) for part in text.split("."))
