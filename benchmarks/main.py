"""
Measured side by side in one run:

    ./run bench [--rows N] [crosstab import mentions …]

Times are compared within a run only: other work on the machine slows all of them alike. Generated
rows and what is imported from them are kept in `.bench/`.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

# Each module has `run(folder, rows)`, which prints its comparison.
BENCHES = {"crosstab": "crosstab", "import": "import_rows", "mentions": "mentions"}
FOLDER = Path(__file__).resolve().parents[1] / ".bench"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="./run bench", description="Measures nilreturn beside other ways."
    )
    parser.add_argument(
        "benches", nargs="*", choices=[*BENCHES, []], metavar="bench", help=", ".join(BENCHES)
    )
    parser.add_argument(
        "--rows", type=int, default=10_000_000, help="generated rows (default: 10 million)"
    )
    chosen = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for name in chosen.benches or BENCHES:
        importlib.import_module(f"benchmarks.{BENCHES[name]}").run(FOLDER, chosen.rows)


if __name__ == "__main__":
    main()
