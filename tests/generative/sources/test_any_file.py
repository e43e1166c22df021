"""
Any bytes at all under the name of any kind of file: rows or one clear line, in time, and never a
cell's content.
"""

import io
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.errors import UserError
from nilreturn.sources import import_extract, mapping_named
from nilreturn.sources.reading.kinds import READERS
from tests.support.examples import examples
from tests.support.spreadsheets import WRITERS, Error, Formula, workbook

WORD = "Zweigsentinel"  # in every cell, and in no message
HEADERS = ["Crime Ref", "Recorded Date", "HO Code", "LPA", "Initial MO"]
ROWS = [[f"A{number}", "01/07/2020", "71/17", WORD, f"{WORD} was here"] for number in range(4)]
MOST_SECONDS_A_MB = 10


def parquet() -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.table(dict(zip(HEADERS, zip(*ROWS, strict=True), strict=True))), written)
    return written.getvalue()


def text() -> bytes:
    return "\n".join(",".join(row) for row in [HEADERS, *ROWS]).encode()


CELLS = [HEADERS, *ROWS, ["A9", Formula("01/07/2020"), Error("#N/A"), WORD, None]]
WORKBOOKS = {
    ending: workbook(ending, CELLS, merged=[(1, 3, 3, 3)], name=WORD) for ending in WRITERS
}
ALIKE = {".xlsm": ".xlsx"}
ENDINGS = [*sorted(READERS), ".csv.gz"]


def wholes(ending: str) -> list[bytes]:
    """A file of the kind that the ending says, and files of other kinds."""
    return [
        WORKBOOKS.get(ALIKE.get(ending, ending), text()),
        text(),
        parquet(),
        *WORKBOOKS.values(),
    ]


INSTEAD = st.binary(max_size=40) | st.sampled_from([b'"', b"\0" * 9, b"\xff"])
EDIT = st.tuples(st.floats(0, 1), st.integers(0, 40), INSTEAD)
PARTS = [
    (ending, name)
    for ending in (".xlsx", ".xlsb", ".ods")
    for name in zipfile.ZipFile(io.BytesIO(WORKBOOKS[ending])).namelist()
]


def check(written: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"report{ending}"
        path.write_bytes(written)
        began, said = time.process_time(), []
        try:
            import_extract(
                [path],
                mapping=mapping_named("connect"),
                to=Path(name) / "extract",
                as_at=date(2021, 6, 29),
            )
        except UserError as error:
            said = [str(error), *error.details]
        assert all(len(line.splitlines()) == 1 and f"{WORD} was" not in line for line in said)
        assert not said or [each.name for each in Path(name).iterdir()] == [path.name]
        assert time.process_time() - began < MOST_SECONDS_A_MB * max(1, len(written) / 1e6)


def edited(whole: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, instead in edits:
        place = int(where * len(whole))
        whole = whole[:place] + instead + whole[place + length :]
    return whole


@pytest.mark.parametrize("ending", sorted(WORKBOOKS))
def test_the_workbooks_that_are_changed_are_read_as_they_are(tmp_path, ending):
    path = tmp_path / f"report{ending}"
    path.write_bytes(WORKBOOKS[ending])
    made = {"mapping": mapping_named("connect"), "as_at": date(2021, 6, 29), "accept_rejects": 1}
    extract = import_extract([path], to=tmp_path / "extract", **made)
    assert extract.manifest["rows"]["crimes"] == 5
    assert extract.manifest["sources"][0]["cells_with_errors"] == 1
    assert extract.manifest["sources"][0]["merged_cells_filled"] == 2


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=8, deadline=None)
@given(data=st.data(), edits=st.lists(EDIT, max_size=3), junk=st.none() | st.binary(max_size=60))
def test_any_file_is_read_or_refused_in_one_line(ending, data, edits, junk):
    whole = data.draw(st.sampled_from(wholes(ending)))
    check(edited(whole, edits) if junk is None else junk, ending)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=examples(300), deadline=None)
@given(data=st.data(), edits=st.lists(EDIT, max_size=6), junk=st.none() | st.binary(max_size=600))
def test_many_more_files_are_read_or_refused_in_one_line(ending, data, edits, junk):
    whole = data.draw(st.sampled_from(wholes(ending)))
    check(edited(whole, edits) if junk is None else junk, ending)


@pytest.mark.slow
@settings(max_examples=examples(600), deadline=None)
@given(part=st.sampled_from(PARTS), edits=st.lists(EDIT, min_size=1, max_size=4))
def test_a_workbook_with_a_part_changed_is_read_or_refused_in_one_line(part, edits):
    ending, name = part
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(WORKBOOKS[ending])) as source,
        zipfile.ZipFile(written, "w") as target,
    ):
        for each in source.namelist():
            target.writestr(
                each, edited(source.read(each), edits) if each == name else source.read(each)
            )
    check(written.getvalue(), ending)
