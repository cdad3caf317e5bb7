"""What a call with an option object returns, and how a failed one is reported.

Nothing here knows what a call does: the engine, or a fake of the platform, settles it.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from typing import Any, Final, Generic, Protocol, TypeVar

__all__ = ["Call", "SequenceNotStr", "WxError", "both_styles", "option_object"]

R = TypeVar("R")
V = TypeVar("V", covariant=True)
O = TypeVar("O")  # noqa: E741
F = TypeVar("F", bound=Callable[..., object])

_logger = logging.getLogger("wxsocket")

# How often, in seconds, a waiting thread looks whether its loop was closed meanwhile.
PATROL: Final = 0.1

# Guards the one moment in which two threads may meet: a call is settled while another begins to wait.
_lock = threading.Lock()


class SequenceNotStr(Protocol[V]):
    """A list, a tuple or any other sequence, but no string.

    A string is a sequence of strings too, so ``Sequence[str]`` would take ``"chat"`` for
    ``["chat"]``. What tells it apart is ``in``: a string can only be asked for strings.
    """

    def __contains__(self, value: object, /) -> bool: ...

    def __getitem__(self, index: int, /) -> V: ...

    def __iter__(self) -> Iterator[V]: ...

    def __len__(self) -> int: ...

    def __reversed__(self) -> Iterator[V]: ...

    @property
    def index(self) -> object: ...  # what a dictionary does not have


class WxError(Exception):
    """A call failed. Raised when the call is awaited or asked for its result.

    Args:
        errMsg: The name of the call, then `:fail` and the cause.

    Attributes:
        errMsg: The same text as ``fail`` and ``complete`` receive.
    """

    def __init__(self, errMsg: str) -> None:
        super().__init__(errMsg)
        self.errMsg = errMsg


class Call(Awaitable[R], Generic[R]):
    """A call under way or done: await it, or ask for its result from another thread.

    ``await call`` returns what ``success`` receives, and raises :exc:`WxError` when the call failed.
    A failure that nobody could have seen is logged once as a warning by the logger ``wxsocket``.
    """

    __slots__ = ("__weakref__", "_error", "_pending", "_rescue", "_result", "_unseen")

    def __init__(self, rescue: Callable[[], None] | None = None) -> None:
        """Make a call that is yet to be settled.

        Args:
            rescue: Carries out what can no longer be carried out where it was handed to. Called now
                and then while somebody waits.
        """
        self._rescue = rescue
        self._result: R | None = None
        self._error: WxError | None = None
        self._pending: concurrent.futures.Future[R] | None = None
        self._unseen = False

    # For those who use a call.

    def done(self) -> bool:
        """Tell whether the call has succeeded or failed.

        Returns:
            Whether awaiting the call would end at once.
        """
        return self._result is not None or self._error is not None

    def result(self, timeout: float | None = None) -> R:
        """Wait for the call from another thread than the one that carries it out.

        Args:
            timeout: How long to wait, in seconds; without it as long as it takes.

        Returns:
            What ``success`` receives.

        Raises:
            WxError: The call failed.
            TimeoutError: The call was not done in time.
            RuntimeError: The loop runs in this very thread, so waiting would never end: await the
                call instead.
        """
        if not self.done():
            if asyncio._get_running_loop() is not None:
                raise RuntimeError("result() would block the running loop: await the call instead")
            return self._wait(timeout)
        return self._outcome()

    def __await__(self) -> Generator[Any, None, R]:
        if not self.done() and self._rescue is not None:
            self._rescue()
        if not self.done():
            # Shielded: who gives up waiting does not undo the call.
            return (yield from asyncio.shield(asyncio.wrap_future(self._future())).__await__())
        return self._outcome()

    # For those who carry it out.

    def succeed(self, result: R) -> None:
        """Settle the call with a success.

        Args:
            result: What awaiting the call returns.
        """
        self._result = result
        self._publish()

    def fail(self, errMsg: str, *, seen: bool) -> None:
        """Settle the call with a failure.

        Args:
            errMsg: The text of the error.
            seen: Whether a callback has been told; else the failure is logged when nobody asks.
        """
        self._error = WxError(errMsg)
        self._unseen = not seen and self._pending is None
        self._publish()

    def log_if_unseen(self) -> None:
        """Log the failure of this call, once, if nobody could have seen it."""
        if self._unseen:
            self._unseen = False
            _logger.warning("%s (no callback was given, and nobody awaited the call)", self._error)

    # Inside.

    def _outcome(self) -> R:
        if self._error is not None:
            self._unseen = False
            raise WxError(self._error.errMsg)  # a new one, with the traceback of this asking alone
        assert self._result is not None
        return self._result

    def _wait(self, timeout: float | None) -> R:
        future = self._future()
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            if self._rescue is not None:
                self._rescue()
            left = PATROL if deadline is None else deadline - time.monotonic()
            try:
                return future.result(max(0.0, min(left, PATROL)))
            except TimeoutError:
                if future.done() or (deadline is not None and time.monotonic() >= deadline):
                    raise

    def _future(self) -> concurrent.futures.Future[R]:
        with _lock:
            if self._pending is None:
                self._pending = concurrent.futures.Future()
        if self.done():  # settled meanwhile, by the thread that carries it out
            self._publish()
        return self._pending

    def _publish(self) -> None:
        if self._pending is None:
            return
        with _lock:
            if self._pending.done():
                return
            if self._error is not None:
                self._unseen = False
                self._pending.set_exception(self._error)
            elif self._result is not None:
                self._pending.set_result(self._result)

    def __del__(self) -> None:
        self.log_if_unseen()


def both_styles(kind: type[object]) -> Callable[[F], F]:
    """Make ``help`` and ``inspect`` show a call's options, as its stub does.

    Args:
        kind: The class of the option object.

    Returns:
        A decorator for a method that takes either a ``kind`` or its fields as keywords.
    """

    def decorate(function: F) -> F:
        plain = inspect.signature(function)
        self = next(iter(plain.parameters.values()))
        option = inspect.Parameter(
            "option", inspect.Parameter.POSITIONAL_ONLY, default=..., annotation=kind.__name__
        )
        # With an option object even a required field is not given as a keyword.
        fields = [
            field.replace(default=...) if field.default is field.empty else field
            for field in inspect.signature(kind).parameters.values()
        ]
        both = plain.replace(parameters=[self, option, *fields])
        setattr(function, "__signature__", both)  # noqa: B010
        return function

    return decorate


def option_object(kind: type[O], option: O | None, fields: dict[str, Any]) -> O:
    """Turn either style of a call into its option object.

    Args:
        kind: The class of the option object.
        option: The object, when the call was given one.
        fields: The keywords, when the call was given those.

    Returns:
        The option object.

    Raises:
        TypeError: Both styles are mixed, the object is another call's, or a field is missing or
            unknown.
    """
    if option is None:
        return kind(**fields)
    if fields:
        raise TypeError(f"give either a {kind.__name__} or keywords, not both")
    if not isinstance(option, kind):
        raise TypeError(f"expected a {kind.__name__} or keywords, got {type(option).__name__}")
    return option
