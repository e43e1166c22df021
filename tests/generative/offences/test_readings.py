"""Whatever is written: it is read as what the lists hold, or refused with one line."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nilreturn.errors import OffenceError
from nilreturn.offences import expand, normalise, offence, readings, table
from nilreturn.periods import Period

codes = st.sampled_from(sorted(table().entries))
classes = st.sampled_from(sorted(table().labels))
written = st.one_of(
    st.text(max_size=40), st.from_regex(r"\A(HO |class |code:? ?)?\d{0,5}[./-]?\d{0,3}[A-Z]?\Z")
)


@given(text=written)
@example(text="７１/１７")
@example(text="class")
@example(text="-1/-7")
@example(text="071/17\n088/01")
def test_any_text_is_read_or_refused_in_one_line(text):
    found = readings(text)
    assert all(
        reading.code in (table().entries if reading.kind == "code" else table().labels)
        for reading in found
    )
    if len(found) == 1:
        assert normalise(text) == found[0]
        return
    with pytest.raises(OffenceError) as refused:
        normalise(text)
    assert str(refused.value).isprintable()  # one line: a line break is not printable


@given(code=codes)
def test_every_spelling_of_a_code_may_mean_it(code):
    prefix, suffix = code.split("/")
    meant = readings(code)[0]
    spellings = [
        prefix + suffix,
        f"{int(prefix)}/{suffix}",
        f"{int(prefix)}/{int(suffix)}",
        f"HO code {code}",
        f" {code} ",
    ]
    spellings += [f"{int(prefix)}.{suffix}", f"{int(prefix)}{suffix}"] if int(prefix) else []
    for spelling in spellings:
        assert meant in readings(spelling), spelling


@given(
    name=classes, first_on=st.dates(date(1990, 1, 1), date(2030, 1, 1)), days=st.integers(0, 5000)
)
def test_a_part_of_a_period_expands_as_it_does_within_a_longer_one(name, first_on, days):
    period = Period(first_on, date.fromordinal(first_on.toordinal() + days))
    whole = expand(f"class {name}", period)
    middle = date.fromordinal(first_on.toordinal() + days // 2)
    (alone,) = expand(f"class {name}", Period(middle, middle))
    around = next(part for part in whole if middle in part.period)
    assert (alone.codes, alone.undated, alone.predecessors) == (
        around.codes,
        around.undated,
        around.predecessors,
    )


@given(code=codes)
def test_an_offence_is_always_described(code):
    found = offence(code)
    assert found.title
    assert re.fullmatch(r"\d{5}", found.compact)
