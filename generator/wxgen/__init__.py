"""wxgen turns the spec of a mini program API into a typed Python package.

The way of the data, one module a step::

    load (YAML, positions) -> model (what the API is) -> python (what it is called in Python)
         -> render (texts) -> write (files)
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
