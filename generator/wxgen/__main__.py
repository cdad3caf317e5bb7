"""The entry of ``wxgen`` and ``python -m wxgen``."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say how to install what it needs."""
    try:
        from wxgen.cli import main as run
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(("wxgen", "wxruntime")):
            raise
        print(
            f"error: wxgen needs {error.name}, which an extra brings along: "
            "pip install 'wxsocket[gen]'",
            file=sys.stderr,
        )
        sys.exit(2)
    # Nearly all that is made is kept until the end: looking for garbage often only takes time.
    gc.set_threshold(20_000_000, 20, 20)
    try:
        run(prog_name="wxgen")
    except SystemExit as end:
        _leave(end)
        raise


def _leave(end: SystemExit) -> None:
    """End the process at once; to let go of every object first takes an eighth of a run."""
    program = Path(getattr(sys.modules["__main__"], "__file__", None) or "")
    is_ours = program.stem == "wxgen" or (program.stem, program.parent.name) == (
        "__main__",
        "wxgen",
    )
    if not is_ours or not isinstance(end.code, int | None):
        return  # somebody else's process, or a message to be shown
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # it may have been closed before the start
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(end.code or 0)


if __name__ == "__main__":
    main()
