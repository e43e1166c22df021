"""Text that a spreadsheet would take for a formula."""

import pyarrow as pa
import pytest

from nilreturn.release.internal import _neutral
from nilreturn.release.plain import neutral
from nilreturn.spreadsheets import escape_formula

FORMULAS = [
    "=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "+1",
    "-1",
    "@x",
    "\t=1",
    "\n=1",
    "\r=1",
    " =1",
    "\x00=1",
    "\t1",
]


@pytest.mark.parametrize("text", FORMULAS, ids=repr)
def test_every_writer_escapes_what_a_spreadsheet_would_run(text):
    assert escape_formula(text) == f"'{text}"
    assert neutral(text).lstrip("'") != neutral(text) or not neutral(text).lstrip().startswith(
        ("=", "+", "-", "@")
    )
    assert _neutral(pa.table({"a": [text]}))["a"][0].as_py() == f"'{text}"


@pytest.mark.parametrize("text", ["12-15", "a=b", "", "'=1", "<5", "3"])
def test_other_text_stays_as_it_is(text):
    assert (
        escape_formula(text)
        == neutral(text)
        == _neutral(pa.table({"a": [text]}))["a"][0].as_py()
        == text
    )
