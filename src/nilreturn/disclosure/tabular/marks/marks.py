"""
What is written in a cell of a printed table: a count, a range, or a mark that stands in the place
of a count.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from nilreturn.disclosure.model import NO_UPPER
from nilreturn.disclosure.tabular.marks.number_texts import short, whole_range, without_notes
from nilreturn.errors import TableError, UsageError

# By the government's list of symbols and the ways of its forerunners. What old tables call "-" may
# be zero or hidden.
HIDDEN_MARKS = (
    "[c]", "c", "(c)", "*", "**", "***", "#", "##", "~", "[low]", "low", "[k]", "k", "(k)",
    "suppressed", "redacted", "withheld", "exempt", "exempted", "confidential", "disclosive",
    "hidden", "removed", "masked", "refused", "xx", "not disclosed", "not released",
    "not published", "not provided", "not given", "not shown", "figure withheld", "data withheld",
    "small number", "small numbers", "low number", "low numbers", "number too small", "too small",
    "xxx", "ncnd",
)  # fmt: skip
ABSENT_MARKS = (
    "[x]", "x", "(x)", "[w]", "n/a", "na", "n.a.", "n.a", "n/k", ".", "..", "...", "…", ":",
    "not available", "unavailable", "not known", "no data", "not held", "not collected",
)  # fmt: skip
STRUCTURAL_ZERO_MARKS = ("[z]", "z", "(z)", "not applicable")
UNCLEAR_MARKS = ("-", "‐", "‑", "‒", "–", "—", "−", "--", "---")
# "s40(2)", "Section 40 (2)", "exempt under s.40(2) & s.44", "REDACTED s40", "[redacted]"
_SECTION = re.compile(
    r"(?:(?:exempt\w*|withheld|redacted|refused)\W*)?(?:under\W+)?(?:s|ss|sec|sect|section|sections|§)\.?\s?"
    r"[0-9]{1,3}[a-z]?(?:\s?\(\s?\w{1,3}\s?\))*"
    r"(?:\W+(?:and|or|of|the|foia?|freedom|information|act|2000|exempt\w*|applie[sd]|personal|data|(?:s|ss|sec|section)?"
    r"\.?\s?[0-9]{1,3}[a-z]?(?:\s?\(\s?\w{1,3}\s?\))*))*\W*",
    re.IGNORECASE,
)
_PERCENTAGE = re.compile(r"(<?)\s*([0-9]{1,3}(?:\.[0-9]{1,17})?)\s*%?")


class Kind(enum.Enum):
    """What a cell's text is."""

    FIGURE = "figure"  # a count, or a range in figures
    HIDDEN = "hidden"
    ABSENT = "not available"
    STRUCTURAL_ZERO = "not applicable"  # nobody can be in the cell, as every reader knows
    UNCLEAR = "zero or hidden"


@dataclass(frozen=True, slots=True)
class CellReading:
    """
    What a cell tells: its count lies in `low..high`; whether that is hidden on purpose; by which
    `mark`, if any.
    """

    low: int
    high: int
    hidden: bool
    kind: Kind = Kind.FIGURE
    mark: str = ""


NOT_GIVEN = CellReading(0, NO_UPPER, False, Kind.ABSENT)


@dataclass(frozen=True)
class CellMarks:
    """
    How a table writes what it does not print. `floor` is the least that a hidden count can be: 1
    where zeros are printed. A blank is a hidden count of any size unless told otherwise. `meanings`
    are what the user says of a mark.
    """

    floor: int = 1
    blank: Literal["hidden", "zero", "left out"] = "hidden"
    more_hidden: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)
    _own: Mapping[str, CellReading] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        told = {**dict.fromkeys(self.more_hidden, "hidden"), **self.meanings}
        own = {mark.strip().casefold(): self._meaning(mark, words) for mark, words in told.items()}
        object.__setattr__(self, "_own", own)

    def read(self, text: str) -> CellReading | None:
        """
        What a cell's text tells; None when it is no count and no mark.

        Raises `TableError` for a number that no count can be.

        >>> (CellMarks().read("1,234").low, CellMarks().read("<5").high,
        ...  CellMarks().read("Female") is None)
        (1234, 4, True)
        """
        told = " ".join(text.split())
        if told.casefold() in self._own:
            return self._own[told.casefold()]
        if not told:
            blanks = {
                "hidden": CellReading(0, NO_UPPER, True, Kind.HIDDEN),
                "zero": CellReading(0, 0, False),
                "left out": NOT_GIVEN,
            }
            return blanks[self.blank]
        if _is_digits(told):  # as most cells are
            return CellReading(int(told), int(told), False)
        return self._mark(told) or self._figure(without_notes(told))

    def is_mark(self, text: str) -> bool:
        """Whether a text stands for something that is not printed."""
        told = " ".join(text.split())
        return told.casefold() in self._own or (
            not _is_digits(told) and self._mark(told) is not None
        )

    def _mark(self, told: str) -> CellReading | None:
        for text in dict.fromkeys((told, without_notes(told))):
            mark = text.casefold()
            bare = (
                mark[1:-1].strip()
                if mark[:1] + mark[-1:] in ("[]", "()", "{}") and len(mark) > 4
                else mark
            )
            if mark in self._own:
                return self._own[mark]
            if {mark, bare} & set(HIDDEN_MARKS) or _SECTION.fullmatch(bare):
                # What is neither confirmed nor denied may be nothing at all.
                return CellReading(
                    0 if mark == "ncnd" else self.floor, NO_UPPER, True, Kind.HIDDEN, text
                )
            if {mark, bare} & set(ABSENT_MARKS):
                return CellReading(0, NO_UPPER, False, Kind.ABSENT, text)
            if {mark, bare} & set(STRUCTURAL_ZERO_MARKS):
                return CellReading(0, 0, False, Kind.STRUCTURAL_ZERO, text)
            if mark in UNCLEAR_MARKS:
                return CellReading(0, NO_UPPER, True, Kind.UNCLEAR, text)
        return None

    def _figure(self, text: str) -> CellReading | None:
        found = whole_range(text, self.floor)
        return None if found is None else CellReading(*found, found[0] != found[1], Kind.FIGURE)

    def _meaning(self, mark: str, words: str) -> CellReading:
        """
        What a user says that a mark stands for: hidden, zero, not available, or a count or range
        ("0-2").
        """
        told = " ".join(words.split()).casefold()
        if told == "hidden":
            return CellReading(self.floor, NO_UPPER, True, Kind.HIDDEN, mark)
        if told in ("not available", "left out"):
            return CellReading(0, NO_UPPER, False, Kind.FIGURE, mark)
        try:
            found = whole_range(told, self.floor)
        except TableError as error:
            raise UsageError(f"--mark {mark}={words}: {error}") from None
        if found is None:
            raise UsageError(
                f"--mark {mark}={words}: {short(words)!r} is no meaning; write hidden, zero, not "
                "available, or a range such as 0-2"
            )
        return CellReading(*found, found[0] != found[1], Kind.FIGURE, mark)


def _is_digits(text: str) -> bool:
    return len(text) <= 12 and text.isascii() and text.isdecimal()


def meanings_of_marks(texts: tuple[str, ...]) -> dict[str, str]:
    """
    The marks and meanings that a user writes as MARK=MEANING. Raises `UsageError` for another text.

    >>> meanings_of_marks(("~=0-2", "-=hidden"))
    {'~': '0-2', '-': 'hidden'}
    """
    told = {}
    for text in texts:
        mark, sign, meaning = text.rpartition("=")
        if not sign or not mark.strip() or not meaning.strip():
            raise UsageError(
                f"--mark {text}: write the mark, an equals sign and what it means, such as --mark "
                f"'~=0-2'"
            )
        told[mark.strip()] = meaning.strip()
    return told


def as_percentage(text: str) -> tuple[Decimal, Decimal] | None:
    """
    The least and the greatest share, in percent, that a printed percentage stands for, however it
    was rounded to the places that it has; None for another text.

    >>> [str(end) for end in as_percentage("4.8%")], as_percentage("Female")
    (['4.75', '4.85'], None)
    """
    told = _PERCENTAGE.fullmatch(without_notes(text.strip()))
    if told is None:
        return None
    value = Decimal(told[2])
    if told[1]:
        return Decimal(0), value
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return max(Decimal(0), value - half), min(Decimal(100), value + half)
