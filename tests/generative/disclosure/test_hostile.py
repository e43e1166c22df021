"""Whatever lies in a file, there is a table or one clear error."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nilreturn.disclosure import audit, load_policy
from nilreturn.disclosure.tabular import printed_from_csv, raw_from_csv
from nilreturn.errors import PolicyError, UserError
from tests.support.mistakes import one_clear_error_at_most

FEW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
cells = st.sampled_from(
    [
        "",
        "0",
        "3",
        "12",
        "1,204",
        "*",
        "[c]",
        "<5",
        "1-4",
        "-1",
        "2.5",
        "Total",
        "Sum",
        "x",
        "y",
        "12-15",
        "=1+1",
        "٣",
        "nan",
    ]
)
grids = st.lists(st.lists(cells, min_size=1, max_size=4), min_size=0, max_size=5)


@given(st.one_of(grids.map(lambda rows: "\n".join(",".join(row) for row in rows).encode()), st.binary(max_size=200)))
@FEW
def test_any_csv_is_a_table_or_one_clear_error(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with one_clear_error_at_most():
        raw_from_csv(path)
    with one_clear_error_at_most():
        found = audit([printed_from_csv(path)], seconds=5)
        assert all(f.high is None or f.low <= f.high for f in found.findings)


@given(st.binary(max_size=200))
@FEW
def test_any_policy_is_one_or_one_clear_error(tmp_path, content):
    path = tmp_path / "policy.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        load_policy(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["[" * 5000, "a: &x [*x]", "{" * 3000, "- " * 4000 + "a"])
def test_a_policy_nested_without_end_is_one_clear_error(tmp_path, text):
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    with pytest.raises(PolicyError):
        load_policy(path)


def test_counts_too_large_to_add_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"a,count\nx,{10**18}\ny,{np.iinfo(np.int64).max}\n")
    with pytest.raises(UserError, match="larger than any count"):
        raw_from_csv(path)
