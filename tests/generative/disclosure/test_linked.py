"""
Two linked tables with a hierarchy, area by sex and area by age: what holds of them, by plain search
over every pair of tables that agrees with all that is printed.
"""

import functools
import itertools

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nilreturn.disclosure import audit, protect
from nilreturn.disclosure.policy.policy import Attacker
from nilreturn.errors import DisclosureError
from nilreturn.tables import Category, CellStatus, Dimension, RawTable
from tests.support.counts import VICTIMS, policy, printed

AREAS = ("Total", None), ("West", "Total"), ("Leeds", "West"), ("York", "West"), ("East", "Total")
LEAVES = [2, 3, 4]
THRESHOLD = 3
ROOM = 4  # how far above the largest true count a hidden one is searched
MOST = 300_000  # pairs of tables
MOST_PEOPLE = 14

FEW = settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
RULES = policy(
    threshold={"value": THRESHOLD, "reason": "a test"},
    loss={"measure": "cells", "margins": 1, "totals": 1},
    seconds=2,
)
# A total that was printed before leaves the one person in one of its two parts no doubt about the
# other.
OUTSIDERS = RULES.model_copy(update={"attacker": Attacker(may_be_in_cell=False)})
counts = st.lists(st.sampled_from([0, 1, 2, 3, 5]), min_size=12, max_size=12)
few_people = st.lists(st.sampled_from([0, 0, 1, 1, 2, 3]), min_size=12, max_size=12)


def whole(leaves):
    """
    All cells of tables (k, 3, 2) of innermost counts: (k, 5, 3), areas by their total, West, Leeds,
    York, East.
    """
    west = leaves[:, :2].sum(axis=1, keepdims=True)
    rows = np.concatenate((leaves.sum(axis=1, keepdims=True), west, leaves), axis=1)
    return np.concatenate((rows.sum(axis=2, keepdims=True), rows), axis=2)


def linked(inner, areas=AREAS, names=("Female", "Male"), order=(0, 1, 2)):
    """
    Area by sex and area by age of the same people; `order` is that of the three innermost areas in
    `inner`.
    """
    people = np.array(inner, dtype=np.int64).reshape(3, 2, 2)[list(order)]
    area = Dimension("area", "Area", tuple(Category(*a) for a in areas))
    other = Dimension.flat("sex", "Sex", names), Dimension.flat("band", "Band", ("young", "old"))
    return [
        RawTable(name, name, VICTIMS, (area, dimension), whole(people.sum(axis=axis)[None])[0])
        for name, dimension, axis in (("sexes", other[0], 2), ("bands", other[1], 1))
    ]


@functools.cache
def rows_up_to(ceiling):
    """Every row of both tables: two counts by sex and two by age with one sum."""
    some = itertools.product(range(ceiling + 1), repeat=4)
    return np.array([v for v in some if v[0] + v[1] == v[2] + v[3]]).reshape(-1, 2, 2)


def worlds(told, ceiling):
    """
    Every pair of whole tables, innermost counts up to the ceiling, that agrees with what is
    printed.
    """
    values = rows_up_to(ceiling)
    rows = [np.concatenate((values.sum(axis=2, keepdims=True), values), axis=2)] * 3
    for place, row in enumerate(LEAVES):
        agrees = np.ones(len(values), dtype=bool)
        for table, published in enumerate(told):
            cells = rows[place][:, table]
            agrees &= ((cells >= published.low[row]) & (cells <= published.high[row])).all(axis=1)
        rows[place] = values[agrees]
    assume(np.prod([len(r) for r in rows], dtype=np.float64) <= MOST)
    index = np.stack(
        np.meshgrid(*(np.arange(len(r)) for r in rows), indexing="ij"), axis=-1
    ).reshape(-1, 3)
    both = np.stack([rows[i][index[:, i]] for i in range(3)], axis=1)
    pair = [whole(both[:, :, table]) for table in (0, 1)]
    agrees = np.ones(len(both), dtype=bool)
    for full, published in zip(pair, told, strict=True):
        agrees &= ((full >= published.low) & (full <= published.high)).all(axis=(1, 2))
    return [full[agrees] for full in pair]


def protected(tables, rules=RULES, **known):
    try:
        return protect(tables, rules, **known)
    except DisclosureError:
        return None


def shown(protection):
    return {(t.name, *labels): cell.value for t in protection.tables for labels, cell in t.cells()}


@given(few_people, st.lists(st.booleans(), min_size=30, max_size=30))
@FEW
def test_the_audit_finds_every_range_that_search_finds(inner, mask):
    raw = linked(inner)
    flags = np.array(mask).reshape(2, 5, 3)
    flags[0, 0, 0] = False  # the grand total bounds the search
    assume(sum(inner) <= MOST_PEOPLE)
    told = [printed(t, hide & (t.counts > 0)) for t, hide in zip(raw, flags, strict=True)]
    found = worlds(told, sum(inner))
    places = {t.name: (number, [d.labels for d in t.dimensions]) for number, t in enumerate(raw)}
    for finding in audit(told, threshold=THRESHOLD).findings:
        number, labels = places[finding.table]
        row, column = (of.index(label) for of, label in zip(labels, finding.labels, strict=True))
        values = {int(v) for v in found[number][:, row, column]}
        assert (min(values), max(values)) == (finding.low, finding.high)
        assert (finding.verdict.value == "exposed") == (len(values) == 1)


@given(counts)
@FEW
def test_a_protected_answer_cannot_be_undone(inner):
    raw = linked(inner)
    done = protected(raw)
    assume(done is not None)
    found = worlds(done.published, max(inner) * 2 + ROOM)
    excused = " ".join((*done.report.narrowed, *done.report.excused))
    for number, safe in enumerate(done.tables):
        for index, ((labels, cell), count) in enumerate(
            zip(safe.cells(), raw[number].counts.reshape(-1), strict=True)
        ):
            assert cell.value in (None, int(count))
            if cell.value is not None:
                assert not 1 <= count < THRESHOLD
                continue
            values = set(found[number].reshape(-1, 15)[:, index].tolist())
            assert len(values) > 1
            if cell.status is CellStatus.PRIMARY and " / ".join(labels) not in excused:
                assert values >= set(range(1, THRESHOLD))


@given(counts)
@FEW
def test_protecting_twice_changes_nothing(inner):
    raw = linked(inner)
    first = protected(raw)
    assume(first is not None)
    assert shown(protected(raw)) == shown(first)
    assert shown(protected(raw, known=first.published)) == shown(first)


@given(counts)
@FEW
def test_other_names_and_another_order_give_the_same_loss(inner):
    plain = protected(linked(inner))
    areas = (
        ("Everywhere", None),
        ("North", "Everywhere"),
        ("b", "North"),
        ("a", "North"),
        ("c", "Everywhere"),
    )
    turned = protected(linked(inner, areas=areas, names=("x", "w"), order=(1, 0, 2))[::-1])
    assert (plain is None) == (turned is None)
    assume(plain is not None)
    assume(plain.report.loss.proven and turned.report.loss.proven)
    assert plain.report.loss.cost == turned.report.loss.cost
    assert sum(plain.report.small.values()) == sum(turned.report.small.values())


@given(counts)
@FEW
def test_knowing_more_never_leaves_less_to_hide(inner):
    """What is safe from a reader who has the other table too is safe from one who has not."""
    sexes, bands = linked(inner)
    less, before = protected([sexes], OUTSIDERS), protected([bands], OUTSIDERS)
    assume(less is not None and before is not None)
    more = protected([sexes], OUTSIDERS, known=before.published)
    assume(more is not None)
    assume(less.report.loss.proven and not more.report.narrowed and not more.report.excused)
    assert less.report.loss.hidden <= more.report.loss.hidden
    small = {place for place, count in sexes.cells() if 1 <= count < THRESHOLD}
    assert all(more.tables[0].cell(*place).value is None for place in small)
