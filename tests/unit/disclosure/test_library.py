"""Disclosure control in one call, on a data frame."""

import numpy as np
import pandas
import polars
import pytest

from nilreturn.disclosure import Policy, protect, verify
from nilreturn.errors import UsageError

RECORDS = pandas.DataFrame(
    {
        "age": ["under 12"] * 9 + ["12 to 15"] * 22 + ["16 and over"] * 14,
        "sex": ["Female", "Male", "Male"] * 3
        + ["Female", "Female"] * 11
        + ["Male"] * 11
        + ["Female"] * 3,
        "pounds": [20, 31, 44, 18, 25, 36, 41, 22, 29]
        + [30 + n for n in range(22)]
        + [9000]
        + [10] * 13,
    }
)


def policy(**more):
    return Policy.model_validate(
        {
            "name": "a test",
            "version": "1",
            "threshold": {"value": 5, "reason": "a test"},
            "zeros": {"treatment": "printed", "reason": "a test"},
            **more,
        }
    )


def truth(frame):
    return pandas.crosstab(frame.age, frame.sex)


def test_records_in_and_a_safe_frame_out():
    done = protect(RECORDS, policy(), by=["age", "sex"], name="victims")
    safe = done.to_frame()
    assert set(safe.columns) == {"age", "sex", "count", "printed"}
    small = truth(RECORDS).stack()
    for age, sex in small[(small > 0) & (small < 5)].index:
        assert safe[(safe.age == age) & (safe.sex == sex)].printed.item() == "[c]"
    zero = safe[(safe.age == "12 to 15") & (safe.sex == "Male")]
    assert zero["count"].item() == 0  # nobody is there: the combination is absent from the records
    assert safe[(safe.age == "Total") & (safe.sex == "Total")]["count"].item() == len(RECORDS)
    assert verify(done.published, done.certificate) == ()


@pytest.mark.parametrize(
    "shape", [truth, lambda f: f.groupby(["age", "sex"]).size().rename("count").reset_index()]
)
def test_every_shape_of_the_same_counts_gives_the_same(shape):
    expected = protect(RECORDS, policy(), by=["age", "sex"]).to_frame("polars")
    assert protect(shape(RECORDS), policy()).to_frame("polars").equals(expected)


def test_without_totals_only_small_counts_are_hidden():
    with_totals = protect(RECORDS, policy(), by=["age", "sex"])
    done = protect(RECORDS, policy(), by=["age", "sex"], margins=False)
    safe = done.to_frame()
    assert not (safe == "Total").any().any()
    assert len(safe) == 6
    small = truth(RECORDS).to_numpy()
    assert (
        (safe.printed == "[c]").sum() == ((small > 0) & (small < 5)).sum() == done.tables[0].hidden
    )
    assert done.tables[0].hidden < with_totals.tables[0].hidden
    assert verify(done.published, done.certificate) == ()


def test_sums_of_records():
    done = protect(RECORDS, policy(), by=["age", "sex"], value="pounds")
    safe = done.to_frame()
    ruled = safe[(safe.age == "16 and over") & (safe.sex == "Male")]
    assert ruled.printed.item() == "[c]"  # one contributor of 9,000 among ten of 10
    shown = safe[safe.printed != "[c]"].set_index(["age", "sex"])["count"]
    true = RECORDS.groupby(["age", "sex"]).pounds.sum()
    assert {cell: shown[cell] for cell in true.index.intersection(shown.index)} == true[
        true.index.intersection(shown.index)
    ].to_dict()
    assert shown["Total", "Total"] == RECORDS.pounds.sum()
    assert verify(done.published, done.certificate) == ()


@pytest.mark.parametrize("options", [{}, {"margins": False}, {"value": "pounds"}])
def test_what_is_shown_tells_neither_small_cells_nor_the_certificate(options):
    done = protect(RECORDS, policy(), by=["age", "sex"], **options)
    shown = (
        repr(done),
        repr(done.tables),
        repr(done.report),
        repr(list(done.tables[0].cells())),
        done._repr_html_(),
    )
    for text in shown:
        assert not any(
            word in text.lower() for word in ("primary", "secondary", "small", "certificate")
        )
    assert done._repr_html_().count("[c]") == done.tables[0].hidden > 0


def test_options_that_do_not_go_together_are_told():
    done = protect(RECORDS, policy(), by=["age"])
    with pytest.raises(UsageError, match="are for data frames"):
        protect([], policy(), by=["age"])
    with pytest.raises(UsageError, match="sums are of records"):
        protect(RECORDS, policy(), value="pounds")
    with pytest.raises(UsageError, match="protected by itself"):
        protect(RECORDS, policy(), by=["age"], margins=False, known=done.published)
    with pytest.raises(UsageError, match="name one of the tables"):
        done.to_frame(table="other")


def test_known_releases_count_for_a_frame_too():
    first = protect(RECORDS, policy(), by=["age", "sex"], name="ages")
    again = protect(
        polars.from_pandas(RECORDS),
        policy(),
        by=["age", "sex"],
        name="again",
        known=first.published,
    )
    hidden = [
        np.array([cell.value is None for _, cell in done.tables[0].cells()])
        for done in (first, again)
    ]
    assert (hidden[0] == hidden[1]).all()


def test_a_summary_without_totals_counts_what_is_hidden():
    frame = pandas.DataFrame({"age": ["12"] * 9 + ["13"] * 2})
    assert protect(frame, policy(), by=["age"], margins=False).report.summary.startswith(
        "one small cell hidden"
    )
