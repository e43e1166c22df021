"""
Requests as they come in, on the demonstration's extract: what a returns administrator would find
right. Small counts of people are hidden, with small counts beside them; totals are printed.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from nilreturn.demo import AS_AT, MAPPING, build
from nilreturn.disclosure import load_policy
from nilreturn.disclosure.policy.policy import SHIPPED
from nilreturn.engines import engine_named
from nilreturn.questions import load_questions
from nilreturn.sources import import_extract, mapping_named
from nilreturn.workflow import count, protect

BANDS = "age: [11 and under, 12-15, 16 and over]"
# What is counted, and by what: each list is one request, each of its items one question.
REQUESTS = {
    "area": [("crimes", ["area"])],
    "month": [("crimes", ["month: recorded_on"])],
    "outcome": [("crimes", ["outcome"])],
    "area and month": [("crimes", ["area", "month: recorded_on"])],
    "area and outcome": [("crimes", ["area", "outcome"])],
    "age and sex": [("victims", [BANDS, "sex"])],
    "area and sex": [("victims", ["area", "sex"])],
    "area and age": [("victims", ["area", BANDS])],
    "month and sex": [("victims", ["month: recorded_on", "sex"])],
    "month and age": [("victims", ["month: recorded_on", BANDS])],
    "single years of age": [("victims", ["age: [0-9, 10, 11, 12, 13, 14, 15, 16 and over]"])],
    "three questions": [("crimes", ["area"]), ("crimes", ["outcome"]), ("victims", [BANDS])],
    "area and sex, age and sex": [("victims", ["area", "sex"]), ("victims", [BANDS, "sex"])],
}


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """Counts a request by its name."""
    folder = tmp_path_factory.mktemp("ordinary")
    made = build(folder)
    extract = import_extract(
        [made.extract], mapping=mapping_named(MAPPING), to=folder / "extract", as_at=AS_AT
    )
    engine = engine_named("duckdb")

    def of(name: str):
        path = folder / "request.yaml"
        path.write_text("\n".join(written(REQUESTS[name])), encoding="utf-8")
        return count(engine, extract, load_questions(path, extract=extract), None)

    return of


def written(asked):
    yield from (
        'reference: "1"',
        "force: X",
        "received_on: 2021-06-01",
        "replied_on: 2021-06-20",
        "questions:",
    )
    for number, (unit, breakdowns) in enumerate(asked, 1):
        yield (
            f"- {{number: {number}, words: w, unit: {unit}, filters: {{offences: 71/17, period: "
            f"2020/21}},"
        )
        yield f"   breakdowns: [{', '.join(f'{{{b}}}' if ':' in b else b for b in breakdowns)}]}}"


def cells(counts, protection):
    """
    Each cell: its table, labels, true count, how many of its dimensions are taken whole, and how it
    is printed.
    """
    for raw, safe in zip(counts.tables, protection.tables, strict=True):
        for (labels, number), (_, cell) in zip(raw.cells(), safe.cells(), strict=True):
            wholes = sum(
                label == d.total.label for label, d in zip(labels, raw.dimensions, strict=True)
            )
            yield raw, labels, number, wholes, cell


@pytest.mark.parametrize("request_name", REQUESTS)
def test_no_total_above_50_is_hidden(counted, request_name):
    counts = counted(request_name)
    protection = protect(counts, load_policy(Path(SHIPPED[0])), ())
    hidden = [
        (raw.name, labels, number)
        for raw, labels, number, wholes, cell in cells(counts, protection)
        if wholes and number > 50 and cell.value is None
    ]
    assert hidden == []


@pytest.mark.parametrize("request_name", REQUESTS)
def test_every_small_count_of_people_is_hidden_and_others_only_beside_one(counted, request_name):
    counts = counted(request_name)
    protection = protect(counts, load_policy(Path(SHIPPED[0])), ())
    found = list(cells(counts, protection))
    assert all(cell.value is None for _, _, number, _, cell in found if 0 < number < 5)
    if not any(0 < number < 5 for _, _, number, _, _ in found):
        assert all(cell.value == number for _, _, number, _, cell in found)


def test_less_is_hidden_than_where_every_cell_costs_the_same(counted):
    rules = load_policy(Path(SHIPPED[0]))
    alike = rules.model_copy(update={"loss": rules.loss.model_copy(update={"measure": "cells"})})
    by_counts, by_cells = (
        sum(
            protect(counted(name), policy, ()).report.loss.counts
            for name in ("age and sex", "month and age")
        )
        for policy in (rules, alike)
    )
    assert by_counts < by_cells


@pytest.mark.parametrize("request_name", ["area and month", "area and outcome", "three questions"])
def test_counts_of_ordinary_crime_hide_nothing_that_is_nobodys(counted, request_name):
    counts = counted(request_name)
    crimes = replace(
        counts, tables=tuple(table for table in counts.tables if table.unit == "crimes")
    )
    protection = protect(crimes, load_policy(Path(SHIPPED[2])), ())
    assert all(cell.value == number for _, _, number, _, cell in cells(crimes, protection))


def test_counts_of_ordinary_crime_hide_what_describes_a_victim(counted):
    counts = counted("area and sex")
    found = list(cells(counts, protect(counts, load_policy(Path(SHIPPED[2])), ())))
    by_sex = [(number, cell) for _, labels, number, _, cell in found if labels[1] != "Total"]
    assert all(cell.value is None for number, cell in by_sex if 0 < number < 5)
    assert any(0 < number < 5 for number, _ in by_sex)
