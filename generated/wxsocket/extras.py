# Emitted by wxgen 0.1.0 from its own extras.py for websocket.yaml (sha256 dc170392a8c7e6ab). Do not edit; run: wxgen generate
"""What the bindings add to the documented classes, for use from Python."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from types import TracebackType
from typing import TypeVar

__all__ = ["SocketTaskExtras", "WxExtras"]

T = TypeVar("T", bound="SocketTaskExtras")
W = TypeVar("W", bound="WxExtras")


class WxExtras(ABC):
    """What `Wx` has beside the documented functions."""

    @abstractmethod
    def run(self, timeout: float | None = None) -> None:
        """Drive this `Wx` from plain code, until every link has closed and every callback has run.

        Ctrl-C closes the links with 1000 and is raised again.

        Args:
            timeout: How long to drive it, in seconds; without it as long as it takes.

        Raises:
            TimeoutError: There was more to do after ``timeout``. The links stay as they are, and
                ``run`` can be called again.
            RuntimeError: A loop is running in this thread already, so it drives the links.
        """

    @abstractmethod
    async def __aenter__(self: W) -> W: ...

    @abstractmethod
    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class SocketTaskExtras(ABC):
    """What `SocketTask` has beside the documented methods.

    ``async with`` waits until the link is open, raises `WxError` if that fails, and closes it with
    1000 at the end. ``async for`` yields each message and ends when the link closes; while its body
    is slow, nothing more is read from the server.
    """

    @property
    @abstractmethod
    def readyState(self) -> int:
        """The state of the link: 0 connecting, 1 open, 2 closing, 3 closed."""

    @abstractmethod
    async def __aenter__(self: T) -> T: ...

    @abstractmethod
    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    @abstractmethod
    def __aiter__(self) -> AsyncIterator[str | bytes]: ...
