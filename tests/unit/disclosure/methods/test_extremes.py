"""
The youngest and the oldest: a refusal tells nothing, and what is refused cannot be read off what is
printed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from nilreturn.disclosure import protect
from nilreturn.disclosure.model import NO_UPPER
from nilreturn.errors import DisclosureError
from nilreturn.tables import Dimension, Extent, Population, RawExtreme, RawTable
from tests.support.counts import ages, figure, one_way, policy, recorded

YEAR = recorded(date(2020, 4, 1), date(2021, 3, 31))
SINGLE = {f"{age}": Extent.between(age, age) for age in range(8, 16)} | {
    "0 to 7": Extent.between(0, 7),
    "16 and over": Extent.between(16, 150),
}
SEX = Dimension.flat("victim.sex", "Sex", ("Female", "Male"))
LARGE = {"release": "large populations", "population": 500, "reason": "a test"}


def youngest(value: int | None = 9, **settings: object) -> RawExtreme:
    told = {
        "name": "q2",
        "title": "Age of the youngest victim",
        "population": YEAR,
        "variable": "victim.age",
    }
    return RawExtreme(**(told | {"kind": "minimum", "value": value, "question": "2"} | settings))  # type: ignore[arg-type]


def by_age(
    *counts: int, covers: dict[str, Extent] | None = None, population: Population = YEAR
) -> RawTable:
    """Counts of the ages in `covers`, the total first."""
    table = one_way(
        "q1", population, ages(*(covers or SINGLE), covers=covers or SINGLE), [sum(counts), *counts]
    )
    return replace(table, question="1")


def by_age_and_sex(female: list[int], male: list[int]) -> RawTable:
    inner = np.array([female, male], dtype=np.int64).T
    counts = np.concatenate((inner.sum(axis=1, keepdims=True), inner), axis=1)
    counts = np.concatenate((counts.sum(axis=0, keepdims=True), counts))
    bands = {"11 and under": Extent.between(0, 11), "12 and over": Extent.between(12, 150)}
    return RawTable("q1", "Victims", YEAR, (ages(*bands, covers=bands), SEX), counts, "1")


# Single years: 8 to 15, then 0 to 7, then 16 and over.
NOBODY_UNDER_9 = (0, 12, 30, 40, 50, 60, 70, 80, 0, 90)
SMALL_AT_9 = (0, 3, 30, 40, 50, 60, 70, 80, 0, 90)
SOME_UNDER_8 = (7, 12, 30, 40, 50, 60, 70, 80, 6, 90)


@pytest.mark.parametrize("counts", [NOBODY_UNDER_9, SMALL_AT_9])
def test_an_age_that_single_years_show_clashes_with_its_refusal(counts: tuple[int, ...]) -> None:
    """The count may be hidden: that somebody is 9, and nobody younger, is seen all the same."""
    with pytest.raises(DisclosureError) as caught:
        protect([by_age(*counts)], policy(), extremes=[youngest()])
    (detail,) = caught.value.details
    assert (
        "question 2, age of the youngest victim: the table of question 1 shows what is refused"
        in detail
    )
    assert "wider bands" in detail
    assert "9" not in detail


def test_bands_do_not_show_the_age() -> None:
    (extreme,) = protect([by_age(*SOME_UNDER_8)], policy(), extremes=[youngest(5)]).extremes
    assert extreme.refusal


def test_the_oldest_is_looked_for_from_the_other_end() -> None:
    covers = {
        "0 to 64": Extent.between(0, 64),
        "65": Extent.between(65, 65),
        "66 and over": Extent.between(66, 150),
    }
    oldest = youngest(65, kind="maximum", title="Age of the oldest victim")
    with pytest.raises(DisclosureError, match="could be read off"):
        protect([by_age(90, 6, 0, covers=covers)], policy(), extremes=[oldest])
    assert (
        protect([by_age(90, 6, 7, covers=covers)], policy(), extremes=[oldest]).extremes[0].refusal
    )


def test_an_attribute_that_everybody_so_young_has_clashes() -> None:
    also = youngest(also=(("Sex", "Female"),), title="Age and sex of the youngest victim")
    with pytest.raises(DisclosureError, match="could be read off"):
        protect([by_age_and_sex([9, 40], [0, 30])], policy(), extremes=[also])
    assert (
        protect([by_age_and_sex([9, 40], [8, 30])], policy(), extremes=[also]).extremes[0].refusal
    )
    # What is true of everybody counted is no secret of the youngest.
    assert protect([by_age_and_sex([9, 40], [0, 0])], policy(), extremes=[also]).extremes[0].refusal


def test_an_earlier_release_may_show_it_too() -> None:
    bands = {"11 and under": Extent.between(0, 11), "12 and over": Extent.between(12, 150)}
    earlier = protect([by_age(*NOBODY_UNDER_9)], policy()).published
    named = [replace(table, release="20210001") for table in earlier]
    with pytest.raises(DisclosureError) as caught:
        protect([by_age(82, 350, covers=bands)], policy(), extremes=[youngest()], known=named)
    assert "the earlier table 20210001: q1 shows what is refused" in caught.value.details[0]


def test_a_part_of_the_population_shows_somebody_and_a_larger_one_nobody() -> None:
    """
    The youngest of the year is 9: nobody younger in two years, and somebody of 9 in its first half.
    """
    two_years = recorded(date(2019, 4, 1), date(2021, 3, 31))
    half = recorded(date(2020, 4, 1), date(2020, 9, 30))
    under = {"0 to 8": Extent.between(0, 8), "9 and over": Extent.between(9, 150)}
    at = {"9": Extent.between(9, 9), "others": Extent.between(10, 150)}
    wide = replace(by_age(0, 400, covers=under, population=two_years), name="q1a")
    part = replace(by_age(6, 40, covers=at, population=half), name="q1b")
    with pytest.raises(DisclosureError, match="could be read off"):
        protect([wide, part], policy(), extremes=[youngest()])
    protect([wide], policy(), extremes=[youngest()])
    protect([part], policy(), extremes=[youngest()])


@pytest.mark.parametrize("value", [9, None])
def test_a_refusal_is_the_same_whoever_is_there(value: int | None) -> None:
    """Without a printed 0 a reader is not told that nobody's age is known."""
    done = protect([figure("q1", YEAR, 7)], policy(), extremes=[youngest(value)])
    assert done.extremes[0].refusal
    assert len(done.published) == 1


def test_nobody_is_said_only_where_a_printed_table_says_it() -> None:
    printed = protect([figure("q1", YEAR, 0)], policy(), extremes=[youngest(None)]).extremes[0]
    assert (printed.refusal, printed.value) == ("", None)
    rules = policy(zeros={"treatment": "hidden", "reason": "a test"})
    assert protect([figure("q1", YEAR, 0)], rules, extremes=[youngest(None)]).extremes[0].refusal


def test_a_printed_extreme_tells_that_its_population_is_large() -> None:
    rules = policy(extremes=LARGE)
    done = protect([figure("q1", YEAR, 900)], rules, extremes=[youngest()])
    assert done.extremes[0].value == 9
    told = next(table for table in done.published if table.name == "q2")
    assert told.low.tolist()[:2] == [500, 1]


def test_a_refusal_for_its_size_tells_that_its_population_is_small() -> None:
    rules = policy(extremes=LARGE)
    done = protect([figure("q1", YEAR, 90)], rules, extremes=[youngest()])
    assert done.extremes[0].refusal
    told = next(table for table in done.published if table.name == "q2")
    assert (int(told.low[()]), int(told.high[()])) == (0, 499)


def test_nobody_of_a_large_population_is_told_as_such() -> None:
    done = protect([figure("q1", YEAR, 900)], policy(extremes=LARGE), extremes=[youngest(None)])
    assert (done.extremes[0].refusal, done.extremes[0].value) == ("", None)
    told = next(table for table in done.published if table.name == "q2")
    assert told.low.tolist() == [500, 0, 0]
    assert told.high.tolist() == [NO_UPPER, 0, NO_UPPER]
