"""The published figures, counted again from the report's rows with nothing of ours."""

import csv
import re
from collections import Counter
from datetime import date, datetime
from importlib.resources import files

import pytest

from nilreturn import demo
from nilreturn.disclosure.policy.policy import load_policy
from nilreturn.errors import OffenceError
from nilreturn.offences import normalise, offence
from nilreturn.questions import load_questions
from nilreturn.release.authority import load_authority
from nilreturn.sources.mapping import fold
from nilreturn.sources.mapping.file import read_mapping

GROOMING = {"71/17", "071/17", "07117", "71.17"}
PLATFORMS = ("WhatsApp", "Facebook", "Twitter", "Instagram", "Snapchat", "Kik")


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return read(demo.build(tmp_path_factory.mktemp("demo")).extract)


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    return datetime.strptime(text, "%d/%m/%Y").date()


def asked(rows, first_on, last_on):
    """The recorded crimes of the offence and period: reference → its rows."""
    crimes: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        counts = row["HO Code"] in GROOMING and row["Crime Status"] == "Recorded"
        if counts and first_on <= day(row["Recorded Date"]) <= last_on:
            crimes.setdefault(row["Crime Reference"], []).append(row)
    return crimes


def published(rows):
    nine_months = asked(rows, date(2020, 7, 1), date(2021, 3, 31))
    year = asked(rows, date(2020, 4, 1), date(2021, 3, 31))
    words = {
        reference: set(re.findall(r"\w+", crime[0]["Initial MO"].casefold()))
        for reference, crime in year.items()
    }
    return {
        "without victim": sum(
            not any(row["Victim Reference"] for row in crime) for crime in nine_months.values()
        ),
        **{name: sum(name.casefold() in found for found in words.values()) for name in PLATFORMS},
    }


FIGURES = {
    "without victim": 30,
    "WhatsApp": 2,
    "Facebook": 7,
    "Twitter": 0,
    "Instagram": 10,
    "Snapchat": 7,
    "Kik": 1,
}


def test_counting_gives_the_published_figures(rows):
    assert published(rows) == FIGURES


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_seed_gives_them(tmp_path, seed):
    assert published(read(demo.build(tmp_path, seed=seed).extract)) == FIGURES


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    first, again, other = (
        demo.build(tmp_path / name, seed=seed).extract.read_bytes()
        for name, seed in (("a", 7), ("b", 7), ("c", 8))
    )
    assert first == again != other


def test_some_victims_are_over_18(rows):
    crimes = asked(rows, date(2020, 7, 1), date(2021, 3, 31)).values()
    assert any(
        row["Victim Age"].isdigit() and 18 < int(row["Victim Age"]) < 120
        for crime in crimes
        for row in crime
    )


def test_records_that_must_not_count_name_platforms_too(rows):
    """Otherwise a wrong period, status or offence would give the published figures all the same."""
    first_on, last_on = date(2020, 4, 1), date(2021, 3, 31)
    named = re.compile("|".join(PLATFORMS), re.IGNORECASE)
    outside, set_aside, other_offence, naming_twitter = 0, 0, 0, 0
    for row in rows:
        try:
            inside = first_on <= day(row["Recorded Date"]) <= last_on
        except ValueError:
            continue
        hit = bool(named.search(row["Initial MO"]))
        grooming = row["HO Code"] in GROOMING
        outside += hit and grooming and not inside
        set_aside += hit and grooming and inside and row["Crime Status"] != "Recorded"
        other_offence += hit and not grooming and inside
        naming_twitter += "twitter" in row["Initial MO"].casefold()
    assert min(outside, set_aside, other_offence, naming_twitter) > 0


def test_the_days_at_both_ends_have_records(rows):
    recorded = Counter(row["Recorded Date"] for row in rows if row["HO Code"] in GROOMING)
    assert all(
        recorded[text]
        for text in ("31/03/2020", "01/04/2020", "01/07/2020", "31/03/2021", "01/04/2021")
    )


def test_a_crime_with_two_victims_is_there(rows):
    crimes = asked(rows, date(2020, 7, 1), date(2021, 3, 31)).values()
    assert any(len({row["Victim Reference"] for row in crime}) == 2 for crime in crimes)


def test_the_report_has_the_blemishes_of_reports(rows):
    assert 4_000 < len(rows) < 5_000
    assert any(row["Crime Reference"] == "Crime Reference" for row in rows)
    assert any(not any(row.values()) for row in rows)
    assert any(row["HO Code"] == "03-Jan" for row in rows)
    assert any(row["HO Code"] == "45.1" for row in rows)
    assert any(row["HO Code"] == "71.17" for row in rows)
    assert {"-1", "999", ""} <= {row["Victim Age"] for row in rows}
    assert {"Y", "N", ""} <= {row["Online Crime Indicator"] for row in rows}
    assert {"Recorded", "Cancelled", "Transferred"} <= {row["Crime Status"] for row in rows}
    assert any(row["Committed From Date"] == "31/02/2020" for row in rows)
    keys = Counter(
        (row["Crime Reference"], row["Victim Reference"]) for row in rows if row["Victim Reference"]
    )
    assert any(count > 1 for (reference, _), count in keys.items() if "/" in reference)


def test_the_headers_are_those_of_the_mapping(rows):
    mapping = read_mapping(files("nilreturn.sources.mapping") / "mappings" / f"{demo.MAPPING}.toml")
    known = {fold(header) for column in mapping.columns.values() for header in column.headers}
    assert {fold(header) for header in rows[0]} <= known


def test_codes_and_classes_belong_together(rows):
    for pair in {(row["HO Code"], row["HO Class"]) for row in rows}:
        try:
            reading = normalise(pair[0])
        except OffenceError:
            assert pair[0] in ("", "HO Code", "03-Jan", "45.1", "NON CRIME")
            continue
        assert pair[1] in offence(reading.code).classes


def test_the_free_text_is_made_of_a_small_stock_of_phrases(rows):
    phrases = {
        phrase.casefold() for row in rows for phrase in re.split(r"\.\s*", row["Initial MO"])
    }
    assert 50 < len(phrases) < 200


def test_the_request_the_policy_and_the_authority_are_valid(tmp_path):
    made = demo.build(tmp_path)
    assert load_authority(made.authority).name == load_questions(made.questions).force
    request, policy = load_questions(made.questions), load_policy(made.policy)
    assert [question.number for question in request.questions] == ["1", "2", "3", "4"]
    assert request.questions[3].mentions == PLATFORMS
    assert (
        policy.rule("ages", ["victim.age", "victim.sex"]).threshold,
        policy.rule("m", ["crime.mentions"]).threshold,
    ) == (5, 1)
    assert policy.extremes.release == "never"


def test_a_search_for_other_spellings_gives_the_same_figures(rows):
    """No record of the request misspells a name or has a word that looks like one."""
    from nilreturn.narrative.lexicon import load_lexicon
    from nilreturn.narrative.matching import Matcher

    matcher = Matcher(load_lexicon())
    crimes = asked(rows, date(2020, 4, 1), date(2021, 3, 31)).values()
    found = Counter(
        name
        for crime in crimes
        for name in {mention.entry.name for mention in matcher.mentions(crime[0]["Initial MO"])}
    )
    searched = {"WhatsApp", "Facebook", "X (Twitter)", "Instagram", "Snapchat", "Kik"}
    assert {name: found[name] for name in searched} == {
        "X (Twitter)": FIGURES["Twitter"],
        **{name: FIGURES[name] for name in PLATFORMS if name != "Twitter"},
    }
