"""Tables in and out."""

import pandas
import polars
import pyarrow
import pytest

from nilreturn.disclosure import protect
from nilreturn.disclosure.described import Column, Described
from nilreturn.disclosure.markers import Marks
from nilreturn.disclosure.system import NO_CEILING
from nilreturn.disclosure.tabular import (
    csv_of,
    frame_from_safe,
    printed_from_csv,
    printed_from_frame,
    raw_from_csv,
    raw_from_frame,
)
from nilreturn.errors import FileError, TableError
from tests.support.counts import policy

WIDE = "Age,Female,Male,Total\n11 and under,10,2,12\n12 to 15,22,8,30\nTotal,32,10,42\n"
LONG = "age,sex,count\n11 and under,Female,10\n11 and under,Male,2\n12 to 15,Female,22\n12 to 15,Male,8\n"


def written(tmp_path, text, name="table.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_rows_and_columns_and_one_line_a_cell_are_the_same_table(tmp_path):
    wide, long = raw_from_csv(written(tmp_path, WIDE)), raw_from_csv(written(tmp_path, LONG, "long.csv"))
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
        ("age,count\nx,12%\n", "'12%' is no count"),
        ("age,count\nx,1\nx,2\n", "appears twice"),
        ("age,sex,count\nx,F,1\nx,M,2\ny,F,3\n", "1 cells are missing: y / M"),
        ("age,A,B\nx,1\n", "row 2: has 2 columns where the headings have 3"),
        ("age,A,B\nx,1,2,3\n", "row 2: has 4 columns"),
        ("age,count\nTotal,3\nSum,3\nx,3\n", "both read like a total"),
        ("age,count\nx,[c]\ny,4\n", "needs every true count"),
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
        ("[c]", 1, NO_CEILING, True),
        ("*", 1, NO_CEILING, True),
        ("<5", 1, 4, True),
        ("1-4", 1, 4, True),
        ("1 to 4", 1, 4, True),
        ("less than 5", 1, 4, True),
        ("≤4", 1, 4, True),
        ("100+", 100, NO_CEILING, True),
        ("[x]", 0, NO_CEILING, False),
        ("", 0, NO_CEILING, True),
    ],
)
def test_what_a_cell_says(text, low, high, hidden):
    told = Marks().read(text)
    assert (told.low, told.high, told.hidden) == (low, high, hidden)


def test_blanks_and_marks_are_as_told():
    assert Marks(blank="zero").read("").high == 0
    assert not Marks(blank="left out").read("").hidden
    assert Marks().read("hush") is None
    assert Marks(more_hidden=("Hush",)).read("hush").hidden
    assert Marks(floor=0).read("*").low == 0


def test_a_margin_that_is_not_printed_is_unknown(tmp_path):
    told = printed_from_csv(written(tmp_path, "Age,Female,Male\n11 and under,10,*\n12 to 15,22,8\n"))
    assert told.dimensions[0].labels[0] == "Total"
    assert told.high[0, 0] == NO_CEILING
    assert not told.hidden[0, 0]
    assert told.hidden.sum() == 1


def test_a_description_gives_units_periods_and_hierarchies(tmp_path):
    path = written(tmp_path, "area,count\nAll,9\nWest,6\nLeeds,2\nYork,4\nEast,3\n")
    path.with_suffix(".yaml").write_text(
        "unit: victims\nsource: an extract\nrestricted_to: {crime.recorded_on: [2020-07-01, 2021-03-31]}\n"
        "columns: {area: {variable: crime.area, parents: {Leeds: West, York: West}}}\n"
    )
    raw = raw_from_csv(path)
    assert raw.unit == "victims"
    assert [c.parent for c in raw.dimensions[0].categories] == [None, "All", "West", "West", "All"]
    assert raw.dimensions[0].variable == "crime.area"
    assert raw.population.extents[0][0] == "crime.recorded_on"


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
    path = written(tmp_path, "area,sex,count\nLeeds,F,2\nLeeds,M,9\nYork,F,4\nYork,M,8\nEast,F,3\nEast,M,7\n")
    path.with_suffix(".yaml").write_text("columns: {area: {parents: {Leeds: West, York: West, West: Total}}}\n")
    raw = raw_from_csv(path)
    assert raw.count("West", "Total") == 23
    assert raw.count("Total", "M") == 24


FRAMES = {
    "pandas": pandas.DataFrame,
    "polars": polars.DataFrame,
    "pyarrow": pyarrow.table,
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_goes_in_and_comes_out(kind):
    columns = {"age": ["x", "x", "y", "y"], "sex": ["F", "M", "F", "M"], "count": [10, 12, 22, 8]}
    described = Described(unit="victims", columns={"age": Column(variable="victim.band")})
    raw = raw_from_frame(FRAMES[kind](columns), name="t", described=described)
    assert raw.dimensions[0].variable == "victim.band"
    done = protect([raw], policy(threshold={"value": 9, "reason": "a test"}))
    frame = frame_from_safe(done.tables[0], kind)
    assert type(frame) is type(FRAMES[kind](columns))
    again = printed_from_frame(frame.drop("printed", axis=1) if kind == "pandas" else _without(frame), name="t")
    assert again.hidden.sum() == done.tables[0].hidden > 0


def _without(frame):
    return frame.drop("printed") if isinstance(frame, polars.DataFrame) else frame.drop_columns("printed")


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
