"""Calls that failed, and how one that nobody has seen is logged."""

from __future__ import annotations

import weakref

from wxruntime.callbacks import LOGGER

__all__ = ["Failure", "UnseenFailures"]


class Failure:
    """The failure of a call, which is logged once when nobody could have seen it.

    Args:
        errMsg: The text of the error.
        seen: Whether somebody has seen it already.
    """

    __slots__ = ("__weakref__", "errMsg", "seen")

    def __init__(self, errMsg: str, seen: bool) -> None:
        self.errMsg = errMsg
        self.seen = seen

    def log_if_unseen(self) -> None:
        """Log the failure, unless it was seen or logged before."""
        if not self.seen:
            self.seen = True
            LOGGER.warning("%s (no callback was given, and nobody awaited the call)", self.errMsg)

    def __del__(self) -> None:
        self.log_if_unseen()


class UnseenFailures:
    """Failures that somebody still holds, and may yet see."""

    __slots__ = ("_failures",)

    def __init__(self) -> None:
        self._failures: weakref.WeakSet[Failure] | None = None

    def add(self, failure: Failure) -> None:
        """Remember a failure for as long as somebody holds it."""
        if self._failures is None:
            self._failures = weakref.WeakSet()
        self._failures.add(failure)

    def log(self) -> None:
        """Log each one that nobody has seen, and forget them all."""
        failures, self._failures = self._failures, None
        for failure in list(failures or ()):
            failure.log_if_unseen()
