"""The benchmark: `python -m tests.bench`, from the root of the repository."""

from __future__ import annotations

import argparse
from pathlib import Path

from .aside import measure_imports, measure_memory
from .generators import measure_generators
from .measure import measure_row
from .report import Report
from .rows import ROWS
from .server import running_server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="rounds to take medians of")
    parser.add_argument("--rows", nargs="*", default=[row.name for row in ROWS], help="which rows")
    parser.add_argument("--no-uvloop", action="store_true", help="on asyncio's own loop only")
    parser.add_argument("--only-rows", action="store_true", help="leave out all but the rows")
    parser.add_argument("--output", type=Path, default=Path("bench-results"), help="a directory")
    arguments = parser.parse_args()

    report = Report(arguments.rounds)
    with running_server() as address:
        for row in ROWS:
            if row.name in arguments.rows:
                result = measure_row(
                    address, row, arguments.rounds, uvloop_too=not arguments.no_uvloop
                )
                report.rows.append(result)
                print(report.row_text(result), flush=True)
    if not arguments.only_rows:
        report.imports = measure_imports(arguments.rounds)
        report.memory = measure_memory(min(arguments.rounds, 3))
        report.generators = measure_generators(min(arguments.rounds, 5))
        print(report.aside_text())
    report.write(arguments.output)


if __name__ == "__main__":
    main()
