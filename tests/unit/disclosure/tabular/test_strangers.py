"""Two names for what may be one variable: asked, and never taken for two in silence."""

import pytest

from nilreturn.disclosure import printed_from_csv, raw_from_csv
from nilreturn.disclosure.tabular import refuse_strangers
from nilreturn.errors import TableError

A = "Area,Female,Male\nNorth,30,11\nSouth,24,17\nEast,10,10\n"


def table(tmp_path, text, name, described=""):
    path = tmp_path / f"{name}.csv"
    path.write_text(text)
    if described:
        path.with_suffix(".yaml").write_text(described)
    return raw_from_csv(path)


FILES = {"a": "a.csv", "b": "b.csv"}


@pytest.mark.parametrize(
    "other",
    [
        "District,January,February\nNorth,18,23\nSouth,18,23\nEast,19,1\n",
        "District,January,February\nEAST,18,23\nsouth,18,23\nNorth,19,1\n",
        "District,January,February\nNorth,18,23\nSouth,18,23\nEast,19,1\nUnknown,1,2\n",
        "District,January,February\nNorth,18,23\nSouth,18,23\nEast,19,1\nWest,1,2\n",
    ],
    ids=["the same", "in other letters and order", "with Unknown", "with one more"],
)
def test_the_same_categories_under_two_headings_are_asked_about(tmp_path, other):
    tables = [table(tmp_path, A, "a"), table(tmp_path, other, "b")]
    with pytest.raises(TableError) as caught:
        refuse_strangers(tables, FILES)
    told = str(caught.value)
    assert "'Area' of a.csv and 'District' of b.csv" in told
    assert "write in b.yaml: columns: {District: {variable: area}}" in told
    assert "\n" not in told


B = "District,January,February\nNorth,18,23\nSouth,18,23\nEast,19,1\n"


def test_the_line_to_write_makes_them_one_variable(tmp_path):
    first = table(tmp_path, A, "a")
    second = table(tmp_path, B, "b", "columns: {District: {variable: area}}\n")
    refuse_strangers([first, second], FILES)
    assert first.dimensions[0].variable == second.dimensions[0].variable


def test_two_names_that_somebody_gave_are_two_variables(tmp_path):
    first = table(tmp_path, A, "a", "columns: {Area: {variable: crime.area}}\n")
    second = table(tmp_path, B, "b", "columns: {District: {variable: victim.area}}\n")
    refuse_strangers([first, second], FILES)


def test_one_given_name_is_not_enough(tmp_path):
    first = table(tmp_path, A, "a", "columns: {Area: {variable: crime.area}}\n")
    with pytest.raises(TableError, match=r"columns: \{District: \{variable: crime.area\}\}"):
        refuse_strangers([first, table(tmp_path, B, "b")], FILES)


def test_columns_of_counts_without_a_heading_are_asked_about_too(tmp_path):
    long = table(tmp_path, "Sex,count\nFemale,64\nMale,38\n", "b")
    with pytest.raises(
        TableError, match=r"write in a.yaml: columns: \{columns: \{variable: sex\}\}"
    ):
        refuse_strangers([table(tmp_path, A, "a"), long], FILES)


def test_ages_under_two_headings_are_asked_about_whatever_their_bands(tmp_path):
    first = table(tmp_path, "Age,count\n0-11,5\n12-15,7\n16+,9\n", "a")
    second = table(tmp_path, "Age group,count\nUnder 18,12\n18 and over,9\n", "b")
    with pytest.raises(TableError, match="Age group"):
        refuse_strangers([first, second], FILES)


@pytest.mark.parametrize(
    "other",
    [
        "Offence,January,February\nAssault,18,23\nTheft,18,23\nFraud,19,1\n",
        "Area,January,February\nNorth,18,23\nSouth,18,23\nEast,19,1\n",
        "Month,count\nJanuary,18\nNorth,9\n",
    ],
    ids=["other categories", "the same heading", "one in common"],
)
def test_others_are_not_asked_about(tmp_path, other):
    refuse_strangers([table(tmp_path, A, "a"), table(tmp_path, other, "b")], FILES)


def test_two_columns_that_stand_in_one_table_are_two(tmp_path):
    both = table(
        tmp_path,
        "Area,District,count\nNorth,North,5\nNorth,South,6\nSouth,North,7\nSouth,South,8\n",
        "c",
    )
    refuse_strangers([both, table(tmp_path, A, "a"), table(tmp_path, B, "b")], FILES)


def test_a_table_of_a_register_is_asked_about_like_any_other(tmp_path):
    from dataclasses import replace

    table(tmp_path, B, "b")
    earlier = replace(printed_from_csv(tmp_path / "b.csv"), release="2023")
    with pytest.raises(TableError, match="'District' of 2023: b"):
        refuse_strangers([table(tmp_path, A, "a"), earlier], {"a": "a.csv"})
