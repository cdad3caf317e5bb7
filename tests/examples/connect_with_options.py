"""The document's sample for connectSocket: a header and a subprotocol.

Usage: python connect_with_options.py URL
"""

from __future__ import annotations

import sys

from wxsocket import ConnectSocketOption, OnSocketOpenListenerResult, wx

accepted: list[str] = []

task = wx.connectSocket(
    ConnectSocketOption(
        url=sys.argv[1],
        header={"content-type": "application/json"},
        protocols=["protocol1"],
        complete=lambda res: print("complete       ", res.errMsg),
    )
)


@task.onOpen
def on_open(res: OnSocketOpenListenerResult) -> None:
    print("onOpen         ", len(res.header), "header fields")
    accepted.append(res.header.get("Sec-WebSocket-Protocol", ""))
    task.close(code=1000, reason="seen enough")


task.onError(lambda res: print("onError        ", res.errMsg))
task.onClose(lambda res: print("onClose        ", res.code, repr(res.reason)))

wx.run(timeout=30)
sys.exit(0 if accepted == ["protocol1"] else 1)
