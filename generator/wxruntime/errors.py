"""The error that a failed call raises when it is awaited."""

from __future__ import annotations

__all__ = ["WxError"]


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
