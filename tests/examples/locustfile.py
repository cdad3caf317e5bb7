"""Locust's users as mini programs: each opens a link, and then sends and waits for the answer."""

from locust import between

from wxsocket import SocketTask
from wxsocket.locust import MiniProgramUser, task


class Chatter(MiniProgramUser):
    host = "ws://127.0.0.1:8765"
    wait_time = between(0.5, 1.5)
    link: SocketTask

    async def on_start(self) -> None:
        assert self.host is not None
        self.link = await self.connect(url=self.host)

    @task
    async def say(self) -> None:
        async with self.measure("echo"):
            await self.link.send(data="hello")
            assert await self.link.receive() == "hello"
