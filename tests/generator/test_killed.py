"""A run that was killed, at any of its steps, leaves nothing that the next run does not clear away."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from wxgen.emit.output import EMITTED, LIST, apply, plan

HEAD: Final = f"# {EMITTED} from spec.yaml\n"
OLD: Final = {"same.py": HEAD, "api.py": HEAD + "old\n", "gone/old.py": HEAD}
NEW: Final = {"same.py": HEAD, "api.py": HEAD + "new\n", "fresh/deep/new.py": HEAD}
OTHER: Final = {"other.py": HEAD}

# Writes NEW into copies of a folder, each by a process that dies just before one of its steps.
KILLER: Final = """
import os, shutil, signal, sys
from pathlib import Path
from generator.test_killed import NEW
from wxgen.emit.output import apply, plan

start, copies = Path(sys.argv[1]), Path(sys.argv[2])
STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}

def run(folder, last):
    count = 0
    def audit(event, arguments):
        nonlocal count
        changes = event in STEPS or event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if changes and str(folder) in str(arguments[0]):
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1
    made = plan(NEW, folder)
    sys.addaudithook(audit)
    apply(made)
    os._exit(0)

status, number = 1, 0
while status != 0:
    folder = copies / str(number)
    shutil.copytree(start, folder)
    child = os.fork()
    if child == 0:
        run(folder, number)
    status = os.waitpid(child, 0)[1]
    number += 1
"""


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else "folder"
        for path in folder.rglob("*")
    }


def expected(files: Mapping[str, str]) -> dict[str, str]:
    parents = {str(up) for path in files for up in list(Path(path).parents)[:-1]}
    return {**files, **dict.fromkeys(parents, "folder")}


@pytest.fixture(scope="module", params=[{}, OLD], ids=["first", "later"])
def killed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of folders: in each, a run was killed at another of its steps."""
    if not hasattr(os, "fork"):
        pytest.skip("no processes that can be killed so")
    start = tmp_path_factory.mktemp("start")
    copies = tmp_path_factory.mktemp("copies")
    if request.param:
        apply(plan(request.param, start))
        (start / "mine.txt").write_text("mine")
    run = subprocess.run(
        [sys.executable, "-c", KILLER, start, copies],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=False,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return copies


@pytest.mark.parametrize("torn", [False, True], ids=["whole", "torn"])
@pytest.mark.parametrize("after", [NEW, OLD, OTHER], ids=["again", "back", "other"])
def test_next_run_clears_up(
    killed: Path, torn: bool, after: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(killed, tmp_path, dirs_exist_ok=True)
    folders = list(tmp_path.iterdir())
    assert len(folders) > 10
    left = list(tmp_path.rglob("*.tmp"))
    assert left
    if torn:
        for temporary in left:
            data = temporary.read_bytes()
            temporary.write_bytes(data[: len(data) // 2])
    for folder in folders:
        apply(plan(after, folder))
        found = tree(folder)
        found.pop(LIST)
        assert found.pop("mine.txt", "mine") == "mine"
        assert found == expected(after), folder
        assert plan(after, folder).written == ()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    """A list that names a file of someone else is no leave to remove it."""
    mine = tmp_path / "mine.py"
    mine.write_text("mine")
    digest = hashlib.sha256(HEAD.encode()).hexdigest()
    (tmp_path / LIST).write_text(f"# {EMITTED}: list\n{digest}  mine.py\n{digest}  {mine}\n")
    made = plan(OTHER, tmp_path)
    apply(made)
    assert made.left == ("mine.py",)
    assert mine.read_text() == "mine"


def test_lost_file_comes_back_and_the_list_is_as_before(tmp_path: Path) -> None:
    apply(plan(NEW, tmp_path))
    before = tree(tmp_path)
    (tmp_path / "api.py").unlink()
    made = plan(NEW, tmp_path)
    assert made.written == ("api.py",)
    apply(made)
    assert tree(tmp_path) == before
