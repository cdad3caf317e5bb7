"""Lets ``python -m wxgen`` stand for ``wxgen``."""

from __future__ import annotations

from wxgen.cli import main

if __name__ == "__main__":
    main()
