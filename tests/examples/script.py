"""A plain script: no coroutine, no callback, nothing to run.

The JavaScript idea: top-level ``await`` and ``for await``, as in a module; here the block and the
loop wait by themselves.
"""

from wxsocket import wx

with wx.connectSocket(url="ws://127.0.0.1:8765") as task:
    task.send(data="hello")
    for message in task:
        print("received", message)
        break
