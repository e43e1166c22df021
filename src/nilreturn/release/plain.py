"""Makes text safe for a released file, whatever was typed into a record or a request."""

from __future__ import annotations

import re

from nilreturn.spreadsheets import escape_formula

# Control characters break XML; direction marks make a text read as what it is not; lone surrogates
# are no text.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def printable(text: str) -> str:
    r"""
    `text` on one line: each run of white space becomes one space, and characters that cannot be
    printed become U+FFFD.

    >>> printable(" one\r\n two\x00 ")
    'one two\ufffd'
    """
    return _UNPRINTABLE.sub("\ufffd", " ".join(text.split()))


def neutral(text: str) -> str:
    """
    `text` for a cell of a spreadsheet: an apostrophe is put before a text that would be taken for a
    formula.

    XLSX and ODS would keep it as text, but people save those as CSV. The text is the same in all
    formats.

    >>> neutral("=1+1"), neutral("12-15")
    ("'=1+1", '12-15')
    """
    return escape_formula(printable(text))
