"""
The workbooks, read back from their files, after the Analysis Function's checklist for accessible
spreadsheets.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import load_workbook

from nilreturn.errors import ReleaseError
from nilreturn.release.workbook import range_name, write_ods, write_xlsx
from nilreturn.tables import Dimension, SafeTable
from tests.support.answers import SEX, answer_with, model_answer, safe_table

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workbooks")
    write_xlsx(model_answer(), folder / "tables.xlsx")
    write_ods(model_answer(), folder / "tables.ods")
    return folder


def part(path: Path, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read(name))


def rows(path: Path, sheet: str) -> list[list[object]]:
    return load_workbook(str(path)).get_sheet_by_name(sheet).to_python()


def written(table: SafeTable, folder: Path) -> list[list[object]]:
    """The rows of a table's worksheet, from its header row on, as XLSX and ODS both have them."""
    write_xlsx(answer_with(table), folder / "one.xlsx")
    write_ods(answer_with(table), folder / "one.ods")
    xlsx = rows(folder / "one.xlsx", "Table 1")
    assert rows(folder / "one.ods", "Table 1") == xlsx
    first = next(n for n, row in enumerate(xlsx) if str(row[0]).startswith("Source: ")) + 1
    return xlsx[first:]


def test_sheets_are_cover_contents_notes_and_one_a_table(folder: Path) -> None:
    names = load_workbook(str(folder / "tables.xlsx")).sheet_names
    assert names == ["Cover", "Contents", "Notes", "Table 1", "Table 2", "Table 3", "Table 4"]


def test_xlsx_and_ods_hold_the_same(folder: Path) -> None:
    for name in load_workbook(str(folder / "tables.xlsx")).sheet_names:
        assert rows(folder / "tables.ods", name) == rows(folder / "tables.xlsx", name)


def test_sheet_starts_with_its_title_in_a1_and_has_no_blank_row(folder: Path) -> None:
    for name in load_workbook(str(folder / "tables.xlsx")).sheet_names:
        found = rows(folder / "tables.xlsx", name)
        assert all(row[0] != "" for row in found), name
    assert rows(folder / "tables.xlsx", "Table 2")[0][0] == "Table 2: Victims by age and sex"


def test_figures_are_numbers_and_hidden_ones_marks(folder: Path) -> None:
    table = rows(folder / "tables.xlsx", "Table 2")[-6:]
    assert table == [
        ["Age", "Total", "Female", "Male", "Unknown"],
        ["Total", 287.0, 216.0, 59.0, 12.0],
        ["11 and under", 53.0, 41.0, 12.0, 0.0],
        ["12-15", 196.0, 158.0, "[c]", "[c]"],
        ["16 and over", 18.0, 9.0, "[c]", "[c]"],
        ["Unknown", 20.0, 8.0, "[c]", "[c]"],
    ]


def test_mark_is_explained_only_where_it_is_used(folder: Path) -> None:
    explained = [
        name
        for name in load_workbook(str(folder / "tables.xlsx")).sheet_names
        if any("[c] means" in str(row[0]) for row in rows(folder / "tables.xlsx", name))
    ]
    assert explained == ["Cover", "Table 2"]


def test_every_table_is_marked_up_over_its_whole_range(folder: Path) -> None:
    for number in range(1, 5):
        table = part(folder / "tables.xlsx", f"xl/tables/table{number + 2}.xml")
        found = rows(folder / "tables.xlsx", f"Table {number}")
        first, last = re.fullmatch(r"A(\d+):[A-Z]+(\d+)", table.get("ref", "")).groups()
        headers = [column.get("name") for column in table.iter(f"{MAIN}tableColumn")]
        assert headers == found[int(first) - 1][: len(headers)]
        assert int(last) == len(found)
        assert table.find(f"{MAIN}autoFilter") is None
        assert table.get("name", "").startswith(f"table_{number}_q")


def test_ods_names_every_table(folder: Path) -> None:
    names = re.findall(rb'<table:named-range [^>]*table:name="([a-z0-9_]+)"', _content(folder))
    assert names == [b"contents", b"notes", b"table_1_q1", b"table_2_q2", *(
        b"table_3_q4", b"table_4_q4_searched"
    )]  # fmt: skip


def test_ods_names_come_after_the_tables(folder: Path) -> None:
    content = _content(folder)
    assert content.rindex(b"</table:table>") < content.index(b"<table:named-expressions>")


def _content(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "tables.ods") as archive:
        return archive.read("content.xml")


def test_nothing_is_merged_frozen_or_selected_elsewhere(folder: Path) -> None:
    with zipfile.ZipFile(folder / "tables.xlsx") as archive:
        sheets = [archive.read(f"xl/worksheets/sheet{n}.xml") for n in range(1, 8)]
    assert not any(
        word in sheet for sheet in sheets for word in (b"mergeCell", b"<pane", b"<selection")
    )
    assert b'tabSelected="1"' in sheets[0]


def test_fonts_are_arial_of_ten_points_or_more(folder: Path) -> None:
    styles = part(folder / "tables.xlsx", "xl/styles.xml")
    fonts = styles.find(f"{MAIN}fonts")
    assert {name.get("val") for name in fonts.iter(f"{MAIN}name")} == {"Arial"}
    assert min(float(size.get("val", 0)) for size in fonts.iter(f"{MAIN}sz")) >= 10


def test_contents_lead_to_every_table(folder: Path) -> None:
    sheet = part(folder / "tables.xlsx", "xl/worksheets/sheet2.xml")
    links = [link.get("location") for link in sheet.iter(f"{MAIN}hyperlink")]
    assert links == [f"'Table {n}'!A1" for n in range(1, 5)]


def test_properties_name_the_authority_and_the_letters_date(folder: Path) -> None:
    with zipfile.ZipFile(folder / "tables.xlsx") as archive:
        properties = archive.read("docProps/core.xml").decode()
    assert "<dc:creator>Example Constabulary</dc:creator>" in properties
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[^<]*", properties)) == {"2021-06-29T00:00:00Z"}


def test_notes_of_a_table_are_on_the_notes_sheet(folder: Path) -> None:
    numbers = {row[0] for row in rows(folder / "tables.xlsx", "Notes")[3:]}
    for number in range(1, 5):
        line = str(rows(folder / "tables.xlsx", f"Table {number}")[2][0])
        referred = set(re.findall(r"\[(note \d+)\]", line))
        assert referred
        assert referred <= numbers


def test_formula_in_a_category_stays_text(tmp_path: Path) -> None:
    area = Dimension.flat("crime.area", "Area", ("=1+1", "@SUM(A1)", "+44", "-1", "12-15"))
    table = written(safe_table((area,), {("=1+1",): 7}), tmp_path)
    assert [row[0] for row in table[2:]] == ["'=1+1", "'@SUM(A1)", "'+44", "'-1", "12-15"]


def test_control_characters_do_not_break_the_file(tmp_path: Path) -> None:
    area = Dimension.flat("crime.area", "Area", ("a\x00b", "c\ud800d", "e\u202ef", "g\n h"))
    table = written(safe_table((area,), {}), tmp_path)
    assert [row[0] for row in table[2:]] == ["a\ufffdb", "c\ufffdd", "e\ufffdf", "g h"]


def test_codes_that_look_like_numbers_stay_text(tmp_path: Path) -> None:
    code = Dimension.flat(
        "crime.offence_code", "Offence code", ("071/17", "4.10", "00814", "17-Jan")
    )
    table = written(safe_table((code,), {}), tmp_path)
    assert [row[0] for row in table[2:]] == ["071/17", "4.10", "00814", "17-Jan"]


def test_equal_headers_are_told_apart(tmp_path: Path) -> None:
    area = Dimension.flat("crime.area", "Female", ("North", "South"))
    table = written(safe_table((area, SEX), {}), tmp_path)
    assert table[0] == ["Female", "Total", "Female (2)", "Male", "Unknown"]


def test_single_figure_has_a_table_of_one_row(tmp_path: Path) -> None:
    assert written(safe_table((), {(): 312}, title="Crimes"), tmp_path) == [
        ["Counted", "Crimes"],
        ["Crimes", 312.0],
    ]


def test_many_categories_go_down_the_page(tmp_path: Path) -> None:
    month = Dimension.flat("crime.recorded_on", "Month", tuple(f"month {n}" for n in range(12)))
    table = written(safe_table((SEX, month), {("Male", "month 3"): 8}, unit="victims"), tmp_path)
    assert table[0] == ["Sex", "Month", "Victims"]
    assert ["Male", "month 3", 8.0] in table
    assert len(table) == 1 + 4 * 13


def test_table_that_no_worksheet_holds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nilreturn.release.workbook.xlsx.MOST_ROWS", 15)
    monkeypatch.setattr("nilreturn.release.workbook.ods.MOST_ROWS", 15)
    month = Dimension.flat("crime.recorded_on", "Month", tuple(f"month {n}" for n in range(15)))
    answer = answer_with(safe_table((month,), {}))
    for write in (write_xlsx, write_ods):
        with pytest.raises(ReleaseError, match="16 rows do not fit a worksheet"):
            write(answer, tmp_path / "out")


def test_text_that_no_cell_holds_is_refused(tmp_path: Path) -> None:
    area = Dimension.flat("crime.area", "Area", ("x" * 40_000,))
    with pytest.raises(ReleaseError, match="40,000 characters does not fit a cell"):
        write_xlsx(answer_with(safe_table((area,), {})), tmp_path / "out.xlsx")


@pytest.mark.parametrize("name", ["A1", "R1C1", "Q2 – Ältere", "=1", "x" * 300, "TRUE", "q.1"])
def test_range_names_are_words_in_both_formats(name: str) -> None:
    assert re.fullmatch(
        r"table_12(_[a-z0-9_]*[a-z0-9])?", range_name(12, safe_table((), {(): 1}, name=name))
    )
    assert len(range_name(12, safe_table((), {(): 1}, name=name))) <= 60
