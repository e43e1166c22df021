"""What every reader gives: numbered rows of texts, as SQL, and what was found in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Rows:
    """
    `query` selects `_row` (the row's number in the file: for CSV and Excel the headers are row 1 where the file begins
    with them, empty lines of a CSV not counted; for Parquet the first record is row 1), `_shape` (-1 for a row with
    too few values, 1 for too many, else 0), `_lines` (the lines of the file that the row takes) and a text column
    `c0`, `c1`, … a header. `lines` is how many lines all rows must take, where that can be known.
    """

    path: Path
    headers: tuple[str, ...]
    query: str
    found: Mapping[str, Any]
    lines: int | None = None
