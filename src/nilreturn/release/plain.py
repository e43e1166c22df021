"""Text as it may stand in a released file, whatever somebody typed into a record or a request."""

from __future__ import annotations

import re

from nilreturn.spreadsheets import escape_formula

# Control characters break XML; direction marks make a text read as what it is not; lone surrogates
# are no text.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def printable(text: str) -> str:
    """
    `text` in one line: each run of white space is one space, and what cannot be printed is shown as
    U+FFFD.

    >>> printable(" one\\r\\n two\\x00 ")
    'one two\\ufffd'
    """
    return _UNPRINTABLE.sub("\ufffd", " ".join(text.split()))


def neutral(text: str) -> str:
    """
    `text` for a cell of a spreadsheet: one that a spreadsheet would take for a formula gets an
    apostrophe in front. XLSX and ODS could hold it unharmed, but people save those as CSV; all
    formats say the same.

    >>> neutral("=1+1"), neutral("12-15")
    ("'=1+1", '12-15')
    """
    return escape_formula(printable(text))
