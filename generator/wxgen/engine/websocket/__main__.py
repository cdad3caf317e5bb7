"""``python -m wxsocket URL``: sends each line of the input, prints each message received."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from typing import Final

from . import SocketTask, WxError, wx

__all__ = ["main"]

USAGE: Final = """\
usage: python -m wxsocket URL

Opens a WebSocket link to URL. Each line of the input is sent, each message received is printed,
binary ones as hexadecimal. The end of the input closes the link with 1000.
"""

# After the end of the input: wait for last answers until it has been silent for QUIET, and for
# PATIENCE at most. In seconds.
QUIET: Final = 0.3
PATIENCE: Final = 2.0


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: What follows the command's name. Default: the process's own.

    Returns:
        The exit status: 0, or 1 if the link failed, or 2 if the command was called wrongly.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if given in (["-h"], ["--help"]):
        print(USAGE, end="")
        return 0
    if len(given) != 1:
        print(USAGE, end="", file=sys.stderr)
        return 2
    try:
        return asyncio.run(_converse(given[0]))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Nobody reads the output any more. Keep the interpreter from trying again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


async def _converse(url: str) -> int:
    errors: list[str] = []
    link = wx.connectSocket(url=url)
    link.onError(lambda res: errors.append(res.errMsg))
    link.onClose(lambda res: print(f"closed: {res.code} {res.reason}".rstrip(), file=sys.stderr))
    try:
        async with link as task:
            loop = asyncio.get_running_loop()
            ended = asyncio.Event()
            arrived = asyncio.Event()

            def read() -> None:
                _send_lines(task)
                try:
                    loop.call_soon_threadsafe(ended.set)
                except RuntimeError:  # the link has closed, and the loop with it
                    pass

            # A daemon, and no executor: a read that waits for a terminal must not hold up the end.
            threading.Thread(target=read, daemon=True).start()
            closing = asyncio.create_task(_close_at_end(task, ended, arrived))
            async for message in task:
                arrived.set()
                print(message if isinstance(message, str) else message.hex(" "), flush=True)
            closing.cancel()
    except WxError as error:
        print(f"error: {error.errMsg}", file=sys.stderr)
        return 1
    for error_text in errors:
        print(f"error: {error_text}", file=sys.stderr)
    return 1 if errors else 0


async def _close_at_end(task: SocketTask, ended: asyncio.Event, arrived: asyncio.Event) -> None:
    await ended.wait()
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                arrived.clear()
                await asyncio.wait_for(arrived.wait(), QUIET)
    except TimeoutError:
        pass
    task.close(code=1000, complete=lambda res: None)


def _send_lines(task: SocketTask) -> None:
    for line in _lines():
        try:
            task.send(data=line).result()
        except WxError:
            return


def _lines() -> Iterator[str]:
    """Yield the lines of the input. Reads the descriptor itself: no lock is held at exit."""
    if sys.stdin is None:  # closed: the descriptor may be anything's by now
        return
    rest = b""
    while chunk := os.read(0, 65536):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode(errors="replace")
    if rest:
        yield rest.decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
