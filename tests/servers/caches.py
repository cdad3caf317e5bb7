"""What tests share so that they are quick."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

__all__ = ["MYPY_CACHE"]

_FOLDER: Final = Path(__file__).parents[2] / ".mypy_cache" / "tests"

MYPY_CACHE: Final = {
    "MYPY_CACHE_DIR": str(_FOLDER / os.environ.get("PYTEST_XDIST_WORKER", "alone"))
}
"""For the environment of mypy, which takes half a second when it need not read the standard library
and our runtime again. One cache for each worker: mypy expects to be alone with one."""
