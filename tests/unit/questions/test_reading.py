from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from nilreturn.errors import FileError, QuestionError
from nilreturn.offences import OffenceRef
from nilreturn.periods import Period
from nilreturn.questions import (
    ByAge,
    ByColumn,
    ByDate,
    CategoryFilter,
    DateFilter,
    Extreme,
    Grain,
    Question,
    Questions,
    check_against,
    load_questions,
)
from tests.support.extracts import make_extract

Load = Callable[[str], Questions]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def read(text: str) -> Questions:
        path = tmp_path / "request.yaml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return load_questions(path)

    return read


@pytest.fixture
def ask(load: Load) -> Callable[[str], Question]:
    """The question of a file in which everything else is right; its first line is line 7."""
    return lambda text: load(_file(text)).questions[0]


def _file(question: str) -> str:
    head = (
        "reference: R1\nforce: Northshire Police\nreceived_on: 2026-01-05\nquestions:\n- "
        "number: 1\n  words: Tell me\n"
    )
    return head + textwrap.indent(textwrap.dedent(question).strip(), "  ")


def _mistakes(read: Callable[[str], object], text: str) -> tuple[str, ...]:
    with pytest.raises(QuestionError) as caught:
        read(text)
    return tuple(detail.removeprefix("request.yaml, ") for detail in caught.value.details)


def test_request_is_read_with_all_its_parts(load: Load) -> None:
    read = load("""
        reference: 20210999
        force: Northshire Police
        received_on: 28 May 2021
        replied_on: 2021-06-29
        subject: Grooming
        questions:
          - number: 2a
            words: How many victims?
            unit: victims
            filters:
              offences: [71/17, class 88A]
              period: from (and including) July 1st 2020 to (and including) March 31st 2021
              date: committed_from
              online_flag: yes
              victim.sex: [female, Unknown]
              age: under 18
            breakdowns:
              - age: [11 and under, 12 and over]
              - offence_class > offence_code
              - financial_year > month: recorded_on
        """)
    assert (read.reference, read.received_on, read.replied_on) == (
        "20210999",
        date(2021, 5, 28),
        date(2021, 6, 29),
    )
    (question,) = read.questions
    assert question.number == "2a"
    assert question.filters.offences == (OffenceRef("code", "071/17"), OffenceRef("class", "88A"))
    assert question.filters.dates == DateFilter(
        "committed_from", Period(date(2020, 7, 1), date(2021, 3, 31))
    )
    assert question.filters.one_of == (
        CategoryFilter("online_flag", ("Yes",)),
        CategoryFilter("victim.sex", ("Female", "Unknown")),
    )
    assert question.filters.ages is not None
    assert [type(breakdown) for breakdown in question.breakdowns] == [ByAge, ByColumn, ByDate]
    assert question.breakdowns[1] == ByColumn(("offence_class", "offence_code"))
    assert question.breakdowns[2] == ByDate((Grain.FINANCIAL_YEAR, Grain.MONTH), "recorded_on")


def test_a_list_of_one_needs_no_brackets(ask: Callable[[str], Question]) -> None:
    question = ask("unit: records\nmentions: Kik\nfilters: {offences: 71/17}")
    assert question.mentions == ("Kik",)
    assert question.filters.offences == (OffenceRef("code", "071/17"),)


def test_extreme_is_read_in_both_forms(ask: Callable[[str], Question]) -> None:
    assert ask("unit: victims\nextreme: youngest victim").extreme == Extreme("minimum")
    asked = ask("unit: victims\nextreme: {of: Oldest victim, also: [sex, area]}")
    assert asked.extreme == Extreme("maximum", ("sex", "area"))


def test_every_mistake_is_told_at_once_with_its_line(load: Load) -> None:
    found = _mistakes(
        load,
        """\
        reference: "1"
        force:
        recieved_on: 2021-05-28
        questions:
          - number: 1
            words: How many
            unit: crime
            filters:
              offences: [71/99, 4/10]
              period: 31 March 2021 to 31 June 2021
              knife_flag: maybe
            breakdowns: [beat, recorded_on, narrative]
          - number: 1
            words: How old
            unit: victims
            breakdowns:
              - age: [11 and under, 13-15]
              - month: area
              - month_: recorded_on
            extreme: youngest
        """,
    )
    assert found == (
        "line 1: the file lacks 'received_on'; add it",
        "line 2: 'force' is empty; write it or remove the line",
        "line 3: the file has no 'recieved_on'; did you mean 'received_on' or 'replied_on'?",
        "line 7: question 1: no unit 'crime'; did you mean 'crimes'?",
        (
            "line 9: question 1, filters: '4/10' may mean class 4/10 (Corporate Manslaughter) or "
            "code 004/10 (Corporate"
            " Manslaughter); write 'class 4/10' or '004/10'"
        ),
        *(
            line
            for line in found
            if line.startswith("line 9: question 1, filters: '71/99' is not an offence code")
        ),
        (
            "line 10: question 1, filters: '31 june 2021' is not a day of the calendar; write it "
            "as "
            "day/month/year or year-month-day"
        ),
        (
            "line 11: question 1, filters: knife_flag is never 'maybe'; write 'Yes' or 'No' or "
            "'Not recorded'"
        ),
        "line 12: question 1: 'beat' may not be asked for (beat: too small to release)",
        (
            "line 12: question 1: 'narrative' may not be asked for (free text of how it was "
            "committed (initial MO))"
        ),
        (
            "line 12: question 1: 'recorded_on' is a date; write 'month: recorded_on', or quarter, "
            "financial_year,"
            " calendar_year"
        ),
        "line 13: question 1 is already on line 5; give it another number",
        (
            "line 17: question 1: breakdown 1: no band has ages 12, 16 and over; add a band, or "
            "'Other ages' for all"
            " the rest"
        ),
        "line 18: question 1: 'area' is a category; name a date, like recorded_on",
        "line 19: question 1, breakdown 3: no 'month_:'; did you mean 'month'?",
        "line 20: question 1, extreme: no 'youngest'; did you mean 'youngest victim'?",
    )


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "unit: crimes\nunit: victims",
            "line 8: question #1 of the list has 'unit' twice; keep one",
        ),
        ("unit: crimes\nbreakdown: [sex]", "has no 'breakdown'; did you mean 'breakdowns'?"),
        (
            "words: again\nunit: crimes",
            "line 7: question #1 of the list has 'words' twice; keep one",
        ),
        ("unit: [crimes]", "line 7: question 1, unit must be a single value, not a list or keys"),
        ("unit: ~", "question 1, unit is empty"),
        ("unit: crimes\nfilters: all", "line 8: question 1, filters must be keys with values"),
        ("unit: crimes\nbreakdowns: []", "line 8: question 1, breakdowns is an empty list"),
        ("unit: crimes\nfilters: {offences: []}", "question 1, filters, offences is an empty list"),
        (
            "unit: crimes\nfilters: {offences: [71/17, 7117]}",
            "'7117' and '71/17' are both code 071/17; keep one",
        ),
        ("unit: crimes\nfilters: {period: 2021-03-31 to 2020-03-31}", "runs backwards"),
        ("unit: crimes\nfilters: {date: recorded_on}", "'date' without 'period'"),
        ("unit: crimes\nfilters: {period: soon}", "'soon' is not a period"),
        ("unit: crimes\nfilters: {age: young}", "'young' is not an age band"),
        ("unit: crimes\nfilters: {area: [North, North]}", "area has 'North' twice"),
        (
            "unit: crimes\nfilters: {status: Recroded}",
            "status is never 'Recroded'; did you mean 'Recorded'?",
        ),
        (
            "unit: crimes\nfilters: {offence_code: 71/17}",
            "filter 'offence_code' is written 'offences'",
        ),
        (
            "unit: crimes\nfilters: {online_flag: Yes, crime.online_flag: No}",
            "filtered twice by 'crime.online_flag'",
        ),
        (
            "unit: crimes\nbreakdowns: [sex]",
            "'sex' is of victims, and a crime may have several; write 'unit: victims'",
        ),
        (
            "unit: crimes\nbreakdowns: [age: [under 18, 18+]]",
            "ages are those of victims; write 'unit: victims'",
        ),
        ("unit: crimes\nbreakdowns: [month]", "for the parts of a date write 'month: recorded_on'"),
        (
            "unit: crimes\nbreakdowns: [offence_code, offence_class]",
            "broken down twice by 'crime.offence'",
        ),
        (
            "unit: crimes\nbreakdowns: [month: recorded_on, quarter: recorded_on]",
            "nest them, like 'coarse > fine'",
        ),
        ("unit: crimes\nbreakdowns: [area > outcome]", "only 'offence_class > offence_code' nests"),
        (
            "unit: crimes\nbreakdowns: [month > quarter: recorded_on]",
            "a quarter does not lie within a month",
        ),
        (
            "unit: crimes\nbreakdowns: [calendar_year > financial_year: recorded_on]",
            "does not lie within",
        ),
        (
            "unit: crimes\nbreakdowns: [{month: recorded_on, quarter: reported_on}]",
            "must be one key",
        ),
        (
            "unit: victims\nbreakdowns: [area, sex, online_flag, outcome, victim_type]",
            "over 4 breakdowns at once; split them into several questions",
        ),
        (
            "unit: victims\nfilters: {age: 10-17}\nbreakdowns: [age: [10-15]]",
            "no band has ages 16 to 17",
        ),
        (
            "unit: crimes\nextreme: youngest victim",
            "the youngest victim is one of the victims; write 'unit: victims'",
        ),
        ("unit: victims\nextreme: {also: sex}", "question 1, extreme lacks 'of'; add it"),
        ("unit: victims\nextreme: youngest victim\nbreakdowns: [sex]", "need a question each"),
        (
            "unit: records",
            "records are counted by what they mention; add 'mentions', or count crimes",
        ),
        (
            "unit: crimes\nmentions: [Kik]",
            "mentions are counted over records; write 'unit: records'",
        ),
        ("unit: records\nmentions: [Kik, KIK]", "mentions has 'KIK' twice; keep one"),
        ("unit: crimes\nfilters: {area: *anchor}", "anchors and aliases"),
        ("unit: crimes\nfilters: {area: !!python/object:os.system x}", "tags ("),
        ("unit: crimes\nfilters: {area: " + "[" * 30 + "]" * 30 + "}", "nested over 12 deep"),
        ("unit: crimes\nfilters: {area: [North}", "not YAML"),
        (
            "unit: crimes\nexemptions: s44(1)",
            "exemptions must be keys with values, like 's44(1): …'",
        ),
        (
            "unit: crimes\nfilters: {period: 2020-01-01 to 9999-12-31}",
            "has a year before 1900 or after 2100",
        ),
    ],
)
def test_mistake_is_told_with_what_next(
    ask: Callable[[str], Question], question: str, said: str
) -> None:
    found = _mistakes(ask, question)
    assert any(said in line for line in found), found


def test_numbers_that_could_not_name_a_sheet_are_refused(load: Load) -> None:
    text = _file("unit: crimes").replace("number: 1", "number: 1/../2")
    assert _mistakes(load, text) == (
        "line 5: question number '1/../2' is not like '2', '2a' or '2.1'; write it so",
    )


def test_reply_before_receipt_is_refused(load: Load) -> None:
    text = _file("unit: crimes").replace("questions:", "replied_on: 2026-01-04\nquestions:")
    assert _mistakes(load, text) == (
        "line 4: replied_on 2026-01-04 is before received_on 2026-01-05; correct one",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"# nothing but a remark\n", "is empty"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"reference: \x00", "not text in UTF-8"),
        (b"- a list\n", "the file must be keys with values"),
        (b"a: 1\n---\nb: 2\n", "a second document begins here"),
        (b"a: &a [x]\nb: [*a, *a]\n", "anchors and aliases"),
        (b"a: [" * 5000, "nested over 12 deep"),
        (
            b"questions: 3\nreference: 1\nforce: x\nreceived_on: 2026-01-05\n",
            "must be a list with at least one",
        ),
    ],
)
def test_hostile_file_is_refused_in_one_line(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "request.yaml"
    path.write_bytes(content)
    with pytest.raises(QuestionError) as caught:
        load_questions(path)
    assert "\n" not in str(caught.value)
    assert any(said in detail for detail in caught.value.details), caught.value.details


def test_file_that_is_too_large_or_missing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "request.yaml"
    path.write_bytes(b"# " + b"x" * 1_000_001)
    with pytest.raises(FileError, match="over 1,000,000 bytes"):
        load_questions(path)
    with pytest.raises(FileError, match=r"cannot be read|there is no such"):
        load_questions(tmp_path / "none.yaml")
    with pytest.raises(FileError, match=r"cannot be read|there is no such"):
        load_questions(tmp_path)


def test_column_of_a_sources_own_waits_for_the_extract(
    tmp_path: Path, ask: Callable[[str], Question]
) -> None:
    question = ask("unit: crimes\nfilters: {premises: Hospital}\nbreakdowns: [premisses]")
    request = Questions(
        "R1", "Northshire Police", date(2026, 1, 5), (question,), source="request.yaml"
    )
    extract = make_extract(
        tmp_path / "extract", [{"premises": "School"}], own=[("crimes", "premises")]
    )
    with pytest.raises(QuestionError) as caught:
        check_against(request, extract)
    assert caught.value.details == (
        "request.yaml, line 8: question 1: no record has premises 'Hospital'; leave it out",
        "request.yaml, line 9: question 1: no column 'premisses'; did you mean 'premises'?",
    )


def test_with_an_extract_all_mistakes_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "request.yaml"
    path.write_text(
        _file("unit: crimes\nfilters: {area: Nroth, period: soon}\nbreakdowns: [outcome]")
    )
    extract = make_extract(tmp_path / "extract", [{"area": "North"}], without=["outcome"])
    with pytest.raises(QuestionError) as caught:
        load_questions(path, extract=extract)
    assert [detail.split(": question 1")[1] for detail in caught.value.details] == [
        (
            ", filters: 'soon' is not a period; write it like '2020/21', 'July 2020', 'Q1 2020/21' "
            "or"
            " '2020-07-01 to 2021-03-31'"
        ),
        ": no record has area 'Nroth'; did you mean 'North'?",
        ": this extract has no 'outcome'; leave it out, or import it with a mapping that fills it",
    ]


def test_column_of_crimes_and_of_victims_must_say_which(tmp_path: Path) -> None:
    path = tmp_path / "request.yaml"
    path.write_text(_file("unit: victims\nbreakdowns: [ethnicity]"))
    own = [("crimes", "ethnicity"), ("victims", "ethnicity")]
    extract = make_extract(tmp_path / "extract", [{}], own=own)
    with pytest.raises(QuestionError) as caught:
        load_questions(path, extract=extract)
    assert "write 'crime.ethnicity' or 'victim.ethnicity'" in caught.value.details[0]
    path.write_text(_file("unit: victims\nbreakdowns: [victim.ethnicity]"))
    assert load_questions(path, extract=extract)
