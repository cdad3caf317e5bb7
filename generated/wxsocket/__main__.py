# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 c9ecb7420e716937).
# Do not edit; run: wxgen generate
"""`python -m wxsocket URL`: a WebSocket from the command line."""

from __future__ import annotations

from wxruntime.websocket.command import main

from .api import Wx

if __name__ == "__main__":
    raise SystemExit(main(Wx))
