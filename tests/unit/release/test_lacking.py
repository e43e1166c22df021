"""A 0 is a nil return only where the records could have shown something else."""

from __future__ import annotations

import textwrap
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nilreturn.offences import OffenceRef
from nilreturn.periods import Period
from nilreturn.questions.model import CategoryFilter, Filters, Question
from nilreturn.schema import Extract
from nilreturn.sources import import_extract, mapping_named
from nilreturn.workflow.lacking import (
    Care,
    Lacking,
    is_negligible,
    may_lack_records,
    range_told,
    share_told,
    without_offence,
)

CARE = Care(5, tells_none=True)
REPORT = """
    Crime Ref,Recorded Date,HO Code,LPA,Online Crime Indicator,Victim Sex
    A1,02/07/2020,71/17,East,Y,F
    A2,03/07/2020,71/17,East,,F
"""


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    folder = tmp_path_factory.mktemp("lacking")
    (folder / "report.csv").write_text(textwrap.dedent(REPORT).lstrip(), encoding="utf-8")
    return import_extract(
        [folder / "report.csv"],
        mapping=mapping_named("connect"),
        to=folder / "extract",
        as_at=date(2020, 8, 1),
        covers={"": Period(date(2020, 7, 1), date(2020, 7, 31))},
    )


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), False),
        (Filters(one_of=(CategoryFilter("area", ("East",)),)), False),
        (Filters(one_of=(CategoryFilter("online_flag", ("No",)),)), True),
        (Filters(one_of=(CategoryFilter("online_flag", ("No", "Not recorded")),)), False),
        (Filters(one_of=(CategoryFilter("victim.sex", ("Male",)),)), True),
    ],
)
def test_what_a_question_is_restricted_by_must_be_known(
    extract: Extract, filters: Filters, expected: bool
) -> None:
    assert (
        may_lack_records(Question("1", "How many?", "crimes", filters), extract, CARE) is expected
    )


def test_a_code_and_a_class_lack_what_they_are_counted_by(extract: Extract) -> None:
    """
    A crime whose code is in several classes, and whose class is not given, is in no figure of a
    class.
    """
    offences = (OffenceRef("code", "071/17"), OffenceRef("class", "88A"))
    found = without_offence(
        Question("1", "How many?", "crimes", Filters(offences=offences)), extract
    )
    assert [(each.part, each.number, each.whole) for each in found] == [
        ("class", 0, 2),
        ("code", 0, 2),
    ]


def test_an_extract_that_does_not_say_what_it_lacks_gives_no_nil_return(extract: Extract) -> None:
    manifest = {name: value for name, value in extract.manifest.items() if name != "without_value"}
    earlier = Extract(extract.folder, manifest, extract.hash)
    question = Question(
        "1", "How many?", "crimes", Filters(one_of=(CategoryFilter("area", ("East",)),))
    )
    assert may_lack_records(question, earlier, CARE)
    assert not may_lack_records(question, extract, CARE)


cares = st.builds(Care, st.integers(1, 30), st.booleans())


@given(st.integers(0, 100_000), st.integers(0, 3_000), cares)
def test_what_is_said_is_the_same_throughout_the_range_that_it_tells(
    whole: int, number: int, care: Care
) -> None:
    lacking = Lacking("crime.area", number, whole)
    low, high = range_told(lacking, care)
    assert low <= number <= high
    others = [
        Lacking("crime.area", other, whole) for other in {low, number, min(high, low + 5_000)}
    ]
    assert len({(share_told(other, care), is_negligible(other, care)) for other in others}) == 1


@given(st.integers(0, 100_000), st.integers(0, 3_000), cares)
def test_no_step_tells_small_numbers_apart(whole: int, number: int, care: Care) -> None:
    low, high = range_told(Lacking("crime.area", number, whole), care)
    assert low > care.threshold or low == 0 or (low == 1 and care.tells_none)
    assert high >= care.threshold or (high == 0 and care.tells_none)


@given(st.integers(0, 100_000), st.integers(0, 3_000), cares)
def test_more_than_one_in_a_hundred_is_never_negligible(
    whole: int, number: int, care: Care
) -> None:
    lacking = Lacking("crime.area", number, whole)
    assert not (100 * number > whole and is_negligible(lacking, care))
    assert 100 * number > share_told(lacking, care) * whole or not share_told(lacking, care)


@pytest.mark.parametrize(
    ("number", "whole", "negligible", "share"),
    [
        (0, 80, True, 0),
        (1, 80, False, 0),  # of so few any is too many
        (60, 80, False, 50),
        (4, 499, False, 0),
        (4, 500, True, 0),
        (5, 500, True, 0),
        (6, 500, False, 0),
        (49, 500, False, 0),
        (50, 500, False, 1),
        (51, 500, False, 10),
        (251, 500, False, 50),
    ],
)
def test_numbers_are_told_by_large_steps(
    number: int, whole: int, negligible: bool, share: int
) -> None:
    lacking = Lacking("crime.area", number, whole)
    assert (is_negligible(lacking, CARE), share_told(lacking, CARE)) == (negligible, share)


def test_none_is_not_told_from_some_where_zeros_are_hidden() -> None:
    care = Care(5, tells_none=False)
    assert not is_negligible(Lacking("crime.area", 0, 80), care)
    assert range_told(Lacking("crime.area", 0, 80), care) == range_told(
        Lacking("crime.area", 40, 80), care
    )
    assert is_negligible(Lacking("crime.area", 0, 8_000), care)
