"""Whatever lies in a file, there is a table or one clear error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.disclosure import audit, load_policy
from nilreturn.disclosure.audit.report import as_text, verdict_of
from nilreturn.disclosure.tabular import raw_from_csv
from nilreturn.disclosure.tabular.csv_files import printed_from_csv
from nilreturn.disclosure.tabular.marks import CellMarks, stated_rounding
from nilreturn.disclosure.tabular.reading import how_read, read_published
from nilreturn.errors import PolicyError, UserError
from tests.support.examples import examples
from tests.support.mistakes import one_clear_error_at_most
from tests.support.untimed import SHARED_FIXTURES
from tests.support.workbooks import write_ods, write_xlsx

FEW = settings(deadline=None, max_examples=examples(60), suppress_health_check=SHARED_FIXTURES)
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


@given(
    st.one_of(
        grids.map(lambda rows: "\n".join(",".join(row) for row in rows).encode()),
        st.binary(max_size=200),
    )
)
@FEW
def test_any_csv_is_a_table_or_one_clear_error(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with one_clear_error_at_most():
        raw_from_csv(path)
    with one_clear_error_at_most():
        found = audit([printed_from_csv(path)], seconds=5)
        assert all(f.high is None or f.low <= f.high for f in found.findings)


hostile = st.one_of(
    cells,
    st.sampled_from(
        [
            "-",
            "~",
            "..",
            ":",
            "x",
            "z",
            "s40(2)",
            "<0",
            "57.1%",
            "%",
            "0.571",
            "NaN",
            "inf",
            "-5",
            "1e999",
        ]
    ),
    st.sampled_from(
        [
            "5 or fewer",
            "12 [1]",
            "9" * 40,
            "1-" + "9" * 30,
            "Note: x",
            "Table 1: y",
            "Under 18",
            "?5",
        ]
    ),
    st.sampled_from(["Area", "Male", "2023/24", "-5"]),
)
wide_grids = st.lists(st.lists(hostile, min_size=1, max_size=6), min_size=0, max_size=8)


@given(wide_grids, st.sampled_from([None, "5", "3 at random"]))
@FEW
def test_any_published_file_is_read_or_one_clear_error(tmp_path, rows, rounded):
    path = tmp_path / "t.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    with one_clear_error_at_most():
        found = read_published(
            [path], marks=CellMarks(), rounding=stated_rounding(rounded) if rounded else None
        )
        assert how_read.as_text(found).startswith("How the tables were read:")
        for table in found.tables:
            assert (table.low <= table.high).all()
            assert table.low.min() >= 0
        done = audit(found.tables, known=found.printed, seconds=5)
        assert verdict_of(done) == as_text(done).splitlines()[-1]


def _number_or_text(text):
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else text


@given(wide_grids, st.sampled_from(["xlsx", "ods"]))
@FEW
def test_any_workbook_is_read_or_one_clear_error(tmp_path, rows, kind):
    path = tmp_path / f"t.{kind}"
    numbers = [[_number_or_text(text) for text in row] for row in rows]
    if kind == "xlsx":
        write_xlsx(path, {"T": numbers})
    else:
        width = max((len(row) for row in numbers), default=1)
        write_ods(
            path, {"T": (["A title"], [[*row, *[""] * (width - len(row))] for row in numbers])}
        )
    with one_clear_error_at_most():
        found = read_published([path], marks=CellMarks())
        assert all((table.low <= table.high).all() for table in found.tables)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfArea,A\nx,1\n",
        b"Area,A\r\rx,1\r",
        b"a,b\n" + b"x,1\n" * 3,
        b"," * 1_000_000 + b"\nx,1\n",
        ("a," + ",".join(f"h{n}" for n in range(100_000)) + "\nx" + ",1" * 100_000 + "\n").encode(),
        b"a,b\nx,nan\n",
        b"a,b\nx,inf\n",
        b"a,b\nx,-3\n",
        b"a,b\nx,1" + b"0" * 30 + b"\n",
        b"a,b,b\nx,1,2\n",
        b"a,b\nx,1\nx,2\n",
        b"a,b\nx,1,2\n",
        b"a,b,c\nx,1\n",
        b"\xff\xfea",
        b"a\0b",
        b'"' * 10_001,
        b"PK\x05\x06" + b"\0" * 18,
        b"PK\x03\x04" + b"\0" * 100,
    ],
    ids=lambda content: repr(content[:12]),
)
def test_broken_files_are_a_table_or_one_clear_error(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with one_clear_error_at_most():
        found = read_published([path], marks=CellMarks())
        assert found.tables
    with one_clear_error_at_most():
        assert raw_from_csv(path).counts.size


@pytest.mark.parametrize(
    "text",
    [
        "!!int\n",
        "!!float\n",
        "!!timestamp x\n",
        "!!python/name:os.system\n",
        "[1]\n",
        "3\n",
        "a: &a [*a]\n",
        f"restricted_to: {{x: [0, {10**30}]}}\n",
        "columns: {Area: {covers: {x: [2020-99-99, 1]}}}\n",
    ],
)
def test_any_description_is_one_or_one_clear_error(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text("Area,count\nx,1\n")
    path.with_suffix(".yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        read_published([path], marks=CellMarks())
    assert "\n" not in str(caught.value)


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
