"""
Write the lexicon of platforms that ships, from a research table of platforms:

    python -m scripts.build_lexicon platforms_table.csv
    src/nilreturn/narrative/lexicon/data/platforms.csv

The table has the same columns but calls a name "canonical". Forms with a digit of their own, such
as "ps4", stay. An alias that means what another entry of the table already means is dropped from
the later one, with a line on stderr.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from nilreturn.narrative.lexicon.lexicon import COLUMNS, parse_lexicon
from nilreturn.narrative.text import normalise, tokenise


def shipped(table: Path) -> list[dict[str, str]]:
    """The rows of the lexicon, every form once."""
    rows = []
    seen: set[str] = set()
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            row["name"] = row.pop("canonical")
            for column in ("aliases", "context_aliases"):
                row[column] = ";".join(_unseen(row[column], seen, row["name"]))
            rows.append({name: row[name] for name in COLUMNS})
    return rows


def _unseen(cell: str, seen: set[str], name: str) -> list[str]:
    kept = []
    for written in filter(None, cell.split(";")):
        form = " ".join(token.form for token in tokenise(normalise(written)))
        if form in seen:
            print(f"{name}: '{written}' is there already", file=sys.stderr)
        else:
            seen.add(form)
            kept.append(written.strip())
    return kept


def main(table: str, to: str) -> None:
    """Write and read back."""
    with Path(to).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(shipped(Path(table)))
    parse_lexicon(Path(to).read_text(encoding="utf-8"), to)


if __name__ == "__main__":
    main(*sys.argv[1:])
