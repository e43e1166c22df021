from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from nilreturn.errors import QuestionError
from nilreturn.periods import Period
from nilreturn.questions import ByDate, During, Filters, Grain, OneOf, Question, Questions, check_against
from nilreturn.schema import Extract, open_extract
from tests.support.extracts import make_extract


def _mistakes(extract: Extract, question: Question) -> list[str]:
    request = Questions("R1", "Northshire Police", date(2026, 1, 5), (question,))
    try:
        check_against(request, extract)
    except QuestionError as error:
        return list(error.details)
    return []


def _told(folder: Path, **manifest: object) -> Extract:
    extract = make_extract(folder / "extract", [{"area": "North"}])
    path = extract.folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **manifest}))
    return open_extract(extract.folder)


def test_unit_that_the_source_does_not_count_is_refused(tmp_path: Path) -> None:
    extract = _told(tmp_path, units=["crimes"])
    assert _mistakes(extract, Question("1", "How many?", "victims")) == [
        "questions: question 1: this extract counts crimes, not victims"
    ]
    assert _mistakes(extract, Question("1", "How many?", "records", mentions=("Kik",))) == []


def test_parts_of_months_are_refused_where_only_months_are_known(tmp_path: Path) -> None:
    extract = _told(tmp_path, precision={"crime.recorded_on": "month"})
    part = Filters(dates=During("recorded_on", Period(date(2020, 7, 15), date(2020, 9, 30))))
    whole = Filters(dates=During("recorded_on", Period(date(2020, 7, 1), date(2020, 9, 30))))
    by_month = (ByDate((Grain.FINANCIAL_YEAR, Grain.MONTH), "recorded_on"),)
    assert _mistakes(extract, Question("1", "How many?", "crimes", whole, by_month)) == []
    assert _mistakes(extract, Question("1", "How many?", "crimes", part)) == [
        "questions: question 1: recorded_on is known by the month only; ask for whole ones"
    ]


def test_months_are_refused_where_only_years_are_known(tmp_path: Path) -> None:
    extract = _told(tmp_path, precision={"crime.recorded_on": "financial_year"})
    question = Question("1", "How many?", "crimes", breakdowns=(ByDate((Grain.MONTH,), "recorded_on"),))
    assert _mistakes(extract, question) == [
        "questions: question 1: recorded_on is known by the financial year only, not by the month"
    ]


@pytest.mark.parametrize("value", ["North", "Unknown"])
def test_value_that_records_have_and_a_blank_may_be_asked_for(value: str, tmp_path: Path) -> None:
    extract = make_extract(tmp_path / "extract", [{"area": "North"}])
    question = Question("1", "How many?", "crimes", Filters(one_of=(OneOf("area", (value,)),)))
    assert _mistakes(extract, question) == []


def test_value_that_no_record_has_is_refused_for_it_would_look_like_a_nil_return(tmp_path: Path) -> None:
    extract = make_extract(tmp_path / "extract", [{"area": "North"}])
    question = Question("1", "How many?", "crimes", Filters(one_of=(OneOf("area", ("north",)),)))
    assert _mistakes(extract, question) == ["questions: question 1: no record has area 'north'; did you mean 'North'?"]
