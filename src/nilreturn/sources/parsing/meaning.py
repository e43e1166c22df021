"""
What one text of a source means: a value or nothing, and the rule that it broke. Each different text
is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

# What a spreadsheet shows where a formula went wrong.
SPREADSHEET_ERRORS = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
     "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#ERROR!", "#GETTING_DATA",
     "######", "ERR:502", "ERR:504", "ERR:508", "ERR:522")
)  # fmt: skip
# White space of every kind, and what cannot be seen at the ends of a text.
SPACES = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
    + "".join(map(chr, range(0x2000, 0x200B)))
)


class Meaning(NamedTuple):
    """
    `value` is None where the value is not known; `fault` names a rule; `has_value` is False where
    the text is empty or a word for no value.
    """

    value: str | int | None
    fault: str | None = None
    has_value: bool = True


Reader = Callable[[str], Meaning]
NO_VALUE = Meaning(None, None, has_value=False)


def reader(
    judge: Reader,
    blank: Collection[str],
    when_blank: str | None = None,
    otherwise: str | None = None,
) -> Callable[[str | None], Meaning]:
    """
    A reader that calls `judge` for texts that have a value, that is, are neither empty nor one of
    `blank` (lower case). `otherwise` is the value in place of a spreadsheet's error.
    """
    nothing = NO_VALUE._replace(value=when_blank)

    def read(text: str | None) -> Meaning:
        trimmed = text.strip(SPACES) if text else ""
        if not trimmed or trimmed.lower() in blank:
            return nothing
        if trimmed.upper() in SPREADSHEET_ERRORS:
            return Meaning(otherwise, "spreadsheet_error")
        return judge(trimmed)

    return read
