"""
What the rows of a table tell of the records, whatever stands in them.

Some rows are there because a record has the value: an area that the extract has, the first and the last month with
anything to count, a word for the sex that no list has. Each such row says that there is at least one record. This is
entered into the account of disclosure control as a published table, as every other thing that is printed is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nilreturn.disclosure import PublishedTable
from nilreturn.disclosure.system import NO_CEILING
from nilreturn.engines.never_recorded import NOT_IN_USE, never_recorded
from nilreturn.engines.plan import DateKey, Facet, TextKey, plan
from nilreturn.questions import Question
from nilreturn.questions.offence_filter import counted
from nilreturn.schema import COLUMNS, Extract
from nilreturn.tables import UNKNOWN, Dimension, Population, RawTable


def row_statements(
    questions: Sequence[Question],
    extract: Extract,
    tables: Sequence[RawTable],
    known: Sequence[PublishedTable] = (),
) -> tuple[PublishedTable, ...]:
    """
    What the rows of these tables tell, beside the earlier releases `known`. Left out is what tells nothing of any
    figure: that a value is somewhere in the extract, where every table that was counted from it leaves out the same
    part of the records (those that were cancelled, other years).
    """
    found = [each for question in questions for table in tables for each in _of_table(question, extract, table)]
    not_in_use = [each for question in questions for table in tables for each in _not_in_use(question, extract, table)]
    counted_from = [*(table.population for table in tables), *(table.population for table in known)]
    populations = [population for population in counted_from if population.source == extract.hash]
    kept = [each for each in found if each.population.extents or _reach_everything(populations)]
    return (*kept, *not_in_use)


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
            yield _statement(table.name, Population(unit, (), extract.hash), dimension, anywhere)


def _not_in_use(question: Question, extract: Extract, table: RawTable) -> Iterator[PublishedTable]:
    """
    What [z] tells, and its absence. Where the reference tables say that nothing can be recorded and nothing is, [z] is
    printed, and every reader knows the 0. Where a crime was recorded all the same, a reader knows of at least one.
    """
    if table.question != question.number:
        return
    cannot_be = never_recorded(question, extract, table.dimensions)
    if not cannot_be.any():
        return
    there = table.counts > 0
    low = (cannot_be & there).astype(np.int64)
    high = np.where(cannot_be & ~there, 0, NO_CEILING).astype(np.int64)
    hidden = np.zeros(table.counts.shape, dtype=np.bool_)
    name = f"{table.name} {NOT_IN_USE}"
    title = f"where {table.name} says that an offence was not in use"
    yield PublishedTable(name, title, table.population, table.dimensions, low, high, hidden)


def _counted_labels(facet: Facet, dimension: Dimension) -> set[str]:
    """The rows that are there because the table counts somebody in them."""
    key = facet.keys[0]
    days = [category.label for category in dimension.leaves if category.covers and category.covers.ranges]
    if isinstance(key, DateKey):
        return set() if facet.period or not days else {days[0], days[-1]}
    if isinstance(key, TextKey) and key.column.categories and not facet.admitted:
        return set(dimension.labels[1:]) - {*key.column.categories, key.unknown}
    return set()


def _labels_of_extract(facet: Facet, dimension: Dimension, question: Question) -> set[str]:
    """The rows that are there because some record of the extract has the value, counted or not."""
    key = facet.keys[0]
    if facet.is_open and isinstance(key, TextKey):
        return set(dimension.labels[1:]) - {key.unknown}
    if not facet.is_of_offences:
        return set()
    asked = counted(question.filters)
    listed = {name for pair in asked.known_pairs for name in (*pair, ": ".join(pair))} if asked else set()
    return {category.label for category in dimension.leaves} - {*listed, UNKNOWN}


def _statement(name: str, population: Population, dimension: Dimension, labels: set[str]) -> PublishedTable:
    """At least one in each of these rows."""
    low = np.array([label in labels for label in dimension.labels], dtype=np.int64)
    low[0] = len(labels)
    high = np.full(len(low), NO_CEILING, dtype=np.int64)
    hidden = np.zeros(len(low), dtype=np.bool_)
    title = f"that there are such rows in {name}"
    return PublishedTable(f"{name} rows", title, population, (dimension,), low, high, hidden)


def _reach_everything(populations: Sequence[Population]) -> bool:
    """Whether these together might be every record: no variable keeps all of them from the same part of the extract."""
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
