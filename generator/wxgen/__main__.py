"""The entry of ``wxgen`` and ``python -m wxgen``."""

from __future__ import annotations

import gc
import sys

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
    gc.set_threshold(2_000_000, 20, 20)
    run(prog_name="wxgen")


if __name__ == "__main__":
    main()
