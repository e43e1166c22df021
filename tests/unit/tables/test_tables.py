import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nilreturn.tables import (
    Category,
    CellStatus,
    Dimension,
    Extent,
    Population,
    RawExtreme,
    RawTable,
    SafeCell,
    SafeExtreme,
    SafeTable,
    make_safe_extreme,
    make_safe_table,
)

SEX = Dimension.flat("victim.sex", "Sex", ("Female", "Male", "Unknown"))
AGE = Dimension.flat("victim.age", "Age", ("0-11", "12-15"), covers={"0-11": Extent.between(0, 11)})


def table(counts: list[list[int]]) -> RawTable:
    return RawTable("q2", "Victims", Population("victims"), (AGE, SEX), np.array(counts))


def test_cells_come_with_the_grand_total_first() -> None:
    raw = table([[6, 1, 2, 3], [3, 0, 1, 2], [3, 1, 1, 1]])
    cells = dict(raw.cells())
    assert next(iter(cells)) == ("Total", "Total")
    assert cells["0-11", "Unknown"] == 2 == raw.count("0-11", "Unknown")
    assert len(cells) == 12


def test_counts_cannot_be_altered() -> None:
    raw = table([[0] * 4] * 3)
    with pytest.raises(ValueError, match="read-only"):
        raw.counts[0, 0] = 1


def test_a_count_is_never_negative_and_every_margin_is_there() -> None:
    with pytest.raises(ValueError, match="negative"):
        table([[-1, 0, 0, 0]] * 3)
    with pytest.raises(ValueError, match="shape"):
        table([[0, 0, 0]] * 3)


def test_a_dimension_has_one_total_and_parents_first() -> None:
    with pytest.raises(ValueError, match="twice"):
        Dimension("x", "X", (Category("Total"), Category("a", "Total"), Category("a", "Total")))
    with pytest.raises(ValueError, match="no parent"):
        Dimension("x", "X", (Category("Total"), Category("Sum")))
    with pytest.raises(ValueError, match="before its parent"):
        Dimension("x", "X", (Category("Total"), Category("a", "group")))


def test_nothing_but_protect_makes_a_safe_table() -> None:
    raw = table([[0] * 4] * 3)
    with pytest.raises(TypeError, match="protect"):
        SafeTable("q2", "Victims", raw.population, raw.dimensions, "2", "none", {})
    with pytest.raises(TypeError, match="protect"):
        SafeExtreme("q3", "Youngest", "3", 9, (), "")


def test_a_hidden_cell_has_no_value_in_a_safe_table() -> None:
    raw = table([[6, 1, 2, 3], [3, 0, 1, 2], [3, 1, 1, 1]])
    cells = {at: SafeCell(None, CellStatus.PRIMARY, "threshold") for at, _ in raw.cells()}
    safe = make_safe_table(raw, cells, method="suppression")
    assert safe.cell("0-11", "Male").value is None
    assert safe.hidden == 12
    assert not hasattr(safe, "counts")


def test_a_refused_extreme_carries_no_value() -> None:
    raw = RawExtreme(
        "q3",
        "Youngest",
        Population("victims"),
        "victim.age",
        "minimum",
        9,
        (("victim.sex", "Female"),),
    )
    refused = make_safe_extreme(raw, refusal="section 40(2)")
    assert (refused.value, refused.also) == (None, ())
    assert "9" not in repr(refused)
    assert "Female" not in repr(refused)


ranges = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda p: (min(p), max(p))), max_size=5
)


@given(ranges, ranges)
def test_an_extent_means_the_numbers_in_it(
    a: list[tuple[int, int]], b: list[tuple[int, int]]
) -> None:
    def numbers(parts: list[tuple[int, int]]) -> set[int]:
        return {n for first, last in parts for n in range(first, last + 1)}

    one, two = Extent(ranges=tuple(a)), Extent(ranges=tuple(b))
    assert numbers(list(one.ranges)) == numbers(a)
    assert one.meets(two) == bool(numbers(a) & numbers(b))
    assert one.within(two) == (numbers(a) <= numbers(b))
    assert (one == two) == (numbers(a) == numbers(b))
