"""A monitor: alerts when a backend falls silent or goes away, and says when it is back.

The JavaScript idea: a watchdog, which ``clearTimeout`` and ``setTimeout`` wind up anew in each
``onMessage``.

Usage: python monitor.py SECONDS URL...
"""

from __future__ import annotations

import sys

from wxsocket import OnSocketCloseListenerResult, OnSocketMessageListenerResult, wx


class Backend:
    """One backend that is expected to say something at least every so many milliseconds."""

    def __init__(self, url: str, patience: float) -> None:
        self.url = url
        self.patience = patience
        self.is_well = True
        self.watchdog: int | None = None
        self.connect()

    def connect(self) -> None:
        task = wx.connectSocket(url=self.url, timeout=self.patience)
        task.onOpen(lambda res: self.wind_up())
        task.onMessage(self.on_message)
        task.onClose(self.on_close)

    def wind_up(self) -> None:
        wx.clearTimeout(self.watchdog)
        self.watchdog = wx.setTimeout(self.alert, self.patience, "silent")

    def on_message(self, res: OnSocketMessageListenerResult) -> None:
        self.wind_up()
        if not self.is_well:
            self.is_well = True
            print("back ", self.url, flush=True)

    def on_close(self, res: OnSocketCloseListenerResult) -> None:
        wx.clearTimeout(self.watchdog)
        self.alert(f"gone ({res.code})")
        wx.setTimeout(self.connect, self.patience)

    def alert(self, what: str) -> None:
        if self.is_well:
            self.is_well = False
            print("ALERT", self.url, what, flush=True)


for url in sys.argv[2:]:
    Backend(url, float(sys.argv[1]) * 1000)
try:
    wx.run()
except KeyboardInterrupt:  # the links have been closed
    sys.exit(0)
