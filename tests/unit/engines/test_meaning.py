"""
What a table's population and categories cover: disclosure control recognises equal cells by it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from nilreturn.engines import engine_named
from nilreturn.offences import OffenceRef
from nilreturn.periods import Period
from nilreturn.questions import (
    ByAge,
    ByColumn,
    ByDate,
    CategoryFilter,
    DateFilter,
    Filters,
    Grain,
    Question,
    read_band,
)
from nilreturn.tables import Category, Extent, RawTable
from tests.support.extracts import make_extract, make_mentions

Tables = Callable[[Question], tuple[RawTable, ...]]

PERIOD = Period(date(2020, 7, 1), date(2021, 3, 31))
GROOMING = Filters((OffenceRef("code", "071/17"),), DateFilter("recorded_on", PERIOD))
DAYS = Extent.between(PERIOD.first_on.toordinal(), PERIOD.last_on.toordinal())


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    crimes = [
        {
            "offence_code": "071/17",
            "offence_class": "88A",
            "recorded_on": date(2020, 8, 1),
            "online_flag": "Yes",
        },
        {
            "offence_code": "071/17",
            "offence_class": "88A",
            "recorded_on": date(2021, 1, 1),
            "area": "Total",
        },
        {
            "offence_code": "008/77",
            "offence_class": "8S",
            "recorded_on": date(2021, 1, 1),
            "area": "Unknown",
        },
    ]
    extract = make_extract(
        tmp_path / "extract", crimes, [{"crime_ref": "1", "age": 13, "sex": "Female"}]
    )
    mentions = make_mentions(tmp_path / "mentions.parquet", [("1", "Kik", True)])

    def answer(question: Question) -> tuple[RawTable, ...]:
        found = engine_named("duckdb").tabulate(extract, question, mentions=mentions)
        assert all(isinstance(table, RawTable) for table in found)
        return found  # type: ignore[return-value]

    return answer


def test_outcomes_have_the_words_of_their_type_and_mean_what_the_records_have(
    tmp_path: Path,
) -> None:
    values = ["16", "1", "01", "1a", "Type 18", "Community resolution", "99", None]
    crimes = [{"outcome": value, "recorded_on": date(2020, 8, 1)} for value in values]
    extract = make_extract(tmp_path / "extract", crimes)
    (table,) = engine_named("duckdb").tabulate(
        extract, Question("1", "?", "crimes", breakdowns=(ByColumn(("outcome",)),))
    )
    assert isinstance(table, RawTable)
    categories = {c.label: c.covers for c in table.dimensions[0].categories[1:]}
    said = "Evidential difficulties: suspect identified, victim does not support further action"
    assert categories[f"16: {said}"] == Extent.of("16")
    assert set(categories) == {
        f"16: {said}",
        "1: Charge or summons",
        "01: Charge or summons",
        "1a: Charge or summons, alternate offence",
        "Type 18: Investigation complete, no suspect identified",
        "Community resolution",
        "99",
        "Unknown",
    }
    assert [c.covers for c in table.dimensions[0].categories[1:]].count(None) == 0


def test_victims_are_of_the_crimes_that_a_question_about_crimes_counts(tables: Tables) -> None:
    (crimes,) = tables(
        Question("1", "How many?", "crimes", GROOMING, (ByColumn(("online_flag",)),))
    )
    (victims,) = tables(Question("2", "Who?", "victims", GROOMING, (ByColumn(("sex",)),)))
    assert victims.population.extents == crimes.population.extents
    assert victims.population.belongs is not None
    assert crimes.count("Total") == 2


def test_population_says_what_filters_let_through(tables: Tables) -> None:
    (table,) = tables(Question("1", "How many?", "crimes", GROOMING))
    assert dict(table.population.extents) == {
        "crime.offence": Extent.of("88A 071/17"),
        "crime.recorded_on": DAYS,
        "crime.status": Extent.of("Recorded"),
    }
    assert table.population.unit == "crimes"
    assert len(table.population.source) == 64


def test_population_of_victims_has_what_was_asked_of_them(tables: Tables) -> None:
    filters = Filters(ages=read_band("under 18"), one_of=(CategoryFilter("sex", ("Female",)),))
    (table,) = tables(Question("1", "Who?", "victims", filters))
    extents = dict(table.population.extents)
    assert extents["victim.age"] == Extent.between(0, 17)
    assert extents["victim.sex"] == Extent.of("Female")
    assert extents["crime.status"] == Extent.of("Recorded")


def test_crimes_restricted_by_their_victims_are_no_part_that_excludes_another(
    tables: Tables,
) -> None:
    def population(words: str) -> dict[str, Extent]:
        (table,) = tables(Question("1", "How many?", "crimes", Filters(ages=read_band(words))))
        return dict(table.population.extents)

    assert population("under 12") == {
        "crime.status": Extent.of("Recorded"),
        "crime.has_victim[victim.age=0-11]": Extent.of("Yes"),
    }
    assert set(population("under 12")) != set(population("12-15"))


def test_code_means_the_same_as_a_filter_and_as_a_category(tables: Tables) -> None:
    (of_code,) = tables(
        Question("1", "How many?", "crimes", Filters((OffenceRef("code", "071/17"),)))
    )
    (by_code,) = tables(
        Question("2", "How many?", "crimes", Filters(), (ByColumn(("offence_code",)),))
    )
    (dimension,) = by_code.dimensions
    assert dimension.variable == "crime.offence"
    assert _category(by_code, "071/17").covers == dict(of_code.population.extents)["crime.offence"]


def test_class_means_the_same_as_a_filter_and_as_a_category(tables: Tables) -> None:
    (of_class,) = tables(
        Question("1", "How many?", "crimes", Filters((OffenceRef("class", "88A"),)))
    )
    (by_class,) = tables(
        Question("2", "How many?", "crimes", Filters(), (ByColumn(("offence_class",)),))
    )
    nested = tables(
        Question(
            "3", "How many?", "crimes", Filters(), (ByColumn(("offence_class", "offence_code")),)
        )
    )[0]
    covers = dict(of_class.population.extents)["crime.offence"]
    assert _category(by_class, "88A").covers == _category(nested, "88A").covers == covers
    assert _category(nested, "88A: 071/17").covers == Extent.of("88A 071/17")


def test_ages_and_days_are_ranges(tables: Tables) -> None:
    bands = ByAge((read_band("11 and under"), read_band("12 and over")))
    (by_age,) = tables(Question("1", "Who?", "victims", Filters(), (bands,)))
    assert _category(by_age, "12 and over").covers == Extent.between(12, 150)
    assert _category(by_age, "Unknown").covers == Extent.of("Unknown")
    (by_month,) = tables(
        Question("2", "When?", "crimes", GROOMING, (ByDate((Grain.MONTH,), "recorded_on"),))
    )
    august = Period(date(2020, 8, 1), date(2020, 8, 31))
    assert _category(by_month, "August 2020").covers == Extent.between(
        august.first_on.toordinal(), august.last_on.toordinal()
    )
    assert len(by_month.dimensions[0].leaves) == 9


def test_value_called_like_another_category_is_told_apart_and_keeps_its_meaning(
    tables: Tables,
) -> None:
    (table,) = tables(Question("1", "Where?", "crimes", Filters(), (ByColumn(("area",)),)))
    assert table.dimensions[0].labels == ("Total", "Total (2)", "Unknown")
    assert _category(table, "Total (2)").covers == Extent.of("Total")
    assert table.count("Unknown") == 2  # a blank, and the word itself


def test_mentions_of_any_keyword_are_the_same_records_in_both_tables(tables: Tables) -> None:
    by_keyword, searched = tables(
        Question("4", "Which?", "records", GROOMING, mentions=("Kik", "WhatsApp"))
    )
    both = Extent.of("Kik", "WhatsApp")
    assert dict(by_keyword.population.extents)["crime.mentions"] == both
    assert _category(searched, "Any of these").covers == both
    assert not by_keyword.dimensions[0].additive
    assert by_keyword.dimensions[1].additive
    assert (
        by_keyword.count("Any of these", "Written in any form")
        == searched.count("Any of these")
        == 1
    )


def test_records_searched_are_the_crimes_of_a_question_about_crimes(tables: Tables) -> None:
    (crimes,) = tables(Question("1", "How many?", "crimes", GROOMING))
    _, searched = tables(Question("4", "Which?", "records", GROOMING, mentions=("Kik",)))
    assert searched.population == crimes.population


def _category(table: RawTable, label: str) -> Category:
    return next(category for category in table.dimensions[0].categories if category.label == label)
