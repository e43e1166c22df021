"""Rows that are there because a record has the value tell of it, and disclosure control is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nilreturn.engines import engine_named
from nilreturn.periods import Period
from nilreturn.questions import ByColumn, ByDate, During, Filters, Grain, Question
from nilreturn.row_statements import row_statements
from nilreturn.schema import Extract
from nilreturn.tables import RawTable
from tests.support.extracts import make_extract

YEAR = During("recorded_on", Period(date(2020, 1, 1), date(2020, 12, 31)))
EVERY_STATUS = ("Recorded", "Cancelled", "Transferred")


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    crimes = [
        {"area": "North", "recorded_on": date(2020, 2, 3)},
        {"area": "South", "recorded_on": date(2020, 5, 3), "status": "Cancelled"},
        {"recorded_on": date(2020, 4, 3)},
    ]
    victims = [{"crime_ref": "1", "victim_no": 1, "sex": "Indeterminate"}, {"crime_ref": "3", "victim_no": 1}]
    return make_extract(tmp_path / "extract", crimes, victims)


def told(extract: Extract, *questions: Question) -> dict[str, set[str]]:
    """Of each statement, the rows that it says have at least one."""
    figures = [f for question in questions for f in engine_named("duckdb").tabulate(extract, question)]
    found = row_statements(questions, extract, [figure for figure in figures if isinstance(figure, RawTable)])
    for each in found:
        assert not each.hidden.any()
    return {
        f"{each.name}: {each.population.unit}": {
            label for label, low in zip(each.dimensions[0].labels[1:], each.low[1:].tolist(), strict=True) if low
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
    assert told(extract, asked(ByColumn(("sex",)), unit="victims")) == {"q1 rows: victims": {"Indeterminate"}}


def test_an_area_of_the_extract_tells_only_where_every_record_might_be_counted(extract: Extract) -> None:
    by_area = ByColumn(("area",))
    assert told(extract, asked(by_area)) == {}, "the record may have been cancelled"
    assert told(extract, asked(by_area, status=EVERY_STATUS)) == {"q1 rows: crimes": {"North", "South"}}
    assert told(extract, asked(by_area, status=EVERY_STATUS, dates=YEAR)) == {}, "it may be of another year"
