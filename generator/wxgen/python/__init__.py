"""How the things of an API are called and typed in Python. No other part of wxgen knows such names.

:func:`pythonize` turns an :class:`~wxgen.spec.records.Api` into records that templates only have to print.
:func:`clashes` finds the names that cannot be had.
"""

from __future__ import annotations

from wxgen.python.build import pythonize
from wxgen.python.clashes import clashes
from wxgen.python.names import identifier, literal

__all__ = ["clashes", "identifier", "literal", "pythonize"]
