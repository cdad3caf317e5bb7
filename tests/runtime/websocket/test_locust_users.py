"""What users of Locust may do, and what may happen to them: each is reported, and nothing hangs."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from servers import tls
from servers.echo import EchoServer
from servers.fixtures import Start
from servers.gate import PATIENCE
from servers.load import Load, headless, needs_locust, run_locust

pytestmark = [needs_locust, pytest.mark.needs_sockets]

HEAD = """
import asyncio
import ssl

from locust import SequentialTaskSet, TaskSet, constant, constant_pacing
from locust.exception import RescheduleTask, StopUser

from wxsocket import Wx
from wxsocket.locust import MiniProgramUser, task


def say(*words):
    print(*words, flush=True)


class Base(MiniProgramUser):
    abstract = True
    wait_time = constant(0.02)
    fixed_count = 1

    async def talk(self, name):
        async with self.measure(name):
            await self.link.send(data=name)
            assert await self.link.receive() == name
"""

KINDS = """
import wxruntime.websocket.locust

wxruntime.websocket.locust.STOP_TIMEOUT = 1.0


class Deaf(Base):
    @task
    async def hang(self):
        while True:
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                pass


class HangingStop(Base):
    @task
    async def wait_a_little(self):
        await asyncio.sleep(0.01)

    async def on_stop(self):
        await asyncio.sleep(1000)


class FailingStart(Base):
    async def on_start(self):
        raise ValueError("no start")

    async def on_stop(self):
        say("not-started-but-stopped")

    @task
    async def nothing(self):
        say("not-started-but-running")


class FailingTask(Base):
    @task
    async def fail(self):
        raise ValueError("in the task")


class FailingStep(Base):
    @task
    async def fail(self):
        async with self.measure("failing step"):
            raise ValueError("in the step")


class Refused(Base):
    connect_name = "connect nowhere"

    @task
    async def fail(self):
        await self.connect(url="ws://127.0.0.1:{closed_port}")


class Lost(Base):
    connect_name = "connect and lose"

    @task
    async def lose(self):
        link = await self.connect(url=self.host)
        async with self.measure("lost step"):
            await link.send(data="!drop")
            await link.receive()


class Leaver(Base):
    count = 0

    @task
    async def leave(self):
        self.count += 1
        if self.count == 3:
            raise StopUser

    async def on_stop(self):
        say("left", self.count)


class FailingStop(Base):
    @task
    async def leave(self):
        raise StopUser

    async def on_stop(self):
        raise ValueError("in on_stop")


class Cancelled(Base):
    @task
    async def cancelled(self):
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        await future


class Sleeper(Base):
    async def on_start(self):
        self.link = await self.connect(url=self.host)

    @task
    async def sleep(self):
        async with self.measure("killed step"):
            await asyncio.sleep(1000)

    async def on_stop(self):
        await self.talk("last words")
        say("killed")


class Stubborn(Base):
    @task
    async def go_on(self):
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            say("stubborn")

    async def on_stop(self):
        say("stubborn-stopped")


class Named(Base):
    connect_name = "connect by name"

    async def on_start(self):
        self.link = await self.connect(url=self.host.replace("127.0.0.1", "localhost"))

    @task
    async def work(self):
        await self.talk("by name")
        assert await asyncio.to_thread(lambda: 7) == 7
        self.environment.runner.stats  # nothing of Locust is out of reach


class Secure(Base):
    connect_name = "connect with TLS"

    def __init__(self, environment):
        super().__init__(environment)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.app = Wx(ssl=context)

    async def on_start(self):
        self.link = await self.connect(url="{secure_url}")

    @task
    async def work(self):
        await self.talk("with TLS")
"""

TASK_SETS = """
class Nested(Base):
    wait_time = constant_pacing(0.01)

    @task(3)
    class Inner(TaskSet):
        async def on_start(self):
            self.rounds = 0

        async def on_stop(self):
            say("inner-left", self.rounds)

        @task
        async def work(self):
            self.rounds += 1
            await self.wait()
            if self.rounds == 2:
                self.interrupt()

    @task
    async def outer(self):
        say("outer")


class Ordered(Base):
    @task
    class Inner(SequentialTaskSet):
        @task
        async def first(self):
            say("order first")

        @task
        class Second(TaskSet):
            async def on_start(self):
                say("order second")
                self.interrupt(reschedule=False)

            @task
            async def never(self):
                say("never")

        @task
        async def third(self):
            say("order third")
            raise RescheduleTask

        async def on_stop(self):
            say("order end")


class Weighted(Base):
    wait_time = constant(0.001)

    @task(9)
    async def often(self):
        say("often")

    @task
    async def seldom(self):
        say("seldom")

    async def helper(self):
        say("never")
"""


def run_kinds(folder: Path, program: str, server: EchoServer, seconds: int = 2) -> Load:
    options = ("--host", server.url.removesuffix("/"), "--loglevel", "ERROR")
    return run_locust(folder, HEAD + program, *headless(20, seconds), *options)


def test_each_kind_of_failure_is_reported(tmp_path: Path, start: Start) -> None:
    echo, secure = start(EchoServer()), start(EchoServer(tls=tls.server_context()))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        program = KINDS.replace("{closed_port}", str(probe.getsockname()[1]))
        load = run_kinds(tmp_path, program.replace("{secure_url}", secure.url), echo)

    assert load.code == 1, load.stderr  # as with every failure in Locust
    # What is raised in a task, and in the hooks.
    assert load.exceptions["no start"] == 1
    assert load.said("not-started-but-stopped") == load.said("not-started-but-running") == 0
    assert load.exceptions["in the task"] > 1
    assert load.exceptions["in on_stop"] == 1
    assert load.exceptions["what was awaited has been cancelled"] > 1
    # Steps.
    assert load.exceptions["in the step"] == load.failed["failing step"] > 1
    assert ("failing step", "ValueError('in the step')") in load.failures
    assert load.failed["connect nowhere"] == load.requests["connect nowhere"] > 1
    assert load.failed["connect and lose"] == 0
    assert load.failed["lost step"] == load.requests["lost step"] > 1
    # Users that stop.
    assert "left 3" in load.stdout
    assert load.said("killed") == load.requests["last words"] == 1
    assert "killed step" not in load.requests
    assert load.said("stubborn") == load.said("stubborn-stopped") == 1
    assert load.exceptions["it was stopped, and did not end within 1 s"] == 2
    # Where gevent would be in the way.
    assert load.failed["by name"] == load.failed["with TLS"] == 0
    assert load.requests["by name"] > 1
    assert load.requests["with TLS"] > 1


def test_task_sets_run_as_in_locust(tmp_path: Path, echo: EchoServer) -> None:
    load = run_kinds(tmp_path, TASK_SETS, echo)
    assert load.code == 0, load.stderr
    assert load.exceptions == {}
    left = [line for line in load.stdout.splitlines() if line.startswith("inner-left")]
    assert set(left[:-1]) == {"inner-left 2"}  # the last one is stopped anywhere
    assert load.said("outer") > 0
    order = [line for line in load.stdout.splitlines() if line.startswith("order")]
    assert order[:4] == ["order first", "order second", "order third", "order first"]
    assert order[-1] == "order end"
    assert load.said("never") == 0
    assert 4 < load.said("often") / load.said("seldom") < 25


SURVIVORS = """
import gevent
from locust import events

failed = 0


class Chatter(Base):
    fixed_count = 0
    is_lost = False

    async def on_start(self):
        self.link = await self.connect(url=self.host)

    @task
    async def work(self):
        if self.is_lost:
            self.link = await self.connect(url=self.host)
        self.is_lost = True
        await self.talk("echo")
        self.is_lost = False


@events.init.add_listener
def watch(environment, **rest):
    def count(name, exception, **rest):
        global failed
        failed += name == "connect" and exception is not None
        if failed == 200:
            gevent.spawn(environment.runner.quit)

    environment.events.request.add_listener(count)
"""


def test_a_server_that_dies_fails_its_users_and_hangs_nobody(tmp_path: Path) -> None:
    server = EchoServer().__enter__()

    def die_when_it_has_served() -> None:
        deadline = time.monotonic() + PATIENCE
        # Each user at least once, so that none is still connecting.
        while sum(len(client.received) > 2 for client in list(server.clients)) < 50:
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        server.__exit__(None, None, None)

    dying = threading.Thread(target=die_when_it_has_served)
    dying.start()
    load = run_locust(
        tmp_path,
        HEAD + SURVIVORS,
        *headless(50, 40),
        *("--host", server.url, "--stop-timeout", "5", "--loglevel", "CRITICAL"),
    )
    dying.join()
    assert load.code == 1, load.stderr
    assert load.requests["echo"] > 100
    assert 0 < load.failed["echo"] <= 50
    assert load.failed["connect"] >= 200
    assert load.requests["connect"] - load.failed["connect"] == 50
    assert sum(load.exceptions.values()) == load.failed["echo"] + load.failed["connect"]


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("    @task\n    def work(self): pass", "User.work"),
        ("    def on_start(self): pass", "User.on_start"),
        ("    @task\n    class In(TaskSet):\n        def on_stop(self): pass", "User.In.on_stop"),
    ],
)
def test_what_is_no_coroutine_function_is_refused(tmp_path: Path, program: str, name: str) -> None:
    load = run_locust(tmp_path, f"{HEAD}\nclass User(Base):\n{program}\n", *headless(1, 5))
    assert load.code == 1
    assert f"TypeError: {name} runs on an asyncio loop: write it as 'async def'" in load.stderr


AS_LIBRARY = """
import gevent
from locust.env import Environment

class Chatter(Base):
    fixed_count = 0

    async def on_start(self):
        self.link = await self.connect(url=self.host)

    @task
    async def work(self):
        await self.talk("echo")

counted = {}

def count(name, **rest):
    counted[name] = counted.get(name, 0) + 1

environment = Environment(user_classes=[Chatter], host="{url}", stop_timeout=5)
environment.events.request.add_listener(count)
runner = environment.create_local_runner()

def settled(count):
    with gevent.Timeout(20):
        while runner.user_count != count or runner.state == "spawning":
            gevent.sleep(0.01)

for _ in range(2):
    runner.start(30, spawn_rate=100)
    settled(30)
    gevent.sleep(0.5)
    runner.start(5, spawn_rate=100)
    settled(5)
    gevent.sleep(0.3)
    runner.stop()
    settled(0)
runner.quit()
assert not runner.exceptions and not runner.errors, (runner.exceptions, runner.errors)
for name, number in counted.items():
    say(name, number)
"""


def test_a_test_that_ramps_down_and_is_started_again(tmp_path: Path, echo: EchoServer) -> None:
    program = tmp_path / "as_library.py"
    program.write_text(HEAD + AS_LIBRARY.replace("{url}", echo.url), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    said = dict(line.split() for line in ended.stdout.splitlines())
    assert int(said["echo"]) == sum(len(client.received) for client in echo.clients) > 60
    assert {client.closed for client in echo.clients} == {(1000, "")}
