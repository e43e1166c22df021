"""
Non-interference: two sets of records with equal safe figures give, with the same key, release
folders equal byte for byte, the manifest included.

A reader who has the folder could otherwise tell the two sets apart by something that disclosure
control never weighed. Pairs come from changes that leave every count as it is, from hidden counts
moved about, and from the feasible tables of the certificate turned back into records. Whatever a
release says again has to pass this.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

from nilreturn.disclosure import proposals
from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.model import attacker_knowledge
from nilreturn.errors import DisclosureError
from nilreturn.workflow import Answered, AnswerFiles, answer
from tests.support.reports import Row, import_report

Rows = tuple[Row, ...]

QUICK = ("csv", "html", "xlsx")
BANDS = {"11 and under": range(8, 12), "12-15": range(12, 16), "16 and over": range(16, 70)}
SEXES = ("Female", "Male")
# Each line says the same of a record: another name as written, another misspelling.
SPELLINGS = (
    ("WhatsApp", "whats app", "WHATSAPP"),
    ("watsapp", "whatsap", "whattsapp"),
    ("Snapchat", "snap chat", "SNAPCHAT"),
    ("kik", "Kik", "KIK"),
)
REQUEST = """\
reference: "77"
force: Northshire Police
received_on: 2021-06-15
replied_on: 2021-06-29
questions:
  - {number: 1, words: "How many?", unit: crimes, breakdowns: [area],
     filters: {offences: 71/17, period: 1 April 2020 to 31 March 2021}}
  - {number: 2, words: "How old?", unit: victims, \
breakdowns: [{age: [11 and under, 12-15, 16 and over]}, sex],
     filters: {offences: 71/17, period: 1 April 2020 to 31 March 2021}}
  - {number: 3, words: "The youngest?", unit: victims, extreme: youngest victim,
     filters: {offences: 71/17, period: 1 April 2020 to 31 March 2021}}
  - {number: 4, words: "Which platforms?", unit: records, mentions: [WhatsApp, Snapchat, Kik],
     filters: {offences: 71/17, period: 1 April 2020 to 31 March 2021}}
"""
POLICY = """\
name: Test policy
version: 1
threshold: {value: 5, reason: a test}
zeros: {treatment: ZEROS, reason: a test}
key_file: key
seconds: 0.5
overrides:
  - {variables: crime.mentions, threshold: {value: MENTIONS, reason: a test}}
"""
AUTHORITY = (
    'name = "Northshire Police"\ndepartment = "FOI"\naddress = []\nemail = "foi@north.example"\n'
)


@dataclass(frozen=True)
class Force:
    """A folder with all that an answer is made from but the records."""

    folder: Path
    formats: tuple[str, ...] = QUICK
    zeros: str = "printed"
    mentions: int = 1
    asked: str = REQUEST

    def __post_init__(self) -> None:
        (self.folder / "request.yaml").write_text(self.asked, encoding="utf-8")
        policy = POLICY.replace("ZEROS", self.zeros).replace("MENTIONS", str(self.mentions))
        (self.folder / "policy.yaml").write_text(policy, encoding="utf-8")
        (self.folder / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
        (self.folder / "key").write_bytes(bytes(range(32)))

    def answer(self, rows: Rows, name: str) -> Answered:
        request, policy, authority = (
            self.folder / file for file in ("request.yaml", "policy.yaml", "authority.toml")
        )
        extract = import_report(rows, self.folder / name)
        return answer(
            AnswerFiles(request, extract, policy, authority, formats=self.formats),
            self.folder / name / "answer",
        )


def figures(answered: Answered) -> object:
    """
    What is printed of the records: each cell or its absence, each extreme or its refusal, and
    whether a 0 is called a nil return.
    """
    tables = [
        (table.name, table.method, [(labels, cell.value) for labels, cell in table.cells()])
        for table in answered.protection.tables
    ]
    extremes = [(e.name, e.value, e.also, e.refusal) for e in answered.protection.extremes]
    (sent,) = answered.release.glob("*-letter.html")
    return tables, extremes, re.findall(r"nil return", sent.read_text(encoding="utf-8"))


def files(answered: Answered) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in answered.release.iterdir()}


def assert_same_files(first: Answered, second: Answered) -> None:
    one, other = files(first), files(second)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


# Reports ------------------------------------------------------------------------------------------


@st.composite
def reports(draw: st.DrawFn) -> Rows:
    """
    Victims by age and sex, crimes without one, records that name a platform, and some of another
    year.
    """
    rows: list[Row] = []
    for band in BANDS.values():
        for sex in SEXES:
            number = draw(st.integers(0, 4) | st.integers(5, 12))
            rows += [Row(draw(st.sampled_from(band)), sex) for _ in range(number)]
    rows += [Row()] * draw(st.integers(0, 6))
    rows += [Row(draw(st.sampled_from([8, 14, 30])), "Male", recorded_on=date(2018, 5, 1))] * draw(
        st.integers(1, 3)
    )
    assume(any(is_late(row) for row in rows))
    spelt = draw(st.lists(st.sampled_from(SPELLINGS), max_size=len(rows)))
    for number, spellings in enumerate(spelt):
        rows[number] = replace(rows[number], narrative=told(draw(st.sampled_from(spellings))))
    return tuple(replace(row, area=f"LPA {1 + number % 2}") for number, row in enumerate(rows))


def told(name: str) -> str:
    return f"Report taken. Messages received on {name} account."


# Changes that leave every count as it is ----------------------------------------------------------

Change = Callable[[st.DataObject, Rows], Rows]


def other_ages(data: st.DataObject, rows: Rows) -> Rows:
    """
    Another age of the same band: a child of 16 for a man of 40, of an offence whose victim is
    always a child.
    """
    changed = []
    for row in rows:
        band = next((ages for ages in BANDS.values() if row.age in ages), None)
        changed.append(replace(row, age=data.draw(st.sampled_from(band))) if band else row)
    return tuple(changed)


def other_spellings(data: st.DataObject, rows: Rows) -> Rows:
    changed = []
    for row in rows:
        same = next((line for line in SPELLINGS if row.narrative in map(told, line)), None)
        changed.append(
            replace(row, narrative=told(data.draw(st.sampled_from(same)))) if same else row
        )
    return tuple(changed)


def other_texts(data: st.DataObject, rows: Rows) -> Rows:
    """Longer texts, all as long: as if the source cut them off."""
    length = data.draw(st.integers(60, 90))
    return tuple(replace(row, narrative=f"{row.narrative} ".ljust(length, "x")) for row in rows)


def other_records_elsewhere(data: st.DataObject, rows: Rows) -> Rows:
    """More records of a year that nobody asks about, and of another offence."""
    more = data.draw(st.integers(1, 3))
    return (
        *rows,
        *(Row(9, "Female", recorded_on=date(2018, 7, 1)) for _ in range(more)),
        Row(30, "Male", code="8/1", offence_class="8N"),
    )


def other_beats(data: st.DataObject, rows: Rows) -> Rows:
    return tuple(replace(row, beat=data.draw(st.sampled_from(["B1", "B2"]))) for row in rows)


def other_order(data: st.DataObject, rows: Rows) -> Rows:
    return tuple(data.draw(st.permutations(rows)))


def another_class_of_the_code(data: st.DataObject, rows: Rows) -> Rows:
    """
    A class that the reference lists do not have the code in: it counts by its code all the same.
    """
    place = data.draw(st.integers(0, len(rows) - 1))
    return tuple(
        replace(row, offence_class="88C") if n == place else row for n, row in enumerate(rows)
    )


HARMLESS: tuple[Change, ...] = (
    other_ages,
    other_spellings,
    other_texts,
    other_records_elsewhere,
    other_beats,
    other_order,
    another_class_of_the_code,
)


# Changes of hidden counts -------------------------------------------------------------------------


def is_late(row: Row) -> bool:
    return row.recorded_on is not None and row.recorded_on.year > 2018


def in_question(row: Row) -> bool:
    return row.age is not None and is_late(row)


def swapped_sexes(data: st.DataObject, rows: Rows) -> Rows:
    """Two victims of different ages with each other's sex: all totals are what they were."""
    places = [place for place, row in enumerate(rows) if in_question(row)]
    pairs = [(a, b) for a in places for b in places if rows[a].sex < rows[b].sex]
    assume(pairs)
    one, other = data.draw(st.sampled_from(pairs))
    changed = list(rows)
    changed[one], changed[other] = (
        replace(rows[one], sex=rows[other].sex),
        replace(rows[other], sex=rows[one].sex),
    )
    return tuple(changed)


def feasible(answered: Answered) -> Iterator[dict[tuple[str, ...], int]]:
    """
    The counts of question 2 in the tables of the certificate: its first, and each that a move of it
    leads to.
    """
    protection = answered.protection
    certificate = protection.certificate
    knowledge = attacker_knowledge(
        protection.published, protection.known, number_cells=number_cells
    )
    first = knowledge.bounds.low.copy()
    first[certificate["open"]] = certificate["world"]
    tables = [first]
    for cells, steps in certificate["moves"]:
        for way in (1, -1):
            other = first.copy()
            np.add.at(other, cells, np.multiply(way, steps))
            tables.append(other)
    place = next(n for n, table in enumerate(protection.published) if table.name == "q2")
    labels = [labels for labels, _ in protection.tables[place].cells()]
    for table in tables:
        if ((table >= knowledge.bounds.low) & (table <= knowledge.bounds.high)).all():
            counts = table[knowledge.cells.of_table[place]].reshape(-1).tolist()
            yield dict(zip(labels, counts, strict=True))


def as_records(counts: dict[tuple[str, ...], int], rows: Rows) -> Rows | None:
    """
    The rows with ages and sexes such that question 2 has these counts; None where it takes more or
    fewer victims.
    """
    wanted = [
        (ages[0], sex)
        for band, ages in BANDS.items()
        for sex in SEXES
        for _ in range(counts.get((band, sex), 0))
    ]
    places = [place for place, row in enumerate(rows) if in_question(row)]
    if len(wanted) != len(places):
        return None
    changed = list(rows)
    for place, (age, sex) in zip(places, wanted, strict=True):
        changed[place] = replace(rows[place], age=age, sex=sex)
    return tuple(changed)


# The law ------------------------------------------------------------------------------------------


def check(data: st.DataObject, rows: Rows, force: Force) -> None:
    try:
        first = force.answer(rows, "first")
    except DisclosureError:
        event("refused")
        return
    rows_of = {"harmless": harmless(data, rows)}
    if data.draw(st.booleans()):
        rows_of["swapped"] = swapped_sexes(data, rows)
    else:
        tables = [
            found
            for counts in feasible(first)
            if (found := as_records(counts, rows)) not in (None, rows)
        ]
        if tables:
            rows_of["feasible"] = data.draw(st.sampled_from(tables))
    for kind, other in rows_of.items():
        try:
            second = force.answer(other, kind)
        except DisclosureError:
            assert kind != "harmless"
            event(f"{kind}: refused")
            continue
        same = figures(first) == figures(second)
        event(f"{kind}: {'the same figures' if same else 'other figures'}")
        assert same or kind != "harmless"
        if same:
            assert_same_files(first, second)


def harmless(data: st.DataObject, rows: Rows) -> Rows:
    for change in data.draw(
        st.lists(st.sampled_from(HARMLESS), min_size=1, max_size=4, unique=True)
    ):
        rows = change(data, rows)
    return rows


PHASES = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
    Phase.shrink,
)  # an example takes a second: explaining takes minutes


def no_proposals() -> AbstractContextManager[int]:
    """
    Propose no merges, which takes most of the time of an answer. The slow tests below propose them.
    """
    return mock.patch.object(proposals, "MOST_TRIES", 0)


CALM = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


@given(st.data(), reports(), st.sampled_from(["printed", "hidden"]), st.sampled_from([1, 5]))
@settings(max_examples=8, deadline=None, phases=PHASES, suppress_health_check=CALM)
def test_equal_figures_give_equal_folders(
    data: st.DataObject, rows: Rows, zeros: str, mentions: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, no_proposals():
        check(data, rows, Force(Path(folder), zeros=zeros, mentions=mentions))


@pytest.mark.slow
@pytest.mark.parametrize("zeros", ["printed", "hidden"])
@pytest.mark.parametrize("mentions", [1, 5])
@given(data=st.data(), rows=reports())
@settings(max_examples=60, deadline=None, phases=PHASES, suppress_health_check=CALM)
def test_equal_figures_give_equal_folders_of_many_reports(
    zeros: str, mentions: int, data: st.DataObject, rows: Rows
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(data, rows, Force(Path(folder), zeros=zeros, mentions=mentions))


# What was lost or is unknown ----------------------------------------------------------------------

OFFENCES = {"88A": "71/17", "8N": "8/1", "34B": "34/1", "28E": "28/3", "": "no code"}
EARLIER = date(2018, 5, 1)
ABOUT_LOSSES = (
    REQUEST.partition("questions:")[0]
    + """\
questions:
  - {number: 1, words: "Of which offences?", unit: crimes, breakdowns: [offence_class]}
  - {number: 2, words: "Where?", unit: crimes, breakdowns: [area],
     filters: {offences: 71/17, period: 1 April 2020 to 31 March 2021}}
"""
)
NONE_FOUND = """\
  - {number: 3, words: "How many robberies?", unit: crimes,
     filters: {offences: 19C, period: 1 April 2020 to 31 March 2021}}
  - {number: 4, words: "Of which areas?", unit: crimes,
     filters: {area: [LPA 1], offences: 19C, period: 1 April 2020 to 31 March 2021}}
"""


@st.composite
def lossy(draw: st.DrawFn) -> Rows:
    """
    A few crimes of each offence, some of no known one, without a usable day or an area; and rows
    that are lost.
    """
    rows: list[Row] = []
    for name, code in OFFENCES.items():
        number = draw(st.integers(0, 4) | st.integers(5, 30))
        rows += [
            Row(
                code=code,
                offence_class=name,
                recorded_on=draw(st.sampled_from([EARLIER, date(2021, 1, 5)])),
            )
        ]
        rows += [Row(code=code, offence_class=name)] * number
    rows += [Row(recorded_on=None)] * draw(st.integers(0, 4))
    rows += [Row(recorded_on=EARLIER)] * draw(st.integers(1, 12))
    rows += [Row(area="")] * draw(st.integers(0, 4))
    rows += [Row(is_lost=True)] * draw(st.integers(0, 4))
    return tuple(rows)


def more_lost(data: st.DataObject, rows: Rows) -> Rows:
    return (*rows, *[Row(is_lost=True)] * data.draw(st.integers(1, 3)))


def days_lost(data: st.DataObject, rows: Rows) -> Rows:
    """Crimes of an earlier year, which is in no question about days, have no usable day."""
    places = [place for place, row in enumerate(rows) if row.recorded_on == EARLIER]
    lost = data.draw(st.sets(st.sampled_from(places), min_size=1)) if places else set()
    return tuple(
        replace(row, recorded_on=None) if place in lost else row for place, row in enumerate(rows)
    )


def offences_exchanged(data: st.DataObject, rows: Rows) -> Rows:
    """
    One crime is of another offence, or of none that is known: the total of all offences stays as it
    is.
    """
    place = data.draw(
        st.sampled_from([place for place, row in enumerate(rows) if row.offence_class != "88A"])
    )
    name = data.draw(st.sampled_from([name for name in OFFENCES if name != "88A"]))
    changed = replace(rows[place], offence_class=name, code=OFFENCES[name])
    return tuple(changed if n == place else row for n, row in enumerate(rows))


LOSSES: tuple[Change, ...] = (more_lost, days_lost, offences_exchanged)


def check_losses(data: st.DataObject, rows: Rows, force: Force) -> None:
    other = rows
    for change in data.draw(st.lists(st.sampled_from(LOSSES), min_size=1, max_size=3, unique=True)):
        other = change(data, other)
    try:
        first, second = force.answer(rows, "first"), force.answer(other, "second")
    except DisclosureError:
        event("refused")
        return
    same = figures(first) == figures(second)
    event("the same figures" if same else "other figures")
    if same:
        assert_same_files(first, second)


@given(
    st.data(), lossy(), st.sampled_from(["printed", "hidden"]), st.sampled_from(["", NONE_FOUND])
)
@settings(max_examples=12, deadline=None, phases=PHASES, suppress_health_check=CALM)
def test_what_was_lost_changes_no_file(
    data: st.DataObject, rows: Rows, zeros: str, more: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, no_proposals():
        check_losses(
            data, rows, Force(Path(folder), ("csv", "html"), zeros, asked=ABOUT_LOSSES + more)
        )


@pytest.mark.slow
@pytest.mark.parametrize("zeros", ["printed", "hidden"])
@pytest.mark.parametrize("more", ["", NONE_FOUND], ids=["all found", "none found"])
@given(data=st.data(), rows=lossy())
@settings(max_examples=60, deadline=None, phases=PHASES, suppress_health_check=CALM)
def test_what_was_lost_changes_no_file_of_many_reports(
    zeros: str, more: str, data: st.DataObject, rows: Rows
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_losses(
            data, rows, Force(Path(folder), ("csv", "html"), zeros, asked=ABOUT_LOSSES + more)
        )


def few(lost: int = 0, undated: int = 0, unknown: int = 2, others: int = 3, areas: int = 0) -> Rows:
    """Thirty crimes of which a few have no day, no offence or no area; and rows that are lost."""
    return (
        *[Row()] * 15,
        *[Row(recorded_on=None)] * undated,
        *[Row(recorded_on=EARLIER)] * (5 - undated),
        *[Row(code="no code", offence_class="")] * unknown,
        *[Row(code="8/1", offence_class="8N")] * others,
        *[Row(code="34/1", offence_class="34B")] * (10 - unknown - others - areas),
        *[Row(code="34/1", offence_class="34B", area="")] * areas,
        *[Row(is_lost=True)] * lost,
    )


@pytest.mark.parametrize(
    ("one", "other", "more"),
    [
        (few(lost=1), few(lost=4), NONE_FOUND),
        (few(lost=0), few(lost=4), ""),
        (few(undated=1), few(undated=4), NONE_FOUND),
        (few(undated=0), few(undated=4), ""),
        (few(unknown=2, others=3), few(unknown=3, others=2), NONE_FOUND),
        (few(unknown=1, others=4), few(unknown=4, others=1), ""),
        (few(areas=1), few(areas=4), NONE_FOUND),
    ],
    ids=["rows", "any rows", "days", "any days", "offences", "hidden offences", "areas"],
)
def test_a_few_records_that_are_lost_or_unknown_change_no_file(
    one: Rows, other: Rows, more: str, tmp_path: Path
) -> None:
    force = Force(tmp_path, asked=ABOUT_LOSSES + more)
    first, second = force.answer(one, "first"), force.answer(other, "second")
    assert figures(first) == figures(second)
    assert_same_files(first, second)


# One report of which every pair is known ----------------------------------------------------------


def many(number: int, *, at: int, sex: str, **settings: object) -> Rows:
    return tuple(Row(at, sex, **settings) for _ in range(number))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def plain() -> Rows:
    """
    Four hidden cells in question 2, each of which a feasible table has another count of;
    misspellings in q4.
    """
    rows = (
        *many(3, at=10, sex="Female"),
        *many(9, at=10, sex="Male"),
        *many(12, at=13, sex="Female"),
        *many(2, at=13, sex="Male"),
        *many(14, at=16, sex="Female"),
        *many(9, at=16, sex="Male"),
    )
    named = [told("WhatsApp")] * 12 + [told("watsapp")] * 3 + [told("Snapchat")] * 11
    return tuple(
        replace(row, narrative=narrative)
        for row, narrative in zip(
            rows, [*named, *["NOTHING."] * (len(rows) - len(named))], strict=True
        )
    )


EVERY = ("xlsx", "ods", "csv", "docx", "pdf", "html")


def test_an_adult_victim_another_spelling_and_another_text_change_no_file(
    plain: Rows, tmp_path: Path
) -> None:
    force = Force(tmp_path, EVERY)
    changed = [
        replace(
            row,
            age=40 if row.age == 16 else row.age,
            narrative=row.narrative.replace("WhatsApp", "whats app"),
        )
        for row in plain
    ]
    changed[0] = replace(changed[0], narrative=f"{changed[0].narrative} {'MORE. ' * 40}")
    first, second = force.answer(plain, "first"), force.answer(tuple(changed), "second")
    assert figures(first) == figures(second)
    assert_same_files(first, second)
    # The force's own papers do tell them apart.
    assert (first.internal / "bindings.json").read_bytes() != (
        second.internal / "bindings.json"
    ).read_bytes()
    assert (first.internal / "forms-q4.csv").read_bytes() != (
        second.internal / "forms-q4.csv"
    ).read_bytes()


def test_every_feasible_table_that_prints_the_same_gives_the_same_files(
    plain: Rows, tmp_path: Path
) -> None:
    force = Force(tmp_path)
    first = force.answer(plain, "first")
    others = {
        found for counts in feasible(first) if (found := as_records(counts, plain)) is not None
    }
    pairs = 0
    for number, rows in enumerate(sorted(others, key=repr)):
        second = force.answer(rows, f"other-{number}")
        if figures(first) == figures(second):
            assert_same_files(first, second)
            pairs += len({counts_of(rows), counts_of(plain)}) - 1
    assert pairs >= 1, "no other feasible table prints the same: the test tries nothing"


def counts_of(rows: Sequence[Row]) -> tuple[tuple[object, int], ...]:
    kinds = [
        (next((b for b, ages in BANDS.items() if row.age in ages), ""), row.sex) for row in rows
    ]
    return tuple(sorted((kind, kinds.count(kind)) for kind in set(kinds)))


def test_another_key_gives_another_reference(plain: Rows, tmp_path: Path) -> None:
    first = Force(tmp_path).answer(plain, "first")
    (tmp_path / "key").write_bytes(bytes(32))
    request = AnswerFiles(
        *(tmp_path / n for n in ("request.yaml", "first/extract", "policy.yaml", "authority.toml"))
    )
    second = answer(replace(request, formats=QUICK), tmp_path / "second")
    assert figures(first) == figures(second)
    differing = {name for name, content in files(first).items() if files(second)[name] != content}
    assert "manifest.json" in differing
    assert not [name for name in differing if name.endswith(".csv")]
