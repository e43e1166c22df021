"""
What a printed 0 lets a reader tell: with nobody in a place, a difference leaves people whom no
table prints.
"""

from functools import partial

import numpy as np
import pytest

from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.linked_tables import build_cells
from nilreturn.disclosure.model import from_raw
from nilreturn.tables import Category, Dimension, Population, RawTable

BOTH = {
    "sex": ("Female", "Male"),
    "month": ("January", "February"),
    "age": ("9 and under", "10-15", "16 and over"),
}


def counted(records, one, other):
    """The table of counts of records (age, sex, month) by two of these."""
    names = ("age", "sex", "month")
    dimensions, places = [], [names.index(one), names.index(other)]
    for name in (one, other):
        labels = BOTH[name]
        categories = (Category("All"), *(Category(label, "All") for label in labels))
        dimensions.append(Dimension(f"victim.{name}", name.capitalize(), categories))
    counts = np.zeros([len(d.categories) for d in dimensions], dtype=np.int64)
    for record, often in records.items():
        first, second = (
            BOTH[name].index(record[k]) + 1 for name, k in zip((one, other), places, strict=True)
        )
        for place in ((0, 0), (0, second), (first, 0), (first, second)):
            counts[place] += often
    return RawTable(f"{one} by {other}", "", Population("victims"), tuple(dimensions), counts)


def printed(records):
    tables = [
        counted(records, *names) for names in (("age", "sex"), ("sex", "month"), ("age", "month"))
    ]
    return [
        from_raw(table, np.zeros(table.counts.shape, dtype=np.bool_), floor=0) for table in tables
    ]


# No female is 16 or over, and nobody of February is 9 or under: all its four females are 10-15, as
# are six people.
RECORDS = {
    ("9 and under", "Female", "January"): 7,
    ("10-15", "Female", "January"): 6,
    ("10-15", "Female", "February"): 4,
    ("10-15", "Male", "February"): 2,
    ("16 and over", "Male", "February"): 8,
    ("16 and over", "Male", "January"): 5,
    ("9 and under", "Male", "January"): 9,
    ("10-15", "Male", "January"): 6,
}
SOMEBODY = RECORDS | {
    ("9 and under", "Female", "February"): 1,
    ("16 and over", "Female", "February"): 1,
}


def words_of_groups(cells):
    """The words of each group that has a cell in suppression's account."""
    return {cells.words(cell) for cell in np.flatnonzero(cells.difference)}


def test_suppression_has_a_cell_for_a_small_group_that_zeros_tell():
    cells = build_cells(printed(RECORDS), threshold=5)
    assert any("10-15" in words and "February" in words for words in words_of_groups(cells))


def test_the_audit_finds_it_by_itself():
    shapes = printed(RECORDS)
    cells = partial(number_cells, groups_by_zeros=True)(shapes)
    true = np.zeros(cells.size, dtype=np.int64)
    for table, numbers in zip(shapes, cells.of_table, strict=True):
        true[numbers] = table.low
    counts = {
        sum(often * int(true[cell]) for cell, often in union.cells.items())
        for union in cells.unions
    }
    assert 2 in counts


@pytest.mark.parametrize("threshold", [0, 5])
def test_without_printed_zeros_there_is_no_such_group(threshold):
    assert not build_cells(printed(SOMEBODY), threshold=threshold).difference.any()
    hidden = [np.zeros(table.low.shape, dtype=np.bool_) for table in printed(RECORDS)]
    assert not build_cells(printed(RECORDS), hidden, threshold=threshold).difference.any()
