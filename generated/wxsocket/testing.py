# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 20742391e037a8a0).
# Do not edit; run: wxgen generate
"""A server in memory, for tests of apps: the engine is the real one, only its network is not.

    server = FakeServer()
    app = Wx(network=server)

Code under test uses the ordinary class, and needs no port.
"""

from __future__ import annotations

from wxruntime.websocket.testing import FakeLink, FakeServer

__all__ = ["FakeLink", "FakeServer"]
