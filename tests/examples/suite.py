"""The tests of an app, without a server, a port or a wait: `pytest tests/examples/suite.py`.

The JavaScript idea: replacing `wx` by a mock. Here only the network is replaced; what `wx` does is what
it does on a real one.
"""

import pytest

from wxsocket import OnSocketMessageListenerResult, Wx
from wxsocket.testing import FakeServer


class Chat:
    """The app under test: it answers each ping, and counts them."""

    def __init__(self, wx: Wx) -> None:
        self.pings = 0
        self.task = wx.connectSocket(url="wss://example.com/chat", header={"token": "secret"})
        self.task.onMessage(self.on_message)

    def on_message(self, res: OnSocketMessageListenerResult) -> None:
        assert isinstance(res.data, str)  # a failure here fails the test
        if res.data == "ping":
            self.pings += 1
            self.task.send(data="pong")


def test_a_ping_is_answered(wx_app: Wx, wx_server: FakeServer) -> None:
    chat = Chat(wx_app)
    link = wx_server.links[0]
    link.send("ping")
    link.close()
    wx_app.run()  # until the link has closed
    assert chat.pings == 1
    assert link.received == ["pong"]
    assert link.header["token"] == "secret"


@pytest.mark.parametrize("status", [403, 502])
def test_a_server_that_refuses(status: int) -> None:
    server = FakeServer(accept=False)
    with Wx(network=server) as app:
        chat = Chat(app)
        chat.task.onError(lambda res: None)
        server.links[0].refuse(status)
        assert chat.task.waitClosed().result().code == 1006
