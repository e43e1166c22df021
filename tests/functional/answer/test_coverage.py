"""
What a reply says of days that the extract does not cover, and of days on which an offence was not
in use.
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from nilreturn.disclosure import verify
from nilreturn.disclosure.proposals import MOST_TRIES
from nilreturn.disclosure.register import new_register
from nilreturn.disclosure.suppression import suppress
from nilreturn.errors import QuestionError
from nilreturn.periods import Period
from nilreturn.sources import import_extract, mapping_named
from nilreturn.workflow import Answered, AnswerFiles, answer

AS_AT = date(2021, 6, 14)
POLICY = """\
name: Test policy
version: 1
threshold: {value: THRESHOLD, reason: a test}
zeros: {treatment: ZEROS, reason: a test}
"""
AUTHORITY = (
    'name = "Northshire Police"\ndepartment = "FOI"\naddress = []\nemail = "foi@north.example"\n'
)
Crime = tuple[date, str, str]  # the day recorded, its code and class


def every(step: int, first: date, last: date, code: str, name: str) -> list[Crime]:
    """A crime on every so many days."""
    return [
        (first + timedelta(days=n), code, name) for n in range(0, (last - first).days + 1, step)
    ]


ROBBERIES = every(10, date(2019, 4, 1), AS_AT, "34/1", "34B")


class Force:
    """A force whose extract holds these crimes."""

    def __init__(
        self,
        folder: Path,
        crimes: Sequence[Crime],
        *,
        covers: Period | None = None,
        as_at: date = AS_AT,
        threshold: int = 1,
        zeros: str = "printed",
        undated: int = 0,
        lost: int = 0,
        unread: int = 0,
    ) -> None:
        self.folder = folder
        report = folder / "report.csv"
        with report.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                ["Crime Reference", "Recorded Date", "HO Code", "HO Class", "Initial MO"]
            )
            for number, (day, code, name) in enumerate(crimes):
                writer.writerow([f"A{number}", day.strftime("%d/%m/%Y"), code, name, "NOTHING."])
            for number in range(undated):
                writer.writerow([f"B{number}", "31/02/2019", "34/1", "34B", "NOTHING."])
            for _ in range(lost):
                writer.writerow(["", "01/05/2019", "34/1", "34B", "NOTHING."])
        self.extract = import_extract(
            [report],
            mapping=mapping_named("connect"),
            to=folder / "extract",
            as_at=as_at,
            covers={"": covers} if covers else None,
            accept_rejects=undated + lost + unread,
        )
        policy = POLICY.replace("THRESHOLD", str(threshold)).replace("ZEROS", zeros)
        (folder / "policy.yaml").write_text(policy, encoding="utf-8")
        (folder / "authority.toml").write_text(AUTHORITY, encoding="utf-8")

    def answer(
        self, *questions: dict[str, Any], register: Path | None = None, to: str = "answer"
    ) -> Answered:
        request = {
            "reference": "77",
            "force": "Northshire Police",
            "received_on": "2026-11-03",
            "replied_on": "2026-11-20",
            "questions": [
                {"number": number, "words": "How many?", "unit": "crimes", **question}
                for number, question in enumerate(questions, 1)
            ],
        }
        (self.folder / "request.yaml").write_text(json.dumps(request), encoding="utf-8")
        files = (
            self.folder / name
            for name in ("request.yaml", "extract", "policy.yaml", "authority.toml")
        )
        return answer(
            AnswerFiles(*files, formats=("csv", "html", "xlsx", "ods"), register=register),
            self.folder / to,
        )


def rows(answered: Answered, number: int = 1) -> list[list[str]]:
    """The rows of a table as they are printed, under its headings."""
    (path,) = answered.release.glob(f"*-table-{number}-*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def letter(answered: Answered) -> str:
    (path,) = answered.release.glob("*-letter.html")
    return " ".join(
        html.unescape(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8"))).split()
    )


def by_year(period: str, **filters: str) -> dict[str, Any]:
    return {
        "filters": {"period": period, **filters},
        "breakdowns": [{"financial_year": "recorded_on"}],
    }


def test_years_outside_the_extract_are_not_available_and_never_zero(tmp_path: Path) -> None:
    answered = Force(tmp_path, ROBBERIES).answer(by_year("2017/18 to 2022/23", offences="34B"))
    assert rows(answered) == [
        ["Total (1 April 2019 to 9 June 2021)", "81"],
        ["2017/18", "[x]"],
        ["2018/19", "[x]"],
        ["2019/20", "37"],
        ["2020/21", "37"],
        ["2021/22 (1 April 2021 to 9 June 2021; unfinished)", "7"],
        ["2022/23", "[x]"],
    ]
    told = letter(answered)
    assert (
        "Crimes by financial year recorded, 1 April 2019 to 9 June 2021: 81 crimes in all" in told
    )
    assert "[x] means not available" in told
    assert "question 1 is answered for 1 April 2019 to 9 June 2021 alone" in told
    assert (
        "the first and the last day on which crimes were recorded are those of 1 April 2019 to 9 "
        "June 2021" in told
    )
    assert "2021/22 was not over on 14 June 2021" in told


def test_months_within_years_stand_where_they_belong(tmp_path: Path) -> None:
    force = Force(tmp_path, ROBBERIES, covers=Period(date(2019, 12, 1), date(2020, 2, 15)))
    both = {
        "filters": {"period": "October 2019 to 31 March 2020"},
        "breakdowns": [{"quarter > month": "recorded_on"}],
    }
    answered = force.answer(both)
    assert [label for label, _ in rows(answered)] == [
        "Total (1 December 2019 to 15 February 2020)",
        "October to December 2019 (1 December 2019 to 31 December 2019)",
        "October 2019",
        "November 2019",
        "December 2019",
        "January to March 2020 (1 January 2020 to 15 February 2020)",
        "January 2020",
        "February 2020 (1 February 2020 to 15 February 2020)",
        "March 2020",
    ]
    assert [figure for _, figure in rows(answered)] == [
        "8",
        "3",
        "[x]",
        "[x]",
        "3",
        "5",
        "3",
        "2",
        "[x]",
    ]


def test_an_extract_that_covers_all_that_was_asked_for_says_nothing_of_it(tmp_path: Path) -> None:
    force = Force(tmp_path, ROBBERIES, covers=Period(date(2019, 4, 1), AS_AT))
    answered = force.answer(by_year("2019/20", offences="34B"), by_year("2020/21", offences="19C"))
    assert [row[0] for row in rows(answered)] == ["Total", "2019/20"]
    assert "nil return" in letter(answered)
    assert "[x]" not in letter(answered)
    assert "taken from the records themselves" not in letter(answered)


@pytest.mark.parametrize(
    "question", [{}, {"breakdowns": [{"month": "recorded_on"}]}], ids=["single", "table"]
)
def test_a_nil_return_is_not_said_of_a_part(question: dict[str, Any], tmp_path: Path) -> None:
    force = Force(tmp_path, ROBBERIES, covers=Period(date(2019, 4, 1), AS_AT))
    answered = force.answer({**question, "filters": {"offences": "19C", "period": "2021"}})
    assert "nil return" not in letter(answered)
    assert "1 January to 14 June 2021: 0 crimes" in letter(answered)


def test_without_days_asked_for_the_days_counted_are_said_and_no_nil_return(tmp_path: Path) -> None:
    answered = Force(tmp_path, ROBBERIES).answer({"filters": {"offences": "19C"}})
    assert (
        "No days were asked for; the records counted are those recorded from 1 April 2019 to 9 "
        "June 2021" in letter(answered)
    )
    assert "nil return" not in letter(answered)


def test_days_outside_are_refused_with_the_days_that_are_covered(tmp_path: Path) -> None:
    with pytest.raises(QuestionError) as refused:
        Force(tmp_path, ROBBERIES).answer(
            {"filters": {"period": "2018"}}, {"filters": {"period": "2022"}}
        )
    assert len(refused.value.details) == 2
    assert (
        "covers recorded_on from 1 April 2019 to 9 June 2021, as its records show"
        in refused.value.details[0]
    )


def test_codes_that_could_not_be_read_are_a_caveat_of_questions_about_offences_alone(
    tmp_path: Path,
) -> None:
    unread = [(date(2020, 5, 1), "no code", "")] * 3
    force = Force(tmp_path, [*ROBBERIES, *unread], covers=Period(date(2019, 4, 1), AS_AT), unread=3)
    asked = (
        {"filters": {"offences": "34B", "period": "2020/21"}},
        {"filters": {"period": "2020/21"}},
    )
    told = (
        "A crime whose offence class is missing or could not be read may be missing from a figure"
    )
    first = letter(force.answer(*asked))
    assert told in first
    (tmp_path / "answer").rename(tmp_path / "nil")
    asked_for_none = letter(force.answer({"filters": {"offences": "19C", "period": "2020/21"}}))
    assert "0 crimes" in asked_for_none
    assert "nil return" not in asked_for_none
    (tmp_path / "answer").rename(tmp_path / "third")
    assert "whose offence class is missing" not in letter(force.answer(asked[1]))


def test_a_zero_is_no_nil_return_where_crimes_have_no_code(tmp_path: Path) -> None:
    force = Force(
        tmp_path,
        [*ROBBERIES, *[(date(2020, 5, 1), "", "")] * 40],
        covers=Period(date(2019, 4, 1), AS_AT),
    )
    sent = letter(force.answer({"filters": {"offences": "19C", "period": "2020/21"}}))
    assert "0 crimes" in sent
    assert "nil return" not in sent
    assert "whose offence class is missing or could not be read" in sent


@pytest.mark.parametrize("lost", [0, 3])
def test_a_zero_is_no_nil_return_where_rows_were_lost(lost: int, tmp_path: Path) -> None:
    force = Force(tmp_path, ROBBERIES, covers=Period(date(2019, 4, 1), AS_AT), lost=lost)
    sent = letter(force.answer({"filters": {"offences": "19C", "period": "2020/21"}}))
    assert ("nil return" in sent) is (lost == 0)
    assert (
        "A row that CONNECT gave and that could not be read as a record is in no figure. How many "
        "there are" in sent
    )


def test_a_class_that_no_crime_has_is_answered_beside_a_table_of_all_classes(
    tmp_path: Path,
) -> None:
    """No crime can be in the figures of the class: the table of all classes has no row of it."""
    force = Force(tmp_path, ROBBERIES, covers=Period(date(2019, 4, 1), AS_AT))
    year = {"offences": "19C", "period": "2020/21"}
    answered = force.answer(
        {"breakdowns": ["offence_class"]},
        {"filters": {**year, "offences": "34B"}, "breakdowns": ["status"]},
        {"filters": year},
        {"filters": {**year, "status": ["Recorded"]}, "breakdowns": [{"month": "recorded_on"}]},
    )
    assert [figure for _, figure in rows(answered, 4)] == ["0"] * 13


@pytest.mark.parametrize("found", [0, 1])
@pytest.mark.parametrize(
    "more", [{}, {"breakdowns": [{"month": "recorded_on"}]}], ids=["single", "table"]
)
def test_a_zero_that_may_have_been_rounded_is_no_nil_return(
    found: int, more: dict[str, Any], tmp_path: Path
) -> None:
    crimes = [*ROBBERIES, *[(date(2020, 5, 1), "19/8", "19C")] * found]
    force = Force(tmp_path, crimes, covers=Period(date(2019, 4, 1), AS_AT))
    (tmp_path / "key").write_bytes(bytes(range(32)))
    with (tmp_path / "policy.yaml").open("a", encoding="utf-8") as policy:
        policy.write("method: rounding\nbase: 5\nkey_file: key\n")
    sent = letter(force.answer({"filters": {"offences": "19C", "period": "2020/21"}, **more}))
    assert "nil return" not in sent
    assert "0 crimes" in sent or "5 crimes" in sent


# Offences that were not in use --------------------------------------------------------------------

LATER = date(2026, 11, 2)
BURGLARIES = [
    *every(7, date(2015, 4, 1), date(2017, 3, 31), "28/3", "28A"),
    *every(5, date(2017, 4, 1), date(2023, 3, 31), "28/3", "28E"),
    *every(6, date(2023, 4, 1), LATER, "28/3", "28I"),
    *every(40, date(2020, 4, 1), LATER, "8/67", "8U"),
]


def burglaries(folder: Path, *more: Crime, **settings: Any) -> Force:
    return Force(
        folder,
        [*BURGLARIES, *more],
        as_at=LATER,
        covers=Period(date(2015, 4, 1), LATER),
        **settings,
    )


def test_years_in_which_a_class_was_not_in_use_are_not_applicable(tmp_path: Path) -> None:
    answered = burglaries(tmp_path).answer(
        by_year("2015/16 to 2024/25", offences="28E"), by_year("2018/19 to 2021/22", offences="8U")
    )
    counts = ["73", "73", "74", "73", "73", "73"]
    assert [figure for _, figure in rows(answered)[1:]] == ["[z]", "[z]", *counts, "[z]", "[z]"]
    assert [figure for _, figure in rows(answered, 2)[1:]] == ["[z]", "[z]", "10", "9"]
    told = letter(answered)
    assert "[z] means not applicable" in told
    in_use = "Class 28E (Burglary Residential) was in use from 1 April 2017 to 31 March 2023"
    assert f"{in_use}; before it there was 28A; 28I and 28M took its place" in told
    assert "Class 8U (Controlling or Coercive Behaviour) was in use from 1 April 2020" in told


def test_a_repealed_code_ends_and_its_successor_takes_its_place(tmp_path: Path) -> None:
    crimes = [*every(9, date(2022, 4, 1), date(2024, 1, 30), "8/71", "8N")]
    crimes += every(9, date(2024, 1, 31), LATER, "88/15", "88C")
    force = Force(tmp_path, crimes, as_at=LATER, covers=Period(date(2022, 4, 1), LATER))
    by_month = {"breakdowns": [{"month": "recorded_on"}]}
    answered = force.answer(
        {"filters": {"offences": "8/71", "period": "December 2023 to March 2024"}, **by_month},
        {"filters": {"offences": "88/15", "period": "December 2023 to March 2024"}, **by_month},
    )
    assert [figure for _, figure in rows(answered)[1:]] == ["4", "3", "[z]", "[z]"]
    # The repealed code is counted with it.
    assert "[z]" not in [figure for _, figure in rows(answered, 2)]
    assert "008/71" in letter(answered)
    assert "088/15 took its place" in letter(answered)


def test_a_crime_recorded_all_the_same_is_counted(tmp_path: Path) -> None:
    late = (date(2024, 5, 6), "28/3", "28E")
    answered = burglaries(tmp_path, *[late] * 6, threshold=5).answer(
        by_year("2022/23 to 2024/25", offences="28E")
    )
    assert [figure for _, figure in rows(answered)[1:]] == ["73", "[z]", "6"]


@pytest.mark.parametrize("zeros", ["printed", "hidden"])
def test_cells_known_to_be_none_hide_nothing_and_are_not_hidden(zeros: str, tmp_path: Path) -> None:
    late = (date(2024, 5, 6), "28/3", "28E")
    answered = burglaries(tmp_path, *[late] * 2, threshold=5, zeros=zeros).answer(
        by_year("2015/16 to 2024/25", offences="28E")
    )
    figures = dict(rows(answered)[1:])
    assert [figures[year] for year in ("2015/16", "2016/17", "2023/24")] == ["[z]"] * 3
    assert figures["2024/25"] == "[c]"
    hidden = [year for year, figure in figures.items() if figure == "[c]"]
    assert len(hidden) > 1, "a count that is hidden alone follows from the total"


def test_rows_of_classes_end_where_the_class_did(tmp_path: Path) -> None:
    answered = burglaries(tmp_path).answer(
        {
            "filters": {"period": "2022/23 to 2023/24"},
            "breakdowns": ["offence_class", {"financial_year": "recorded_on"}],
        }
    )
    found = {(name, year): figure for name, year, figure in rows(answered)}
    assert found["28E", "2023/24"] == found["28I", "2022/23"] == "[z]"
    assert (found["28E", "2022/23"], found["28I", "2023/24"]) == ("73", "61")
    assert found["Total", "2022/23"] != "[z]"
    assert (
        "Class 28I (Residential Burglary of a Home) was in use from 1 April 2023; before it there "
        "was 28E" in letter(answered)
    )


def test_a_class_asked_for_when_it_was_not_in_use_is_no_nil_return(tmp_path: Path) -> None:
    answered = burglaries(tmp_path).answer({"filters": {"offences": "28E", "period": "2024/25"}})
    assert "Crimes: [z] (table 1)" in letter(answered)
    assert "nil return" not in letter(answered)


# What was lost ------------------------------------------------------------------------------------


def with_undated(folder: Path, undated: int) -> str:
    """The letter of a force with so many robberies of unknown day beside 200 others."""
    folder.mkdir()
    days = [date(2019, 4, 1) + timedelta(days=n) for n in range(200)]
    force = Force(
        folder,
        [(day, "34/1", "34B") for day in days],
        undated=undated,
        covers=Period(days[0], days[-1]),
    )
    return letter(force.answer({"filters": {"offences": "34B", "period": "May 2019"}}))


def test_crimes_without_a_day_are_told_as_a_share_of_the_extract_where_they_are_many(
    tmp_path: Path,
) -> None:
    none, one, nine, ten = (
        with_undated(tmp_path / str(undated), undated) for undated in (0, 1, 9, 10)
    )
    told = (
        "A crime without a usable day on which it was recorded is in no figure for which days "
        "were asked."
    )
    assert f"{told} How many there are, if any, is not given." in none
    assert none == one == nine, "the sentence tells how many there are"
    assert f"{told} They are more than 1% of the crimes in the extract." in ten
    assert f"{told} They are more than 10% of the crimes in the extract." in with_undated(
        tmp_path / "30", 30
    )


def test_the_same_request_is_answered_twice_through_a_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Cells that are [z] in both, a register with the first answer, and merges to propose: the choices
    are few.
    """
    choices = []

    def counted(*told: Any, **settings: Any) -> Any:
        choices.append(told)
        return suppress(*told, **settings)

    monkeypatch.setattr("nilreturn.disclosure.methods.rerun.suppress", counted)
    crimes = [
        *every(300, date(2017, 4, 1), date(2023, 3, 31), "28/3", "28E"),
        *every(9, date(2023, 4, 1), LATER, "28/3", "28I"),
    ]
    force = Force(
        tmp_path, crimes, as_at=LATER, covers=Period(date(2015, 4, 1), LATER), threshold=5
    )
    new_register(tmp_path / "register")
    question = {
        "filters": {"period": "2015/16 to 2024/25"},
        "breakdowns": ["offence_class", {"financial_year": "recorded_on"}],
    }
    printed = []
    for name in ("first", "second"):
        answered = force.answer(question, register=tmp_path / "register", to=name)
        printed.append(rows(answered))
        papers = answered.protection
        assert verify(papers.published, papers.certificate, known=papers.known) == ()
    assert printed[0] == printed[1]
    assert {"[z]", "[c]"} <= {row[-1] for row in printed[1]}
    assert len(choices) <= 2 * (1 + MOST_TRIES)
