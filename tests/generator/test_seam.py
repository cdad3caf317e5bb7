"""The seam: a spec that does not fit its engine is an error of mypy, at the call; any name works live."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from generator.kit import ROOT, SPEC, emit_text, passes, put, python

from wxgen.emit.render import render
from wxgen.python import pythonize
from wxgen.spec.reader import read
from wxgen.spec.source import load_spec

RUNTIME: Final = str(ROOT / "generator")
TEXT: Final = SPEC.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "call"),
    [
        ("        tcpNoDelay:\n", "        noDelay:\n", "connectSocket"),
        (
            "        protocols:\n          type: Array<string>",
            "        protocols:\n          type: string",
            "connectSocket",
        ),
        (
            "        description: A sentence that says why the link was closed.\n",
            "        description: A sentence.\n      clean:\n        type: boolean\n        description: Whether.\n",
            "onSocketClose",
        ),
    ],
    ids=["a renamed option", "a changed type", "a new required field of a result"],
)
def test_what_does_not_fit_is_an_error_that_names_the_call(
    old: str, new: str, call: str, tmp_path: Path
) -> None:
    assert old in TEXT
    file = tmp_path / "spec.yaml"
    file.write_text(
        re.sub(r"\n +example: \[protocol1\]", "", TEXT.replace(old, new)), encoding="utf-8"
    )
    spec, unreadable = load_spec(file, label="spec.yaml")
    assert spec is not None
    assert not unreadable
    # Not through `emit`, which compares the spec with the engine first.
    put(render(pythonize(read(spec)[0])), tmp_path)
    mypy = ("-m", "mypy", "--strict", "--config-file=", "wxsocket/api.py")
    run = python(*mypy, cwd=tmp_path, MYPYPATH=RUNTIME)
    errors = re.findall(r"^wxsocket/api\.py:(\d+): error", run.stdout, re.M)
    lines = (tmp_path / "wxsocket" / "api.py").read_text(encoding="utf-8").split("\n")
    assert any(f".{call}(" in lines[int(number) - 1] for number in errors), run.stdout


LIVE: Final = """
import asyncio
from othersocket import Wx
from othersocket.testing import FakeServer


async def main():
    server = FakeServer()
    async with Wx(network=server) as app:
        async with app.connectSocket(url="ws://example.com/") as task:
            link = server.links[0]
            await task.send(data="hello")
            assert await link.nextMessage(timeout=1) == "hello"
            link.send("again")
            assert await task.receive() == "again"
    print("done")


asyncio.run(main())
"""


def test_a_package_of_another_name_works(tmp_path: Path) -> None:
    text = re.sub(r"^package: \w+$", "package: othersocket", TEXT, flags=re.M)
    put(emit_text(text, tmp_path).files, tmp_path / "out")
    path = f"{tmp_path / 'out'}:{RUNTIME}"
    assert passes(python("-c", LIVE, cwd=tmp_path, PYTHONPATH=path)) == "done\n"


FAKE: Final = """
from wxmini import Call, GetStorageOption, SendSocketMessageOption, StorageResult, Wx, GeneralCallbackResult
from typing import Any


class Fake(Wx):
    def _getStorage(self, option: GetStorageOption[Any]) -> Call[StorageResult[Any]]:
        call = Call[StorageResult[Any]]()
        call.succeed(StorageResult(data=option.key, errMsg="getStorage:ok"))
        return call

    def _getStorageSync(self, key: str) -> str:
        return key

    def _sendSocketMessage(self, option: SendSocketMessageOption) -> Call[GeneralCallbackResult]:
        call = Call[GeneralCallbackResult]()
        call.succeed(GeneralCallbackResult(errMsg="sendSocketMessage:ok"))
        return call


fake = Fake()
assert fake.getStorage(key="a").result().data == "a" == fake.getStorageSync("a")
assert fake.sendSocketMessage(data="x").result().errMsg == "sendSocketMessage:ok"
"""


def test_a_fake_of_calls_with_and_without_an_engine(tmp_path: Path) -> None:
    from wxgen.pipeline import emit

    put(emit(Path(__file__).with_name("chapters") / "mini.yaml").files, tmp_path)
    (tmp_path / "fake.py").write_text(FAKE, encoding="utf-8")
    body = FAKE.partition("class Fake(Wx):\n")[2].partition("\n\n\nfake")[0]
    assert len([line for line in body.split("\n") if line]) < 15
    mypy = ("-m", "mypy", "--strict", "--config-file=", "fake.py")
    passes(python(*mypy, cwd=tmp_path, MYPYPATH=f"{tmp_path}:{RUNTIME}"))
    passes(python("fake.py", cwd=tmp_path, PYTHONPATH=f"{tmp_path}:{RUNTIME}"))
