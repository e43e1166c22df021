"""
Of a file that is taken for standard, Arrow reads what Python's own reader of the standard does.
"""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nilreturn.sources.reading import plain_csv
from nilreturn.sources.reading.delimited.structure import Structure
from nilreturn.sources.reading.plain_csv import PlainCsv
from tests.support.examples import examples

EVERY = settings(max_examples=examples(300), deadline=None)
LETTERS = st.sampled_from(
    ['"', '""', ",", "\n", "a", "é", " ", '\n"', '",', '"a"', '"a\nb"', "NULL", "\r\n"]
)
VALUES = st.one_of(
    st.text(st.sampled_from('a,"\n é;'), max_size=6),
    st.sampled_from(["NULL", "NA", "null", "0", "true"]),
)
WIDTH = 3


def read(at, written, delimiter=",", above=0):
    at.write_bytes(written)
    places = {f"v{place}": place for place in reversed(range(WIDTH))}
    rows = []
    for batch in PlainCsv(at, delimiter, above, WIDTH, "").batches(places, {"v1"}):
        assert pa.types.is_dictionary(batch.column("v1").type)
        assert batch.column("_shape").to_pylist() == [0] * batch.num_rows
        rows += zip(*(batch.column(f"v{place}").to_pylist() for place in range(WIDTH)), strict=True)
    return [list(row) for row in rows]


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    return tmp_path_factory.mktemp("plain") / "report.csv"


@EVERY
@given(
    rows=st.lists(st.lists(VALUES, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=12),
    above=st.lists(st.sampled_from(["title", "", "a,b,c", '"x, y"', "é,1"]), max_size=3),
    ending=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    delimiter=st.sampled_from(",;\t|"),
    blank=st.integers(0, 12),
    cut=st.booleans(),
    mark=st.sampled_from(["", "\ufeff"]),
    block=st.sampled_from([128, 1 << 20]),
)
def test_what_is_written_is_read(
    at, rows, above, ending, quoting, delimiter, blank, cut, mark, block
):
    file = io.StringIO(newline="")
    for line in above:
        file.write(line + ending)
    writer = csv.writer(file, quoting=quoting, lineterminator=ending, delimiter=delimiter)
    for number, row in enumerate(rows):
        if number == blank:
            file.write(ending)
        writer.writerow(row)
    text = file.getvalue().removesuffix(ending) if cut else file.getvalue()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_csv, "_BLOCK", block)
        assert read(at, (mark + text).encode(), delimiter, len(above)) == rows


@EVERY
@given(text=st.lists(LETTERS, min_size=1, max_size=40).map("".join))
@example(text='a,"a\na,a",a\n')
@example(text='a,"",\n\n,,\n')
def test_what_is_taken_for_standard_is_read_alike_or_not_at_all(at, text):
    structure = Structure(ord(","), WIDTH)
    structure.add(text.encode())
    structure.end()
    if not (structure.is_strict and structure.has_one_line_end and structure.records):
        return
    expected = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    if all(len(row) == WIDTH for row in expected):
        assert read(at, text.encode()) == expected
    else:
        with pytest.raises(pa.ArrowInvalid):
            read(at, text.encode())
