# Emitted by wxgen 0.1.0 from websocket.yaml (sha256 42ec113b40b5b899).
# Do not edit; run: wxgen generate
"""The numbers and names of the document that the engine goes by."""

from __future__ import annotations

from typing import Final

__all__ = [
    "MAX_LINKS",
    "MAX_LINKS_BEFORE_1_5_0",
    "MAX_REASON_BYTES",
    "MULTIPLE_LINKS_SINCE",
]

MAX_LINKS: Final = 5
"""How many links a mini program may have at the same time. Since base library 1.5.0."""

MAX_LINKS_BEFORE_1_5_0: Final = 1
"""How many links a mini program may have at the same time under a base library below 1.5.0; one
more closes the link that exists and takes its place.
"""

MULTIPLE_LINKS_SINCE: Final = "1.5.0"
"""The first base library version that lets a mini program have several links."""

MAX_REASON_BYTES: Final = 123
"""The longest reason of a close, in bytes of UTF-8."""
