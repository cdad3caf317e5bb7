"""The soak: `python -m tests.bench.soak --minutes N`, from the root of the repository.

For N minutes it opens, echoes, closes, cancels and reconnects links to servers that fail in different
ways. Once a minute it stops, waits until every link has ended, and prints what is left: that must not
grow. What is there after the first minute, in which things are made once, is what the rest is measured by.
Exit 1 when something has grown.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import random
import resource
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' servers

from servers import EchoServer, Peer, ScriptedServer, frames, scripts
from servers.scripted import ClosedPort
from wxsocket import Backoff, ConnectSocketOption, ReconnectingSocket, Wx, WxError

WORKERS: Final = 20
"""How many mini programs there are at the same time."""

PAGE: Final = resource.getpagesize()
TRACED_GROWTH: Final = 512 * 1024
"""How many bytes of Python's memory may be added: dictionaries and caches that once grow."""
RSS_GROWTH: Final = 8 * 2**20
"""How many bytes the process may add: the allocator does not give back every page."""


@dataclass
class Sample:
    """What there is while no link is.

    Attributes:
        tasks: The tasks of the loop.
        descriptors: The open descriptors of the process.
        rss: The memory of the process, in bytes.
        traced: What Python has allocated, in bytes.
    """

    tasks: int
    descriptors: int
    rss: int
    traced: int

    @classmethod
    def now(cls) -> Sample:
        gc.collect()
        rss = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
        return cls(
            len(asyncio.all_tasks()),
            len(os.listdir("/proc/self/fd")),
            rss,
            tracemalloc.get_traced_memory()[0],
        )

    def growth(self, first: Sample) -> list[str]:
        """Tell what has grown since an earlier sample."""
        bounds = {"tasks": 0, "descriptors": 0, "rss": RSS_GROWTH, "traced": TRACED_GROWTH}
        return [
            f"{name} grew from {getattr(first, name)} to {getattr(self, name)}"
            for name, bound in bounds.items()
            if getattr(self, name) - getattr(first, name) > bound
        ]


@dataclass
class Soak:
    """What the workers have, and what they count."""

    echo: EchoServer
    broken: dict[str, str]
    random: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    async def talk(self, app: Wx) -> None:
        """Open, echo, close."""
        async with app.connectSocket(url=self.echo.url) as task:
            self.counts["links"] += 1
            for number in range(self.random.randrange(1, 20)):
                data = str(number) * self.random.choice((1, 100, 10_000))
                await task.send(data=data)
                assert await task.receive() == data
                self.counts["messages"] += 1

    async def fail(self, app: Wx) -> None:
        """Open a link that a server breaks in one way or another, and wait for its end."""
        url = self.broken[self.random.choice(list(self.broken))]
        task = app.connectSocket(url=url, timeout=500)
        self.counts["links"] += 1
        task.onMessage(lambda res: self.counts.update(messages=1))
        task.onOpen(lambda res: task.send(data="x"))
        closed = asyncio.ensure_future(task.waitClosed())
        try:
            await asyncio.wait_for(asyncio.shield(closed), 1)
        except TimeoutError:
            task.close(code=1000, complete=_ignore)
            await closed

    async def cancel(self, app: Wx) -> None:
        """Give up a link at any moment, while it connects or after."""
        task = app.connectSocket(url=self.echo.url)
        self.counts["links"] += 1
        closed = asyncio.ensure_future(task.waitClosed())
        await asyncio.sleep(self.random.random() * 0.01)
        task.close(code=1000, complete=_ignore)
        await closed

    async def abandon(self, app: Wx) -> None:
        """Cancel the coroutine that uses a link."""
        talk = asyncio.create_task(self.talk(app))
        await asyncio.sleep(self.random.random() * 0.02)
        talk.cancel()
        await asyncio.gather(talk, return_exceptions=True)

    async def reconnect(self, app: Wx) -> None:
        """Lose a link that is opened again, a few times."""
        option = ConnectSocketOption(url=self.echo.url)
        backoff = Backoff(initial=0.01, maximum=0.02)
        async with ReconnectingSocket(app, option, backoff=backoff) as task:
            for _ in range(3):
                task.send(data="!drop", complete=_ignore)
                task.send(data="after", complete=_ignore)
                await asyncio.sleep(0.05)
            self.counts["links"] += task.attempts

    async def work(self, until: float) -> None:
        """Do one thing after another."""
        actions: list[Callable[[Wx], Awaitable[None]]] = [
            *[self.talk] * 4,
            self.fail,
            self.cancel,
            self.abandon,
            self.reconnect,
        ]
        async with Wx(close_timeout=0.3, ping_interval=0.3, ping_timeout=0.3) as app:
            while time.monotonic() < until:
                try:
                    await self.random.choice(actions)(app)
                except WxError as failure:
                    self.counts[failure.errMsg] += 1


def _ignore(res: object) -> None:
    """Be a callback, so that a failure counts as seen."""


async def _silent(peer: Peer) -> None:
    await peer.read_to_end()


async def _deaf(peer: Peer) -> None:
    await peer.accept()
    peer.stop_reading()
    await asyncio.sleep(0.5)
    await peer.rst()


SCRIPTS: Final = {
    "refuses": scripts.status(403),
    "no answer": _silent,
    "half an answer": scripts.half_answer(scripts.rst),
    "wrong key": scripts.wrong_answer(key="no key"),
    "ends without a close frame": scripts.then(b"", scripts.fin),
    "resets": scripts.then(frames.text("hello"), scripts.rst),
    "half a frame": scripts.then(frames.text("hello")[:-2], scripts.fin),
    "breaks the protocol": scripts.offend(b"\xf1\x00"),
    "never pongs": scripts.never_pongs,
    "deaf": _deaf,
    "closes": scripts.closes(4001, "go away"),
}


async def settled(servers: list[ScriptedServer], echo: EchoServer) -> None:
    """Let go of what the servers remember, once their connections have ended."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (
        all(peer.done.is_open for server in servers for peer in list(server.peers))
        and all(client.ended for client in list(echo.clients))
    ):
        await asyncio.sleep(0.05)
    echo.clients.clear()
    for server in servers:
        server.peers.clear()
        server._gates.clear()
    await asyncio.sleep(0.2)


async def soak(minutes: int, seconds: float, seed: int) -> list[str]:
    """Run for so many minutes of so many seconds; returns what has grown."""
    with ExitStack() as stack:
        echo = stack.enter_context(EchoServer())
        servers = [stack.enter_context(ScriptedServer(script)) for script in SCRIPTS.values()]
        broken = dict(zip(SCRIPTS, (server.url for server in servers), strict=True))
        broken["no server"] = stack.enter_context(ClosedPort()).url
        state = Soak(echo, broken, random.Random(seed))
        first: Sample | None = None
        last: Sample | None = None
        for minute in range(1, minutes + 1):
            until = time.monotonic() + seconds
            await asyncio.gather(*(state.work(until) for _ in range(WORKERS)))
            await settled(servers, echo)
            last = Sample.now()
            first = first or last
            print(
                f"minute {minute:3}: {state.counts['links']:7} links "
                f"{state.counts['messages']:8} messages {last.tasks:3} tasks "
                f"{last.descriptors:4} descriptors {last.rss / 2**20:7.1f} MiB RSS "
                f"{last.traced / 2**20:6.2f} MiB traced",
                flush=True,
            )
        for errMsg, count in sorted(state.counts.items()):
            if errMsg not in ("links", "messages"):
                print(f"  {count:7} {errMsg}")
        assert first is not None
        assert last is not None
        return last.growth(first)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=10, help="how many rounds")
    parser.add_argument("--seconds", type=float, default=60, help="how long a round is")
    parser.add_argument("--seed", type=int, default=1, help="of what is chosen at random")
    arguments = parser.parse_args()
    logging.getLogger("wxsocket").setLevel(logging.ERROR)  # links fail here by the thousand
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    tracemalloc.start()
    grown = asyncio.run(soak(max(2, arguments.minutes), arguments.seconds, arguments.seed))
    for line in grown:
        print(line)
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
