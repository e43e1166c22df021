"""What is written in a cell of a printed table: a count, a mark for a hidden one, a range."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from nilreturn.disclosure.system import NO_CEILING
from nilreturn.errors import TableError

HIDDEN_MARKS = ("[c]", "*", "**", "c", "(c)", "#", "suppressed", "[low]")
LEFT_OUT_MARKS = ("[x]", "[w]", "n/a", "na", "..", ":")
NOBODY_MARK = "[z]"  # not applicable: nobody can be in the cell, as every reader knows

_COUNT = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,   ][0-9]{3})+")
_WHOLE_DECIMAL = re.compile(r"([0-9]+)\.0*")
_NOTE = re.compile(r"\s*\[(?:[abdefgnprstu]|note [0-9]+)\]", re.IGNORECASE)
_BELOW = re.compile(r"(?:<|less than|under|fewer than)\s*([0-9]+)", re.IGNORECASE)
_UP_TO = re.compile(r"(?:<=|≤|up to)\s*([0-9]+)", re.IGNORECASE)
_AT_LEAST = re.compile(r"(?:>=|≥|at least)\s*([0-9]+)|([0-9]+)\s*(?:\+|or more|and over)", re.IGNORECASE)
_ABOVE = re.compile(r"(?:>|more than|over)\s*([0-9]+)", re.IGNORECASE)
_BETWEEN = re.compile(r"([0-9]+)\s*(?:-|–|—|to)\s*([0-9]+)", re.IGNORECASE)
_PERCENTAGE = re.compile(r"(<?)\s*([0-9]{1,3}(?:\.[0-9]{1,10})?)\s*%?")
_OTHER_NUMBER = re.compile(r"[-−+]?[0-9][0-9.,]*(?:e[-+]?[0-9]+)?%?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """What a cell tells: its count lies in `low..high`; whether that is hidden on purpose."""

    low: int
    high: int
    hidden: bool


LEFT_OUT = Written(0, NO_CEILING, False)
NOBODY = Written(0, 0, False)


@dataclass(frozen=True)
class Marks:
    """
    How a table writes what it does not print. `floor` is the least that a hidden count can be: 1 where zeros are
    printed. A blank is a hidden count of any size unless told otherwise.
    """

    floor: int = 1
    blank: Literal["hidden", "zero", "left out"] = "hidden"
    more_hidden: tuple[str, ...] = ()
    _hidden: frozenset[str] = field(init=False, repr=False, default=frozenset())

    def __post_init__(self) -> None:
        marks = frozenset(mark.casefold() for mark in (*HIDDEN_MARKS, *self.more_hidden))
        object.__setattr__(self, "_hidden", marks)

    def read(self, text: str) -> Written | None:
        """
        What a cell's text tells; None when it is no count and no mark.

        Raises `TableError` for a number that no count can be.

        >>> Marks().read("1,234"), Marks().read("<5"), Marks().read("Female") is None
        (Written(low=1234, high=1234, hidden=False), Written(low=1, high=4, hidden=True), True)
        """
        told = text.strip()
        if not told:
            blanks = {"hidden": Written(0, NO_CEILING, True), "zero": Written(0, 0, False), "left out": LEFT_OUT}
            return blanks[self.blank]
        if told.casefold() in self._hidden:
            return Written(self.floor, NO_CEILING, True)
        if told.casefold() in LEFT_OUT_MARKS:
            return LEFT_OUT
        if told.casefold() == NOBODY_MARK:
            return NOBODY
        return self._number(_NOTE.sub("", told))

    def is_mark(self, text: str) -> bool:
        """Whether a text stands for something that is not printed."""
        return text.casefold() in self._hidden or text.casefold() in (*LEFT_OUT_MARKS, NOBODY_MARK)

    def _number(self, told: str) -> Written | None:
        if _COUNT.fullmatch(told) or _GROUPED.fullmatch(told):
            count = int(re.sub(r"[^0-9]", "", told))
            _check_size(count, told)
            return Written(count, count, False)
        if whole := _WHOLE_DECIMAL.fullmatch(told):
            return Written(int(whole[1]), int(whole[1]), False)
        if below := _BELOW.fullmatch(told):
            return self._range(self.floor, int(below[1]) - 1, told)
        if up_to := _UP_TO.fullmatch(told):
            return self._range(self.floor, int(up_to[1]), told)
        if between := _BETWEEN.fullmatch(told):
            return self._range(int(between[1]), int(between[2]), told)
        if at_least := _AT_LEAST.fullmatch(told):
            return Written(int(at_least[1] or at_least[2]), NO_CEILING, True)
        if above := _ABOVE.fullmatch(told):
            return Written(int(above[1]) + 1, NO_CEILING, True)
        if _OTHER_NUMBER.fullmatch(told):
            raise TableError(f"{told!r} is no count: a count is a whole number from 0")
        return None

    @staticmethod
    def _range(low: int, high: int, told: str) -> Written:
        if low > high:
            raise TableError(f"{told!r} leaves no count; where zeros may be hidden say so")
        return Written(low, high, True)


def _check_size(count: int, told: str) -> None:
    if count > 10**12:
        raise TableError(f"{told!r} is larger than any count of records")


def as_percentage(text: str) -> tuple[Decimal, Decimal] | None:
    """
    The least and the greatest share, in percent, that a printed percentage stands for, however it was rounded to the
    places that it has; None for another text.

    >>> [str(end) for end in as_percentage("4.8%")], as_percentage("Female")
    (['4.75', '4.85'], None)
    """
    told = _PERCENTAGE.fullmatch(text.strip())
    if told is None:
        return None
    value = Decimal(told[2])
    if told[1]:
        return Decimal(0), value
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return max(Decimal(0), value - half), min(Decimal(100), value + half)
