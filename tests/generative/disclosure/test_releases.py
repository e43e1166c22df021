"""
What one, two and three releases tell together, against integer programmes over all record types.
"""

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from nilreturn.disclosure import protect
from nilreturn.disclosure.policy.policy import Attacker
from nilreturn.errors import DisclosureError
from tests.support.counts import policy
from tests.support.examples import examples
from tests.support.records import TYPES, counted, extreme, possible, shapes

THRESHOLD = 3
SOME = settings(deadline=None, max_examples=examples(40), suppress_health_check=list(HealthCheck))
LOSS = {"measure": "cells", "margins": 1, "totals": 1}  # the loss is how many cells are hidden
RULES = policy(threshold={"value": THRESHOLD, "reason": "a test"}, loss=LOSS, seconds=1).model_copy(
    update={"attacker": Attacker(may_be_in_cell=False)}
)
records = st.lists(st.integers(0, len(TYPES) - 1), max_size=25)
releases = st.lists(st.lists(shapes(most=2), min_size=1, max_size=2), min_size=1, max_size=3)


def answered(drawn, people):
    """The releases one after the other, each knowing those before; None where one is refused."""
    known, done = (), []
    for number, release in enumerate(drawn):
        raw = [shape.table(f"r{number}t{k}", people) for k, shape in enumerate(release)]
        try:
            done.append(protect(raw, RULES, known=known))
        except DisclosureError:
            return None
        known = (*done[-1].published, *known)
    return done


def is_told(rows, values, none, goal):
    """Whether the printed figures leave only one value of a sum of record types."""
    matrix = sparse.vstack(
        [sparse.csr_matrix(rows), sparse.eye(len(TYPES), format="csr")[none]], format="csr"
    )
    told = np.append(values, np.zeros(len(none)))
    least = extreme(matrix, told, told, goal)
    capped = sparse.vstack([matrix, sparse.csr_matrix(goal)], format="csr")
    most = -extreme(capped, np.append(told, 0), np.append(told, 99), -goal)
    return least == most


@given(releases, records)
@SOME
def test_no_small_cell_or_difference_is_told_by_all_releases(drawn, people):
    flat = [shape for release in drawn for shape in release]
    truth = counted(people, flat)
    done = answered(drawn, truth)
    assume(done is not None)
    boxes = [shape.boxes() for shape in flat]
    rows = np.concatenate(boxes)
    shown = [
        cell.value
        for protection in done
        for table in protection.tables
        for _, cell in table.cells()
    ]
    printed = np.array([value is not None for value in shown])
    values = np.array([value for value in shown if value is not None])
    none = np.flatnonzero(~possible(flat))
    assert (rows[printed] @ truth == values).all()
    for goal in _small(boxes, rows, truth):
        assert not is_told(rows[printed], values, none, goal)


def _small(boxes, rows, truth):
    """Small cells, and small differences of two figures that are no table's own."""
    yield from (row for row in rows if 1 <= row @ truth < THRESHOLD)
    for one in np.unique(rows, axis=0):
        for other in np.unique(rows, axis=0):
            goal = one - other
            if (
                (goal >= 0).all()
                and 1 <= goal @ truth < THRESHOLD
                and not any(_makes(own, goal) for own in boxes)
            ):
                yield goal


def _makes(own, goal):
    """Whether finest cells of a table are together a group."""
    inside = [row for row in own if (row <= goal).all()]
    return bool(inside) and (np.max(inside, axis=0) == goal).all()


@given(
    st.lists(shapes(most=2), min_size=1, max_size=2),
    st.lists(shapes(most=2), min_size=1, max_size=2),
    records,
)
@SOME
def test_knowing_more_never_leaves_less_hidden(before, later, people):
    truth = counted(people, [*before, *later])
    first = answered([before], truth)
    alone, beside = answered([later], truth), answered([before, later], truth)
    assume(first is not None and alone is not None and beside is not None)
    less, more = alone[0].report, beside[1].report
    assume(less.loss.proven and not more.narrowed and not more.excused)
    assert less.loss.hidden <= more.loss.hidden
