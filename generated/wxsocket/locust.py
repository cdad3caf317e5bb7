# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 7f2b2c8e07aa821f).
# Do not edit; run: wxgen generate
"""Load with Locust: a user that is a mini program."""

from __future__ import annotations

from wxruntime.websocket.locust import MiniProgramUserBase, connecting, task

from .api import Wx

__all__ = ["MiniProgramUser", "task"]


class MiniProgramUser(MiniProgramUserBase[Wx]):
    """A user of Locust with a `Wx` of its own, ``self.app``.

    Its tasks, `on_start` and `on_stop` are ``async def``. All users of a worker share one asyncio
    loop: nothing in them may block.
    """

    abstract = True
    connect = connecting(Wx.connectSocket)

    _make_app = Wx
