"""Any bytes at all under the name of any kind of file: rows or one clear line, in time, and never a cell's content."""

import io
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.errors import UserError
from nilreturn.sources import import_extract, mapping_named
from nilreturn.sources.reading.kinds import READERS

WORD = "Zweigsentinel"  # in every cell, and in no message
HEADERS = ["Crime Ref", "Recorded Date", "HO Code", "LPA", "Initial MO"]
ROWS = [[f"A{number}", "01/07/2020", "71/17", WORD, f"{WORD} was here"] for number in range(4)]
MOST_SECONDS_A_MB = 10


def workbook() -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet(WORD)
        for number, row in enumerate([HEADERS, *ROWS]):
            sheet.write_row(number, 0, row)
    return written.getvalue()


def parquet() -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.table(dict(zip(HEADERS, zip(*ROWS, strict=True), strict=True))), written)
    return written.getvalue()


def text() -> bytes:
    return "\n".join(",".join(row) for row in [HEADERS, *ROWS]).encode()


WHOLE = [text(), workbook(), parquet()]
INSTEAD = st.binary(max_size=40) | st.sampled_from([b'"', b"\0" * 9, b"\xff"])
EDIT = st.tuples(st.floats(0, 1), st.integers(0, 40), INSTEAD)
PARTS = zipfile.ZipFile(io.BytesIO(workbook())).namelist()


def check(written: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"report{ending}"
        path.write_bytes(written)
        began, said = time.process_time(), []
        try:
            import_extract([path], mapping=mapping_named("connect"), to=Path(name) / "extract", as_at=date(2021, 6, 29))
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


@pytest.mark.parametrize("ending", [*sorted(READERS), ".csv.gz"])
@settings(max_examples=8, deadline=None)
@given(whole=st.sampled_from(WHOLE), edits=st.lists(EDIT, max_size=3), junk=st.none() | st.binary(max_size=60))
def test_any_file_is_read_or_refused_in_one_line(ending, whole, edits, junk):
    check(edited(whole, edits) if junk is None else junk, ending)


@pytest.mark.slow
@pytest.mark.parametrize("ending", [*sorted(READERS), ".csv.gz"])
@settings(max_examples=300, deadline=None)
@given(whole=st.sampled_from(WHOLE), edits=st.lists(EDIT, max_size=6), junk=st.none() | st.binary(max_size=600))
def test_many_more_files_are_read_or_refused_in_one_line(ending, whole, edits, junk):
    check(edited(whole, edits) if junk is None else junk, ending)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(PARTS), edits=st.lists(EDIT, min_size=1, max_size=4))
def test_a_workbook_with_a_part_changed_is_read_or_refused_in_one_line(name, edits):
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(written, "w") as target:
        for part in source.namelist():
            target.writestr(part, edited(source.read(part), edits) if part == name else source.read(part))
    check(written.getvalue(), ".xlsx")
