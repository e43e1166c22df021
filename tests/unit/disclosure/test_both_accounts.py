"""
The two accounts of cells, the audit's and suppression's, by the same tests: the same people have
one number, and what tables tell together becomes sums. Neither imports the other.
"""

from datetime import date

import numpy as np
import pytest

from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.linked_tables import build_cells as suppressions
from nilreturn.errors import TableError
from nilreturn.tables import Category, Dimension, Extent, Population, RawTable
from tests.support.counts import VICTIMS, ages, figure, one_way, recorded, table

YEAR = recorded(date(2020, 4, 1), date(2021, 3, 31))
NINE_MONTHS = recorded(date(2020, 7, 1), date(2021, 3, 31))
BANDS = ages("11 and under", "12 to 15", "16 and over", "Unknown")


@pytest.fixture(params=[suppressions, number_cells], ids=["suppression", "audit"])
def lay_out(request):
    return request.param


def fits(lay_out, tables):
    """The equations hold for the true counts, the latent cells left out."""
    cells = lay_out(tables)
    value = np.zeros(cells.size, dtype=np.int64)
    for raw, numbers in zip(tables, cells.of_table, strict=True):
        value[numbers.reshape(-1)] = raw.counts.reshape(-1)
    rows = np.flatnonzero(abs(cells.equations) @ cells.unpublished.astype(np.int64) == 0)
    assert not (cells.equations[rows] @ value).any()
    return cells


def test_a_table_has_an_equation_for_each_line(lay_out):
    cells = fits(lay_out, [table([[1, 2], [3, 4]])])
    assert cells.size == 9
    assert cells.equations.shape[0] == 6


def test_a_total_in_prose_is_the_tables_own_total(lay_out):
    raw = one_way("ages", YEAR, BANDS, [10, 1, 2, 3, 4])
    cells = lay_out([raw, figure("letter", YEAR, 10)])
    assert cells.of_table[1][()] == cells.of_table[0][0]


def test_margins_of_two_tables_are_one_cell_whatever_they_are_called(lay_out):
    first, second = (
        table([[1, 2], [3, 4]], name="x", variables="ab"),
        table([[4, 6], [1, 3]], name="y", variables="bc"),
    )
    cells = lay_out([first, second])
    assert cells.size == 9 + 9 - 3
    renamed = Dimension(
        "b", "Other title", (Category("All"), Category("b0", "All"), Category("b1", "All"))
    )
    again = lay_out([first, one_way("z", VICTIMS, renamed, [10, 4, 6])])
    assert again.size == 9


def test_two_count_units_are_never_equated(lay_out):
    of_crimes = one_way(
        "c", recorded(date(2020, 4, 1), date(2021, 3, 31), unit="crimes"), BANDS, [10, 1, 2, 3, 4]
    )
    cells = lay_out([one_way("v", YEAR, BANDS, [10, 1, 2, 3, 4]), of_crimes])
    assert cells.size == 10


def test_shifted_periods_give_the_quarter_between_them(lay_out):
    cells = lay_out(
        [
            one_way("a", YEAR, BANDS, [10, 1, 2, 3, 4]),
            one_way("b", NINE_MONTHS, BANDS, [8, 1, 1, 2, 4]),
        ]
    )
    told = {cells.words(cell) for cell in np.flatnonzero(cells.difference)}
    assert "victims that no table prints (crime.recorded_on: 1 April 2020 to 30 June 2020)" in told
    assert len(told) == 5


def test_shifted_bands_give_the_ages_between_them(lay_out):
    other = ages(
        "9 and under",
        "10 to 15",
        "16 and over",
        "Unknown",
        covers={
            "9 and under": Extent.between(0, 9),
            "10 to 15": Extent.between(10, 15),
            "16 and over": Extent.between(16, 120),
        },
    )
    cells = lay_out(
        [one_way("a", YEAR, BANDS, [10, 1, 2, 3, 4]), one_way("b", YEAR, other, [10, 1, 2, 3, 4])]
    )
    told = [cells.words(cell) for cell in np.flatnonzero(cells.difference)]
    assert len(told) == 1
    assert "victim.age: 10 to 11" in told[0]
    # The open-ended band reaches as far as it likes: nobody is older than the other table's last
    # band.
    assert cells.of_table[0][3] == cells.of_table[1][3]


def test_four_quarters_add_up_to_the_year_they_make(lay_out):
    ends = [(4, 6, 30), (7, 9, 30), (10, 12, 31)]
    quarters = [
        figure(f"q{n}", recorded(date(2020, first, 1), date(2020, last, day)), 5)
        for n, (first, last, day) in enumerate(ends)
    ]
    cells = lay_out(
        [
            figure("year", YEAR, 22),
            *quarters,
            figure("q3", recorded(date(2021, 1, 1), date(2021, 3, 31)), 7),
        ]
    )
    year, parts = int(cells.of_table[0][()]), {int(n[()]) for n in cells.of_table[1:]}
    rows = cells.equations.tolil()
    assert any(set(columns) == {year, *parts} for columns in rows.rows)


def test_periods_apart_have_nothing_to_tell_each_other(lay_out):
    before = recorded(date(2019, 4, 1), date(2020, 3, 31))
    cells = lay_out(
        [one_way("a", YEAR, BANDS, [10, 1, 2, 3, 4]), one_way("b", before, BANDS, [8, 1, 1, 2, 4])]
    )
    assert not cells.unpublished.any()


def test_what_can_hold_nobody_is_a_structural_zero(lay_out):
    children = Population("victims", (("victim.age", Extent.between(0, 15)),))
    raw = one_way("c", children, ages("11 and under", "12 to 15", "16 and over"), [3, 1, 2, 0])
    cells = lay_out([raw])
    assert cells.empty[cells.of_table[0][3]]


def test_categories_that_overlap_where_they_should_add_up_are_refused(lay_out):
    overlapping = ages(
        "0-12", "12-15", covers={"0-12": Extent.between(0, 12), "12-15": Extent.between(12, 15)}
    )
    with pytest.raises(TableError, match="overlaps a category beside it"):
        lay_out([one_way("t", VICTIMS, overlapping, [2, 1, 1])])


def test_a_category_outside_its_parent_is_refused(lay_out):
    dimension = Dimension(
        "victim.age",
        "Age",
        (
            Category("Total"),
            Category("Children", "Total", Extent.between(0, 17)),
            Category("18", "Children", Extent.between(18, 18)),
        ),
    )
    with pytest.raises(TableError, match="reaches outside 'Children'"):
        lay_out([RawTable("t", "t", VICTIMS, (dimension,), np.array([1, 1, 1]))])


def test_a_hierarchy_that_runs_in_a_circle_is_refused(lay_out):
    down = Dimension(
        "area", "Area", (Category("All"), Category("West", "All"), Category("Leeds", "West"))
    )
    up = Dimension(
        "area", "Area", (Category("All"), Category("Leeds", "All"), Category("West", "Leeds"))
    )
    with pytest.raises(TableError, match="circle"):
        lay_out([one_way("a", VICTIMS, down, [1, 1, 1]), one_way("b", VICTIMS, up, [1, 1, 1])])


def test_a_label_with_parts_means_its_parts_everywhere(lay_out):
    deep = Dimension(
        "area",
        "Area",
        (
            Category("All"),
            Category("West", "All"),
            Category("Leeds", "West"),
            Category("York", "West"),
        ),
    )
    flat = Dimension("area", "Area", (Category("All"), Category("West", "All")))
    cells = lay_out(
        [one_way("a", VICTIMS, deep, [9, 9, 4, 5]), one_way("b", VICTIMS, flat, [9, 9])]
    )
    assert cells.of_table[1][1] == cells.of_table[0][1]


def test_too_many_cells_are_refused_in_one_line(lay_out):
    big = Dimension.flat("a", "A", tuple(map(str, range(999))))
    other = Dimension.flat("b", "B", tuple(map(str, range(999))))
    with pytest.raises(TableError, match="more than 500,000 cells"):
        lay_out([RawTable("t", "t", VICTIMS, (big, other), np.zeros((1000, 1000), dtype=np.int64))])


def test_margins_shared_in_a_circle_bring_the_table_behind_them(lay_out):
    a, b = np.array([[1, 0], [0, 1]]), np.array([[1, 0], [0, 1]])
    chain = [table(a, name="x", variables="ab"), table(b, name="y", variables="bc")]
    assert not lay_out(chain).unpublished.any()
    cells = lay_out([*chain, table(a, name="z", variables="ca")])
    assert cells.unpublished.sum() == 8
    assert not cells.difference.any()
