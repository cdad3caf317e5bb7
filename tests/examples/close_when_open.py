"""The document's sample for closeSocket: close the link, once it is open.

Usage: python close_when_open.py URL
"""

from __future__ import annotations

import sys

from wxsocket import OnSocketCloseListenerResult, OnSocketOpenListenerResult, wx

closes: list[int] = []

wx.connectSocket(url=sys.argv[1] + "/test.php")
wx.onSocketError(lambda res: print("onSocketError  ", res.errMsg))

# The document warns of exactly this: too early, it does not close the link.
wx.closeSocket(fail=lambda res: print("fail           ", res.errMsg))


@wx.onSocketOpen
def on_open(res: OnSocketOpenListenerResult) -> None:
    print("onSocketOpen   ", len(res.header), "header fields")
    wx.closeSocket(success=lambda res: print("success        ", res.errMsg))


@wx.onSocketClose
def on_close(res: OnSocketCloseListenerResult) -> None:
    print("WebSocket has been closed!", res.code, repr(res.reason))
    closes.append(res.code)


wx.run(timeout=30)
sys.exit(0 if closes == [1003] else 1)
