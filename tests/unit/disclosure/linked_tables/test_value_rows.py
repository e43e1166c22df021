"""
Values that a record has several of: lists, forms, and what a reader knows of them without any sum.
"""

from itertools import product

import numpy as np
import pytest
from scipy import sparse

from nilreturn.disclosure import protect
from nilreturn.disclosure.linked_tables import build_cells
from nilreturn.errors import TableError
from nilreturn.tables import Category, Dimension, Extent, Population, RawTable
from tests.support.counts import policy
from tests.support.records import extreme

KEYWORDS = "crime.mentions"


def of_list(name, keywords, records):
    """
    Keyword by form over the records that name any of a list; and those searched. `records`:
    {keyword: form}.
    """
    form = Dimension.flat(
        "crime.mention_form", "Form", ("As written", "Other"), total="Any form", qualifies=KEYWORDS
    )
    rows = (Category("Any"), *(Category(k, "Any", Extent.of(k)) for k in keywords))
    by_keyword = Dimension(KEYWORDS, "Keyword", rows, additive=False)
    wanted = [set(keywords), *({k} for k in keywords)]
    best = [
        [min((r[k] for k in keys & r.keys()), default=None) for r in records] for keys in wanted
    ]
    counts = [[sum(b is not None for b in row), row.count(0), row.count(1)] for row in best]
    covers = {"Any of these": Extent.of(*keywords), "None of these": Extent.without(*keywords)}
    searched = Dimension.flat(KEYWORDS, "Keywords", tuple(covers), covers=covers, total="Searched")
    total = len(records)
    everyone, naming = (
        Population("records", ()),
        Population("records", ((KEYWORDS, Extent.of(*keywords)),)),
    )
    return [
        RawTable(name, name, naming, (by_keyword, form), np.array(counts)),
        RawTable(
            f"{name}-s",
            name,
            everyone,
            (searched,),
            np.array([total, counts[0][0], total - counts[0][0]]),
        ),
    ]


def solution(tables, hidden=(), goal=None):
    """
    The least of a cell (table, index) that the layout leaves, all others than `hidden` told; None
    where none.
    """
    cells = build_cells(tables)
    low, high = np.zeros(cells.size), np.full(cells.size, np.inf)
    for number, (raw, numbers) in enumerate(zip(tables, cells.of_table, strict=True)):
        for index in np.ndindex(raw.counts.shape):
            if (number, index) not in hidden:
                low[numbers[index]] = high[numbers[index]] = raw.counts[index]
    wanted = np.zeros(cells.size)
    if goal is not None:
        number, index, sign = goal
        wanted[cells.of_table[number][index]] = sign
    matrix = sparse.vstack([sparse.eye(cells.size), cells.equations], format="csr")
    zeros = np.zeros(cells.equations.shape[0])
    return extreme(matrix, np.append(low, zeros), np.append(high, zeros), wanted)


KINDS = [dict(zip("AB", kind, strict=True)) for kind in product((None, 0, 1), repeat=2)]
KINDS = [{k: f for k, f in kind.items() if f is not None} for kind in KINDS]


@pytest.mark.parametrize("seed", range(8))
def test_the_very_records_are_a_solution(seed):
    rng = np.random.default_rng(seed)
    records = [{k: int(rng.integers(2)) for k in "ABC" if rng.random() < 0.4} for _ in range(15)]
    assert solution(of_list("x", "AB", records)) is not None
    assert solution([*of_list("x", "AB", records), *of_list("y", "ABC", records)]) is not None


def test_as_written_is_among_any_form_and_any_of_these_between_each_and_their_sum():
    records = [{"A": 0}] * 6 + [{"B": 1}] * 3 + [{"A": 1, "B": 0}] * 2
    tables = of_list("x", "AB", records)
    # A is 8 in any form: hide "any of these" and B, and the rest leaves any of these at least 8.
    hidden = (
        {(0, (0, k)) for k in range(3)} | {(0, (2, k)) for k in range(3)} | {(1, (1,)), (1, (2,))}
    )
    assert solution(tables, hidden, (0, (0, 0), 1)) == 8
    # With B told too it is at most the sum of both.
    hidden = {(0, (0, k)) for k in range(3)} | {(1, (1,)), (1, (2,))}
    assert solution(tables, hidden, (0, (0, 0), -1)) == -11
    assert solution(tables, hidden, (0, (0, 1), 1)) == 6


def test_none_of_two_lists_are_two_things():
    records = [{"A": 0}] * 5 + [{"C": 0}] * 4 + [{}] * 6
    tables = [*of_list("x", "AB", records), *of_list("y", "ABC", records)]
    cells = build_cells(tables)
    assert cells.of_table[1][2] != cells.of_table[3][2]
    # Four records name C and neither A nor B: that is what the two lists' figures differ by.
    done = protect(tables[1::2], policy())
    assert None in [cell.value for safe in done.tables for _, cell in safe.cells()]


def test_lists_that_cannot_be_compared_are_refused_in_one_line():
    letters = "ABCDEFGHIJ"
    tables = [t for n in range(1, 10) for t in of_list(f"t{n}", letters[:n], [{}])]
    with pytest.raises(TableError, match="use the same list"):
        build_cells(tables)
