"""
A column that judges many days at once means the same by each text as one that judges them one by
one.
"""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.sources.judging import column_for, columns
from nilreturn.sources.mapping import SourceMapping
from tests.support.examples import examples

AS_AT = date(2022, 4, 1)
FORMS = [
    "%d/%m/%Y",
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y",
    "%d/%m/%y",
    "%d%m%Y",
]
ODD = [
    "31/02/2021",
    "1/2/2021",
    "00/00/0000",
    "2021-13-01",
    "٠١/٠٢/٢٠٢١",
    "n/a",
    "",
    " 01/02/2021",
    "01-02/2021",
    "é" * 5,
]

drawn_days = st.integers(0, 50_000).map(lambda days: date(1890, 1, 1) + timedelta(days=days))
drawn_texts = st.one_of(
    st.builds(lambda day: f"{day:%d/%m/%Y}", drawn_days),
    # At every edge.
    st.sampled_from(["01/02/2021", "2021-02-01", "01/01/1900", "31/12/1899", "02/04/2022"]),
    st.builds(lambda day, form: day.strftime(form), drawn_days, st.sampled_from(FORMS)),
    st.sampled_from(ODD),
    st.text("0123456789/-.", min_size=8, max_size=12),
)


def column(forms, default, blank, precision, split):
    recorded = {"headers": ["day"], "precision": precision} | (
        {"split": {"at": " ", "part": 1}} if split else {}
    )
    fields = {
        "name": "drawn",
        "description": "drawn",
        "row": "crime",
        "columns": {"crime.recorded_on": recorded, "crime.crime_ref": {"headers": ["ref"]}},
        "dates": {"formats": forms, "defaults": [default]},
        "blank": blank,
    }
    return column_for("crime.recorded_on", SourceMapping.model_validate(fields), AS_AT)


@settings(deadline=None, max_examples=examples(300))
@given(
    st.lists(st.lists(drawn_texts, min_size=1, max_size=20, unique=True), min_size=1, max_size=3),
    st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique=True),
    st.sampled_from(["1900-01-01", "2021-02-01"]),
    st.sampled_from([["n/a"], ["n/a", "01/02/2021"]]),
    st.sampled_from(["day", "month"]),
    st.booleans(),
)
def test_many_days_are_judged_as_each_is(batches, forms, default, blank, precision, split):
    made = [column(forms, default, blank, precision, split) for _ in range(2)]
    before = columns._MANY
    columns._MANY = 0
    try:
        at_once = [made[0].numbers_of(pa.array(texts, pa.string())) for texts in batches]
    finally:
        columns._MANY = before
    singly = [made[1].numbers(texts) for texts in batches]
    for many, one in zip(at_once, singly, strict=True):
        for name in ("values", "faults", "said", "hashes"):
            assert np.array_equal(getattr(made[0], name)[many], getattr(made[1], name)[one])
    for name in ("saw_ambiguous", "saw_day_first", "saw_month_first"):
        assert getattr(made[0].dates, name) == getattr(made[1].dates, name)
    assert sorted(made[0].texts) == sorted(made[1].texts)
