"""Published cells are counted by weight, the same by every engine."""

import textwrap

import pytest

from nilreturn.engines import engine_named
from nilreturn.questions import load_questions
from nilreturn.tables import RawTable
from tests.unit.sources.importing import import_text, own_mapping

MAPPING = """
    name = "cells"
    description = "Published counts"
    row = "cell"
    [cells]
    count_header = "n"
    unit = "{unit}"
    [columns]
    "crime.recorded_on" = {{ headers = ["month"], precision = "month" }}
    "crime.area" = {{ headers = ["area"] }}
"""
REPORT = """
    month,area,n
    2020-07,North,"1,200"
    2020-07,South,0
    2020-08,North,34
    2020-08,,5
    2020-08,Total,39
    2020-08,West,[c]
"""
REQUEST = """
    reference: WEIGHTS
    force: A force
    received_on: 2021-07-01
    questions:
      - number: 1
        words: How many?
        unit: {unit}
        filters: {{period: 2020-07-01 to 2020-08-31}}
        breakdowns: [area, {{month: recorded_on}}]
      - number: 2
        words: How many in all?
        unit: {unit}
"""


@pytest.mark.parametrize("unit", ["crimes", "victims"])
@pytest.mark.parametrize("name", ["duckdb", "reference"])
def test_a_cell_counts_as_many_as_it_says(tmp_path, unit, name):
    extract = import_text(tmp_path, REPORT, own_mapping(tmp_path, MAPPING.format(unit=unit)))
    request = tmp_path / "request.yaml"
    request.write_text(textwrap.dedent(REQUEST.format(unit=unit)))
    by_area, in_all = load_questions(request).questions
    table, *_ = engine_named(name).tabulate(extract, by_area)
    assert isinstance(table, RawTable)
    assert {labels: count for labels, count in table.cells() if count} == {
        ("North", "July 2020"): 1200,
        ("North", "August 2020"): 34,
        ("Unknown", "August 2020"): 5,
        ("North", "Total"): 1234,
        ("Unknown", "Total"): 5,
        ("Total", "July 2020"): 1200,
        ("Total", "August 2020"): 39,
        ("Total", "Total"): 1239,
    }
    assert ("South", "Total") in dict(table.cells())
    (total, *_) = engine_named(name).tabulate(extract, in_all)
    assert isinstance(total, RawTable)
    assert int(total.counts) == 1239
