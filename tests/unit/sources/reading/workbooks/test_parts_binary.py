"""The records of an XLSB's parts, drawn byte by byte as [MS-XLSB] lays them out."""

import struct

import pytest

from nilreturn.sources.reading.workbooks.looked import Sheet
from nilreturn.sources.reading.workbooks.parts_binary import BinarySheet, sheet_names

ROW, BLANK, ERROR, FORMULA_ERROR, SHEET = 0, 1, 3, 11, 156


def record(kind, content):
    """A kind and a length, each in sevens of bits, and the content."""
    written = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    length = len(content)
    while length > 127:
        written += bytes([length & 127 | 128])
        length >>= 7
    return written + bytes([length]) + content


def row(number):
    return record(ROW, struct.pack("<I", number) + b"\0" * 12)


def cell(kind, column, content=b""):
    return record(kind, struct.pack("<II", column, 0) + content)


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_places_and_errors_are_found_however_the_part_is_cut(size):
    written = row(4) + cell(BLANK, 2) + record(300, b"x" * 200) + cell(ERROR, 7, b"\x17")
    written += row(1_000_000) + cell(FORMULA_ERROR, 16_000, b"\x2a" + b"\0" * 30)
    sheet = Sheet()
    reader, before = BinarySheet(sheet), b""
    for place in range(0, len(written), size):
        piece = written[place : place + size]
        reader.add(before + piece, len(before))
        before = piece[-5:]
    assert (sheet.width, sheet.height) == (16_001, 1_000_001)
    assert sheet.errors == {(4, 7): "#REF!", (1_000_000, 16_000): "#N/A"}


def test_the_names_of_sheets_are_read_with_their_relations():
    book = record(153, b"\0" * 9)
    for number, name in enumerate(["Crimes é", "Notes"], start=1):
        book += record(SHEET, struct.pack("<II", 0, number) + wide(f"rId{number}") + wide(name))
    assert sheet_names(book) == [("rId1", "Crimes é"), ("rId2", "Notes")]


def test_a_record_that_claims_more_than_there_is_ends_the_look():
    sheet = Sheet()
    BinarySheet(sheet).add(cell(BLANK, 3) + b"\x01\xff\xff\xff\x0f", 0)
    assert (sheet.width, sheet.height) == (26, 1)
