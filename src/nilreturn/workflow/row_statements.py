"""
What a reader learns about the records from the rows that a table has, whatever is in them.

Some rows are there because a record has the value: an area of the extract, the first and the last
month with anything to count, a word for the sex that is in no list. Each of them states that there
is at least one record. Like everything else that is printed, this is entered as a published table
into the account of disclosure control.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nilreturn.disclosure import NO_UPPER, PublishedTable
from nilreturn.engines import (
    NOT_IN_USE,
    Bools,
    BreakdownPlan,
    DateKey,
    TextKey,
    never_recorded,
    plan,
)
from nilreturn.periods import Grain, Period, part_around
from nilreturn.questions import CRIMES, Question, reach_of, selected_offences
from nilreturn.schema import COLUMNS, Extract
from nilreturn.tables import UNKNOWN, Dimension, Extent, Population, RawTable
from nilreturn.workflow.lacking import Care, Lacking, lacking, range_told


def row_statements(
    questions: Sequence[Question],
    extract: Extract,
    tables: Sequence[RawTable],
    known: Sequence[PublishedTable] = (),
) -> tuple[PublishedTable, ...]:
    """
    What the rows of these tables state, beside the earlier releases `known`.

    Left out is what discloses nothing about a figure: that a value is somewhere in the extract,
    where every table counted from it leaves out the same part of the records (those that were
    cancelled, other years).
    """
    pairs = [(question, table) for question in questions for table in tables]
    found = [each for question, table in pairs for each in _of_table(question, extract, table)]
    unexpected = [
        each
        for question, table in pairs
        for each in _recorded_all_the_same(question, extract, table)
    ]
    counted_from = [*(table.population for table in tables), *(table.population for table in known)]
    populations = [
        population for population in counted_from if population.source == extract.contents
    ]
    kept = [each for each in found if each.population.extents or _reach_everything(populations)]
    ends = {end.name: end for question in questions for end in _ends_of_days(question, extract)}
    return (*kept, *unexpected, *ends.values())


def lacking_statements(
    questions: Sequence[Question],
    extract: Extract,
    tables: Sequence[RawTable],
    care: Care,
    known: Sequence[PublishedTable] = (),
) -> tuple[PublishedTable, ...]:
    """
    What a reply states about the crimes that lack a value that a question is restricted by: the
    steps between which their number lies, from a caveat's share and from whether a 0 is called a
    nil return.

    Left out is what no figure has a row for.
    """
    counted_from = [
        *((t.population, t.dimensions) for t in tables),
        *((t.population, t.dimensions) for t in known),
    ]
    shaped = [each for each in counted_from if each[0].source == extract.contents]
    reaches_everything = _reach_everything([population for population, _ in shaped])
    found: dict[str, PublishedTable] = {}
    for each in dict.fromkeys(
        each for question in questions for each in lacking(question, extract)
    ):
        blank = _blank_part(each, shaped)
        low, high = range_told(each, care)
        low = low if reaches_everything else 0  # they may all be in the part that no table counts
        if blank is None or (low == 0 and high == NO_UPPER):
            continue
        name = f"crimes without {each.variable}{f' ({each.part})' if each.part else ''}"
        population = Population(CRIMES, ((each.variable, blank),), extract.contents)
        bounds = np.array(low, dtype=np.int64), np.array(high, dtype=np.int64)
        found[name] = PublishedTable(
            name, f"how many {name} there are", population, (), *bounds, np.array(False)
        )
    return tuple(found.values())


def _blank_part(
    lacking: Lacking, shaped: Sequence[tuple[Population, tuple[Dimension, ...]]]
) -> Extent | None:
    """What the rows for a missing value cover in the tables; None where no table has such a row."""
    values = {
        value
        for population, dimensions in shaped
        for dimension in dimensions
        if dimension.variable == lacking.variable
        and lacking.variable not in dict(population.extents)
        for category in dimension.leaves
        if category.covers is not None
        for value in category.covers.values
        if lacking.is_blank(value)
    }
    return Extent.of(*values) if values else None


def _of_table(question: Question, extract: Extract, table: RawTable) -> Iterator[PublishedTable]:
    if table.question != question.number or question.mentions or question.extreme:
        return
    facets = {facet.variable: facet for facet in plan(question, extract).facets}
    for dimension in table.dimensions:
        facet = facets.get(dimension.variable)
        if facet is None:
            continue
        counted_there = _counted_labels(facet, dimension)
        if counted_there:
            yield _statement(table.name, table.population, dimension, counted_there)
        anywhere = _labels_of_extract(facet, dimension, question)
        if anywhere:
            unit = facet.keys[0].column.table
            yield _statement(
                table.name, Population(unit, (), extract.contents), dimension, anywhere
            )


def known_zeros(
    questions: Sequence[Question], extract: Extract, tables: Sequence[RawTable]
) -> tuple[PublishedTable, ...]:
    """
    What [z] states: in these cells the reference tables allow no crime, and there is none.

    Everyone knows these zeros before anything is printed, so hiding one would protect nothing.
    """
    return tuple(
        _of_cells(
            table, f"{table.name} {NOT_IN_USE}", cannot_be & (table.counts == 0), low=0, high=0
        )
        for question in questions
        for table in tables
        if (cannot_be := _never_recorded(question, extract, table)).any()
    )


def _recorded_all_the_same(
    question: Question, extract: Extract, table: RawTable
) -> Iterator[PublishedTable]:
    """
    What the absence of [z] states. Where the reference tables allow no crime and one is recorded, a
    reader who sees no [z] knows of at least one.
    """
    there = _never_recorded(question, extract, table) & (table.counts > 0)
    if there.any():
        yield _of_cells(table, f"{table.name} recorded all the same", there, low=1, high=NO_UPPER)


def _never_recorded(question: Question, extract: Extract, table: RawTable) -> Bools:
    if table.question != question.number:
        return np.zeros(table.counts.shape, dtype=np.bool_)
    return never_recorded(question, extract, table.dimensions)


def _of_cells(table: RawTable, name: str, cells: Bools, *, low: int, high: int) -> PublishedTable:
    """The statement that each of these cells of the table is from `low` to `high`."""
    return PublishedTable(
        name,
        name,
        table.population,
        table.dimensions,
        np.where(cells, low, 0).astype(np.int64),
        np.where(cells, high, NO_UPPER).astype(np.int64),
        np.zeros(table.counts.shape, dtype=np.bool_),
        "what the lists of offences say" if high == 0 else "",
    )


def _ends_of_days(question: Question, extract: Extract) -> Iterator[PublishedTable]:
    """
    The first and the last day on record. Caveats and the headings of rows name them where the days
    covered were proposed from the records.
    """
    reach = reach_of(question, extract)
    facets = plan(question, extract).facets
    variables = [reach.variable if reach else extract.selected_by]
    variables += [
        facet.variable for facet in facets if isinstance(facet.keys[0], DateKey) and facet.coverage
    ]
    for variable in dict.fromkeys(variables):
        coverage = extract.coverage.get(variable)
        if coverage is not None and not coverage.given and CRIMES in extract.units:
            yield from _ends(variable, coverage.period, extract)


def _ends(variable: str, covered: Period, extract: Extract) -> Iterator[PublishedTable]:
    grain = extract.precision.get(variable, Grain.DAY)
    first, last = part_around(grain, covered.first_on), part_around(grain, covered.last_on)
    earliest = first.first_on.toordinal()
    selected = extract.coverage.get(extract.selected_by)
    if (
        variable != extract.selected_by
        and selected is not None
        and selected.period.first_on == covered.first_on
    ):
        # Not proposed from before the first day selected: some crime has that day, or an earlier
        # one
        earliest = 1
    days = {
        "first": Extent.between(earliest, first.last_on.toordinal()),
        "last": Extent.between(last.first_on.toordinal(), last.last_on.toordinal()),
    }
    for name, extent in days.items():
        population = Population(CRIMES, ((variable, extent),), extract.contents)
        low, high = np.array(1, dtype=np.int64), np.array(NO_UPPER, dtype=np.int64)
        title = f"that a crime has the {name} day"
        yield PublishedTable(
            f"{name} day of {variable}", title, population, (), low, high, np.array(False)
        )


def _counted_labels(facet: BreakdownPlan, dimension: Dimension) -> set[str]:
    """The rows that are there because the table counts at least one record in them."""
    key = facet.keys[0]
    days = [
        category.label
        for category in dimension.leaves
        if category.covers and category.covers.ranges
    ]
    if isinstance(key, DateKey):
        return set() if facet.period or not days else {days[0], days[-1]}
    if isinstance(key, TextKey) and key.column.categories and not facet.admitted:
        return set(dimension.labels[1:]) - {*key.column.categories, key.unknown}
    return set()


def _labels_of_extract(facet: BreakdownPlan, dimension: Dimension, question: Question) -> set[str]:
    """
    The rows that are there because some record of the extract has the value, whether or not it is
    counted.
    """
    key = facet.keys[0]
    if facet.is_open and isinstance(key, TextKey):
        return set(dimension.labels[1:]) - {key.unknown}
    if not facet.is_of_offences:
        return set()
    asked = selected_offences(question.filters)
    listed = (
        {name for pair in asked.known_pairs for name in (*pair, ": ".join(pair))}
        if asked
        else set()
    )
    return {category.label for category in dimension.leaves} - {*listed, UNKNOWN}


def _statement(
    name: str, population: Population, dimension: Dimension, labels: set[str]
) -> PublishedTable:
    """The statement that each of these rows has at least one record."""
    low = np.array([label in labels for label in dimension.labels], dtype=np.int64)
    low[0] = len(labels)
    high = np.full(len(low), NO_UPPER, dtype=np.int64)
    hidden = np.zeros(len(low), dtype=np.bool_)
    title = f"that there are such rows in {name}"
    return PublishedTable(f"{name} rows", title, population, (dimension,), low, high, hidden)


def _reach_everything(populations: Sequence[Population]) -> bool:
    """
    Whether these questions together might count every record: no variable restricts all of them to
    the same part of the extract.
    """
    restricted = [dict(population.extents) for population in populations]
    shared = set(restricted[0]).intersection(*restricted[1:]) if restricted else set()
    categories = {column.variable: frozenset(column.categories) for column in COLUMNS}
    for variable in shared:
        extents = [extents[variable] for extents in restricted]
        values = frozenset().union(*(extent.values for extent in extents))
        if all(extent.ranges and not extent.values for extent in extents):
            return False  # some days or ages are never counted
        if categories.get(variable, frozenset()) - values:
            return False
    return True
