# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 4c2c941ec3fbb85b).
# Do not edit; run: wxgen generate
"""Load with Locust: a user that is a mini program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, overload

from wxruntime.options import both_styles, option_object
from wxruntime.sequences import SequenceNotStr
from wxruntime.websocket.locust import MiniProgramUserBase, task

from .api import SocketTask, Wx
from .options import ConnectSocketOption
from .types import GeneralCallbackResult

__all__ = ["MiniProgramUser", "task"]


class MiniProgramUser(MiniProgramUserBase[Wx]):
    """A user of Locust with a `Wx` of its own, ``self.app``.

    Its tasks, `on_start` and `on_stop` are ``async def``. All users of a worker share one asyncio
    loop: nothing in them may block.
    """

    abstract = True
    _make_app = Wx

    @overload
    async def connect(
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
    ) -> SocketTask: ...
    @overload
    async def connect(self, option: ConnectSocketOption, /) -> SocketTask: ...
    @both_styles(ConnectSocketOption)  # type: ignore[misc]
    async def connect(  # pyright: ignore[reportInconsistentOverload]
        self, option: ConnectSocketOption | None = None, /, **fields: Any
    ) -> SocketTask:
        """Open a link, wait until it is open, and report how long that took.

        Takes what `Wx.connectSocket` takes, as keywords or as one ConnectSocketOption.

        Returns:
            The open link. Its messages are kept for ``receive()`` and ``async for``. If it is still
            open when the user stops, it is closed with 1000.

        Raises:
            TypeError: A required option is missing, one is unknown, or the two styles are mixed.
            WxError: The link could not be opened, which is also reported as a failure.
        """
        option = option_object(ConnectSocketOption, option, fields)
        return await self._open(partial(self.app.connectSocket, option))
