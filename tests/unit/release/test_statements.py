"""
What a renderer is given of a safe table: what a reader sees, and nothing of the records beside it.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nilreturn.questions import offence_extent
from nilreturn.release import statements_of
from nilreturn.tables import (
    CellStatus,
    Dimension,
    Extent,
    Population,
    PrintedTable,
    RawTable,
    SafeCell,
    SafeTable,
    make_safe_table,
    print_table,
)

# A class that the code has in this extract alone.
STRAY = ("crime.offence", Extent.of("88A 071/17", "8N 071/17"))
ASKED = offence_extent([("88A", "071/17")])
CODES = Dimension.flat(
    "crime.offence",
    "Code",
    ("071/17", "Unknown"),
    covers={"071/17": Extent.of("88A 071/17", "8N 071/17")},
)


def safe(*statuses: CellStatus, dimension: Dimension = CODES, question: str = "1") -> SafeTable:
    raw = RawTable(
        "q1",
        "Crimes",
        Population("crimes", (STRAY,), "ab" * 32),
        (dimension,),
        np.array([9, 9, 0]),
        question,
    )
    listed = dict(zip((labels for labels, _ in raw.cells()), statuses, strict=True))
    cells = {
        labels: SafeCell(
            count if listed[labels] in (CellStatus.SAFE, CellStatus.CHANGED) else None,
            listed[labels],
        )
        for labels, count in raw.cells()
    }
    return make_safe_table(raw, cells, method="")


def printed(table: SafeTable) -> PrintedTable:
    (found,) = statements_of("1", [table], [], offences=ASKED).tables
    return found


def as_seen(table: PrintedTable) -> dict[str, object]:
    return {field.name: getattr(table, field.name) for field in dataclasses.fields(table)}


def test_which_of_the_hidden_cells_is_small_is_not_to_be_seen() -> None:
    first = safe(CellStatus.SAFE, CellStatus.PRIMARY, CellStatus.SECONDARY)
    second = safe(CellStatus.SAFE, CellStatus.SECONDARY, CellStatus.PRIMARY)
    assert as_seen(printed(first)) == as_seen(printed(second))
    assert printed(first).hidden == 2
    assert printed(first).count("Total") == 9
    assert printed(first).count("071/17") is None


def test_odd_pairs_of_class_and_code_in_the_records_are_not_to_be_seen() -> None:
    table = printed(safe(*[CellStatus.SAFE] * 3))
    assert table.restricted_to == (("crime.offence", ASKED),)
    covers = table.dimensions[0].categories[1].covers
    assert covers is not None
    assert "88A 071/17" in covers.values
    assert "8N 071/17" not in covers.values
    assert "ab" * 32 not in repr(table)


def test_a_code_below_its_class_covers_what_its_label_says() -> None:
    below = Dimension.flat("crime.offence", "Code", ("88A: 071/17", "Unknown"))
    covers = (
        printed(safe(*[CellStatus.SAFE] * 3, dimension=below)).dimensions[0].categories[1].covers
    )
    assert covers == ASKED


def test_each_question_has_its_own() -> None:
    others = safe(*[CellStatus.SAFE] * 3, question="2")
    assert statements_of("1", [others], [], offences=None).tables == ()
    (mine,) = statements_of("2", [others], [], offences=None).tables
    assert mine.restricted_to == (STRAY,)


def test_only_print_table_makes_one_and_only_of_its_own_rows() -> None:
    table = safe(*[CellStatus.SAFE] * 3)
    with pytest.raises(TypeError, match="by nothing else"):
        PrintedTable("q1", "Crimes", "crimes", "1", "", (), (), False, {})
    with pytest.raises(ValueError, match="other categories"):
        print_table(table, restricted_to=(), dimensions=())
