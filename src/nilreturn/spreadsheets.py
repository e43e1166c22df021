"""
Texts that a spreadsheet would take for formulas, and how to write them so that they stay texts.
"""

from __future__ import annotations

import re

# Spreadsheets ignore white space and control characters before the sign, and some take full-width
# signs too. Python and Arrow (RE2) read this regular expression alike.
FORMULA = r"^[\x00-\x20\x7f\xa0]*[=+\-@＝＋－＠]|^[\t\r\n]"
_FORMULA = re.compile(FORMULA)


def escape_formula(text: str) -> str:
    """
    The text for a cell of a CSV file or a spreadsheet: an apostrophe is put before one that would
    be taken for a formula.

    >>> (escape_formula("=1+1"), escape_formula("＝1+1"), escape_formula(" @x"),
    ...  escape_formula("12-15"))
    ("'=1+1", "'＝1+1", "' @x", '12-15')
    """
    return f"'{text}" if _FORMULA.match(text) else text
