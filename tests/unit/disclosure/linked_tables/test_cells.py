"""The same cell is recognised by what it means, and what tables tell together becomes equations."""

from datetime import date

import numpy as np

from nilreturn.disclosure.linked_tables import build_cells
from nilreturn.tables import Dimension
from tests.support.counts import ages, one_way, recorded

YEAR = recorded(date(2020, 4, 1), date(2021, 3, 31))
NINE_MONTHS = recorded(date(2020, 7, 1), date(2021, 3, 31))
BANDS = ages("11 and under", "12 to 15", "16 and over", "Unknown")


def fits(tables, values=None):
    """The equations hold for the true counts, the latent cells left out."""
    cells = build_cells(tables)
    value = np.zeros(cells.size, dtype=np.int64)
    for raw, numbers in zip(tables, cells.of_table, strict=True):
        value[numbers.reshape(-1)] = raw.counts.reshape(-1)
    rows = np.flatnonzero(abs(cells.equations) @ cells.unpublished.astype(np.int64) == 0)
    assert not (cells.equations[rows] @ value).any()
    return cells


def test_overlapping_categories_are_below_their_total_and_do_not_add_up():
    mentions = Dimension.flat(
        "crime.mentions", "Platform", ("A", "B", "None of these"), additive=False
    )
    cells = build_cells(
        [
            one_way(
                "m",
                recorded(date(2020, 4, 1), date(2021, 3, 31), unit="records"),
                mentions,
                [9, 4, 5, 3],
            )
        ]
    )
    total, a, b, none = cells.of_table[0].tolist()
    rows = [tuple(columns) for columns in cells.equations.tolil().rows]
    assert not any({total, a, b} <= set(row) for row in rows)
    assert any({total, none} <= set(row) for row in rows)
    told = [cells.words(cell) for cell in np.flatnonzero(cells.difference)]
    year = ", crime.recorded_on: 1 April 2020 to 31 March 2021"
    named = (
        "A and B",
        "all but not A",
        "all but not B",
        "any of A, B but not A",
        "any of A, B but not B",
        "any of A, B",
    )
    assert sorted(told) == [
        f"records that no table prints (crime.mentions: {words}{year})" for words in named
    ]
