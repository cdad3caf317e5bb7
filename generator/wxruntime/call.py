"""What a call with an option object returns.

Nothing here knows what a call does: an engine, or a fake of the platform, settles it.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Generator
from typing import Any, Final, Generic, Protocol, TypeVar, cast

from wxruntime.errors import WxError
from wxruntime.failures import Failure
from wxruntime.running import running_loop

__all__ = ["Call", "Place"]

R = TypeVar("R")

# How often, in seconds, a waiting thread looks whether its loop was closed meanwhile.
PATROL: Final = 0.1

# Guards the one moment in which two threads may meet: a call is settled while another begins to
# wait. Reentrant, since a signal handler may make a call at any time.
_lock: Final = threading.RLock()


class Place(Protocol):
    """Where a call is carried out, as far as somebody who waits for it needs to know."""

    def rescue(self) -> None:
        """Carry out what was handed to a loop that is closed by now."""

    def drive_until(self, future: concurrent.futures.Future[Any], timeout: float | None) -> bool:
        """Drive the loop until a future is done, if this is plain code and nobody else drives it.

        Returns:
            Whether the loop was driven; else the caller has to wait.

        Raises:
            TimeoutError: The future was not done after ``timeout`` seconds.
        """

    def is_current(self) -> bool:
        """Whether the loop is the one that runs in this thread."""


class Call(Generic[R]):
    """A call under way or done: await it, or ask for its result from another thread.

    ``await call`` returns what ``success`` receives, and raises :exc:`WxError` when the call failed.
    A failure that nobody could have seen is logged once as a warning by the logger ``wxsocket``.
    """

    __slots__ = ("_done", "_failure", "_future", "_place", "_result")

    def __init__(self, place: Place | None = None) -> None:
        """Make a call that is yet to be settled.

        Args:
            place: Where it is carried out. Default: here and now.
        """
        self._place = place
        self._done = False
        self._result: R | None = None
        self._failure: Failure | None = None
        self._future: concurrent.futures.Future[None] | None = None

    def __repr__(self) -> str:
        if self._failure is not None:
            return f"<Call failed: {self._failure.errMsg}>"
        return f"<Call succeeded: {self._result!r}>" if self._done else "<Call pending>"

    # For those who use a call.

    def done(self) -> bool:
        """Tell whether the call has succeeded or failed.

        Returns:
            Whether awaiting the call would end at once.
        """
        return self._done

    def result(self, timeout: float | None = None) -> R:
        """Wait for the call in plain code.

        On the thread whose links nobody drives yet this drives them until the call is done; on
        another thread than the loop's it waits for the loop. Ctrl-C then closes the links with 1000
        and is raised again.

        Args:
            timeout: How long to wait, in seconds. Default: as long as it takes.

        Returns:
            What ``success`` receives.

        Raises:
            WxError: The call failed.
            TimeoutError: The call was not done in time.
            RuntimeError: The loop runs in this very thread, so waiting would never end: await the
                call instead.
        """
        if not self._done:
            if running_loop() is not None:
                raise RuntimeError("result() would block the running loop: await the call instead")
            self._wait(timeout)
        return self._outcome()

    def __await__(self) -> Generator[Any, None, R]:
        place = self._place
        while not self._done:
            # Shielded: who gives up waiting does not undo the call.
            future = asyncio.shield(asyncio.wrap_future(self._awaited()))
            if place is None or place.is_current():
                yield from future.__await__()
            else:
                # Another loop carries it out, and may be closed before it does.
                place.rescue()
                yield from asyncio.wait([future], timeout=PATROL).__await__()
        return self._outcome()

    # For those who carry it out.

    @property
    def failure(self) -> Failure | None:
        """The failure, if the call has failed. Looking at it here does not count as seeing it."""
        return self._failure

    def succeed(self, result: R) -> None:
        """Settle the call with a success.

        Args:
            result: What awaiting the call returns.
        """
        self._result = result
        self._done = True
        if self._future is not None:
            self._publish()

    def fail(self, errMsg: str, *, seen: bool) -> Failure:
        """Settle the call with a failure.

        Args:
            errMsg: The text of the error.
            seen: Whether a callback was called with it; else it is logged when nobody asks.

        Returns:
            The failure, which is logged at the latest when the last one lets go of it.
        """
        failure = self._failure = Failure(errMsg, seen or self._future is not None)
        self._done = True
        if self._future is not None:
            self._publish()
        return failure

    # Inside.

    def _outcome(self) -> R:
        if self._failure is not None:
            self._failure.seen = True
            raise WxError(self._failure.errMsg)  # a new one, with the traceback of this asking
        return cast(R, self._result)

    def _wait(self, timeout: float | None) -> None:
        """Wait in plain code until the call is done."""
        future = self._awaited()
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._done:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if self._place is not None:
                self._place.rescue()
                if self._place.drive_until(future, left):
                    continue
            try:
                future.result(PATROL if left is None else min(left, PATROL))
            except TimeoutError:
                if left is not None and left <= PATROL:
                    raise

    def _awaited(self) -> concurrent.futures.Future[None]:
        with _lock:
            if self._future is None:
                self._future = concurrent.futures.Future()
        if self._done:  # settled meanwhile, by the thread that carries it out
            self._publish()
        return self._future

    def _publish(self) -> None:
        with _lock:
            if self._future is not None and not self._future.done():
                if self._failure is not None:
                    self._failure.seen = True
                self._future.set_result(None)
