"""What holds of every protected table, whatever its counts."""

import json
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.disclosure import protect, published_from_json, published_to_json, verify
from nilreturn.errors import DisclosureError
from nilreturn.tables import CellStatus
from tests.support.counts import policy, table
from tests.support.examples import examples


@st.composite
def raw_tables(draw, *, most=15):
    shape = (draw(st.integers(2, 4)), draw(st.integers(2, 4)))
    size = shape[0] * shape[1]
    return table(
        np.array(draw(st.lists(st.integers(0, most), min_size=size, max_size=size))).reshape(shape)
    )


def protected(tables, rules, **known):
    try:
        return protect(tables, rules, **known)
    except DisclosureError:
        return None


def values(protection):
    return [[cell.value for _, cell in safe.cells()] for safe in protection.tables]


@given(raw_tables())
@settings(deadline=None, max_examples=examples(40))
def test_printed_counts_are_the_true_ones_and_every_small_one_is_hidden(raw):
    done = protected([raw], policy())
    if done is None:
        return
    for (_, count), (_, cell) in zip(raw.cells(), done.tables[0].cells(), strict=True):
        assert cell.value in (None, count)
        if 1 <= count < 5:
            assert cell.status is CellStatus.PRIMARY
        if count == 0:
            assert cell.value == 0


@given(raw_tables())
@settings(deadline=None, max_examples=25)
def test_a_certificate_goes_with_it_that_holds_after_a_journey_through_json(raw):
    done = protected([raw], policy())
    if done is None:
        return
    again = [
        published_from_json(json.loads(json.dumps(published_to_json(t)))) for t in done.published
    ]
    assert verify(again, json.loads(json.dumps(done.certificate))) == ()


@given(raw_tables())
@settings(deadline=None, max_examples=25)
def test_protecting_twice_changes_nothing(raw):
    first = protected([raw], policy())
    if first is None:
        return
    assert values(protect([raw], policy())) == values(first)
    assert values(protect([raw], policy(), known=first.published)) == values(first)


@given(raw_tables())
@settings(deadline=None, max_examples=25)
def test_knowing_more_never_leaves_less_hidden(raw):
    """What an earlier release hid stays hidden."""
    first = protected([raw], policy())
    if first is None:
        return
    second = protected([raw], policy(), known=first.published)
    assert second is not None
    hidden = [
        {labels for labels, cell in d.tables[0].cells() if cell.value is None}
        for d in (first, second)
    ]
    assert hidden[0] <= hidden[1]


@given(raw_tables(), st.sampled_from((3, 5)))
@settings(deadline=None, max_examples=25)
def test_rounding_keeps_every_sum_and_moves_no_count_by_the_base(tmp_path_factory, raw, base):
    key_file = str(tmp_path_factory.getbasetemp() / "key")
    Path(key_file).write_bytes(bytes(32))
    done = protected(
        [raw], policy(method="rounding", base=base, requirement="two values", key_file=key_file)
    )
    if done is None:
        return
    safe = done.tables[0]
    counts = np.array([cell.value for _, cell in safe.cells()]).reshape(raw.counts.shape)
    assert (counts % base == 0).all()
    assert (np.abs(counts - raw.counts) < base).all()
    assert (counts[1:].sum(axis=0) == counts[0]).all()
    assert (counts[:, 1:].sum(axis=1) == counts[:, 0]).all()
