"""Rows that are there because a record has the value tell of it, and disclosure control is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nilreturn.disclosure.model import NO_UPPER
from nilreturn.engines import engine_named
from nilreturn.periods import Period
from nilreturn.questions import (
    ByColumn,
    ByDate,
    CategoryFilter,
    DateFilter,
    Filters,
    Grain,
    Question,
)
from nilreturn.schema import Coverage, Extract
from nilreturn.tables import Extent, RawTable
from nilreturn.workflow.lacking import Care
from nilreturn.workflow.row_statements import lacking_statements, row_statements
from tests.support.extracts import make_extract

YEAR = DateFilter("recorded_on", Period(date(2020, 1, 1), date(2020, 12, 31)))
EVERY_STATUS = ("Recorded", "Cancelled", "Transferred")


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    crimes = [
        {"area": "North", "recorded_on": date(2020, 2, 3)},
        {"area": "South", "recorded_on": date(2020, 5, 3), "status": "Cancelled"},
        {"recorded_on": date(2020, 4, 3)},
    ]
    victims = [
        {"crime_ref": "1", "victim_no": 1, "sex": "Indeterminate"},
        {"crime_ref": "3", "victim_no": 1},
    ]
    return make_extract(tmp_path / "extract", crimes, victims)


def told(extract: Extract, *questions: Question) -> dict[str, set[str]]:
    """Of each statement, the rows that it says have at least one."""
    figures = [
        f for question in questions for f in engine_named("duckdb").tabulate(extract, question)
    ]
    found = row_statements(
        questions, extract, [figure for figure in figures if isinstance(figure, RawTable)]
    )
    for each in found:
        assert not each.hidden.any()
    return {
        f"{each.name}: {each.population.unit}": {
            label
            for label, low in zip(each.dimensions[0].labels[1:], each.low[1:].tolist(), strict=True)
            if low
        }
        for each in found
    }


def asked(*breakdowns: object, unit: str = "crimes", **filters: object) -> Question:
    return Question("1", "How many?", unit, Filters(**filters), tuple(breakdowns))  # type: ignore[arg-type]


def test_the_first_and_the_last_month_with_anything_tell_of_it(extract: Extract) -> None:
    by_month = ByDate((Grain.MONTH,), "recorded_on")
    assert told(extract, asked(by_month)) == {"q1 rows: crimes": {"February 2020", "April 2020"}}
    assert told(extract, asked(by_month, dates=YEAR)) == {}


def test_a_word_that_no_list_has_tells_of_who_has_it(extract: Extract) -> None:
    assert told(extract, asked(ByColumn(("sex",)), unit="victims")) == {
        "q1 rows: victims": {"Indeterminate"}
    }


def test_an_area_of_the_extract_tells_only_where_every_record_might_be_counted(
    extract: Extract,
) -> None:
    by_area = ByColumn(("area",))
    assert told(extract, asked(by_area)) == {}, "the record may have been cancelled"
    assert told(extract, asked(by_area, status=EVERY_STATUS)) == {
        "q1 rows: crimes": {"North", "South"}
    }
    assert told(extract, asked(by_area, status=EVERY_STATUS, dates=YEAR)) == {}, (
        "it may be of another year"
    )


# What is told of crimes that lack a value ---------------------------------------------------------


def told_of_lacking(
    extract: Extract, care: Care, *questions: Question
) -> dict[str, tuple[frozenset[str], int, int]]:
    figures = [
        f for question in questions for f in engine_named("duckdb").tabulate(extract, question)
    ]
    tables = [figure for figure in figures if isinstance(figure, RawTable)]
    return {
        each.name: (each.population.extents[0][1].values, int(each.low), int(each.high))
        for each in lacking_statements(questions, extract, tables, care)
    }


def of_north(**filters: object) -> Question:
    return asked(dates=YEAR, one_of=(CategoryFilter("area", ("North",)),), **filters)


def test_a_nil_return_tells_whether_any_crime_lacks_an_area(extract: Extract) -> None:
    every = Question(
        "2", "How many?", "crimes", Filters(status=EVERY_STATUS), (ByColumn(("area",)),)
    )
    recorded = Question("2", "How many?", "crimes", Filters(), (ByColumn(("area",)),))
    unknown = frozenset({"Unknown"})
    care = Care(5, tells_none=True)
    assert told_of_lacking(extract, care, of_north(), every) == {
        "crimes without crime.area": (unknown, 1, 49)
    }
    assert told_of_lacking(extract, care, of_north(), recorded) == {
        "crimes without crime.area": (unknown, 0, 49)
    }, "the crime may have been cancelled"
    assert told_of_lacking(extract, care, of_north()) == {}, "no figure has a row of them"
    assert told_of_lacking(extract, Care(5, tells_none=False), of_north(), every) == {
        "crimes without crime.area": (unknown, 0, 49)
    }


def test_a_share_tells_how_many_lack_it_at_least(tmp_path: Path) -> None:
    crimes = [{"recorded_on": date(2020, 2, 3)}] * 60 + [
        {"area": "North", "recorded_on": date(2020, 2, 3)}
    ] * 40
    found = told_of_lacking(
        make_extract(tmp_path / "extract", crimes),
        Care(5, tells_none=True),
        of_north(),
        Question("2", "How many?", "crimes", Filters(status=EVERY_STATUS), (ByColumn(("area",)),)),
    )
    assert found == {"crimes without crime.area": (frozenset({"Unknown"}), 51, NO_UPPER)}


# The first and the last day, where they were proposed ---------------------------------------------


def ends(extract: Extract, question: Question) -> dict[str, Extent]:
    tables = [
        f for f in engine_named("duckdb").tabulate(extract, question) if isinstance(f, RawTable)
    ]
    found = row_statements([question], extract, tables)
    return {each.name: each.population.extents[0][1] for each in found if " day of " in each.name}


def proposed(folder: Path, **days: tuple[date, date]) -> Extract:
    """Two crimes, with coverage proposed from them."""
    crimes = [{name: both[place] for name, both in days.items()} for place in (0, 1)]
    extract = make_extract(folder, crimes)
    coverage = {
        f"crime.{name}": Coverage(
            Period(*both), first_is_whole=False, last_is_whole=False, given=False
        ).as_json()
        for name, both in days.items()
    }
    return replace(extract, manifest={**extract.manifest, "coverage": coverage})


def numbers(first: date, last: date) -> Extent:
    return Extent.between(first.toordinal(), last.toordinal())


FIRST, LAST = date(2020, 2, 3), date(2020, 9, 5)


def test_the_days_that_a_breakdown_names_are_told_too(tmp_path: Path) -> None:
    earlier = date(2020, 3, 1), date(2020, 8, 1)
    extract = proposed(tmp_path / "extract", recorded_on=(FIRST, LAST), committed_from=earlier)
    by_month = ByDate((Grain.MONTH,), "committed_from")
    assert ends(extract, asked(by_month)) == {
        "first day of crime.recorded_on": numbers(FIRST, FIRST),
        "last day of crime.recorded_on": numbers(LAST, LAST),
        "first day of crime.committed_from": numbers(earlier[0], earlier[0]),
        "last day of crime.committed_from": numbers(earlier[1], earlier[1]),
    }
    assert "first day of crime.committed_from" not in ends(extract, asked(by_month, dates=YEAR))


def test_a_first_day_that_was_taken_from_the_day_of_recording_tells_of_that_day_or_an_earlier_one(
    tmp_path: Path,
) -> None:
    extract = proposed(
        tmp_path / "extract", recorded_on=(FIRST, LAST), committed_from=(FIRST, LAST)
    )
    during = DateFilter("committed_from", Period(FIRST, LAST))
    assert ends(extract, asked(dates=during))[
        "first day of crime.committed_from"
    ] == Extent.between(1, FIRST.toordinal())


def test_days_that_are_known_by_the_month_tell_of_the_month(tmp_path: Path) -> None:
    extract = proposed(tmp_path / "extract", recorded_on=(date(2020, 2, 1), date(2020, 9, 30)))
    extract = replace(
        extract, manifest={**extract.manifest, "precision": {"crime.recorded_on": "month"}}
    )
    assert ends(extract, asked()) == {
        "first day of crime.recorded_on": numbers(date(2020, 2, 1), date(2020, 2, 29)),
        "last day of crime.recorded_on": numbers(date(2020, 9, 1), date(2020, 9, 30)),
    }
