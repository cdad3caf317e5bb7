"""The price of Locust: 1,000 users as `MiniProgramUser`, and the same load over plain `websockets`.

    python tests/bench/load.py [--users 1000] [--seconds 8] [--rounds 3]

Each user opens a link, then sends a message and waits for its echo, and pauses, again and again. Shown
are the median round trip and the processor time for one, while all users are connected; each side
runs in a process of its own, in turns, against one echo server in a third.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

RAMP: Final = 4.0
"""Seconds until every user is connected; they do not count."""
PAUSE: Final = (0.5, 1.5)
MESSAGE: Final = "x" * 64


async def plain(url: str, users: int, seconds: float) -> None:
    """The same load over `websockets`, in plain asyncio."""
    from websockets.asyncio.client import connect

    times: list[float] = []
    begun = time.monotonic()
    counts = False

    async def user() -> None:
        async with connect(url, compression=None) as link:
            while True:
                started = time.monotonic()
                await link.send(MESSAGE)
                await link.recv()
                if counts:
                    times.append((time.monotonic() - started) * 1000)
                await asyncio.sleep(random.uniform(*PAUSE))

    tasks = [asyncio.create_task(user()) for _ in range(users)]
    await asyncio.sleep(RAMP)
    counts, cpu = True, time.process_time()
    await asyncio.sleep(begun + RAMP + seconds - time.monotonic())
    result = {"cpu": time.process_time() - cpu, "times": times}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print("RESULT", json.dumps(result), flush=True)


async def serve() -> None:
    """The echo server; ends with its standard input."""
    from websockets.asyncio.server import ServerConnection
    from websockets.asyncio.server import serve as serve_websockets
    from websockets.exceptions import ConnectionClosed

    async def echo(link: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for message in link:
                await link.send(message)

    async with serve_websockets(
        echo, "127.0.0.1", 0, compression=None, ping_interval=None, backlog=4096
    ) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)


@contextlib.contextmanager
def running_server() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, __file__, "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield f"ws://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()
        process.terminate()


def measure(command: list[str], environment: dict[str, str]) -> tuple[float, float, int]:
    """Run one side. Returns the median in ms, the processor time of one round trip in µs, how many."""
    ended = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, text=True, check=False, timeout=120
    )
    line = next(line for line in ended.stdout.splitlines() if line.startswith("RESULT"))
    result: dict[str, Any] = json.loads(line.removeprefix("RESULT"))
    times = result["times"]
    return statistics.median(times), result["cpu"] / len(times) * 1e6, len(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain", metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
    elif options.plain:
        asyncio.run(plain(options.plain, options.users, options.seconds))
    else:
        compare(options.users, options.seconds, options.rounds)


def compare(users: int, seconds: float, rounds: int) -> None:
    """Run both sides in turns, and print what each took."""
    environment = {
        **os.environ,
        "LOAD_RAMP": str(RAMP),
        "LOAD_MESSAGE": MESSAGE,
        "LOAD_PAUSE": json.dumps(PAUSE),
    }
    locustfile = Path(__file__).with_name("load_users.py")
    medians: dict[str, list[float]] = {"locust": [], "websockets": []}
    costs: dict[str, list[float]] = {"locust": [], "websockets": []}
    for _ in range(rounds):
        for side in medians:
            with running_server() as url:
                commands = {
                    "locust": [
                        *(sys.executable, "-m", "locust", "-f", str(locustfile), "--headless"),
                        *("--host", url, "--users", str(users), "--spawn-rate", str(users)),
                        *("--run-time", f"{RAMP + seconds:g}s", "--only-summary"),
                        *("--loglevel", "ERROR"),
                    ],
                    "websockets": [
                        *(sys.executable, __file__, "--plain", url),
                        *("--users", str(users), "--seconds", str(seconds)),
                    ],
                }
                median, cost, count = measure(commands[side], environment)
            print(f"{side:10}  median {median:7.3f} ms  CPU {cost:6.0f} µs  of {count}")
            medians[side].append(median)
            costs[side].append(cost)
    for what, values in (("median", medians), ("CPU", costs)):
        ratio = statistics.median(values["locust"]) / statistics.median(values["websockets"])
        print(f"{what}: {ratio:.2f} times that of websockets in plain asyncio")


if __name__ == "__main__":
    main()
