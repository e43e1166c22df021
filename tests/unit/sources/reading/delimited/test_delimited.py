"""
Delimited files that are not as the standard has them: what each place costs, and what is told of
it.
"""

import gzip
import itertools

import pytest

from nilreturn.errors import FileError, SourceError
from nilreturn.sources.reading import unpacking
from nilreturn.sources.reading.delimited import delimited
from tests.unit.sources.importing import column, import_bytes, import_text, own_mapping, records

HEADERS = "Crime Ref,Recorded Date,HO Code,LPA,Victim Age,Initial MO"
WORDS = """
    name = "words"
    description = "Headers that are words"
    row = "crime"
    [columns."crime.crime_ref"]
    headers = ["No"]
    required = true
    [columns."crime.recorded_on"]
    headers = ["Recorded"]
    required = true
    [columns."crime.area"]
    headers = ["Area"]
"""


def row(number: int, area: str = "East", text: str = "x") -> str:
    return f"A{number},01/07/2020,71/17,{area},14,{text}"


def source(extract):
    (found,) = extract.manifest["sources"]
    return found


def found_in(tmp_path, written: bytes, known=("crimeref", "recordeddate", "hocode")):
    path = tmp_path / "report.csv"
    path.write_bytes(written)
    (rows,) = delimited.read(path, known, tmp_path / "scratch", lambda *_: None)
    return rows


@pytest.mark.parametrize(
    ("hurt", "areas"),
    [
        ('"East', ['"East']),  # never closed
        ('Ea"st', ['Ea"st']),
        ('East"', ['East"']),
        ('"Ea"st', ['"Ea"st']),
        ('"Ea""st', ['"Ea""st']),
        ('"', ['"']),
    ],
)
@pytest.mark.parametrize("quoted", ["x", '"x, ""y"""', '"two\nlines"'])
def test_a_mark_out_of_place_costs_no_other_row(tmp_path, hurt, areas, quoted):
    lines = [
        row(1, text=quoted),
        row(2, hurt),
        *(row(number, text=quoted) for number in range(3, 40)),
    ]
    extract = import_bytes(tmp_path, "\n".join([HEADERS, *lines]).encode())
    assert column(extract, "crimes", "crime_ref") == [f"A{number}" for number in range(1, 40)]
    assert column(extract, "crimes", "area")[1:3] == [*areas, "East"]
    assert source(extract)["stray_quotation_marks"]["rows"] == 1
    assert source(extract)["stray_quotation_marks"]["first_lines"] == [3 + quoted.count("\n")]


def test_a_mark_closed_only_many_rows_further_down_swallows_none_of_them(tmp_path):
    lines = [row(1, text='"opened'), *map(row, range(2, 3000)), row(3000, text='closed"')]
    extract = import_bytes(tmp_path, "\n".join([HEADERS, *lines]).encode())
    assert extract.manifest["rows"]["crimes"] == 3000
    assert source(extract)["stray_quotation_marks"]["rows"] == 2


def test_text_of_several_lines_with_commas_stays_one_value(tmp_path):
    text = '"First, he said\nthen, she said, no\n\nand, at last, they, went, home"'
    extract = import_bytes(tmp_path, f"{HEADERS}\n{row(1, text=text)}\n{row(2)}\n".encode())
    assert column(extract, "crimes", "narrative") == [text.strip('"'), "x"]
    assert "stray_quotation_marks" not in source(extract)


def test_mixed_ends_of_lines_are_read(tmp_path):
    lines = [HEADERS, *map(row, range(1, 7))]
    text = "".join(
        line + end for line, end in zip(lines, itertools.cycle(["\n", "\r\n", "\r"]), strict=False)
    )
    assert len(column(import_bytes(tmp_path, text.encode()), "crimes", "crime_ref")) == 6


def test_uneven_rows_are_read_by_the_tolerant_reader_and_numbered_the_same(tmp_path):
    rows = found_in(
        tmp_path, f"{HEADERS}\n{row(1)}\n{row(2)},\nA3,01/07/2020\n{row(4)},,z\n".encode()
    )
    import duckdb

    with pytest.raises(duckdb.InvalidInputException):
        duckdb.sql(rows.query).fetchall()
    read = duckdb.sql(rows.otherwise().query).fetchall()
    assert [(values[0], values[2], values[-1]) for values in read] == [
        ("A1", "71/17", 0),
        ("A2", "71/17", 0),
        ("A3", None, -1),
        ("A4", "71/17", 1),
    ]


def test_a_line_in_another_encoding_is_read_and_named(tmp_path):
    lines = [row(1, "Llanôr"), row(2), row(3, "Llanôr"), row(4, "Ynys Môn")]
    written = b"\n".join(
        [
            HEADERS.encode(),
            *(line.encode("cp1252" if n == 2 else "utf-8") for n, line in enumerate(lines)),
        ]
    )
    extract = import_bytes(tmp_path, written)
    assert column(extract, "crimes", "area") == ["Llanôr", "East", "Llanôr", "Ynys Môn"]
    assert source(extract)["lines_in_another_encoding"] == {
        "encoding": "cp1252",
        "lines": 1,
        "first": [4],
    }


def test_a_line_partly_in_one_encoding_is_replaced_and_named(tmp_path):
    written = f"{HEADERS}\n{row(1, 'é')}\n".encode() + row(2, "é@").encode().replace(b"@", b"\xe9")
    found = source(import_bytes(tmp_path, written))
    assert (found["characters_replaced"], found["characters_replaced_on_lines"]) == (1, [3])


@pytest.mark.parametrize("before", [0, 3])
def test_nuls_at_the_end_of_a_file_are_no_row(tmp_path, before):
    extract = import_bytes(
        tmp_path, b"\0" * before + f"{HEADERS}\n{row(1)}\n".encode() + b"\0" * 5000
    )
    assert column(extract, "crimes", "crime_ref") == ["A1"]
    assert source(extract)["nuls_removed"] == 5000 + before


@pytest.mark.parametrize(
    ("above", "rules", "first"),
    [
        ("sep=,\n", {"separator_line": 1, "header_row": 1}, 3),
        ("Crimes, July\n\n", {"title_row": 1, "empty_row_above": 1, "header_row": 1}, 4),
        (
            '"A title\nof two lines"\n,,,\n',
            {"title_row": 1, "empty_row_above": 1, "header_row": 1},
            4,
        ),
        ("Crime,,,Place,Victim,\n", {"title_row": 1, "header_row": 1}, 3),
    ],
)
def test_what_stands_above_the_headers_is_passed_over_by_name(tmp_path, above, rules, first):
    rows = found_in(tmp_path, f"{above}{HEADERS}\n{row(1)}\n".encode())
    assert {passed.rule: passed.rows for passed in rows.passed_over} == rules
    assert (rows.first_row, rows.records) == (first, 1)
    extract = import_bytes(tmp_path, f"{above}{HEADERS}\n{row(1)}\n{row(2)}\n".encode())
    assert column(extract, "crimes", "source_row") == [first, first + 1]


def test_headers_in_two_rows_are_put_together(tmp_path):
    text = f"Crime,Recorded,HO Code,LPA,Victim,\nRef,Date,,,Age,Sex\n{row(1).replace(',x', ',F')}\n"
    extract = import_bytes(tmp_path, text.encode())
    assert records(extract, "crimes", "crime_ref", "source_row", "area") == [("A1", 3, "East")]
    assert records(extract, "victims", "age", "sex") == [(14, "Female")]


def test_sep_names_any_delimiter(tmp_path):
    text = f"sep=^\n{HEADERS}\n{row(1)}\n".replace(",", "^")
    assert source(import_bytes(tmp_path, text.encode()))["delimiter"] == "^"


@pytest.mark.parametrize("ending", ["csv.gz", "tsv.GZ", "txt.gz"])
def test_a_compressed_file_is_read_as_what_is_in_it(tmp_path, ending):
    written = gzip.compress(f"{HEADERS}\n{row(1)}\n".replace(",", "\t").encode())
    found = source(import_bytes(tmp_path, written, name=f"report.{ending}"))
    assert (found["compressed"], found["delimiter"], found["bytes"]) == (
        "gzip",
        "tab",
        len(written),
    )


@pytest.mark.parametrize("cut", [5, 30])
def test_a_damaged_compressed_file_is_refused_by_its_own_name(tmp_path, cut):
    written = gzip.compress(f"{HEADERS}\n{row(1)}\n".encode())[:cut]
    with pytest.raises(FileError, match=r"report\.csv\.gz: damaged"):
        import_bytes(tmp_path, written, name="report.csv.gz")


def test_a_file_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "SMALL", 1 << 20)
    with pytest.raises(FileError, match="unpacks to more than"):
        import_bytes(tmp_path, gzip.compress(b"0" * (8 << 20)), name="report.csv.gz")


@pytest.mark.parametrize(
    "rows",
    [
        "1,Zweig was hit,No,Recorded\n2,Zweig again,No,Recorded\n",
        "1,03/07/2024,Recorded,No,Mr Zweig hit his neighbour\n",
        "Zweig,No,Recorded\n",
        "Zweig,No,Recorded\nZweig,Yes,Recorded\n",
        "No,Recorded,Zweig\nYes,Recorded,Zweig\n",
        "No,Recorded,Area,Zweig\nNo,Recorded,East,Zweig\n",
        "Zweig\n",
    ],
)
def test_a_record_taken_for_headers_is_not_shown(tmp_path, rows):
    with pytest.raises(SourceError) as error:
        import_text(tmp_path, rows, own_mapping(tmp_path, WORDS))
    assert "Zweig" not in "\n".join([str(error.value), *error.value.details])


def test_a_line_longer_than_a_row_can_be_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "LONGEST_LINE", 1 << 20)
    with pytest.raises(FileError, match="a line is longer than 1 MB"):
        import_bytes(tmp_path, f"{HEADERS}\n".encode() + b"x" * (4 << 20))
