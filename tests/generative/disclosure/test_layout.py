"""
Suppression's account of what tables tell together, against integer programmes over all record
types.
"""

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from nilreturn.disclosure.linked_tables import build_cells
from tests.support.examples import examples
from tests.support.records import TYPES, counted, extreme, possible, shapes

SOME = settings(
    deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow]
)
records = st.lists(st.integers(0, len(TYPES) - 1), max_size=25)
tables = st.lists(shapes(), min_size=2, max_size=4)


def laid_out(drawn, people):
    raw = [shape.table(f"t{number}", people) for number, shape in enumerate(drawn)]
    return raw, build_cells(raw)


@given(tables, records)
@SOME
def test_the_very_records_are_a_solution(drawn, people):
    raw, cells = laid_out(drawn, counted(people, drawn))
    low, high = np.zeros(cells.size), np.full(cells.size, np.inf)
    for table, numbers in zip(raw, cells.of_table, strict=True):
        low[numbers] = high[numbers] = table.counts
    high[cells.empty] = 0
    matrix = sparse.vstack([sparse.eye(cells.size), cells.equations], format="csr")
    zeros = np.zeros(cells.equations.shape[0])
    bounds = np.concatenate([low, zeros]), np.concatenate([high, zeros])
    assert extreme(matrix, *bounds, np.zeros(cells.size)) is not None


@given(tables, records, st.data())
@SOME
def test_a_reader_can_work_out_as_much_as_from_record_types_and_no_more(drawn, people, data):
    raw, cells = laid_out(drawn, counted(people, drawn))
    hidden = [
        np.array(data.draw(st.lists(st.booleans(), min_size=t.counts.size, max_size=t.counts.size)))
        for t in raw
    ]
    boxes = np.concatenate([shape.boxes() for shape in drawn])
    values = np.concatenate([t.counts.reshape(-1) for t in raw])
    mask = np.concatenate(hidden)
    numbers = np.concatenate([n.reshape(-1) for n in cells.of_table])
    assume(mask.any() and not mask.all())
    low, high = np.zeros(cells.size), np.full(cells.size, np.inf)
    low[numbers[~mask]] = high[numbers[~mask]] = values[~mask]
    high[cells.empty] = 0
    matrix = sparse.vstack([sparse.eye(cells.size), cells.equations], format="csr")
    zeros = np.zeros(cells.equations.shape[0])
    ours = matrix, np.concatenate([low, zeros]), np.concatenate([high, zeros])
    told = np.flatnonzero(~mask)
    none = np.flatnonzero(~possible(drawn))
    rows = sparse.vstack(
        [sparse.csr_matrix(boxes[told]), sparse.eye(len(TYPES), format="csr")[none]], format="csr"
    )
    theirs = rows, np.append(values[told], 0 * none), np.append(values[told], 0 * none)
    place = data.draw(st.sampled_from(np.flatnonzero(mask).tolist()))
    for sign in (1, -1):
        limit = 60 * sign  # a cell that nothing bounds is bounded here
        goal = np.zeros(cells.size)
        goal[numbers[place]] = sign
        cap = np.zeros(cells.size)
        cap[numbers[place]] = 1
        mine = _end(ours, goal, cap, limit)
        same = _end(theirs, sign * boxes[place], boxes[place], limit)
        assert mine == same


def _end(told, goal, cap, limit):
    matrix, low, high = told
    rows = sparse.vstack([matrix, sparse.csr_matrix(cap)], format="csr")
    return extreme(rows, np.append(low, 0), np.append(high, abs(limit)), goal)
