"""
Drawn reports with any mix of faults come out as plain loops have them, record by record, and no row
is lost.
"""

import csv
import io
import tempfile
import textwrap
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.errors import FileError, SourceError
from nilreturn.sources import import_extract, read_mapping
from nilreturn.sources.parsing import only_classes
from tests.support.examples import examples
from tests.support.plain_import import AS_AT, HEADERS, MAPPING, MEANINGS, NOTHING, import_plainly

VALUES = st.tuples(
    *(st.sampled_from([*MEANINGS[header], *MEANINGS[header], *NOTHING]) for header in HEADERS)
)
REST = ("",) * (len(HEADERS) - 1)
NO_RECORDS = st.sampled_from(
    [
        HEADERS,
        ("", *REST),
        ("Source: a records system", *REST),
        ("Total", *REST[:-2], "14", ""),
        ("A1", *REST),
    ]
)
ROWS = st.lists(st.one_of(VALUES, VALUES, VALUES, NO_RECORDS), min_size=1, max_size=14)
CLASSES = only_classes([value for value, _ in MEANINGS["Code"].values() if value])


@settings(max_examples=examples(150), deadline=None)
@given(rows=ROWS)
def test_a_drawn_report_is_imported_as_plain_loops_import_it(rows):
    expected = import_plainly(rows, CLASSES)
    file = io.StringIO()
    csv.writer(file).writerows([HEADERS, *rows])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.csv").write_text(file.getvalue(), encoding="utf-8", newline="")
        (folder / "mapping.toml").write_text(textwrap.dedent(MAPPING))
        try:
            extract = import_extract(
                [folder / "report.csv"],
                mapping=read_mapping(folder / "mapping.toml"),
                to=folder / "extract",
                as_at=AS_AT,
                accept_rejects=10**6,
            )
        except (FileError, SourceError):
            assert not expected.crimes
            return
        crimes, victims, rejects = (
            pq.read_table(extract.folder / f"{table}.parquet").to_pylist()
            for table in ("crimes", "victims", "rejects")
        )
        account = extract.manifest["rows"]
    assert [
        {name: crime[name] for name in expected.crimes[0]} for crime in crimes
    ] == expected.crimes
    names = ("crime_ref", "victim_no", "age", "age_basis", "sex")
    assert [{name: victim[name] for name in names} for victim in victims] == expected.victims
    listed = [(reject["row"], reject["column"], reject["rule"]) for reject in rejects]
    assert len(set(listed)) == len(listed)
    assert set(listed) == expected.faults
    assert account["kept"] == expected.kept
    assert len(rows) + 1 == account["kept"] + account["rejected"] + sum(
        account["passed_over"].values()
    )
