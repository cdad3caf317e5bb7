"""pyright's Python package installs pyright itself when it is first run; see that it has, once."""

from __future__ import annotations

import pytest
from checkers import tool

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]


@pytest.fixture(scope="session", autouse=True)
def pyright(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Install pyright, or skip; one worker of the tests at a time."""
    folder = tmp_path_factory.getbasetemp().parent
    with (folder / "pyright.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        run = tool("pyright", "--version", cwd=folder, timeout=600)
    if run.returncode != 0:
        pytest.skip(f"pyright cannot be installed: {(run.stdout + run.stderr).strip()[-200:]}")
