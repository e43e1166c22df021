"""Tables in and out."""

from datetime import date

import pandas
import polars
import pyarrow
import pytest

from nilreturn.disclosure import protect
from nilreturn.disclosure.model import NO_UPPER
from nilreturn.disclosure.tabular import (
    csv_of,
    description_of,
    frame_from_safe,
    raw_from_csv,
    structural_zeros_from_csv,
)
from nilreturn.disclosure.tabular.csv_files import printed_from_csv
from nilreturn.disclosure.tabular.frames import printed_from_frame, raw_from_frame
from nilreturn.disclosure.tabular.marks import CellMarks
from nilreturn.disclosure.tabular.text_tables import TableDescription
from nilreturn.disclosure.tabular.text_tables.description import Column
from nilreturn.errors import FileError, TableError
from nilreturn.tables import Extent
from tests.support.counts import policy

WIDE = "Age,Female,Male,Total\n11 and under,10,2,12\n12 to 15,22,8,30\nTotal,32,10,42\n"
LONG = (
    "age,sex,count\n11 and under,Female,10\n11 and under,Male,2\n12 to 15,Female,22\n12 to "
    "15,Male,8\n"
)


def written(tmp_path, text, name="table.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_rows_and_columns_and_one_line_a_cell_are_the_same_table(tmp_path):
    wide, long = (
        raw_from_csv(written(tmp_path, WIDE)),
        raw_from_csv(written(tmp_path, LONG, "long.csv")),
    )
    assert wide.count("Total", "Total") == long.count("Total", "Total") == 42
    assert wide.count("12 to 15", "Male") == long.count("12 to 15", "Male") == 8
    assert wide.dimensions[0].variable == "age"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_byte_order_mark_and_windows_text_are_read(tmp_path, encoding):
    raw = raw_from_csv(written(tmp_path, "Área;count\nA;1,204\nB;7\n", encoding=encoding))
    assert raw.dimensions[0].title == "Área"
    assert raw.count("A") == 1204


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no rows"),
        ("a,b\n", "no rows"),
        ("age,count\nx,-1\n", "'-1' is no count"),
        ("age,count\nx,1.5\n", "'1.5' is no count"),
        ("age,count\nx,12%\n", "'count' holds percentages"),
        ("age,count\nx,1\nx,2\n", "appears twice"),
        ("age,sex,count\nx,F,1\nx,M,2\ny,F,3\n", "one cell is missing: y / M"),
        ("age,A,B\nx,1\n", "row 2: has 2 columns where the headings have 3"),
        ("age,A,B\nx,1,2,3\n", "row 2: has 4 columns"),
        ("age,count\nTotal,3\nSum,3\nx,3\n", "both read like a total"),
        ("age,count\nx,[c]\ny,4\n", "needs every true count"),
        ("age,sex,count\nx,F,1\n,M,2\n", "no label under age"),
        ("age,A,,B\nx,1,2,3\n", "has no heading"),
        ("area,A,B\nx,1,2\ny,3,4\nForce,4,6\n", "'Force' is the sum of all others"),
        (
            "a,b,c,d,count\n" + "".join(f"{i},{i}x,{i}y,{i}z,7\n" for i in range(60)),
            "more than 500,000 cells",
        ),
        ("a,count\n" + ("x" * 300 + ",1\n") * 2, "x… appears twice"),
        ('age,count\n"x,1\n', "is not CSV"),
    ],
)
def test_what_is_no_table_of_counts_is_one_clear_error(tmp_path, text, told):
    with pytest.raises(TableError, match=r".") as caught:
        raw_from_csv(written(tmp_path, text))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_margins_that_do_not_add_up_are_named(tmp_path):
    raw = raw_from_csv(written(tmp_path, WIDE.replace("30", "31")))
    with pytest.raises(TableError, match="contradict") as caught:
        protect([raw], policy())
    assert any("12 to 15 / Total" in detail for detail in caught.value.details)


def test_a_missing_file_and_bytes_that_are_no_text_are_file_errors(tmp_path):
    with pytest.raises(FileError, match="no such table"):
        raw_from_csv(tmp_path / "none.csv")
    with pytest.raises(FileError, match="no text"):
        raw_from_csv(written(tmp_path, "a,b\0\n"))


@pytest.mark.parametrize(
    ("text", "low", "high", "hidden"),
    [
        ("7", 7, 7, False),
        ("1,204", 1204, 1204, False),
        ("7.0", 7, 7, False),
        ("7 [r]", 7, 7, False),
        ("[c]", 1, NO_UPPER, True),
        ("*", 1, NO_UPPER, True),
        ("<5", 1, 4, True),
        ("1-4", 1, 4, True),
        ("1 to 4", 1, 4, True),
        ("less than 5", 1, 4, True),
        ("≤4", 1, 4, True),
        ("100+", 100, NO_UPPER, True),
        ("[x]", 0, NO_UPPER, False),
        ("[z]", 0, 0, False),
        ("", 0, NO_UPPER, True),
    ],
)
def test_what_a_cell_says(text, low, high, hidden):
    told = CellMarks().read(text)
    assert (told.low, told.high, told.hidden) == (low, high, hidden)


def test_blanks_and_marks_are_as_told():
    assert CellMarks(blank="zero").read("").high == 0
    assert not CellMarks(blank="left out").read("").hidden
    assert CellMarks().read("hush") is None
    assert CellMarks(more_hidden=("Hush",)).read("hush").hidden
    assert CellMarks(floor=0).read("*").low == 0


def test_a_margin_that_is_not_printed_is_unknown(tmp_path):
    told = printed_from_csv(
        written(tmp_path, "Age,Female,Male\n11 and under,10,*\n12 to 15,22,8\n")
    )
    assert told.dimensions[0].labels[0] == "Total"
    assert told.high[0, 0] == NO_UPPER
    assert not told.hidden[0, 0]
    assert told.hidden.sum() == 1


def test_a_description_gives_units_periods_and_hierarchies(tmp_path):
    path = written(tmp_path, "area,count\nAll,9\nWest,6\nLeeds,2\nYork,4\nEast,3\n")
    path.with_suffix(".yaml").write_text(
        "unit: victims\nsource: an extract\nrestricted_to: {crime.recorded_on: [2020-07-01, "
        "2021-03-31]}\n"
        "columns: {area: {variable: crime.area, parents: {Leeds: West, York: West}}}\n"
    )
    raw = raw_from_csv(path)
    assert raw.unit == "victims"
    assert [c.parent for c in raw.dimensions[0].categories] == [None, "All", "West", "West", "All"]
    assert raw.dimensions[0].variable == "crime.area"
    assert raw.population.extents[0][0] == "crime.recorded_on"


@pytest.mark.parametrize("days", ["2020-07-01, 2021-03-31", "'2020-07-01', \"2021-03-31\""])
def test_days_in_a_description_are_days_in_quotation_marks_too(tmp_path, days):
    path = written(tmp_path, "area,count\nAll,9\nWest,6\nEast,3\n")
    path.with_suffix(".yaml").write_text(f"restricted_to: {{crime.recorded_on: [{days}]}}\n")
    ((_, extent),) = raw_from_csv(path).population.extents
    assert extent == Extent.between(date(2020, 7, 1).toordinal(), date(2021, 3, 31).toordinal())


@pytest.mark.parametrize(
    "days", ["2020-07-01 00:00:00, 2021-03-31", "2020-07-01", "2020-02-30, x", "'2020-07-01', East"]
)
def test_days_that_are_no_range_are_never_taken_for_words(tmp_path, days):
    path = written(tmp_path, "area,count\nAll,9\nWest,6\nEast,3\n")
    path.with_suffix(".yaml").write_text(f"restricted_to: {{crime.recorded_on: [{days}]}}\n")
    with pytest.raises(TableError) as caught:
        raw_from_csv(path)
    assert "days stand in pairs" in "\n".join(caught.value.details)


def test_words_in_a_description_stay_words(tmp_path):
    path = written(tmp_path, "area,count\nAll,9\nWest,6\nEast,3\n")
    path.with_suffix(".yaml").write_text("restricted_to: {crime.ward: ['1', '2'], x: [a, b]}\n")
    extents = dict(raw_from_csv(path).population.extents)
    assert extents == {"crime.ward": Extent.of("1", "2"), "x": Extent.of("a", "b")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("unti: victims\n", "unti"),
        ("columns: {area: {parents: {Leeds: West, West: Leeds}}}\n", "circle"),
        ("columns: {area: {parents: {Leeds: North}}}\n", "'North' has parts"),
        ("restricted_to: {x: [5, 1]}\n", "backwards"),
    ],
)
def test_mistakes_in_a_description_are_told(tmp_path, text, told):
    path = written(tmp_path, "area,count\nWest,6\nLeeds,2\n")
    path.with_suffix(".yaml").write_text(text)
    with pytest.raises(TableError) as caught:
        raw_from_csv(path)
    assert told in "\n".join((str(caught.value), *caught.value.details))


def test_a_hierarchy_works_its_margins_out(tmp_path):
    path = written(
        tmp_path, "area,sex,count\nLeeds,F,2\nLeeds,M,9\nYork,F,4\nYork,M,8\nEast,F,3\nEast,M,7\n"
    )
    path.with_suffix(".yaml").write_text(
        "columns: {area: {parents: {Leeds: West, York: West, West: Total}}}\n"
    )
    raw = raw_from_csv(path)
    assert raw.count("West", "Total") == 23
    assert raw.count("Total", "M") == 24


def test_bands_in_a_list_are_labels_and_not_ranges(tmp_path):
    text = "area,sex,age,count\nN,F,0-11,3\nN,F,12-15,8\nN,M,0-11,6\nN,M,12-15,9\n"
    raw = raw_from_csv(written(tmp_path, text))
    assert raw.counts.shape == (2, 3, 3)
    assert raw.count("N", "F", "12-15") == 8


def test_years_in_a_list_are_labels_where_the_counts_are_called_so(tmp_path):
    text = "area,year,count\nN,2023,3\nN,2024,8\nS,2023,6\nS,2024,9\n"
    assert raw_from_csv(written(tmp_path, text)).count("N", "2024") == 8
    with pytest.raises(
        TableError, match=r"N / year appears twice.*say how many leading columns hold labels"
    ):
        raw_from_csv(written(tmp_path, text.replace("count", "crimes")))
    assert (
        raw_from_csv(written(tmp_path, text.replace("count", "crimes")), labels=2).count(
            "N", "2024"
        )
        == 8
    )


def test_columns_are_one_variable_where_their_headings_are_the_same(tmp_path):
    sexes = raw_from_csv(written(tmp_path, WIDE, "sexes.csv"))
    again = raw_from_csv(written(tmp_path, WIDE.replace("Female,Male", "Male,Female"), "again.csv"))
    areas = raw_from_csv(written(tmp_path, WIDE.replace("Female,Male", "North,South"), "areas.csv"))
    assert (
        sexes.dimensions[1].variable == again.dimensions[1].variable != areas.dimensions[1].variable
    )
    done = protect([sexes, areas], policy())
    assert [t.cell("Total", "Total").value for t in done.tables] == [42, 42]


def test_columns_that_share_some_headings_must_be_described(tmp_path):
    sexes = raw_from_csv(written(tmp_path, WIDE, "sexes.csv"))
    more = WIDE.replace("Female,Male,Total", "Female,Unknown,Total")
    with pytest.raises(TableError, match=r"'Female'.*say what is divided"):
        protect([sexes, raw_from_csv(written(tmp_path, more, "more.csv"))], policy())


def test_what_is_called_total_in_the_description_is_no_second_total(tmp_path):
    path = written(tmp_path, "area,A,B\nx,1,2\ny,3,4\nForce,4,6\n")
    path.with_suffix(".yaml").write_text("columns: {area: {total: Force}}\n")
    assert raw_from_csv(path).count("Force", "Total") == 10
    path.with_suffix(".yaml").write_text("columns: {area: {total: Total}}\n")
    assert raw_from_csv(path).count("Total", "Total") == 20


def test_a_printed_total_under_another_name_is_noticed(tmp_path):
    with pytest.raises(TableError, match="'Force' is the sum of all others"):
        printed_from_csv(written(tmp_path, "area,A,B\nx,*,2\ny,3,4\nForce,8,6\n"))
    assert (
        printed_from_csv(written(tmp_path, "area,A,B\nx,*,2\ny,9,4\nForce,8,6\n")).hidden.sum() == 1
    )


def test_a_structural_zero_is_known_and_printed_where_other_zeros_are_hidden(tmp_path):
    path = written(tmp_path, "age,F,M\nx,10,0\ny,22,8\nz,9,[z]\n")
    nobody = structural_zeros_from_csv(path)
    assert structural_zeros_from_csv(written(tmp_path, WIDE, "wide.csv")) is None
    rules = policy(zeros={"treatment": "hidden", "reason": "a test"})
    done = protect([raw_from_csv(path)], rules, known=[nobody])
    assert done.tables[0].cell("x", "M").value is None
    assert done.tables[0].cell("z", "M").value == 0


def test_what_was_printed_is_described_for_whoever_reads_it(tmp_path):
    path = written(
        tmp_path,
        "area,=A,B,All\nForce,40,33,60\nWest,18,15,30\nLeeds,2,9,10\nYork,16,6,20\nEast,22,18,30\n",
    )
    path.with_suffix(".yaml").write_text(
        "title: Crimes\nunit: crimes\nsource: an extract\nrestricted_to: {day: [2020-07-01, "
        "2021-03-31], sex: [F]}\n"
        "columns:\n  area: {variable: crime.area, total: Force, parents: {Leeds: West, York: "
        "West},\n"
        "    covers: {East: [[1, 3], [7, 9], x]}}\n  columns: {overlapping: true}\n"
    )
    safe = protect([raw_from_csv(path)], policy()).tables[0]
    printed = written(tmp_path, csv_of(safe), "printed.csv")
    printed.with_suffix(".yaml").write_text(description_of(safe))
    again = printed_from_csv(printed)
    assert again.population == safe.population
    assert [d.variable for d in again.dimensions] == [d.variable for d in safe.dimensions]
    assert [d.additive for d in again.dimensions] == [True, False]
    assert again.dimensions[0].categories == safe.dimensions[0].categories
    assert again.dimensions[1].categories[1].covers == Extent.of("=A")


FRAMES = {
    "pandas": pandas.DataFrame,
    "polars": polars.DataFrame,
    "pyarrow": pyarrow.table,
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_goes_in_and_comes_out(kind):
    columns = {"age": ["x", "x", "y", "y"], "sex": ["F", "M", "F", "M"], "count": [10, 12, 22, 8]}
    described = TableDescription(unit="victims", columns={"age": Column(variable="victim.band")})
    raw = raw_from_frame(FRAMES[kind](columns), name="t", described=described)
    assert raw.dimensions[0].variable == "victim.band"
    done = protect([raw], policy(threshold={"value": 9, "reason": "a test"}))
    frame = frame_from_safe(done.tables[0], kind)
    assert type(frame) is type(FRAMES[kind](columns))
    again = printed_from_frame(
        frame.drop("printed", axis=1) if kind == "pandas" else _without(frame), name="t"
    )
    assert again.hidden.sum() == done.tables[0].hidden > 0


def _without(frame):
    return (
        frame.drop("printed")
        if isinstance(frame, polars.DataFrame)
        else frame.drop_columns("printed")
    )


def test_a_frame_without_its_counts_is_refused():
    with pytest.raises(TableError, match="no column 'count'"):
        raw_from_frame(pandas.DataFrame({"a": [1]}), name="t")


def test_csv_hides_and_cannot_be_taken_for_a_formula(tmp_path):
    raw = raw_from_csv(written(tmp_path, "area,sex,count\n=A,F,2\n=A,M,9\nB,F,14\nB,M,8\n"))
    text = csv_of(protect([raw], policy()).tables[0])
    assert text.splitlines()[0] == "area,Total,F,M"
    assert "[c]" in text
    assert "\n'=A," in text.replace("\r", "")
    assert "2" not in {cell for line in text.splitlines()[1:] for cell in line.split(",")[1:]}
