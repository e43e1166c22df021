"""Workbooks as they come: which sheet, where its table begins, and what its cells hold."""

import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from nilreturn.errors import FileError, SourceError
from tests.unit.sources.importing import (
    column,
    faults,
    import_bytes,
    import_files,
    own_mapping,
    records,
)

HEADERS = ["Crime Ref", "Recorded Date", "HO Code", "LPA"]
ROW = ["A1", "01/07/2020", "71/17", "East"]
MAPPING = """
    name = "own"
    description = "A mapping of one's own"
    row = "crime"
    {}
    [columns."crime.crime_ref"]
    headers = ["Crime Ref"]
    required = true
    [columns."crime.recorded_on"]
    headers = ["Recorded Date"]
    required = true
    [columns."crime.offence_code"]
    headers = ["HO Code"]
    [columns."crime.area"]
    headers = {}
"""


def mapping(folder, said="", area='["LPA"]'):
    return own_mapping(folder, MAPPING.format(said, area))


def book(folder, sheets, hidden=(), name="report.xlsx"):
    """A workbook of sheets of rows. A date is written as one."""
    path = folder / name
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as target:
        for title, rows in sheets.items():
            sheet = target.add_worksheet(title)
            if title in hidden:
                sheet.hide()
            else:
                sheet.activate()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def edited(path, change):
    """The workbook with its first sheet's XML changed."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, written in parts.items():
            target.writestr(name, written)
    return path


def second(reference, area="West"):
    return [reference, "02/07/2020", "71/17", area]


def test_the_sheet_that_fits_is_read_and_the_others_are_told(tmp_path):
    path = book(
        tmp_path,
        {"Notes": [["About", "this"]], "Data": [HEADERS, ROW], "Old": [["x"]]},
        hidden=["Old"],
    )
    (source,) = import_files(tmp_path, [path]).manifest["sources"]
    assert (source["sheet"], source["sheets_passed_over"]) == (
        "Data",
        ["'Notes'", "'Old' (hidden)"],
    )


@pytest.mark.parametrize("fewer", [HEADERS, HEADERS[:3]])
def test_two_sheets_that_fit_are_asked_about_also_where_one_has_fewer_headers(tmp_path, fewer):
    path = book(tmp_path, {"June": [HEADERS, ROW], "July": [fewer, second("A2")[: len(fewer)]]})
    with pytest.raises(SourceError, match=r"2 sheets fit the mapping \('June', 'July'\)"):
        import_files(tmp_path, [path])


def test_a_hidden_sheet_is_read_only_where_the_mapping_names_it(tmp_path):
    path = book(tmp_path, {"Front": [["See within"]], "Data": [HEADERS, ROW]}, hidden=["Data"])
    with pytest.raises(SourceError, match=r"only the sheet 'Data' \(hidden\) fits"):
        import_files(tmp_path, [path], mapping(tmp_path))
    extract = import_files(tmp_path, [path], mapping(tmp_path, 'sheet = "data"'))
    assert column(extract, "crimes", "crime_ref") == ["A1"]


def test_several_sheets_are_several_files_and_their_names_a_column(tmp_path):
    sheets = {
        "East": [HEADERS[:3], ROW[:3]],
        "West": [["A title"], HEADERS[:3], second("A2")[:3]],
        "Notes": [["n"]],
    }
    path = book(tmp_path, sheets)
    extract = import_files(
        tmp_path, [path], mapping(tmp_path, 'sheet = ["East", "West"]', '["Sheet name"]')
    )
    assert records(extract, "crimes", "crime_ref", "area", "source_file", "source_row") == [
        ("A1", "East", 0, 2),
        ("A2", "West", 1, 3),
    ]
    assert [source["name"] for source in extract.manifest["sources"]] == [
        "report.xlsx, East",
        "report.xlsx, West",
    ]


def test_a_sheet_that_is_not_there_is_told_with_what_is_near(tmp_path):
    path = book(tmp_path, {"Data 2024": [HEADERS, ROW]})
    with pytest.raises(SourceError, match=r"no sheet 'Data 2023' .* did you mean 'Data 2024'"):
        import_files(tmp_path, [path], mapping(tmp_path, 'sheet = "Data 2023"'))


def test_a_table_inside_a_sheet_is_found_wherever_it_begins(tmp_path):
    rows = [["Report of July"], [], *([*["", ""], *row] for row in (HEADERS, ROW, second("A2")))]
    extract = import_files(tmp_path, [book(tmp_path, {"Data": rows})], mapping(tmp_path))
    assert records(extract, "crimes", "crime_ref", "source_row", "area") == [
        ("A1", 4, "East"),
        ("A2", 5, "West"),
    ]
    assert {"title_row": 1, "empty_row_above": 1, "header_row": 1}.items() <= extract.manifest[
        "rows"
    ]["passed_over"].items()


def test_the_first_row_is_the_one_that_the_mapping_says(tmp_path):
    rows = [HEADERS, second("Z1"), ["The table proper"], HEADERS, ROW]
    extract = import_files(
        tmp_path, [book(tmp_path, {"Data": rows})], mapping(tmp_path, "first_row = 4")
    )
    assert records(extract, "crimes", "crime_ref", "source_row") == [("A1", 5)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_columns_without_headers_are_named_in_order(tmp_path, kind):
    said = 'column_names = ["Crime Ref", "Recorded Date", "HO Code", "LPA"]'
    own = mapping(tmp_path, said)
    if kind == "csv":
        extract = import_bytes(
            tmp_path, b"A1,01/07/2020,71/17,East\nA2,02/07/2020,71/17,West\n", own
        )
    else:
        extract = import_files(tmp_path, [book(tmp_path, {"Data": [ROW, second("A2")]})], own)
    assert records(extract, "crimes", "crime_ref", "source_row", "area") == [
        ("A1", 1, "East"),
        ("A2", 2, "West"),
    ]
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(SourceError, match="no row has the 4 columns"):
        import_bytes(other, b"Zweig,01/07/2020,71/17\n", own)


def test_errors_of_a_spreadsheet_are_read_as_texts_and_told(tmp_path):
    path = tmp_path / "report.xlsx"
    with xlsxwriter.Workbook(path) as target:
        sheet = target.add_worksheet("Data")
        for number, row in enumerate([HEADERS, ROW, second("A2"), second("A3")]):
            sheet.write_row(number, 0, row)
        sheet.write_formula("C3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("D4", "=X!A1", None, "#REF!")
    extract = import_files(tmp_path, [path], mapping(tmp_path))
    assert extract.manifest["sources"][0]["cells_with_errors"] == 2
    assert records(extract, "crimes", "offence_code", "area")[1:] == [
        (None, "West"),
        ("071/17", None),
    ]
    assert {(row, name) for row, name, _ in faults(extract)} >= {
        (3, "crime.offence_code"),
        (4, "crime.area"),
    }


@pytest.mark.parametrize("value", [b"<v></v>", b"<v />", b""])
def test_formulas_without_a_result_are_refused_and_empty_results_are_not(tmp_path, value):
    path = book(tmp_path, {"Data": [HEADERS, [*ROW[:3], "@"], second("A2")]})

    def without_result(kind):
        def change(written):
            start = written.index(b'<c r="D2"')
            end = written.index(b"</c>", start) + 4
            return (
                written[:start]
                + b'<c r="D2"'
                + kind
                + b"><f>A1&amp;B1</f>"
                + value
                + b"</c>"
                + written[end:]
            )

        return change

    with pytest.raises(FileError, match="1 formulas without a result"):
        import_files(tmp_path, [edited(path, without_result(b""))])
    if value:
        extract = import_files(tmp_path, [edited(path, without_result(b' t="str"'))])
        assert column(extract, "crimes", "area") == [None, "West"]


def test_a_value_merged_over_several_rows_is_that_of_each(tmp_path):
    path = tmp_path / "report.xlsx"
    with xlsxwriter.Workbook(path) as target:
        sheet = target.add_worksheet("Data")
        for number, row in enumerate(
            [HEADERS, ROW, second("A2", ""), second("A3", ""), second("A4")]
        ):
            sheet.write_row(number, 0, row)
        sheet.merge_range(1, 3, 3, 3, "East")
    extract = import_files(tmp_path, [path])
    assert column(extract, "crimes", "area") == ["East", "East", "East", "West"]
    assert extract.manifest["sources"][0]["merged_cells_filled"] == 2


def test_columns_for_months_become_rows(tmp_path):
    own = own_mapping(
        tmp_path,
        """
        name = "wide"
        description = "A column for each month"
        row = "cell"
        cells = {count_header = "Count", unit = "crimes"}
        unpivot = {columns = "20\\\\d{4}", as = "Month"}
        dates = {formats = ["%Y%m"]}
        [columns."crime.area"]
        headers = ["LPA"]
        [columns."crime.offence_class"]
        headers = ["Class"]
        [columns."crime.recorded_on"]
        headers = ["Month"]
        precision = "month"
        """,
    )
    text = b"LPA,Class,202001,202002,202003\nEast,88A,1,0,3\nWest,88A,2,5,0\n"
    extract = import_bytes(tmp_path, text, own)
    weights = [
        ("East", 1, 1),
        ("East", 2, 0),
        ("East", 3, 3),
        ("West", 1, 2),
        ("West", 2, 5),
        ("West", 3, 0),
    ]
    assert records(extract, "crimes", "area", "recorded_on", "weight") == [
        (area, date(2020, month, 1), weight) for area, month, weight in weights
    ]
    assert len(set(column(extract, "crimes", "crime_ref"))) == 6


def test_an_opendocument_spreadsheet_is_read(tmp_path):
    path = open_document(tmp_path / "report.ods", [HEADERS, ROW, second("A2")])
    assert column(import_files(tmp_path, [path]), "crimes", "crime_ref") == ["A1", "A2"]


@pytest.mark.parametrize("repeated", ["rows", "columns"])
def test_one_cell_repeated_to_the_edge_of_an_opendocument_is_refused(tmp_path, repeated):
    times = 1_000_000_000 if repeated == "rows" else 100_000_000
    path = open_document(
        tmp_path / "report.ods",
        [HEADERS, ROW],
        f' table:number-{repeated}-repeated="{times}"',
        repeated,
    )
    with pytest.raises(FileError, match="cells spread over"):
        import_files(tmp_path, [path])


def open_document(path, rows, repeated="", where=""):
    def cell(value, more=""):
        return (
            f"<table:table-cell "
            f'office:value-type="string"{more}><text:p>{value}</text:p></table:table-cell>'
        )

    written = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows
    )
    if where == "rows":
        written += f"<table:table-row{repeated}>{cell('x')}</table:table-row>"
    if where == "columns":
        written += f"<table:table-row>{cell('x', repeated)}</table:table-row>"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f"{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Data">{written}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr("META-INF/manifest.xml", "<manifest/>")
        target.writestr("content.xml", content)
    return path


def test_times_and_lengths_of_time_are_written_as_they_are_shown():
    from datetime import time, timedelta

    from nilreturn.sources.reading.workbooks.workbook import text_of

    given = [
        time(9, 30),
        timedelta(days=1, hours=12),
        datetime(2020, 7, 1, 9, 30),
        date(2020, 7, 1),
        5.0,
        0.5,
        True,
    ]
    assert [text_of(value) for value in given] == [
        "09:30:00",
        "36:00:00",
        "2020-07-01 09:30:00",
        "2020-07-01",
        "5",
        "0.5",
        "Yes",
    ]
