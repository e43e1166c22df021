"""
What one pass over the bytes says of a delimited file, against Python's own reader of the standard.
"""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nilreturn.sources.reading.delimited.structure import Structure
from nilreturn.sources.reading.delimited.tolerant import Reader
from tests.support.examples import examples

EVERY = settings(max_examples=examples(300), deadline=None)
LETTERS = st.sampled_from(['"', '""', ",", "\n", "a", "é", " ", '\n"', '",', '"a"', '"a\nb"'])
VALUES = st.text(st.sampled_from('a,"\n é'), max_size=6)
PIECES = st.lists(st.integers(1, 7), min_size=1, max_size=4)


def looked_at(written: bytes, pieces: list[int], width: int = 2) -> Structure:
    """In chunks of the given sizes in turn; the first holds a byte-order mark whole."""
    structure, place, turn = Structure(ord(","), width), 0, 0
    while place < len(written):
        size = pieces[turn % len(pieces)] if turn else 3
        structure.add(written[place : place + size])
        place, turn = place + size, turn + 1
    structure.end()
    return structure


def standard_rows(text: str) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]


@EVERY
@given(
    rows=st.lists(st.lists(VALUES, min_size=3, max_size=3), max_size=8),
    ending=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    pieces=PIECES,
    blank=st.integers(0, 8),
    cut=st.booleans(),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_a_file_as_the_standard_has_it_is_counted_and_read_right(
    rows, ending, quoting, pieces, blank, cut, mark
):
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=quoting, lineterminator=ending)
    for number, row in enumerate(rows):
        if number == blank:
            file.write(ending)
        writer.writerow(row)
    text = file.getvalue().removesuffix(ending) if cut else file.getvalue()
    written = (mark + text).encode()
    structure = looked_at(written, pieces, width=3)
    assert not structure.has_stray_quote
    assert structure.records == len(standard_rows(text))
    assert structure.has_one_line_end
    read = [[value.decode() for value in row] for row in Reader(written, ",").records() if row]
    assert read == standard_rows(text)


@EVERY
@given(text=st.lists(LETTERS, max_size=40).map("".join), pieces=PIECES)
@example(text='a,"a\na,a"\n', pieces=[3])
@example(text='a""\n""', pieces=[1])
def test_what_is_taken_for_standard_is_read_alike_by_every_reader(text, pieces):
    structure = looked_at(text.encode(), pieces)
    read = [row for row in Reader(text.encode(), ",", 2).records() if row]
    if structure.is_strict:
        rows = standard_rows(text)
        assert structure.records == len(rows)
        assert [[value.decode() for value in row] for row in read] == rows


@EVERY
@given(text=st.lists(LETTERS, max_size=40).map("".join))
def test_the_tolerant_reader_loses_no_letter_that_is_no_mark_or_delimiter(text):
    read = [value for row in Reader(text.encode(), ",").records() for value in row]
    kept = "".join(letter for letter in b"".join(read).decode() if letter not in '", \n')
    assert kept == "".join(letter for letter in text if letter not in '", \n')


@EVERY
@given(
    values=st.lists(
        st.lists(st.text(st.sampled_from("aé 9"), max_size=4), min_size=4, max_size=4), min_size=2
    ),
    ending=st.sampled_from(["\n", "\r\n"]),
    data=st.data(),
)
def test_a_mark_anywhere_costs_only_the_row_that_it_is_in(values, ending, data):
    lines = [",".join([f"U{number}", *row]) for number, row in enumerate(values)]
    hurt = data.draw(st.sets(st.sampled_from(range(len(lines))), min_size=1, max_size=3))
    for number in hurt:
        place = data.draw(st.integers(0, len(lines[number])))
        lines[number] = lines[number][:place] + '"' + lines[number][place:]
    read = list(Reader(ending.join([*lines, ""]).encode(), ",", 5).records())
    whole = {tuple(value.decode() for value in row) for row in read}
    assert {
        (f"U{number}", *row) for number, row in enumerate(values) if number not in hurt
    } <= whole
    assert len(read) == len(values)
