"""
How far an extract reaches: the days that each of its date columns covers, as its manifest has them.
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
    The days of one date column that an extract covers: of these alone may a count of nothing be
    called zero.

    `first_is_whole` and `last_is_whole` say whether the month (or quarter or year, where no finer
    part is known) at either end is covered from its first day and to its last. `given` by whoever
    imported the extract, or else proposed from its records. `undated` records have no usable day in
    the column; `outside` have one that is not covered. `holes` are stretches without a record where
    many would be expected: what is proposed covers none of them, what is given may.
    """

    period: Period
    first_is_whole: bool
    last_is_whole: bool
    given: bool
    undated: int = 0
    outside: int = 0
    holes: tuple[Period, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
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
    The one of these dates by which reports are selected: that of recording, or else the next best;
    "" of none.
    """
    preferred = ("crime.recorded_on", "crime.reported_on", *variables)
    return next((variable for variable in preferred if variable in variables), "")


def read_coverage(manifest: Mapping[str, Any]) -> dict[str, Coverage]:
    """
    By variable, the coverage that a manifest states. One of an earlier version has the first and
    last day on record alone: then these are taken as proposed.
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
