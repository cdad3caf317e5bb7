"""What the README shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from servers.echo import EchoServer

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
ADDRESS = "ws://127.0.0.1:8765"


@pytest.mark.parametrize(
    ("example", "printed"),
    list(
        zip(EXAMPLES, ["received hello\nclosed with 1000\n", "received hello\n"], strict=True),
    ),
    ids=["coroutine", "plain"],
)
def test_examples_run_as_they_stand(example: str, printed: str) -> None:
    assert ADDRESS in example
    with EchoServer(subprotocols=["chat"]) as echo:
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", example.replace(ADDRESS, echo.url)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, printed, "")


def test_examples_pass_the_type_check(tmp_path: Path) -> None:
    for number, example in enumerate(EXAMPLES):
        (tmp_path / f"example_{number}.py").write_text(example, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"MYPYPATH": str(ROOT / "generated"), "PATH": ""},
    )
    assert ended.returncode == 0, ended.stdout


def test_paths_exist() -> None:
    linked = re.findall(r"\]\(([^):]+)\)", README)
    named = re.findall(r"`((?:generator|generated|spec|tests)/[\w./-]*)`", README)
    assert linked
    for path in (*linked, *named):
        assert (ROOT / path).exists(), path


def test_the_table_of_tests_names_every_folder() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    for folder in folders - {"__pycache__"}:
        assert f"`tests/{folder}`" in README, folder
