"""The users of the load benchmark; `load.py` says what they do in its environment variables."""

import json
import os
import time
from typing import Any

from locust import between, events

from wxsocket import SocketTask
from wxsocket.locust import MiniProgramUser, task

MESSAGE = os.environ["LOAD_MESSAGE"]
COUNTS_FROM = time.monotonic() + float(os.environ["LOAD_RAMP"])

times: list[float] = []
cpu: list[float] = []


class Echo(MiniProgramUser):
    wait_time = between(*json.loads(os.environ["LOAD_PAUSE"]))
    link: SocketTask

    async def on_start(self) -> None:
        assert self.host is not None
        self.link = await self.connect(url=self.host)

    @task
    async def echo(self) -> None:
        async with self.measure("echo"):
            await self.link.send(data=MESSAGE)
            await self.link.receive()


def note(name: str, response_time: float, **rest: Any) -> None:
    """Note a round trip, once all users are connected."""
    if name == "echo" and time.monotonic() > COUNTS_FROM:
        if not cpu:
            cpu.append(time.process_time())
        times.append(response_time)


def tell(**rest: Any) -> None:
    """Print what was noted."""
    used = time.process_time() - cpu[0]
    print("RESULT", json.dumps({"cpu": used, "times": times}), flush=True)


hooks: Any = events
hooks.request.add_listener(note)
hooks.test_stopping.add_listener(tell)
