"""Plain code, in the shape that mini programs have: callbacks, listeners, and ``run``."""

from wxsocket import OnSocketMessageListenerResult, OnSocketOpenListenerResult, wx

wx.connectSocket(url="ws://127.0.0.1:8765", fail=lambda res: print(res.errMsg))


@wx.onSocketOpen
def on_open(res: OnSocketOpenListenerResult) -> None:
    wx.sendSocketMessage(data="hello")


@wx.onSocketMessage
def on_message(res: OnSocketMessageListenerResult) -> None:
    print("received", res.data)
    wx.closeSocket(code=1000)


wx.run()
