"""What a report of an audit writes into cells is never taken for a formula."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace
from typing import Any, cast

from nilreturn.disclosure.audit.report import as_csv


def test_a_label_that_a_spreadsheet_would_take_for_a_formula_is_escaped() -> None:
    finding = SimpleNamespace(
        table="@t",
        labels=("=1+1", "x"),
        verdict=SimpleNamespace(value="exact"),
        low=1,
        high=None,
        exact=True,
        reason="+a",
    )
    written = as_csv(cast(Any, SimpleNamespace(findings=[finding])))
    _, row = csv.reader(io.StringIO(written))
    assert row == ["'@t", "'=1+1 / x", "exact", "1", "", "yes", "'+a"]
