"""Many users of Locust at once: what its statistics say is what the server has seen."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from servers.load import (
    Load,
    counting_server,
    counts,
    ended,
    headless,
    needs_locust,
    run_locust,
    start_locust,
)

pytestmark = [needs_locust, pytest.mark.needs_sockets]

USERS = """
from locust import between

from wxsocket.locust import MiniProgramUser, task


class Chatter(MiniProgramUser):
    wait_time = between(0.2, 1)

    async def on_start(self):
        self.link = await self.connect(url=self.host)

    @task
    async def echo(self):
        async with self.measure("echo"):
            await self.link.send(data="hello")
            assert await self.link.receive() == "hello"
"""


ENOUGH = """

import gevent
from locust import events

echoed = 0


@events.init.add_listener
def watch(environment, **rest):
    def count(name, **rest):
        global echoed
        echoed += name == "echo"
        if echoed == 3000:
            gevent.spawn(environment.runner.quit)

    environment.events.request.add_listener(count)
"""
"""Ends the test after 3,000 echoes, however long those take."""


def check(load: Load, users: int, counted: tuple[int, int]) -> None:
    """See that the statistics say what the server has counted, and that nothing failed."""
    assert load.code == 0, load.stderr
    assert "Traceback" not in load.stderr
    assert (load.requests["connect"], load.requests["echo"]) == counted
    assert load.requests["connect"] == users
    assert load.requests["echo"] > users
    assert load.failed["Aggregated"] == 0


def test_a_thousand_users_on_one_worker(tmp_path: Path) -> None:
    with counting_server() as server:
        options = ("--host", server.url, "--stop-timeout", "20")
        load = run_locust(tmp_path, USERS + ENOUGH, *headless(1000, 40), *options)
        check(load, 1000, counts(server))
        assert load.requests["echo"] >= 3000


def test_a_master_and_two_workers(tmp_path: Path) -> None:
    # A master of Locust waits half a second for the last report of a worker, and not longer; on a
    # machine that is busy enough that is too short.
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        load, counted = distributed(folder)
        if load.requests["echo"] == counted[1]:
            break
    check(load, 200, counted)


def distributed(folder: Path) -> tuple[Load, tuple[int, int]]:
    """Run 200 users on two workers. Returns what the master and what the server counted."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with counting_server() as server:
        options = ("--host", server.url, "--stop-timeout", "20")
        at = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port)
        master = start_locust(
            folder,
            USERS,
            *(*headless(200, 4), *options, *at),
            *("--master", "--expect-workers", "2"),
        )
        to = ("--worker", "--master-host", "127.0.0.1", "--master-port", port)
        workers = [start_locust(folder, USERS, *to) for _ in range(2)]
        load = Load(folder, *ended(master))
        for worker in workers:
            code, _, stderr = ended(worker)
            assert code == 0, stderr
            assert "Traceback" not in stderr
        return load, counts(server)
