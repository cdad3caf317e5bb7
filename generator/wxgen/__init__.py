"""wxgen turns the spec of a mini program API into a typed Python package.

The way of the data, one room a step::

    spec/*.yaml -- spec --> Api -- python --> records -- emit --> texts -- emit.output --> files

:mod:`wxgen.pipeline` names the steps in order, and collects what is wrong.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
