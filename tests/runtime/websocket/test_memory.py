"""What a peer sends takes no more memory than it should; each program measures itself, apart."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from servers import PATIENCE, Peer, ScriptedServer, frames
from servers.fixtures import Start
from servers.frames import BINARY, CONT, PING, TEXT, frame, text


class Measured:
    """A program of its own, and what it prints as JSON: nothing of the server's is in its memory."""

    def __init__(self, program: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def result(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def __enter__(self) -> Measured:
        return self

    def __exit__(self, *exc_info: object) -> None:
        try:
            _, err = self._process.communicate(timeout=3 * PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise
        assert (self._process.returncode, err) == (0, "")


def measure(program: str, *arguments: str) -> Any:
    with Measured(program, *arguments) as running:
        return running.result


PEAK = """
import json, sys, tracemalloc
from wxsocket import Wx

app = Wx(ping_interval=None)
task = app.connectSocket(url=sys.argv[1])

def on_open(res):
    tracemalloc.start()
    task.send(data="go")

def on_message(res):
    print(json.dumps([tracemalloc.get_traced_memory()[1], len(res.data)]), flush=True)
    tracemalloc.stop()

task.onOpen(on_open)
task.onMessage(on_message)
app.run(timeout=90)
"""


@pytest.mark.parametrize(("size", "opcode"), [(1, TEXT), (3, BINARY)], ids=["text", "binary"])
def test_a_message_in_tiny_fragments_takes_less_than_four_times_its_size(
    start: Start, size: int, opcode: int
) -> None:
    count = 20_000
    data = frame(opcode, b"x" * size, fin=False)
    data += frame(CONT, b"x" * size, fin=False) * (count - 2) + frame(CONT, b"x" * size)

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.read_message()
        await peer.send(data)
        await peer.send(frames.close(1000))
        await peer.read_until_close()

    peak, length = measure(PEAK, start(ScriptedServer(script)).url)
    assert length == count * size
    # What reading takes, whatever the message, is a constant: it is allowed for apart.
    assert peak < 4 * length + (1 << 20)


def test_pongs_that_the_peer_does_not_read_are_bounded(start: Start) -> None:
    """It pings on and on, and reads nothing; only the answer to its latest ping matters."""
    rounds = 48

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.read_message()
        peer.stop_reading()
        for number in range(rounds):
            await peer.send(frame(PING, str(number).encode().ljust(125)) * 1000)
        await peer.send(frame(PING, b"latest") + text("seen"))
        await peer.server.gate("measured").wait(5 * PATIENCE)
        peer.resume_reading()
        while (read := await peer.read()).payload != b"latest":
            assert read.opcode == frames.PONG
        peer.server.gate("latest").open()
        await peer.send(frames.close(1000))
        await peer.read_until_close()

    server = start(ScriptedServer(script, receive_buffer=16384))
    with Measured(PEAK, server.url) as program:
        peak, _ = program.result
        server.gate("measured").open()
        server.gate("latest").wait_sync()
    assert peak < 4 << 20, "of 6 MiB of pongs, of which the kernel takes a part"


def test_pongs_do_not_overtake_messages_nor_get_lost(start: Start) -> None:
    """Dropping is for pongs that wait behind a full buffer, and for no message."""

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.read_message()
        for number in range(100):
            await peer.send(frame(PING, str(number).encode()))
            read = await peer.read()
            assert (read.opcode, read.payload) == (frames.PONG, str(number).encode())
        await peer.send(text("seen"))
        await peer.send(frames.close(1000))
        await peer.read_until_close()

    measure(PEAK, start(ScriptedServer(script)).url)


IDLE = """
import asyncio, gc, json, sys, tracemalloc
url, count, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]

if kind == "wxsocket":
    from wxsocket import Wx

    async def connect(number):
        if number % 5 == 0:
            apps.append(Wx())
        task = apps[-1].connectSocket(url=url)
        task.onMessage(print)
        while task.readyState != 1:
            await asyncio.sleep(0.001)
        links.append(task)
else:
    from websockets.asyncio.client import connect as dial

    async def connect(number):
        links.append(await dial(url, compression=None))

async def main():
    for number in range(20):  # what is loaded and cached once is not counted
        await connect(number)
    gc.collect()
    tracemalloc.start()
    for number in range(count):
        await connect(number)
    await asyncio.sleep(0.2)
    gc.collect()
    print(json.dumps(tracemalloc.get_traced_memory()[0] / count), flush=True)
    os._exit(0)

import os
apps, links = [], []
asyncio.run(main())
"""


def test_idle_links_take_little_more_than_websockets_by_hand(start: Start) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.read_until_close()

    server = start(ScriptedServer(script))
    ours = measure(IDLE, server.url, "400", "wxsocket")
    theirs = measure(IDLE, server.url, "400", "websockets")
    assert ours < 1.1 * theirs, f"{ours / 1024:.1f} KiB to {theirs / 1024:.1f} KiB"
