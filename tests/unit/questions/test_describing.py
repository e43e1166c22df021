from __future__ import annotations

from datetime import date

from nilreturn.offences import OffenceRef
from nilreturn.periods import Period
from nilreturn.questions import (
    ByAge,
    ByColumn,
    ByDate,
    CategoryFilter,
    DateFilter,
    Extreme,
    Filters,
    Grain,
    Question,
    breakdown_title,
    column_title,
    describe,
    read_band,
)

YEARS = DateFilter("recorded_on", Period(date(2016, 4, 1), date(2018, 3, 31)))


def test_every_part_is_told_in_plain_words() -> None:
    question = Question(
        "2",
        "How many?",
        "victims",
        Filters(
            (OffenceRef("code", "071/17"),),
            YEARS,
            ages=read_band("under 18"),
            one_of=(CategoryFilter("area", ("A", "B")),),
        ),
        (
            ByAge((read_band("11 and under"), read_band("12 and over"))),
            ByColumn(("sex",)),
            ByColumn(("online_flag",)),
        ),
    )
    assert describe(question) == (
        ("Counted", "Victims of crimes; a crime may have several victims, or none on record"),
        ("Offences", "071/17 Engage in sexual communication with a child"),
        ("Dates", "Recorded from 1 April 2016 to 31 March 2018, both days included"),
        ("Status of the record", "Recorded"),
        ("Age of the victim", "under 18 (17 and under); age known"),
        ("Area", "A or B"),
        (
            "Broken down by",
            (
                "age at the date of the offence (11 and under, 12 and over, unknown); sex (with "
                "those unknown);"
                " online flag (with those not recorded)"
            ),
        ),
    )


def test_class_is_told_with_the_codes_of_each_part_of_the_period() -> None:
    told = dict(
        describe(
            Question("1", "How many?", "crimes", Filters((OffenceRef("class", "88A"),), YEARS))
        )
    )
    assert told["Offences"] == (
        "class 88A Sexual Grooming, as stored on the crime (codes 088/01, 088/02 from 1 April 2016 "
        "to 2 April 2017;"
        " codes 071/17, 088/01, 088/02 from 3 April 2017 to 31 March 2018)"
    )


def test_code_is_told_with_the_one_it_replaced_where_the_period_needs_both() -> None:
    code = (OffenceRef("code", "088/15"),)
    around = DateFilter("recorded_on", Period(date(2024, 1, 1), date(2024, 12, 31)))
    after = DateFilter("recorded_on", Period(date(2025, 1, 1), date(2025, 12, 31)))
    told = dict(describe(Question("1", "How many?", "crimes", Filters(code, around))))
    assert "with 008/71" in told["Offences"]
    told = dict(describe(Question("1", "How many?", "crimes", Filters(code, after))))
    assert "008/71" not in told["Offences"]


def test_extremes_and_keywords_are_told() -> None:
    youngest = Question("3", "How old?", "victims", extreme=Extreme("minimum", ("sex",)))
    assert (
        dict(describe(youngest))["Sought"]
        == "Age and sex of the youngest victim whose age is known"
    )
    mentions = Question("4", "Which?", "records", mentions=("Kik", "WhatsApp"))
    assert dict(describe(mentions))["Keywords"] == "Kik, WhatsApp"


def test_titles_are_those_of_columns_and_calendar() -> None:
    assert column_title("victim.sex") == "Sex"
    assert column_title("crime.premises_type") == "Premises type"
    by_date = ByDate((Grain.FINANCIAL_YEAR, Grain.MONTH), "committed_from")
    assert breakdown_title(by_date) == "Financial year and month committed (first possible day)"
    assert (
        breakdown_title(ByDate((Grain.QUARTER,), "crime.outcome_on"))
        == "Quarter given their outcome"
    )
    assert (
        breakdown_title(ByColumn(("offence_class", "offence_code")))
        == "Offence class and offence code"
    )


def test_outcomes_asked_for_are_said_in_words() -> None:
    question = Question(
        "1", "?", "crimes", Filters(one_of=(CategoryFilter("outcome", ("8", "18")),))
    )
    assert (
        "Outcome",
        "8: Community resolution or 18: Investigation complete, no suspect identified",
    ) in describe(question)
