"""The server of the benchmark: a process that sends ready-made frames and parses nothing.

What it is to do stands in the path of the address, so that it never looks into a frame:

    /receive/SIZE/BATCH/COUNT/PACE   after the first bytes from the client: COUNT frames of SIZE
                                     bytes, BATCH of them in one write, a write every PACE
                                     microseconds (0: as fast as the socket takes them)
    /sink/SIZE/COUNT                 reads COUNT masked frames of SIZE bytes, then sends one frame
    /echo/SIZE/COUNT                 answers each frame of SIZE bytes with a ready-made one
    /close                           answers the first bytes, a close frame, with a close frame

A link is served by a thread with a blocking socket.
"""

from __future__ import annotations

import base64
import hashlib
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Final

__all__ = ["frame", "running_server"]

GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CLOSE_FRAME: Final = b"\x88\x02\x03\xe8"
MASKED_CLOSE_SIZE: Final = 8
TEXT: Final = 0x81
READ_SIZE: Final = 2**18
# Shorter waits are spun away: the kernel's timers are too coarse for them.
SPIN_BELOW: Final = 0.0002


def frame(size: int) -> bytes:
    """Make a text frame with a payload of this many bytes."""
    return bytes([TEXT]) + _length(size, masked=False) + b"x" * size


def masked_frame_size(size: int) -> int:
    """How many bytes a client's frame with a payload of this size has."""
    return 1 + len(_length(size, masked=True)) + 4 + size


def _length(size: int, *, masked: bool) -> bytes:
    mask = 0x80 if masked else 0
    if size < 126:
        return bytes([mask | size])
    if size < 2**16:
        return bytes([mask | 126]) + size.to_bytes(2, "big")
    return bytes([mask | 127]) + size.to_bytes(8, "big")


@contextmanager
def running_server() -> Iterator[str]:
    """Run the server in a process of its own. Gives its address, without a path."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,))
    process.start()
    try:
        yield f"ws://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    pipe.send(listener.getsockname()[1])
    while True:
        link, _ = listener.accept()
        threading.Thread(target=_serve_link, args=(link,), daemon=True).start()


def _serve_link(link: socket.socket) -> None:
    with link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            work, *numbers = _accept(link)
            WORK[work](link, *map(int, numbers))
            while link.recv(READ_SIZE):  # the client's close frame; the client goes first
                link.sendall(CLOSE_FRAME)
                link.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the client has gone


def _accept(link: socket.socket) -> list[str]:
    head = b""
    while b"\r\n\r\n" not in head:
        received = link.recv(READ_SIZE)
        if not received:
            raise ConnectionError
        head += received
    request, *lines = head.split(b"\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (x.partition(b":") for x in lines)}
    digest = hashlib.sha1(fields[b"sec-websocket-key"] + GUID).digest()
    link.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
    )
    return request.split()[1].decode().strip("/").split("/")


def _receive(link: socket.socket, size: int, batch: int, count: int, pace: int) -> None:
    link.recv(READ_SIZE)
    block = frame(size) * batch
    due = time.perf_counter()
    for _ in range(count // batch):
        link.sendall(block)
        if pace:
            due = max(due + pace / 1e6, time.perf_counter())  # what is late is not made up for
            _wait_until(due)


def _wait_until(due: float) -> None:
    while (left := due - time.perf_counter()) > 0:
        if left > SPIN_BELOW:
            time.sleep(left - SPIN_BELOW)


def _sink(link: socket.socket, size: int, count: int) -> None:
    left = masked_frame_size(size) * count
    buffer = memoryview(bytearray(READ_SIZE))
    while left > 0:
        received = link.recv_into(buffer)
        if not received:
            raise ConnectionError
        left -= received
    link.sendall(frame(4))


def _echo(link: socket.socket, size: int, count: int) -> None:
    answer = frame(size)
    request_size = masked_frame_size(size)
    for _ in range(count):
        link.recv(request_size, socket.MSG_WAITALL)
        link.sendall(answer)


def _close(link: socket.socket) -> None:
    """Nothing to do before the close frame."""


WORK: Final[dict[str, Callable[..., None]]] = {
    "receive": _receive,
    "sink": _sink,
    "echo": _echo,
    "close": _close,
}
