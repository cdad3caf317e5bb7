"""The document's sample for sendSocketMessage: messages queue until the link is open.

Usage: python queue_and_send.py URL
"""

from __future__ import annotations

import sys

from wxsocket import OnSocketMessageListenerResult, OnSocketOpenListenerResult, wx

socket_open = False
socket_message_queue: list[str] = []
answers: list[str | bytes] = []

wx.connectSocket(
    url=sys.argv[1] + "/test.php",  # the document has no server, only this path
    success=lambda res: print("success        ", res.errMsg),
)


@wx.onSocketOpen
def on_open(res: OnSocketOpenListenerResult) -> None:
    global socket_open
    print("onSocketOpen   ", len(res.header), "header fields")
    socket_open = True
    for message in socket_message_queue:
        send_socket_message(message)
    socket_message_queue.clear()


def send_socket_message(message: str) -> None:
    if socket_open:
        wx.sendSocketMessage(data=message, success=lambda res: print("success        ", res.errMsg))
    else:
        print("queued         ", message)
        socket_message_queue.append(message)


@wx.onSocketMessage
def on_message(res: OnSocketMessageListenerResult) -> None:
    print("onSocketMessage", repr(res.data))
    answers.append(res.data)
    if len(answers) == 2:
        wx.closeSocket(code=1000)


wx.onSocketError(lambda res: print("onSocketError  ", res.errMsg))
wx.onSocketClose(lambda res: print("onSocketClose  ", res.code, repr(res.reason)))

send_socket_message("first")
send_socket_message("second")
wx.run(timeout=30)
sys.exit(0 if answers == ["first", "second"] else 1)
