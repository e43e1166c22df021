"""
Which stored codes and classes an offence filter counts.

A code counts by the code stored on the crime, together with the repealed code that it replaced
where the period begins before the change (008/71 before 088/15). A class counts by the class
*stored on the crime*, not by the code, because 26 codes belong to several classes. The code decides
only where no class is stored, and only if it is and was in that class and no other. What is stored
decides even where the code was not valid on the day by the reference tables: the expansion of a
class informs readers and does not filter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from nilreturn.offences import OffenceRef, expand, offence_class, table
from nilreturn.periods import Period
from nilreturn.questions.model import Filters
from nilreturn.tables import UNKNOWN, Extent

Pair = tuple[str, str]  # class and code, "Unknown" for a blank

_EVER = Period(date(1900, 1, 1), date(2199, 12, 31))


@dataclass(frozen=True, slots=True)
class OffenceSelection:
    """
    A crime counts when its code is in `codes`, its class in `classes`, or without one its code in
    `classless`.
    """

    codes: tuple[str, ...]
    classes: tuple[str, ...]
    classless: tuple[str, ...]

    @property
    def known_pairs(self) -> frozenset[Pair]:
        """Every class with code that counts by the reference tables."""
        named = [pairs_of_code(code) for code in self.codes] + [
            pairs_of_class(name) for name in self.classes
        ]
        return frozenset().union(*named)


def selected_offences(filters: Filters) -> OffenceSelection | None:
    """The codes and classes that the filters count; None where any offence counts."""
    if not filters.offences:
        return None
    period = filters.dates.period if filters.dates else _EVER
    codes: dict[str, None] = {}
    classes = tuple(reading.code for reading in filters.offences if reading.kind == "class")
    for reading in filters.offences:
        if reading.kind == "code":
            codes |= dict.fromkeys((reading.code, *replaced_by(reading, period)))
    classless = {
        code: None
        for name in classes
        for code in offence_class(name).codes
        if classes_of(code) == (name,)
    }
    return OffenceSelection(
        tuple(codes), classes, tuple(code for code in classless if code not in codes)
    )


def replaced_by(reading: OffenceRef, period: Period) -> tuple[str, ...]:
    """The repealed codes that the code replaced, if they were in force within the period."""
    return tuple(
        {
            code: None
            for part in expand(reading.code, period)
            for code in part.codes
            if code != reading.code
        }
    )


def pairs_of_code(code: str) -> frozenset[Pair]:
    """
    The code with every class that it is or was in; with "Unknown" where the reference tables give
    it no class.
    """
    return frozenset((name, code) for name in classes_of(code) or (UNKNOWN,))


def pairs_of_class(name: str) -> frozenset[Pair]:
    """The class with every code that is or was in it."""
    return frozenset((name, entry.code) for entry in table().members.get(name, ()))


def offence_extent(pairs: Iterable[Pair]) -> Extent:
    """
    Classes with codes as values of the variable "crime.offence", which breakdowns and filters
    share.

    >>> sorted(offence_extent([("88A", "071/17")]).values)
    ['88A 071/17']
    """
    return Extent.of(*(f"{name} {code}" for name, code in pairs))


def classes_of(code: str) -> tuple[str, ...]:
    """Every class that the code is or was in."""
    return _by_code().get(code, ())


@lru_cache(maxsize=1)
def _by_code() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for name, entries in table().members.items():
        for entry in entries:
            found.setdefault(entry.code, {})[name] = None
    return {code: tuple(names) for code, names in found.items()}
