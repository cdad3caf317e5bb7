"""Settings of all tests."""

from __future__ import annotations

import os
from pathlib import Path

# Dozens of tests run mypy, which takes half a second when it need not read the standard library and
# our runtime again. A cache for each worker of pytest-xdist: mypy expects to be alone with one.
_CACHES = Path(__file__).parents[1] / ".mypy_cache" / "tests"
os.environ["MYPY_CACHE_DIR"] = str(_CACHES / os.environ.get("PYTEST_XDIST_WORKER", "alone"))
