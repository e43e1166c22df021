"""
What a mapping states about the layout of its files, where that cannot be found or must not be
guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unpivot:
    """
    Columns whose headers match `columns` become rows: the header in the column `name`, the cell in
    the column `value`.
    """

    columns: re.Pattern[str]
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """
    `sheets` to read of a workbook (none: the one that fits); `first_row` in which the table begins,
    from 1; `names` of the columns in order, for files without headers.
    """

    sheets: tuple[str, ...] = ()
    first_row: int | None = None
    names: tuple[str, ...] = ()
    unpivot: Unpivot | None = None
    ignored: frozenset[str] = frozenset()  # folded headers that are known and not read


NOTHING = Asked()
SHEET_NAME = "Sheet name"  # the header under which a mapping may ask for the sheet's name
