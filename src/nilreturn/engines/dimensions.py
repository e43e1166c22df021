"""
Keys given their categories: what a table's rows and columns are, whatever was or was not counted in them.

A category is known by its *path*, the keys from the coarsest level down to its own: () is the total, ("88A",) a
class, ("88A", "071/17") a code in it. A path that no record has still has its category where its question or the
calendar says so: a month without crimes is a zero, not a missing row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nilreturn import periods
from nilreturn.engines.plan import NO_KEY, BandKey, DateKey, Facet, TextKey
from nilreturn.errors import QuestionError
from nilreturn.periods import MONTHS, Period
from nilreturn.questions import Grain
from nilreturn.questions.grains import number_of, part
from nilreturn.questions.offence_filter import Counted, Pair, offence_extent, pairs_of_class, pairs_of_code
from nilreturn.schema import OUTCOME, with_words
from nilreturn.tables import TOTAL, UNKNOWN, Category, Dimension, Extent

Path = tuple[str | int, ...]

# More would be no table but a listing; the margins of several such breakdowns would not fit in memory.
MOST_CATEGORIES = 20_000
OFFENCE = "crime.offence"


def dimension(
    facet: Facet, found: Iterable[Path], pairs: Iterable[Pair], offences: Counted | None
) -> tuple[Dimension, dict[Path, int]]:
    """
    The facet's dimension, and at which place in it each path is. `found` are the full paths that there are; of
    offences, `pairs` are the classes with codes in the extract that count, `offences` those that were asked for.

    Raises `QuestionError` beyond `MOST_CATEGORIES`.
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
            f"breakdown '{facet.title}' has over {MOST_CATEGORIES:,} categories; break down by something coarser"
        )
    labels: dict[Path, str] = {(): TOTAL}
    listed = [Category(TOTAL)]
    taken = {TOTAL}
    for path, label, covers in categories:
        labels[path] = _free(label, taken)
        taken.add(labels[path])
        listed.append(Category(labels[path], labels[path[:-1]], covers))
    places = {path: place for place, path in enumerate(labels)}
    return Dimension(facet.variable, facet.title, tuple(listed)), places


Listed = list[tuple[Path, str, Extent]]


def _bands(facet: Facet, key: BandKey) -> Listed:
    listed: Listed = [((number,), band.label, band.ages) for number, band in enumerate(key.bands)]
    return listed if facet.is_age_known else [*listed, ((NO_KEY,), UNKNOWN, Extent.of(UNKNOWN))]


def _dates(facet: Facet, found: Iterable[Path]) -> Listed:
    """Every part of the calendar from the first to the last day counted, each after what it lies in."""
    keys = [key for key in facet.keys if isinstance(key, DateKey)]
    finest = keys[-1].grain
    if facet.period is not None:
        period: Period | None = facet.period
    else:
        numbers = [path[-1] for path in found if isinstance(path[-1], int) and path[-1] != NO_KEY]
        period = Period(part(finest, min(numbers)).first_on, part(finest, max(numbers)).last_on) if numbers else None
    listed: dict[Path, tuple[str, Extent]] = {}
    for number in range(number_of(finest, period.first_on), number_of(finest, period.last_on) + 1) if period else ():
        first_on = part(finest, number).first_on
        path: Path = ()
        for key in keys:
            path = (*path, number_of(key.grain, first_on))
            listed.setdefault(path, _date_category(key.grain, path[-1], facet.period))
        if len(listed) > MOST_CATEGORIES:
            break
    ordered: Listed = [(path, label, covers) for path, (label, covers) in listed.items()]
    if facet.period is None:
        ordered.append(((NO_KEY,), UNKNOWN, Extent.of(UNKNOWN)))
    return ordered


def _date_category(grain: Grain, number: str | int, counted: Period | None) -> tuple[str, Extent]:
    assert isinstance(number, int)  # noqa: S101  # keys of dates are numbers
    whole = part(grain, number)
    label = _date_label(grain, whole)
    inside = whole.intersect(counted) if counted else whole
    if inside is not None and inside != whole:
        label = f"{label} ({inside})"  # readers must not compare nine months with a year
    return label, Extent.between(whole.first_on.toordinal(), whole.last_on.toordinal())


def _date_label(grain: Grain, whole: Period) -> str:
    first_on, last_on = whole.first_on, whole.last_on
    if grain is Grain.MONTH:
        return f"{MONTHS[first_on.month - 1]} {first_on.year}"
    if grain is Grain.QUARTER:
        # Never "Q1": it is another quarter of the financial year than of the calendar.
        return f"{MONTHS[first_on.month - 1]} to {MONTHS[last_on.month - 1]} {first_on.year}"
    return periods.financial_year_name(first_on) if grain is Grain.FINANCIAL_YEAR else str(first_on.year)


def _texts(facet: Facet, found: Iterable[Path]) -> Listed:
    """Values in the order known beforehand, others after them as people sort them, the unknown last."""
    key = facet.keys[0]
    assert isinstance(key, TextKey)  # noqa: S101  # the caller has looked
    known = facet.admitted or key.column.categories
    values = {str(path[0]) for path in found} | {*known, key.unknown}
    if facet.admitted:
        values &= set(facet.admitted)
    places = {value: place for place, value in enumerate(known)}
    ordered = sorted(values, key=lambda value: (value == key.unknown, places.get(value, len(places)), _sorted(value)))
    words = with_words if facet.variable == OUTCOME else str
    return [((value,), words(value), Extent.of(value)) for value in ordered]


def _offences(facet: Facet, pairs: Iterable[Pair], offences: Counted | None) -> Listed:
    """
    Classes, codes, or classes with their codes. `pairs` are those of the extract that count; those asked for have
    their category too. What each covers does not depend on the question, so that equal cells are recognised.
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
        by_reference = pairs_of_class(value) if by_class else pairs_of_code(value) if value != UNKNOWN else frozenset()
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
    """The label, told apart where a value is called like another category ("Total")."""
    free, number = label, 2
    while free in taken:
        free, number = f"{label} ({number})", number + 1
    return free
