"""Which loop runs here."""

from __future__ import annotations

from asyncio import AbstractEventLoop, _get_running_loop
from collections.abc import Callable
from typing import Final

__all__ = ["running_loop"]

# Asked for every message that is sent. In C, unlike a function around `get_running_loop`.
running_loop: Final[Callable[[], AbstractEventLoop | None]] = _get_running_loop
"""Return the loop that runs in this thread, or None."""
