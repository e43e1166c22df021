"""
Cells in which no crime can have been recorded, because the offence code or class was not in use on
any of their days.

This follows only from the question and the reference tables. A record may exist nevertheless,
recorded late or under an old code: it counts like any other, and the cell shows its count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from nilreturn.engines.planning import BreakdownPlan, Plan, plan
from nilreturn.offences import OffenceRef, in_use, was_in_class
from nilreturn.periods import Period
from nilreturn.questions import Question, breakdown_variable
from nilreturn.schema import Extract
from nilreturn.tables import UNKNOWN, Category, Dimension

NOT_IN_USE = "not in use"  # how the statement of such cells is named, after their table
OFFENCE = "crime.offence"
# Days on which a crime is classified. An outcome may be given long after the offence was repealed.
CLASSIFIED_ON = (
    "crime.recorded_on",
    "crime.reported_on",
    "crime.committed_from",
    "crime.committed_to",
)

Bools = npt.NDArray[np.bool_]


def never_recorded(question: Question, extract: Extract, dimensions: Sequence[Dimension]) -> Bools:
    """For each cell of a table of the question, whether no crime can be in it."""
    laid = plan(question, extract)
    found = np.zeros(tuple(len(dimension.categories) for dimension in dimensions), dtype=np.bool_)
    axes = [axis for axis, dimension in enumerate(dimensions) if dimension.variable == OFFENCE]
    by_offence = axes[0] if axes else None
    offences = dimensions[by_offence].categories if by_offence is not None else (None,)
    for axis, periods in _periods(laid, question, extract, dimensions):
        for place, period in enumerate(periods):
            for row, category in enumerate(offences):
                if period is None or _was_in_use(category, laid, period):
                    continue
                at: list[int | slice] = [slice(None)] * len(dimensions)
                if axis is not None:
                    at[axis] = place
                if by_offence is not None:
                    at[by_offence] = row
                found[tuple(at)] = True
    return found


def _periods(
    laid: Plan, question: Question, extract: Extract, dimensions: Sequence[Dimension]
) -> list[tuple[int | None, list[Period | None]]]:
    """
    For each date that restricts the cells: its axis (None where it is no axis of the table) and the
    days of each row.
    """
    facets = {facet.variable: facet for facet in laid.facets}
    found: list[tuple[int | None, list[Period | None]]] = []
    for axis, dimension in enumerate(dimensions):
        facet = facets.get(dimension.variable)
        if dimension.variable in CLASSIFIED_ON and facet is not None:
            found.append((axis, [_days(category, facet) for category in dimension.categories]))
    during = question.filters.dates
    variable = breakdown_variable(during.column, extract.columns) if during else ""
    if variable in CLASSIFIED_ON and variable not in facets:
        found.append((None, [laid.part or (during.period if during else None)]))
    return found


def _days(category: Category, facet: BreakdownPlan) -> Period | None:
    """The days counted in the category; None where they are not known."""
    if category.parent is None:
        return facet.period
    if category.covers is None or not category.covers.ranges:
        return None
    (first, _), (_, last) = category.covers.ranges[0], category.covers.ranges[-1]
    whole = Period(date.fromordinal(first), date.fromordinal(last))
    return whole.intersect(facet.period) if facet.period else whole


def _was_in_use(category: Category | None, laid: Plan, period: Period) -> bool:
    """
    Whether a crime of the row's offences, or of those asked for, could be recorded on a day of the
    period.
    """
    if category is None or category.parent is None:
        if laid.offences is None:
            return True
        codes = [OffenceRef("code", code) for code in laid.offences.codes]
        classes = [OffenceRef("class", name) for name in laid.offences.classes]
        return any(in_use(reading).meets(period) for reading in (*codes, *classes))
    if category.label == UNKNOWN:
        return True
    name, parts, code = category.label.partition(": ")
    if parts:
        return UNKNOWN in (name, code) or was_in_class(name, code, period)
    return any(in_use(reading).meets(period) for reading in known_readings(name))


def known_readings(label: str) -> tuple[OffenceRef, ...]:
    """
    The codes or classes that a row's label means. One that is not in the reference tables is taken
    to be in use.
    """
    from nilreturn.offences import table

    if label in table().entries:
        return (OffenceRef("code", label),)
    return (OffenceRef("class", label),)
