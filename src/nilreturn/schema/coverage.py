"""
How far an extract reaches: the days that each of its date columns covers, as its manifest states
them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nilreturn.periods import Period


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    The days of one date column that an extract covers. Only on these days may a count of nothing be
    called zero.

    Attributes
    ----------
    period
        The days covered, both ends included.
    first_is_whole
        Whether the month at the beginning is covered from its first day (or the quarter or year,
        where days are known no more finely).
    last_is_whole
        Whether the month, quarter or year at the end is covered to its last day.
    given
        True where whoever imported the extract gave the days; False where they are proposed from
        the records.
    undated
        Records without a usable day in the column.
    outside
        Records whose day is not covered.
    holes
        Stretches without a record where many would be expected. A proposed period has none; a given
        one may.
    """

    period: Period
    first_is_whole: bool
    last_is_whole: bool
    given: bool
    undated: int = 0
    outside: int = 0
    holes: tuple[Period, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The coverage as the manifest states it: plain JSON values, days in ISO form."""
        return {
            "first": self.period.first_on.isoformat(),
            "last": self.period.last_on.isoformat(),
            "first_is_whole": self.first_is_whole,
            "last_is_whole": self.last_is_whole,
            "given": self.given,
            "undated": self.undated,
            "outside": self.outside,
            "holes": [[hole.first_on.isoformat(), hole.last_on.isoformat()] for hole in self.holes],
        }


def selecting_date(variables: Collection[str]) -> str:
    """
    The date column by which reports are selected: the day of recording, or else the next best; ""
    where there is none.
    """
    preferred = ("crime.recorded_on", "crime.reported_on", *variables)
    return next((variable for variable in preferred if variable in variables), "")


def read_coverage(manifest: Mapping[str, Any]) -> dict[str, Coverage]:
    """
    The coverage that a manifest states, by variable. A manifest of an earlier version has only the
    first and last day on record; these are taken as proposed.
    """
    stated = manifest.get("coverage", manifest.get("dates", {}))
    return {
        variable: Coverage(
            Period(date.fromisoformat(found["first"]), date.fromisoformat(found["last"])),
            found.get("first_is_whole", False),
            found.get("last_is_whole", False),
            found.get("given", False),
            found.get("undated", 0),
            found.get("outside", 0),
            tuple(Period(*map(date.fromisoformat, hole)) for hole in found.get("holes", ())),
        )
        for variable, found in stated.items()
    }
