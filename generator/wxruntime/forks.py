"""Which process this is: what was made before a fork belongs to the parent."""

from __future__ import annotations

import os
import selectors
from typing import Any

__all__ = ["ForkAwareSelector", "generation"]

# How often this process has been forked off.
_generation = 0


def generation() -> int:
    """Return a number that is another in a forked child."""
    return _generation


def _after_fork() -> None:
    global _generation
    _generation += 1


os.register_at_fork(after_in_child=_after_fork)


class ForkAwareSelector(selectors.DefaultSelector):
    """A selector that a forked child does not take from its parent.

    The two share what the kernel watches: what a child's loop lets go of at its end would go deaf in
    the parent.
    """

    def __init__(self) -> None:
        super().__init__()
        self._generation = _generation

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        if self._generation != _generation:
            return self.get_key(fileobj)
        return super().unregister(fileobj)
