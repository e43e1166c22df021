"""Files as they come: encodings, delimiters, ragged rows, workbooks, Parquet."""

import zipfile
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from nilreturn.errors import FileError, SourceError
from nilreturn.sources.reading.workbooks import parts
from tests.unit.sources.importing import (
    column,
    faults,
    import_bytes,
    import_files,
    import_text,
    records,
)

HEADERS = "Crime Ref,Recorded Date,HO Code,LPA,Victim Age,Initial MO"
ROWS = "A1,01/07/2020,71/17,Café £ “x”,14,Report received\r\nA2,02/07/2020,88/1,West,15,\r\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path, encoding, found):
    extract = import_bytes(tmp_path, f"{HEADERS}\r\n{ROWS}".encode(encoding))
    assert extract.manifest["sources"][0]["encoding"] == found
    assert column(extract, "crimes", "area") == ["Café £ “x”", "West"]
    assert column(extract, "victims", "age") == [14, 15]


def test_an_unmarked_utf_16_file_of_the_other_byte_order_is_found(tmp_path):
    extract = import_bytes(
        tmp_path, "\ufeff".encode("utf-16-be") + f"{HEADERS}\r\n{ROWS}".encode("utf-16-be")
    )
    assert column(extract, "crimes", "crime_ref") == ["A1", "A2"]


@pytest.mark.parametrize(
    ("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_found_and_told(tmp_path, delimiter, name, ending):
    text = f'{HEADERS}\nA1,01/07/2020,71/17,"a;b,c|d\te",14,x\n'.replace('"a;b,c|d\te"', "@")
    written = text.replace(",", delimiter).replace("@", '"a;b,c|d\te"').replace("\n", ending)
    extract = import_bytes(tmp_path, written.encode())
    assert extract.manifest["sources"][0]["delimiter"] == name
    assert column(extract, "crimes", "area") == ["a;b,c|d e"]


def test_broken_bytes_are_replaced_and_nuls_removed_and_both_are_told(tmp_path):
    text = f"{HEADERS}\nA1,01/07/2020,71/17,Café £££££ @,14,x\x00y\n"
    extract = import_bytes(tmp_path, text.encode().replace(b"@", b"\xff\xfe"))
    (source,) = extract.manifest["sources"]
    assert (source["encoding"], source["characters_replaced"], source["nuls_removed"]) == (
        "utf-8",
        2,
        1,
    )
    assert records(extract, "crimes", "area", "narrative") == [("Café £££££ \ufffd\ufffd", "xy")]


def test_ragged_rows_are_padded_or_rejected_and_always_listed(tmp_path):
    extract = import_text(
        tmp_path,
        """
        Crime Ref,Recorded Date,HO Code,LPA,Victim Age,Initial MO
        A1,01/07/2020,71/17
        A2,01/07/2020,71/17,East,14,x,
        A3,01/07/2020,71/17,East,14,x,y
        A4,01/07/2020,71/17,East,14,x,,y,,z

        second half of a broken line,and more
        A5,01/07/2020,71/17,East,14,x
        """,
    )
    assert column(extract, "crimes", "crime_ref") == ["A1", "A2", "A5"]
    assert faults(extract) == [
        (2, None, "values_missing"),
        (4, None, "too_many_values"),
        (5, None, "too_many_values"),
        (6, None, "too_few_values"),
    ]
    assert extract.manifest["rows"]["rejected"] == 3


def test_repeated_headers_and_empty_rows_are_no_records(tmp_path):
    text = (
        f"{HEADERS}\nA1,01/07/2020,71/17,East,14,x\n"
        f"{HEADERS}\n,,,,,\nA2,01/07/2020,71/17,East,14,x\n"
    )
    extract = import_text(tmp_path, text)
    assert column(extract, "crimes", "crime_ref") == ["A1", "A2"]
    assert faults(extract) == [(3, None, "repeated_header"), (4, None, "empty_row")]


@pytest.mark.parametrize("reference", ["", "NULL", "x" * 65, '"a\nb"'])
def test_a_row_without_a_usable_reference_is_rejected(tmp_path, reference):
    extract = import_text(
        tmp_path, f"{HEADERS}\n{reference},01/07/2020,71/17,East,14,x\nA2,01/07/2020,71/17,E,1,x\n"
    )
    assert column(extract, "crimes", "crime_ref") == ["A2"]
    assert faults(extract)[0][2] in ("no_reference", "bad_reference")


def test_a_quotation_mark_that_is_never_closed_costs_no_other_row(tmp_path):
    rows = "".join(f"A{number},01/07/2020,71/17,East,14,x\n" for number in range(2, 20_001))
    extract = import_text(tmp_path, f'{HEADERS}\nA1,01/07/2020,71/17,"East,14,x\n{rows}')
    assert extract.manifest["rows"]["crimes"] == 20_000
    assert column(extract, "crimes", "area")[:2] == ['"East', "East"]
    (source,) = extract.manifest["sources"]
    assert source["stray_quotation_marks"] == {"rows": 1, "first_lines": [2]}


def test_lines_within_quotes_are_counted_as_lines_of_their_row(tmp_path):
    rows = "".join(f'A{n},01/07/2020,71/17,East,14,"one\n\n\ntwo\nthree\n"\n\n' for n in range(50))
    extract = import_text(tmp_path, f"{HEADERS}\n{rows}")
    assert extract.manifest["rows"]["crimes"] == 50


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"\t", "the file is empty"),
        (b"  \n\t\n", "the file is empty"),
        (HEADERS.encode(), "headers and no rows"),
        (HEADERS.encode() + b"\r\n\r\n", "headers and no rows"),
    ],
)
def test_a_file_without_rows_is_refused(tmp_path, written, message):
    with pytest.raises(FileError, match=message):
        import_bytes(tmp_path, written)
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]


def test_several_files_are_one_extract_whose_rejects_name_the_file(tmp_path):
    first, second = tmp_path / "2020.csv", tmp_path / "2021.csv"
    first.write_text(f"{HEADERS}\nA1,01/07/2020,71/17,East,14,x\nA2,nonsense,71/17,East,14,x\n")
    second.write_text(
        "Recorded Date;HO Code;Crime Ref;Victim "
        "Age\n01/07/2020;71/17;B1;-5\n01/07/2020;71/17;A1;9\n"
    )
    extract = import_files(tmp_path, [first, second])
    assert records(extract, "crimes", "crime_ref", "source_file", "source_row", "area") == [
        ("A1", 0, 2, "East"),
        ("A2", 0, 3, "East"),
        ("B1", 1, 2, None),
    ]
    assert records(extract, "victims", "crime_ref", "victim_no", "age") == [
        ("A1", 1, 14),
        ("A2", 1, 14),
        ("B1", 1, None),
        ("A1", 2, 9),
    ]
    listed = records(extract, "rejects", "source_file", "file", "row", "rule")
    assert (0, "2020.csv", 3, "not_a_date") in listed
    assert (1, "2021.csv", 2, "age_negative") in listed
    assert extract.manifest["sources"][1]["columns_absent"] == ["crime.area", "crime.narrative"]


def make_workbook(path, rows, *, sheet="Report", more=()):
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, listed in ((sheet, rows), *more):
            target = book.add_worksheet(name)
            for number, row in enumerate(listed):
                for place, value in enumerate(row):
                    target.write(number, place, value)
    return path


def test_a_workbook_is_read_with_its_dates_numbers_and_truths(tmp_path):
    rows = [
        [],
        [
            "Crime Ref",
            "Recorded Date",
            "HO Code",
            "Victim Age",
            "Online Crime Indicator",
            "Victim DOB",
        ],
        ["A1", datetime(2020, 7, 1, 23, 59), 7117, 14, True, None],
        ["A2", "02/07/2020", 71.17, "15", "N", None],
        ["A3", date(2020, 7, 3), date(1971, 8, 1), 14.5, None, datetime(2001, 1, 1)],
        [],
        [104, date(2020, 7, 4), date(2026, 10, 4), -1, False, None],
        ["A5", date(2020, 7, 5), 4.1, None, None, None],
    ]
    extract = import_files(
        tmp_path, [make_workbook(tmp_path / "report.xlsx", rows, more=[("Notes", [["About"]])])]
    )
    assert records(
        extract, "crimes", "crime_ref", "recorded_on", "offence_code", "online_flag"
    ) == [
        ("A1", date(2020, 7, 1), "071/17", "Yes"),
        ("A2", date(2020, 7, 2), "071/17", "No"),
        ("A3", date(2020, 7, 3), "008/71", "Not recorded"),
        ("104", date(2020, 7, 4), "004/10", "No"),
        ("A5", date(2020, 7, 5), None, "Not recorded"),
    ]
    assert records(extract, "victims", "crime_ref", "age") == [("A1", 14), ("A2", 15), ("A3", None)]
    assert (6, None, "empty_row") in faults(extract)
    assert (8, "crime.offence_code", "ambiguous_offence") in faults(extract)


def test_two_sheets_that_fit_are_refused(tmp_path):
    rows = [["Crime Ref", "Recorded Date", "HO Code"], ["A1", "01/07/2020", "71/17"]]
    path = make_workbook(tmp_path / "report.xlsx", rows, more=[("Copy", rows)])
    with pytest.raises(SourceError, match="2 sheets fit"):
        import_files(tmp_path, [path])


def zipped(path, **parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, written in parts.items():
            archive.writestr(name, written)
    return path


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused_before_it_is_read(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(parts, "MOST_UNPACKED", 1 << 20)
    path = make_workbook(tmp_path / "bomb.xlsx", [["Crime Ref"], ["A1"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * (2 << 20))
    assert path.stat().st_size < 20_000
    with pytest.raises(FileError, match="past the limit"):
        import_files(tmp_path, [path])


def test_a_part_that_lies_about_its_size_is_refused(tmp_path):
    path = make_workbook(tmp_path / "liar.xlsx", [["Crime Ref"], ["A1"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big.bin", b"0" * 3_000_000)
    true, false = (3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true, false))
    with pytest.raises(FileError, match="damaged"):
        import_files(tmp_path, [path])


@pytest.mark.parametrize("place", ["XFD1048576", "xfd1048576"])
def test_one_cell_in_the_far_corner_is_refused_before_the_sheet_is_held_in_memory(tmp_path, place):
    good = make_workbook(
        tmp_path / "good.xlsx", [["Crime Ref", "Recorded Date"], ["A1", "01/07/2020"]]
    )
    path = tmp_path / "corner.xlsx"
    with (
        zipfile.ZipFile(good) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.namelist():
            written = source.read(part)
            if part.endswith("sheet1.xml"):
                far = f'<row r="1048576"><c r="{place}"><v>1</v></c></row></sheetData>'
                written = written.replace(b"</sheetData>", far.encode())
            target.writestr(part, written)
    with pytest.raises(FileError, match="cells spread over"):
        import_files(tmp_path, [path])


@pytest.mark.parametrize(
    "written",
    [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 50],
    ids=["empty", "text", "cut short"],
)
def test_what_is_no_workbook_is_refused(tmp_path, written):
    with pytest.raises(FileError, match="not an Excel workbook"):
        import_bytes(tmp_path, written, name="report.xlsx")


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    with pytest.raises(FileError, match="not an Excel workbook"):
        import_files(tmp_path, [zipped(tmp_path / "report.xlsx", **{"a.txt": "x"})])


def test_a_damaged_workbook_is_refused(tmp_path):
    whole = make_workbook(tmp_path / "whole.xlsx", [["Crime Ref"], ["A1"]]).read_bytes()
    for place in (200, len(whole) // 2, len(whole) - 30):
        broken = bytearray(whole)
        broken[place : place + 20] = b"\0" * 20
        with pytest.raises((FileError, SourceError)):
            import_bytes(tmp_path, bytes(broken), name="report.xlsx")


def parquet_of(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_is_read_with_its_own_types(tmp_path):
    path = parquet_of(
        tmp_path / "report.parquet",
        crime_ref=[1, 2],
        recorded_on=[date(2020, 7, 1), date(2020, 7, 2)],
        offence_code=["071/17", "7117"],
        victim_age=pa.array([14.0, None]),
        online_flag=[True, False],
        committed_from=[datetime(2020, 6, 30, 23, 59), datetime(1900, 1, 1)],
    )
    extract = import_files(tmp_path, [path], "generic")
    assert records(
        extract,
        "crimes",
        "crime_ref",
        "recorded_on",
        "offence_code",
        "online_flag",
        "committed_from",
    ) == [
        ("1", date(2020, 7, 1), "071/17", "Yes", date(2020, 6, 30)),
        ("2", date(2020, 7, 2), "071/17", "No", None),
    ]
    assert records(extract, "victims", "crime_ref", "age") == [("1", 14)]
    assert faults(extract) == [(2, "crime.committed_from", "default_date")]


def test_parquet_that_is_cut_short_empty_or_nested_is_refused(tmp_path):
    path = parquet_of(tmp_path / "whole.parquet", crime_ref=["A1"], recorded_on=["2020-07-01"])
    for written in (b"", path.read_bytes()[:-20], path.read_bytes()[20:]):
        with pytest.raises(FileError, match=r"damaged or cut short|cannot be read as rows"):
            import_bytes(tmp_path, written, "generic", "report.parquet")
    empty = parquet_of(tmp_path / "empty.parquet", crime_ref=pa.array([], pa.string()))
    with pytest.raises(FileError, match="no rows"):
        import_files(tmp_path, [empty], "generic")
    nested = parquet_of(tmp_path / "nested.parquet", crime_ref=[["A1"]], recorded_on=["2020-07-01"])
    with pytest.raises(FileError, match="nested"):
        import_files(tmp_path, [nested], "generic")


def test_damage_within_the_pages_of_parquet_is_told_without_a_traceback(tmp_path):
    path = tmp_path / "report.parquet"
    table = pa.table(
        {"crime_ref": [f"A{n}" for n in range(2000)], "recorded_on": ["2020-07-01"] * 2000}
    )
    pq.write_table(table, path, compression="zstd", use_dictionary=False)
    broken = bytearray(path.read_bytes())
    broken[100:400] = b"\0" * 300
    with pytest.raises(FileError, match="cannot be read as rows"):
        import_bytes(tmp_path, bytes(broken), "generic", "report.parquet")


def test_a_stray_quotation_mark_among_the_headers_costs_no_row(tmp_path):
    extract = import_bytes(tmp_path, b'"Crime Ref,Recorded Date,HO Code\nA1,01/07/2020,71/17\n')
    assert column(extract, "crimes", "crime_ref") == ["A1"]
    assert extract.manifest["sources"][0]["stray_quotation_marks"] == {
        "rows": 1,
        "first_lines": [1],
    }
