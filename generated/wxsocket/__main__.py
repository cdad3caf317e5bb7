"""`python -m wxsocket URL`: a WebSocket from the command line."""

from __future__ import annotations

import sys

from wxruntime.websocket.command import main

from .api import Wx

if __name__ == "__main__":
    sys.exit(main(Wx))
