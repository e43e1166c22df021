"""What cells hold is read alike from every kind of workbook."""

import pytest

from nilreturn.errors import FileError
from tests.support.spreadsheets import ERRORS, WRITERS, Error, Formula, write_workbook
from tests.unit.sources.importing import column, faults, import_files, records

HEADERS = ["Crime Ref", "Recorded Date", "HO Code", "LPA"]
KINDS = sorted(WRITERS)


def row(number, code="71/17", area="East"):
    return [f"A{number}", "01/07/2020", code, area]


@pytest.mark.parametrize("kind", KINDS)
def test_errors_are_told_and_lose_their_value_alone(tmp_path, kind):
    rows = [HEADERS, *(row(number, Error(name)) for number, name in enumerate(ERRORS))]
    rows += [row(90, Formula(Error("#REF!"))), row(91, "71/17", Error("#N/A")), row(92)]
    extract = import_files(tmp_path, [write_workbook(tmp_path / f"report{kind}", rows)])
    codes = column(extract, "crimes", "offence_code")
    assert codes == [*[None] * len(ERRORS), None, "071/17", "071/17"]
    assert column(extract, "crimes", "area")[-2:] == [None, "East"]
    told = [
        (number, "crime.offence_code", "spreadsheet_error") for number in range(2, len(ERRORS) + 3)
    ]
    assert [fault for fault in faults(extract) if fault[2] == "spreadsheet_error"] == [
        *told,
        (len(ERRORS) + 3, "crime.area", "spreadsheet_error"),
    ]
    assert extract.manifest["sources"][0]["cells_with_errors"] == len(ERRORS) + 2


@pytest.mark.parametrize("kind", KINDS)
def test_errors_stand_where_they_are_below_titles_and_beside_empty_columns(tmp_path, kind):
    rows = [
        ["A title"],
        [],
        *([None, None, *each] for each in (HEADERS, row(1), row(2, Error("#N/A")))),
    ]
    extract = import_files(tmp_path, [write_workbook(tmp_path / f"report{kind}", rows)])
    assert records(extract, "crimes", "crime_ref", "offence_code", "area") == [
        ("A1", "071/17", "East"),
        ("A2", None, "East"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_merged_over_several_rows_is_that_of_each(tmp_path, kind):
    rows = [
        HEADERS,
        row(1, area="North"),
        row(2),
        *(row(number, area=None) for number in (3, 4)),
        row(5, area="West"),
    ]
    path = write_workbook(tmp_path / f"report{kind}", rows, merged=[(2, 3, 4, 3)])
    extract = import_files(tmp_path, [path])
    assert column(extract, "crimes", "area") == ["North", "East", "East", "East", "West"]
    assert extract.manifest["sources"][0]["merged_cells_filled"] == 2


@pytest.mark.parametrize("kind", KINDS)
def test_results_of_formulas_are_read(tmp_path, kind):
    # Which xlsxwriter cannot write as the result of a formula.
    empty = " " if kind == ".xlsx" else ""
    rows = [
        HEADERS,
        row(1, Formula("71/17"), Formula("East")),
        row(2, Formula("71/17"), Formula(empty)),
        row(3),
    ]
    extract = import_files(tmp_path, [write_workbook(tmp_path / f"report{kind}", rows)])
    assert column(extract, "crimes", "offence_code") == ["071/17"] * 3
    assert column(extract, "crimes", "area") == ["East", None, "East"]


@pytest.mark.parametrize("kind", KINDS)
def test_formulas_that_were_never_worked_out_are_refused(tmp_path, kind):
    rows = [HEADERS, row(1, area=Formula(None)), row(2, area=Formula(None)), row(3)]
    with pytest.raises(
        FileError, match=r"2 formulas without a result.*open it in Excel and save it"
    ):
        import_files(tmp_path, [write_workbook(tmp_path / f"report{kind}", rows)])
    assert [path.name for path in tmp_path.iterdir()] == [f"report{kind}"]


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_are_read_as_they_would_be_typed(tmp_path, kind):
    extract = import_files(
        tmp_path,
        [write_workbook(tmp_path / f"report{kind}", [HEADERS, row(1, 7117.0), row(2, "8/6")])],
    )
    assert column(extract, "crimes", "offence_code") == ["071/17", "008/06"]
