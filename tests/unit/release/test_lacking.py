"""A 0 is a nil return only where the records could have shown something else."""

from __future__ import annotations

import textwrap
from datetime import date

import pytest

from nilreturn.periods import Period
from nilreturn.questions.model import Filters, OneOf, Question
from nilreturn.remarks import may_lack_records
from nilreturn.schema import Extract
from nilreturn.sources import import_extract, mapping_named

REPORT = """
    Crime Ref,Recorded Date,HO Code,LPA,Online Crime Indicator,Victim Sex
    A1,02/07/2020,71/17,East,Y,F
    A2,03/07/2020,71/17,East,,F
"""


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    folder = tmp_path_factory.mktemp("lacking")
    (folder / "report.csv").write_text(textwrap.dedent(REPORT).lstrip(), encoding="utf-8")
    return import_extract(
        [folder / "report.csv"],
        mapping=mapping_named("connect"),
        to=folder / "extract",
        as_at=date(2020, 8, 1),
        covers={"": Period(date(2020, 7, 1), date(2020, 7, 31))},
    )


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), False),
        (Filters(one_of=(OneOf("area", ("East",)),)), False),
        (Filters(one_of=(OneOf("online_flag", ("No",)),)), True),
        (Filters(one_of=(OneOf("online_flag", ("No", "Not recorded")),)), False),
        (Filters(one_of=(OneOf("victim.sex", ("Male",)),)), True),
    ],
)
def test_what_a_question_is_restricted_by_must_be_known(extract: Extract, filters: Filters, expected: bool) -> None:
    assert may_lack_records(Question("1", "How many?", "crimes", filters), extract) is expected
