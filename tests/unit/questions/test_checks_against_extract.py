from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nilreturn.errors import QuestionError
from nilreturn.periods import Grain, Period, financial_year
from nilreturn.questions import (
    ByDate,
    CategoryFilter,
    DateFilter,
    Filters,
    Question,
    Questions,
    check_against,
)
from nilreturn.schema import Extract
from nilreturn.sources import import_extract, read_mapping
from tests.support.extracts import make_extract

AS_AT = date(2022, 6, 1)
MAPPING = """\
name = "cells"
description = "A publication, one row a count"
row = "cell"
[cells]
count_header = "n"
unit = "crimes"
[columns."crime.recorded_on"]
headers = ["when"]
precision = "{precision}"
"""


def _mistakes(extract: Extract, question: Question) -> list[str]:
    request = Questions("R1", "Northshire Police", date(2026, 1, 5), (question,))
    try:
        check_against(request, extract)
    except QuestionError as error:
        return list(error.details)
    return []


def imported(folder: Path, precision: str, *days: str, covers: Period | None = None) -> Extract:
    """
    A publication that knows its days by `precision`, imported: three crimes each in the parts
    called `days`.
    """
    (folder / "mapping.toml").write_text(MAPPING.format(precision=precision), encoding="utf-8")
    (folder / "table.csv").write_text(
        "when,n\n" + "".join(f"{day},3\n" for day in days), encoding="utf-8"
    )
    return import_extract(
        [folder / "table.csv"],
        mapping=read_mapping(folder / "mapping.toml"),
        to=folder / "extract",
        as_at=AS_AT,
        covers={"": covers} if covers else None,
    )


def during(first: date, last: date) -> Filters:
    return Filters(dates=DateFilter("recorded_on", Period(first, last)))


def by(*grains: Grain) -> tuple[ByDate, ...]:
    return (ByDate(grains, "recorded_on"),)


def test_unit_that_the_source_does_not_count_is_refused(tmp_path: Path) -> None:
    extract = imported(tmp_path, "month", "01/07/2020")
    assert _mistakes(extract, Question("1", "How many?", "victims")) == [
        "questions: question 1: this extract counts crimes, not victims"
    ]
    assert _mistakes(extract, Question("1", "How many?", "records", mentions=("Kik",))) == []


# For each precision: how a source writes two parts, a period of whole parts, one that cuts a part,
# and the grains of tables.
KNOWN_BY = [
    (
        "month",
        ("01/07/2020", "01/08/2020"),
        (date(2020, 7, 1), date(2020, 8, 31)),
        (date(2020, 7, 1), date(2020, 8, 30)),
        {Grain.MONTH, Grain.QUARTER, Grain.FINANCIAL_YEAR, Grain.CALENDAR_YEAR},
    ),
    (
        "quarter",
        ("Q1 2020/21", "Q3 2020"),
        (date(2020, 4, 1), date(2020, 9, 30)),
        (date(2020, 4, 1), date(2020, 8, 31)),
        {Grain.QUARTER, Grain.FINANCIAL_YEAR, Grain.CALENDAR_YEAR},
    ),
    (
        "financial year",
        ("2020/21", "2021-22"),
        (date(2020, 4, 1), date(2022, 3, 31)),
        (date(2020, 7, 1), date(2022, 3, 31)),
        {Grain.FINANCIAL_YEAR},
    ),
    (
        "financial_year",
        ("2020/21", "15/06/2021"),
        (date(2020, 4, 1), date(2022, 3, 31)),
        (date(2020, 4, 1), date(2021, 12, 31)),
        {Grain.FINANCIAL_YEAR},
    ),
    (
        "calendar_year",
        ("2020", "2021"),
        (date(2020, 1, 1), date(2021, 12, 31)),
        (date(2020, 4, 1), date(2021, 3, 31)),
        {Grain.CALENDAR_YEAR},
    ),
]


@pytest.mark.parametrize(
    ("precision", "days", "whole", "cut", "grains"), KNOWN_BY, ids=[each[0] for each in KNOWN_BY]
)
def test_no_finer_part_is_counted_than_a_source_knows(
    precision: str,
    days: tuple[str, str],
    whole: tuple[date, date],
    cut: tuple[date, date],
    grains: set[Grain],
    tmp_path: Path,
) -> None:
    extract = imported(tmp_path, precision, *days)
    words = precision.replace("_", " ")
    assert extract.coverage["crime.recorded_on"].period == Period(*whole)
    assert _mistakes(extract, Question("1", "How many?", "crimes", during(*whole))) == []
    assert _mistakes(extract, Question("1", "How many?", "crimes", during(*cut))) == [
        f"questions: question 1: recorded_on is known by the {words} only; ask for whole ones"
    ]
    for grain in (Grain.MONTH, Grain.QUARTER, Grain.FINANCIAL_YEAR, Grain.CALENDAR_YEAR):
        refused = _mistakes(extract, Question("1", "How many?", "crimes", breakdowns=by(grain)))
        told = (
            f"questions: question 1: recorded_on is known by the {words} only, not by the "
            f"{grain.words}"
        )
        assert refused == ([] if grain in grains else [told])


def test_days_that_the_extract_does_not_cover_are_refused_and_not_counted_as_none(
    tmp_path: Path,
) -> None:
    extract = imported(tmp_path, "day", "01/07/2020", "30/09/2020")
    next_step = "ask for days that it covers, or import files of those days"
    for period in (financial_year("2018/19"), Period(date(2020, 10, 1), date(2020, 10, 1))):
        (told,) = _mistakes(
            extract, Question("1", "How many?", "crimes", during(period.first_on, period.last_on))
        )
        covered = (
            "this extract covers recorded_on from 1 July 2020 to 30 September 2020, as its "
            "records show"
        )
        assert told == f"questions: question 1: {covered}, and nothing of {period}; {next_step}"
    assert (
        _mistakes(
            extract,
            Question("1", "How many?", "crimes", during(date(2019, 1, 1), date(2020, 7, 1))),
        )
        == []
    )


def test_what_the_importer_vouches_for_decides_and_not_what_is_on_record(tmp_path: Path) -> None:
    extract = imported(
        tmp_path, "day", "01/07/2020", covers=Period(date(2020, 4, 1), date(2021, 3, 31))
    )
    assert (
        _mistakes(
            extract,
            Question("1", "How many?", "crimes", during(date(2021, 3, 1), date(2021, 3, 31))),
        )
        == []
    )
    (refused,) = _mistakes(
        extract, Question("1", "How many?", "crimes", during(date(2021, 4, 1), date(2021, 4, 1)))
    )
    assert (
        "covers recorded_on from 1 April 2020 to 31 March 2021, and nothing of 1 April 2021"
        in refused
    )


def test_a_date_that_no_record_has_is_refused(tmp_path: Path) -> None:
    extract = imported(tmp_path, "day", "01/07/2020", "")
    assert (
        _mistakes(
            extract,
            Question("1", "How many?", "crimes", during(date(2020, 7, 1), date(2020, 7, 1))),
        )
        == []
    )
    (tmp_path / "none").mkdir()
    extract = imported(tmp_path / "none", "day", "not known", "not known")
    assert _mistakes(
        extract, Question("1", "How many?", "crimes", during(date(2020, 7, 1), date(2020, 7, 1)))
    ) == [
        (
            "questions: question 1: no record of this extract has a day in recorded_on; ask by "
            "another date"
        )
    ]


@pytest.mark.parametrize("value", ["North", "Unknown"])
def test_value_that_records_have_and_a_blank_may_be_asked_for(value: str, tmp_path: Path) -> None:
    extract = make_extract(tmp_path / "extract", [{"area": "North"}])
    question = Question(
        "1", "How many?", "crimes", Filters(one_of=(CategoryFilter("area", (value,)),))
    )
    assert _mistakes(extract, question) == []


def test_value_that_no_record_has_is_refused_for_it_would_look_like_a_nil_return(
    tmp_path: Path,
) -> None:
    extract = make_extract(tmp_path / "extract", [{"area": "North"}])
    question = Question(
        "1", "How many?", "crimes", Filters(one_of=(CategoryFilter("area", ("north",)),))
    )
    assert _mistakes(extract, question) == [
        "questions: question 1: no record has area 'north'; did you mean 'North'?"
    ]
