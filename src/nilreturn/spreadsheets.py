"""What a spreadsheet would take for a formula, and how to write it so that it stays a text."""

from __future__ import annotations

import re

# A spreadsheet drops white space and control characters before the sign; the full-width signs count
# in some of them. A regular expression that Python and Arrow (RE2) read alike.
FORMULA = r"^[\x00-\x20\x7f\xa0]*[=+\-@＝＋－＠]|^[\t\r\n]"
_FORMULA = re.compile(FORMULA)


def escape_formula(text: str) -> str:
    """
    `text` for a cell of a CSV file or a spreadsheet: one that would be taken for a formula gets an
    apostrophe in front.

    >>> (escape_formula("=1+1"), escape_formula("＝1+1"), escape_formula(" @x"),
    ...  escape_formula("12-15"))
    ("'=1+1", "'＝1+1", "' @x", '12-15')
    """
    return f"'{text}" if _FORMULA.match(text) else text
