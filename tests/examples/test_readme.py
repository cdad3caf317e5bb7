"""What the pages for people show is what happens, and what they name exists."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from servers.caches import MYPY_CACHE

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).parent
PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
}


def without_docstring(program: str) -> str:
    return program.split('"""\n\n', 1)[1]


def test_the_readme_begins_with_three_examples_as_they_stand() -> None:
    shown = re.findall(r"^```python\n(.*?)^```", PAGES["README.md"], re.DOTALL | re.MULTILINE)
    names = ("script", "coroutine", "callbacks")
    examples = [(EXAMPLES / f"{name}.py").read_text("utf-8") for name in names]
    assert shown[:3] == [without_docstring(example) for example in examples]
    for excerpt in shown[3:]:
        compile(excerpt, "README.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_examples_pass_the_type_check_of_a_user(tmp_path: Path) -> None:
    for path in EXAMPLES.glob("*.py"):
        if not path.name.startswith(("test_", "conftest")):
            (tmp_path / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(tmp_path)],
        env={**os.environ, **MYPY_CACHE},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("page", PAGES)
def test_paths_exist(page: str) -> None:
    linked = re.findall(r"\]\(([^):#]+)\)", PAGES[page])
    named = re.findall(r"`((?:generator|generated|spec|tests|\.ci)/[\w./-]*)`", PAGES[page])
    for path in (*linked, *named):
        assert (ROOT / path).exists(), path


def test_the_table_of_tests_names_every_folder() -> None:
    for folder in {path.parent.name for path in (ROOT / "tests").glob("*/*.py")}:
        assert f"`tests/{folder}`" in PAGES["CONTRIBUTING.md"], folder


@pytest.mark.parametrize("command", ["main", "tests"])
def test_each_command_for_a_bare_machine_is_one_line(command: str) -> None:
    """The line that `.ci/run` takes from the page."""
    found = re.findall(rf"<!-- {command} -->\n```sh\n(.*?)```", PAGES["README.md"], re.DOTALL)
    assert len(found) == 1
    assert found[0].count("\n") == 1
