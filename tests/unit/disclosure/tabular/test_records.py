"""Data frames as true counts: records, long tables and crosstabs of pandas, polars and Arrow."""

import pandas
import polars
import pyarrow
import pytest

from nilreturn.disclosure.tabular import is_frame, raw_from_data
from nilreturn.disclosure.tabular.text_tables import TableDescription
from nilreturn.disclosure.tabular.text_tables.description import Column
from nilreturn.errors import TableError

MAKERS = {"pandas": pandas.DataFrame, "polars": polars.DataFrame, "pyarrow": pyarrow.table}
RECORDS = {"age": ["16 and over", "under 12", "under 12", None], "sex": ["F", "M", "F", "F"]}
AGES = ("Total", "16 and over", "under 12", "Unknown")


def counts_of(raw):
    return {labels: count for labels, count in raw.cells() if count}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_records_are_counted_and_what_is_absent_is_zero(make):
    raw = raw_from_data(make(RECORDS), by=["age", "sex"], name="victims")
    assert (raw.name, raw.dimensions[0].labels, raw.dimensions[1].labels) == (
        "victims",
        AGES,
        ("Total", "F", "M"),
    )
    assert raw.count("under 12", "F") == raw.count("under 12", "M") == 1
    assert raw.count("16 and over", "M") == 0
    assert raw.count("Unknown", "F") == 1
    assert raw.count("Total", "Total") == 4


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_long_table_with_rows_left_out_is_the_same_as_its_records(make):
    long = make(
        {
            "age": ["16 and over", "under 12", "under 12", None],
            "sex": list("FMFF"),
            "count": [1, 1, 1, 1],
        }
    )
    assert counts_of(raw_from_data(long)) == counts_of(
        raw_from_data(make(RECORDS), by=["age", "sex"])
    )


def test_crosstabs_are_the_same_as_their_records():
    records = pandas.DataFrame(RECORDS).fillna("Unknown")
    expected = counts_of(raw_from_data(records, by=["age", "sex"]))
    crosstab = pandas.crosstab(records.age, records.sex)
    assert [d.title for d in raw_from_data(crosstab).dimensions] == ["age", "sex"]
    assert counts_of(raw_from_data(crosstab)) == expected
    # Labels in the leading column, and gaps where there was no record.
    long = polars.DataFrame(RECORDS).fill_null("Unknown").group_by("age", "sex").len("number")
    wide = long.pivot(on="sex", index="age", values="number").select("age", "F", "M")
    assert wide["M"].null_count()
    assert counts_of(raw_from_data(wide)) == expected


def test_totals_that_are_given_must_be_true():
    records = pandas.DataFrame(RECORDS).fillna("Unknown")
    with_totals = pandas.crosstab(records.age, records.sex, margins=True)
    raw = raw_from_data(with_totals)
    assert raw.dimensions[0].total.label == "All"
    assert raw.count("All", "All") == 4
    with_totals.loc["All", "F"] += 1
    with pytest.raises(TableError, match="'All' is not the sum of what is under it"):
        raw_from_data(with_totals)


def test_columns_of_two_levels_and_hierarchies():
    records = pandas.DataFrame(RECORDS | {"area": ["Leeds", "York", "Hull", "York"]})
    both = pandas.crosstab(records.age.fillna("Unknown"), [records.sex, records.area])
    described = TableDescription(
        columns={"area": Column(parents={"Leeds": "West", "York": "North", "Hull": "North"})}
    )
    raw = raw_from_data(both, described=described)
    assert [d.title for d in raw.dimensions] == ["age", "sex", "area"]
    assert raw.count("Total", "Total", "North") == 3
    assert raw.count("Total", "F", "York") == 1


def test_categories_keep_their_order_and_are_there_without_a_record():
    ages = pandas.Categorical(["b", "b"], categories=["c", "b", "a"], ordered=True)
    ordered = raw_from_data(pandas.DataFrame({"age": ages}), by=["age"])
    assert ordered.dimensions[0].labels == ("Total", "c", "b", "a")
    ages = polars.Series(["b", "b"], dtype=polars.Enum(["c", "b", "a"]))
    enum = raw_from_data(polars.DataFrame({"age": ages}), by=["age"])
    assert (enum.dimensions[0].labels, enum.counts.tolist()) == (
        ("Total", "c", "b", "a"),
        [2, 0, 2, 0],
    )
    numbers = raw_from_data(pandas.DataFrame({"age": [10, 9, 9.0]}), by=["age"])
    assert numbers.dimensions[0].labels == ("Total", "9", "10")


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ({"a": ["x", "x"], "count": [1, 2]}, {}, "x appears twice"),
        ({"a": ["x", "y"], "count": [1, None]}, {}, "row 2, column 'count': there is no count"),
        ({"a": ["x", "y"], "count": [1, -7]}, {}, "negative, not whole"),
        ({"a": ["x", "y"], "count": [1, 7.5]}, {}, "negative, not whole"),
        ({"a": ["x", "y"], "count": [1, 1e300]}, {}, "too large"),
        ({"a": ["x", "y"], "count": [1, float("inf")]}, {}, "there is no count"),
        ({"a": ["x", "y"]}, {}, "neither records"),
        ({"a": ["x", "y"]}, {"by": ["b"]}, "has no column 'b'; it has a"),
        ({"a": ["x", "y"]}, {"by": ["a", "a"]}, "divided twice"),
        ({"a": ["x", "y"]}, {"by": []}, "nothing to divide by"),
        ({"a": ["x", "y"]}, {"by": ["a"], "count": "n"}, "no column 'n' of counts"),
    ],
)
def test_a_mistake_names_the_place_and_no_count(columns, options, message):
    with pytest.raises(TableError, match=message) as raised:
        raw_from_data(polars.DataFrame(columns, strict=False), **options)
    assert "7" not in str(raised.value)


def test_what_is_a_frame():
    assert all(is_frame(make(RECORDS)) for make in MAKERS.values())
    assert not any(map(is_frame, ([], [1], "x", None, polars.LazyFrame(RECORDS))))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_frame_without_rows_is_told_as_that(make):
    with pytest.raises(TableError, match="has no row with a value of"):
        raw_from_data(make({"age": [], "sex": []}), by=["age", "sex"])
