"""Rounded statistics, read as the ranges they are."""

import pytest

from nilreturn.disclosure import audit
from nilreturn.disclosure.audit import worked_out
from nilreturn.disclosure.audit.report import as_text
from nilreturn.disclosure.tabular.marks import CellMarks, Rounding, stated_rounding
from nilreturn.disclosure.tabular.reading import read_published
from nilreturn.errors import TableError, UsageError

TRUE = [[3, 12, 7], [22, 41, 9], [14, 6, 33]]


def rounded(by):
    """A table with margins, each figure rounded by itself."""
    rows = [[*row, sum(row)] for row in TRUE]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    lines = ["Area,A,B,C,Total"]
    lines += [
        ",".join([name, *(str(by(n)) for n in row)])
        for name, row in zip(("N", "S", "W", "Total"), rows, strict=True)
    ]
    return "\n".join(lines) + "\n"


def nearest(base):
    return lambda count: base * ((2 * count + base) // (2 * base))


def at_random(base):
    """Down for every other count, so that some figures are off by more than half the base."""
    return lambda count: (
        count if count % base == 0 else base * (count // base + (count // base + count) % 2)
    )


def read(tmp_path, text, **options):
    path = tmp_path / "t.csv"
    path.write_text(text)
    return read_published([path], marks=CellMarks(), **options).read[0]


@pytest.mark.parametrize("base", [5, 10])
def test_figures_that_are_all_multiples_and_do_not_add_up_are_ranges(tmp_path, base):
    each = read(tmp_path, rounded(nearest(base)))
    assert str(Rounding(base)) in each.rounding
    truth = [
        [sum(map(sum, TRUE)), *map(sum, zip(*TRUE, strict=True))],
        *([sum(row), *row] for row in TRUE),
    ]
    assert ((each.table.low <= truth) & (truth <= each.table.high)).all()
    assert not audit([each.table]).complaints


def test_rounding_at_random_reaches_further(tmp_path):
    each = read(tmp_path, rounded(at_random(5)), rounding=stated_rounding("5 at random"))
    assert int(each.table.high[1, 1]) - int(each.table.low[1, 1]) in (4, 8)
    assert not audit([each.table]).complaints
    assert (each.table.high - each.table.low).max() == 8


def test_what_is_rounded_may_be_told(tmp_path):
    text = "Area,A,B,Total\nN,5,10,15\nS,20,*,25\n"
    assert read(tmp_path, text).rounding == ""
    each = read(tmp_path, text, rounding=stated_rounding("5"))
    assert (int(each.table.low[1, 1]), int(each.table.high[1, 1])) == (3, 7)
    found = audit([each.table]).findings
    assert [(f.low, f.high) for f in found] == [(1, 9)]


def test_figures_that_add_up_are_taken_as_counts_with_a_hint(tmp_path):
    each = read(tmp_path, "Area,A,B,Total\nN,10,20,30\nS,30,40,70\nTotal,40,60,100\n")
    assert each.rounding == ""
    assert "--rounded-to 10" in each.hint


def test_totals_that_are_wrong_are_no_rounding(tmp_path):
    each = read(tmp_path, "Area,A,B,Total\nN,7,11,19\nS,13,4,17\nTotal,20,15,35\n")
    assert each.rounding == ""
    assert audit([each.table]).complaints


def test_a_figure_that_is_no_multiple_is_named(tmp_path):
    with pytest.raises(TableError, match=r"N / A: 7 is no multiple of 5"):
        read(tmp_path, "Area,A,B\nN,7,10\nS,20,25\n", rounding=stated_rounding("5"))


@pytest.mark.parametrize("text", ["", "1", "x", "5.5", "-5", "5 by chance", "10" * 10])
def test_a_base_that_is_none_is_a_mistake_in_the_command(text):
    with pytest.raises(UsageError, match="--rounded-to"):
        stated_rounding(text)


def test_small_counts_printed_as_zero_are_hidden_counts(tmp_path):
    each = read(tmp_path, "Area,A,B,Total\nN,0,12,15\nS,20,0,20\nTotal,23,12,35\n")
    assert "may be a count under 5" in each.rounding
    found = audit([each.table])
    assert [(f.labels, f.low, f.high) for f in found.findings] == [(("N", "A"), 3, 3)]


def test_zeros_in_a_table_that_adds_up_stay_zeros(tmp_path):
    each = read(tmp_path, "Area,A,B,Total\nN,0,12,12\nS,20,0,20\nTotal,20,12,32\n")
    assert each.rounding == ""
    assert not audit([each.table]).findings


def test_rounded_figures_that_their_sums_give_away_are_told(tmp_path):
    each = read(tmp_path, "Area,A,B,Total\nN,0,0,3\nS,21,24,45\n", rounding=stated_rounding("3"))
    found = audit([each.table])
    told = worked_out(found)
    assert {"t: N / A: exactly 1", "t: N / B: exactly 1"} <= set(told)
    text = as_text(found)
    assert "Rounded figures that can be worked out:" in text
    assert text.count("t: N / A: exactly 1") == 1
    assert "rounded figures can be worked out" in text.splitlines()[-1]
