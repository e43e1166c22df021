"""
Turns keys into categories: the rows and columns that a table has, independent of what was counted
in them.

A category is identified by its *path*, the keys from the coarsest level down to its own: () is the
total, ("88A",) a class, ("88A", "071/17") a code in it. A path without records still has its
category where the question or the calendar requires it: a month without crimes is a zero and not a
missing row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nilreturn.engines.planning import NO_KEY, BandKey, BreakdownPlan, DateKey, TextKey
from nilreturn.errors import QuestionError
from nilreturn.periods import Grain, Period, number_of, part, part_name
from nilreturn.questions import (
    OffenceSelection,
    Pair,
    offence_extent,
    pairs_of_class,
    pairs_of_code,
)
from nilreturn.schema import OUTCOME, with_words
from nilreturn.tables import TOTAL, UNKNOWN, Category, Dimension, Extent, NotCovered

Path = tuple[str | int, ...]

# More would be a listing and not a table, and the margins of several such breakdowns would not fit
# in memory.
MOST_CATEGORIES = 20_000
OFFENCE = "crime.offence"


def dimension(
    facet: BreakdownPlan,
    found: Iterable[Path],
    pairs: Iterable[Pair],
    offences: OffenceSelection | None,
) -> tuple[Dimension, dict[Path, int]]:
    """
    The facet's dimension, and the place of each path in it.

    `found` are the complete paths with records. For offences, `pairs` are the classes with codes in
    the extract that count, and `offences` those that were asked for. Raises `QuestionError` beyond
    `MOST_CATEGORIES`.
    """
    key = facet.keys[0]
    if isinstance(key, BandKey):
        categories = _bands(facet, key)
    elif isinstance(key, DateKey):
        categories = _dates(facet, found)
    elif facet.variable == OFFENCE:
        categories = _offences(facet, pairs, offences)
    else:
        categories = _texts(facet, found)
    if len(categories) > MOST_CATEGORIES:
        raise QuestionError(
            f"breakdown '{facet.title}' has over {MOST_CATEGORIES:,} categories; break down by "
            f"something coarser"
        )
    total = total_label(facet)
    labels: dict[Path, str] = {(): total}
    listed = [Category(total)]
    taken = {total}
    for path, label, covers in categories:
        labels[path] = _free(label, taken)
        taken.add(labels[path])
        listed.append(Category(labels[path], labels[path[:-1]], covers))
    places = {path: place for place, path in enumerate(labels)}
    return Dimension(facet.variable, facet.title, tuple(listed)), places


Listed = list[tuple[Path, str, Extent]]


def _bands(facet: BreakdownPlan, key: BandKey) -> Listed:
    listed: Listed = [((number,), band.label, band.ages) for number, band in enumerate(key.bands)]
    return listed if facet.is_age_known else [*listed, ((NO_KEY,), UNKNOWN, Extent.of(UNKNOWN))]


def _dates(facet: BreakdownPlan, found: Iterable[Path]) -> Listed:
    """
    Every part of the calendar from the first to the last day counted, each after the part that it
    lies within.
    """
    finest = _date_keys(facet)[-1].grain
    period = facet.period
    if period is None:
        numbers = [path[-1] for path in found if isinstance(path[-1], int) and path[-1] != NO_KEY]
        period = (
            Period(part(finest, min(numbers)).first_on, part(finest, max(numbers)).last_on)
            if numbers
            else None
        )
    ordered = _parts(facet, period, facet.period) if period else []
    if facet.period is None:
        ordered.append(((NO_KEY,), UNKNOWN, Extent.of(UNKNOWN)))
    return ordered


def _date_keys(facet: BreakdownPlan) -> list[DateKey]:
    return [key for key in facet.keys if isinstance(key, DateKey)]


def _parts(facet: BreakdownPlan, period: Period, counted: Period | None) -> Listed:
    """
    The parts of the calendar that `period` has days of, labelled by those of their days that are
    `counted`.
    """
    keys = _date_keys(facet)
    finest = keys[-1].grain
    listed: dict[Path, tuple[str, Extent]] = {}
    for number in range(number_of(finest, period.first_on), number_of(finest, period.last_on) + 1):
        first_on = part(finest, number).first_on
        path: Path = ()
        for key in keys:
            path = (*path, number_of(key.grain, first_on))
            listed.setdefault(path, _date_category(key.grain, path[-1], facet, counted))
        if len(listed) > MOST_CATEGORIES:
            break
    return [(path, label, covers) for path, (label, covers) in listed.items()]


def _date_category(
    grain: Grain, number: str | int, facet: BreakdownPlan, counted: Period | None
) -> tuple[str, Extent]:
    assert isinstance(number, int)  # noqa: S101  # keys of dates are numbers
    whole = part(grain, number)
    label = part_name(grain, number)
    days = counted or facet.coverage
    inside = whole.intersect(days) if days else whole
    if inside is None:
        label = f"{label} (not in the days covered)"
    elif inside != whole:
        # Readers must not compare nine months with a year.
        label = (
            f"{label} ({inside}{'; unfinished' if _is_unfinished(facet, whole, inside) else ''})"
        )
    return label, Extent.between(whole.first_on.toordinal(), whole.last_on.toordinal())


def _is_unfinished(facet: BreakdownPlan, whole: Period, inside: Period) -> bool:
    """
    Whether a part of the calendar was not over on the day the records are as at, so that they end
    within it.
    """
    if facet.as_at is None or facet.coverage is None:
        return False
    return inside.last_on == facet.coverage.last_on < whole.last_on and facet.as_at <= whole.last_on


def not_covered(facet: BreakdownPlan) -> tuple[NotCovered, ...]:
    """The rows of a breakdown by date that have no count, in order."""
    if facet.asked is None or facet.period is None or facet.asked == facet.period:
        return ()
    labels = {path: label for path, label, _ in _parts(facet, facet.period, facet.period)}
    after, found = total_label(facet), []
    for path, label, _ in _parts(facet, facet.asked, facet.asked):
        if path not in labels:
            found.append(NotCovered(facet.variable, label, after))
        after = labels.get(path, label)
    return tuple(found)


def total_label(facet: BreakdownPlan) -> str:
    """The label of the facet's total. Days that were asked for and not counted are not in it."""
    if facet.asked is None or facet.period is None or facet.asked == facet.period:
        return TOTAL
    return f"{TOTAL} ({facet.period.brief})"


def _texts(facet: BreakdownPlan, found: Iterable[Path]) -> Listed:
    """
    Values in the order known beforehand, then others in the order in which people sort them, then
    the unknown.
    """
    key = facet.keys[0]
    assert isinstance(key, TextKey)  # noqa: S101  # the caller has looked
    known = facet.admitted or key.column.categories
    values = {str(path[0]) for path in found} | {*known, key.unknown}
    if facet.admitted:
        values &= set(facet.admitted)
    places = {value: place for place, value in enumerate(known)}
    ordered = sorted(
        values,
        key=lambda value: (value == key.unknown, places.get(value, len(places)), _sorted(value)),
    )
    words = with_words if facet.variable == OUTCOME else str
    return [((value,), words(value), Extent.of(value)) for value in ordered]


def _offences(
    facet: BreakdownPlan, pairs: Iterable[Pair], offences: OffenceSelection | None
) -> Listed:
    """
    Classes, codes, or classes with their codes. `pairs` are those of the extract that count; those
    asked for have a category too. What each covers does not depend on the question, so that equal
    cells are recognised.
    """
    names = [key.column.name for key in facet.keys if isinstance(key, TextKey)]
    by_class = names[0] == "offence_class"
    grouped: dict[str, set[Pair]] = {}
    for both in {*pairs, *(offences.known_pairs if offences else ())}:
        grouped.setdefault(both[0] if by_class else both[1], set()).add(both)
    # A crime that counts by its code may have no class, one that counts by its class no code.
    if offences is None or (offences.codes or offences.classless if by_class else offences.classes):
        grouped.setdefault(UNKNOWN, {(UNKNOWN, UNKNOWN)} if len(names) == 1 else set())
    listed: Listed = []
    for value in sorted(grouped, key=lambda value: (value == UNKNOWN, _sorted(value))):
        same = grouped[value]
        by_reference = (
            pairs_of_class(value)
            if by_class
            else pairs_of_code(value)
            if value != UNKNOWN
            else frozenset()
        )
        listed.append(((value,), value, offence_extent(same | by_reference)))
        if len(names) > 1:
            # The code carries its class: 008/77 is in three of them, and labels are unique.
            below = sorted(same, key=lambda both: (both[1] == UNKNOWN, _sorted(both[1])))
            listed += [(both, f"{both[0]}: {both[1]}", offence_extent([both])) for both in below]
    return listed


def _sorted(value: str) -> tuple[list[tuple[int, str]], str]:
    """ "Ward 2" before "Ward 10"."""
    parts = re.split(r"([0-9]+)", value)
    return [(int(text), "") if place % 2 else (-1, text) for place, text in enumerate(parts)], value


def _free(label: str, taken: set[str]) -> str:
    """The label, changed where a value has the name of another category ("Total")."""
    free, number = label, 2
    while free in taken:
        free, number = f"{label} ({number})", number + 1
    return free
