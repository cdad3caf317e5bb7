"""What changes from one API to another, and which of it breaks callers.

:func:`compare` finds the changes; :mod:`wxgen.diff.report` prints them.
"""

from __future__ import annotations

from wxgen.diff.changes import Change
from wxgen.diff.compare import compare

__all__ = ["Change", "compare"]
