"""
What is looked up in a sheet before it is read, because the reader of workbooks does not give it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nilreturn.sources.parsing import SPREADSHEET_ERRORS

MOST_ERRORS = 1_000_000
# By the numbers that XLS and XLSB have for them.
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


@dataclass(slots=True)
class Sheet:
    """
    What was found in a sheet.

    `errors` are by place and `merged` are the first and last place of merged cells, where the
    reader does not give them: row and column from 0. `zeros` is the number of formulas with the
    result 0.
    """

    width: int = 26
    height: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: int = 0
    zeros: int = 0
    counts_from_1904: bool = False  # its days, as the workbook says
    are_unsolved: bool = False  # its formulas, as the workbook says
    unsolved: int = 0  # formulas without a result, and errors without a place


def error_named(text: str) -> str:
    """The error in the words of the import."""
    return text if text.upper() in SPREADSHEET_ERRORS else "#UNKNOWN!"
