"""Runs Locust in processes of its own: importing it would patch the standard library in ours."""

import asyncio
import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from .echo import EchoServer
from .strangers import NodeServer, Unavailable

needs_locust = pytest.mark.skipif(
    find_spec("locust") is None, reason="locust is not installed: pip install 'wxsocket[load]'"
)

TIMEOUT = 60.0
"""Seconds until a test that hangs is ended; never part of a passing test."""


class Load:
    """What a run of Locust has left: its output, and its statistics.

    Attributes:
        requests: how many requests there were of each name.
        failed: how many of them failed.
        exceptions: how often each exception was raised in a task.
    """

    def __init__(self, folder: Path, code: int, stdout: str, stderr: str) -> None:
        self.code = code
        self.stdout = stdout
        self.stderr = stderr
        stats = {row["Name"]: row for row in _rows(folder / "load_stats.csv")}
        self.requests = {name: int(row["Request Count"]) for name, row in stats.items()}
        self.failed = {name: int(row["Failure Count"]) for name, row in stats.items()}
        self.failures = {(row["Name"], row["Error"]) for row in _rows(folder / "load_failures.csv")}
        self.exceptions: dict[str, int] = {}
        for row in _rows(folder / "load_exceptions.csv"):
            count = self.exceptions.get(row["Message"], 0)
            self.exceptions[row["Message"]] = count + int(row["Count"])

    def said(self, word: str) -> int:
        """How many lines of its output begin with a word."""
        return sum(line.split(" ")[0] == word for line in self.stdout.splitlines())


def start_locust(folder: Path, program: str | Path, *options: str) -> "subprocess.Popen[str]":
    """Start a process of Locust; its statistics go into the folder."""
    if isinstance(program, str):
        (folder / "load_users.py").write_text(program, encoding="utf-8")
        program = folder / "load_users.py"
    command = [sys.executable, "-m", "locust", "--locustfile", str(program), "--only-summary"]
    return subprocess.Popen(
        [*command, *options],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def headless(users: int, seconds: int) -> list[str]:
    """The options of a run without the web page, all users at once."""
    return [
        *("--headless", "--users", str(users), "--spawn-rate", str(users)),
        *("--run-time", f"{seconds}s", "--csv", "load"),
    ]


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Wait for the end of a process."""
    try:
        stdout, stderr = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        stdout, stderr = process.communicate()
        raise AssertionError(f"locust hangs: {stdout}\n{stderr}") from None
    return process.returncode, stdout, stderr


def run_locust(folder: Path, program: str | Path, *options: str) -> Load:
    """Run Locust to its end."""
    return Load(folder, *ended(start_locust(folder, program, *options)))


@contextmanager
def counting_server() -> Iterator[NodeServer | EchoServer]:
    """npm's `ws`, or an honest server of ours where that is not installed."""
    node = NodeServer()
    try:
        server = node.__enter__()
    except Unavailable:
        with EchoServer() as echo:
            yield echo
        return
    try:
        yield server
    finally:
        node.__exit__(None, None, None)


def counts(server: NodeServer | EchoServer) -> tuple[int, int]:
    """How many links a server has had, and how many messages that it echoed."""
    if isinstance(server, EchoServer):
        clients = server.clients
        return len(clients), sum(len(client.received) for client in clients)

    async def ask() -> Any:
        async with connect(server.url) as link:
            await link.send("!counts")
            return json.loads(await link.recv())

    said = asyncio.run(ask())
    return said["links"] - 1, said["messages"]  # but for the one that asks


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
