"""Files as people publish them: what is a table, what are its headings, and what is neither."""

import pytest

from nilreturn.disclosure import audit
from nilreturn.disclosure.tabular.marks import CellMarks
from nilreturn.disclosure.tabular.reading import read_published
from nilreturn.disclosure.tabular.text_tables import read_file
from nilreturn.errors import FileError, TableError
from tests.support.workbooks import write_ods, write_xlsx

BODY = "Area,2023/24,2024/25,Total\nNorth,*,12,15\nSouth,20,*,24\nWest,9,11,20\nTotal,32,27,59\n"
ROWS = [
    ["Area", "2023/24", "2024/25", "Total"],
    ["North", "*", 12, 15],
    ["South", 20, "*", 24],
    ["West", 9, 11, 20],
    ["Total", 32, 27, 59],
]


def saved(tmp_path, text, name="t.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def exposed(*paths, **options):
    found = read_published(paths, marks=options.pop("marks", CellMarks()), **options)
    done = audit(found.tables, known=found.printed)
    return {f.labels: f.low for f in done.findings if f.low == f.high}, found


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", ""),
        ("Table 1: Burglaries by area,,,\nNorthshire Police FOI 123,,,\n,,,\n", ""),
        ("Table 1: Burglaries by area\n\n", "\nNote: * fewer than 5\n"),
        (
            "Force:,Northshire,,\nDate:,1 May 2024,,\n,,,\n",
            "Source: Northshire Police crime system,,,\n",
        ),
        ("", ",,,\n1. Includes attempts.,,,\n* Suppressed under section 40(2).,,,\n"),
        (
            "Burglaries\n",
            (
                "\nThese figures are provisional and will change when the records of the year are "
                "final.\n"
            ),
        ),
        ("\n\n\n", "\n\n© Crown copyright\n"),
    ],
)
def test_titles_above_and_notes_below_are_no_part_of_the_table(tmp_path, above, below):
    found, read = exposed(saved(tmp_path, above + BODY + below))
    assert found == {("North", "2023/24"): 3, ("South", "2024/25"): 4}
    lines = [line for line in below.replace(",,,", "").splitlines() if line]
    assert list(read.read[0].sheet.notes) == lines


def test_a_row_that_only_has_a_label_is_a_row_and_no_note(tmp_path):
    found, _ = exposed(saved(tmp_path, "Area,2023,2024\nNorth,5,6\nSouth,,\nTotal,9,10\n"))
    assert found == {("South", "2023"): 4, ("South", "2024"): 4}


@pytest.mark.parametrize("total", [",Total", "Female,Total"])
def test_two_rows_of_headings_are_two_variables(tmp_path, total):
    upper, lower = (
        ",Male,Male,Female,Female,",
        f"Area,Under 18,18+,Under 18,18+,{total.split(',')[1]}",
    )
    text = f"{upper}\n{lower}\nNorth,*,12,3,9,27\nSouth,20,*,5,7,35\nTotal,23,15,8,16,62\n"
    found, read = exposed(saved(tmp_path, text))
    assert found == {("North", "Male", "Under 18"): 3, ("South", "Male", "18+"): 3}
    assert [len(d.categories) for d in read.tables[0].dimensions] == [3, 3, 3]


def test_upper_headings_that_are_written_once_reach_as_far_as_the_next(tmp_path):
    text = (
        ",Male,,Female,,\nArea,U18,18+,U18,18+,Total\n"
        "North,*,12,3,9,27\nSouth,20,*,5,7,35\nTotal,23,15,8,16,62\n"
    )
    found, _ = exposed(saved(tmp_path, text))
    assert found == {("North", "Male", "U18"): 3, ("South", "Male", "18+"): 3}


def test_years_over_sexes_are_headings_though_they_are_numbers(tmp_path):
    text = (
        "Area,Male,Male,Female,Female\n,2023,2024,2023,2024\n"
        "North,*,12,3,9\nSouth,20,2,5,7\nTotal,23,14,8,16\n"
    )
    found, read = exposed(saved(tmp_path, text))
    assert found == {("North", "Male", "2023"): 3}
    assert read.read[0].sheet.heading_rows == "rows 1 and 2"


def test_a_number_and_its_percentage_under_each_year_are_columns_of_counts_and_of_percentages(
    tmp_path,
):
    text = (
        "Area,2023,2023,2024,2024\n,Number,%,Number,%\nNorth,*,13.0%,12,42.9%\nSouth,20,87.0%,16,57.1%\n"
        "Total,*,100%,28,100%\n"
    )
    found, read = exposed(saved(tmp_path, text))
    assert found[("North", "2023")] == 3
    assert "within columns" in read.percentages[0].words[0]


def test_tables_one_under_another_are_each_read(tmp_path):
    text = (
        f"Table 1: Burglaries\n{BODY}\nTable 2: "
        f"Thefts\n{BODY.replace('59', '69').replace('32', '42')}"
    )
    _, read = exposed(saved(tmp_path, text.replace("South,20,*,24", "South,20,4,24", 1)))
    assert [t.name for t in read.tables] == ["t-table-1", "t-table-2"]
    assert [t.title for t in read.tables] == ["Table 1: Burglaries", "Table 2: Thefts"]
    assert "other things" in read.apart[0]


def test_tables_side_by_side_are_told_by_the_blank_column_and_labels_of_their_own(tmp_path):
    text = (
        "Burglaries,,,,Thefts,,\nArea,2023,2024,,Ward,2023,2024\nNorth,*,15,,East,*,9\n"
        "South,20,24,,West,4,7\nTotal,23,39,,Total,7,16\n"
    )
    found, read = exposed(saved(tmp_path, text))
    assert found == {("North", "2023"): 3, ("East", "2023"): 3}
    assert len(read.tables) == 2


def test_a_blank_column_between_counts_is_no_second_table(tmp_path):
    found, read = exposed(
        saved(tmp_path, "Area,2023,,2024,Total\nNorth,*,,12,15\nSouth,20,,4,24\nTotal,23,,16,39\n")
    )
    assert found == {("North", "2023"): 3}
    assert len(read.tables) == 1


def test_blank_rows_inside_a_table_and_headings_repeated_on_a_new_page_are_left_out(tmp_path):
    text = "Area,A,B\nNorth,*,12\n\nSouth,20,4\nArea,A,B\nWest,3,7\n\nTotal,26,23\n"
    found, read = exposed(saved(tmp_path, text))
    assert found == {("North", "A"): 3}
    assert "repeats the headings" in read.read[0].sheet.left_out[0]


def test_a_workbook_is_read_sheet_by_sheet_and_its_cover_and_notes_are_named(tmp_path):
    sheets = {
        "Cover": [
            ["Burglaries in Northshire"],
            ["Published on 1 May 2024"],
            ["Contact: 01234 567890"],
        ],
        "Contents": [["Sheet", "Number of tables"], ["Table 1", 1], ["Table 2", 1]],
        "Notes": [["Note", "Text"], ["1", "Includes attempts"], ["2", "Provisional"]],
        "Table 1": [["Table 1: Burglaries by area"], [], *ROWS, [], ["Source: crime system"]],
        "Table 2": [
            ["Table 2: Thefts by area"],
            *[[*row[:3], 2 * row[3] if isinstance(row[3], int) else row[3]] for row in ROWS],
        ],
    }
    read = read_file(write_xlsx(tmp_path / "book.xlsx", sheets))
    assert [sheet.name for sheet in read.sheets] == ["Table 1", "Table 2"]
    assert read.left_out == (
        "sheet 'Cover' (about the others)",
        "sheet 'Contents' (about the others)",
        "sheet 'Notes' (about the others)",
    )
    found, _ = exposed(write_xlsx(tmp_path / "one.xlsx", {"Table 1": sheets["Table 1"]}))
    assert found == {("North", "2023/24"): 3, ("South", "2024/25"): 4}


def test_a_sheet_that_is_not_shown_is_read_all_the_same(tmp_path):
    path = write_xlsx(tmp_path / "b.xlsx", {"Data": ROWS, "Working": ROWS}, hidden=["Working"])
    assert [sheet.name for sheet in read_file(path).sheets] == ["Data", "Working"]


def test_merged_headings_and_labels_stand_in_every_cell_that_they_cover(tmp_path):
    rows = [
        ["Table 1: by area, sex and age", None, None, None, None, None],
        [None, "Male", None, "Female", None, "Total"],
        ["Area", "Under 18", "18+", "Under 18", "18+", None],
        ["North", "*", 12, 3, 9, 27],
        ["South", 20, "*", 5, 7, 35],
        ["Total", 23, 15, 8, 16, 62],
    ]
    path = write_xlsx(tmp_path / "m.xlsx", {"T": rows}, merged=["A1:F1", "B2:C2", "D2:E2", "F2:F3"])
    found, read = exposed(path)
    assert found == {("North", "Male", "Under 18"): 3, ("South", "Male", "18+"): 3}
    assert read.tables[0].title == "Table 1: by area, sex and age"


def test_an_ods_workbook_is_read_like_an_xlsx_one(tmp_path):
    path = write_ods(
        tmp_path / "b.ods",
        {"Notes": (["Notes", "All are provisional."], []), "T": (["Burglaries"], ROWS)},
    )
    found, read = exposed(path)
    assert found == {("North", "2023/24"): 3, ("South", "2024/25"): 4}
    assert len(read.left_out) == 1


def test_fractions_under_a_heading_of_percentages_are_percentages(tmp_path):
    rows = [
        ["Area", "Bicycle", "Vehicle", "Total", "Bicycle %"],
        ["North", "*", 3, "*", 4 / 7],
        ["South", 20, 30, 50, 0.4],
    ]
    found, _ = exposed(write_xlsx(tmp_path / "p.xlsx", {"T": rows}))
    assert found == {("North", "Bicycle"): 4, ("North", "Total"): 7}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 no zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old kind"),
        (b"a,b\0\n", "no text"),
        (b"", "no rows of counts"),
        (b"Only a title\n", "no rows of counts"),
        (b"a,b\n", "no rows of counts"),
    ],
)
def test_what_is_no_table_is_one_clear_error(tmp_path, content, told):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises((FileError, TableError), match=told):
        read_file(path)


def test_text_of_excel_in_utf_16_is_read(tmp_path):
    path = tmp_path / "t.txt"
    path.write_bytes(BODY.replace(",", "\t").encode("utf-16"))
    assert exposed(path)[0] == {("North", "2023/24"): 3, ("South", "2024/25"): 4}


def test_a_workbook_that_spans_too_many_cells_is_refused_before_it_is_read(tmp_path):
    rows = [["a", "b"], ["x", 1]]
    path = write_xlsx(tmp_path / "far.xlsx", {"T": rows})
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("T")
        sheet.write(0, 0, "a")
        sheet.write(1_000_000, 16_000, 5)
    with pytest.raises(FileError, match="a sheet spans"):
        read_file(path)


def test_a_table_of_one_file_may_be_described_by_the_name_of_its_sheet(tmp_path):
    path = write_xlsx(tmp_path / "b.xlsx", {"One": ROWS, "Two": ROWS})
    path.with_suffix(".yaml").write_text(
        "unit: crimes\ntables: {Two: {unit: victims, columns: {Area: {variable: ward}}}}\n"
    )
    one, two = read_file(path).sheets
    assert (one.described.unit, two.described.unit) == ("crimes", "victims")
    assert two.described.columns["Area"].variable == "ward"
