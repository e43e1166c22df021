"""The best choice of cells to hide, beside all choices tried one by one."""

import itertools
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from nilreturn.disclosure.model import NO_UPPER
from nilreturn.disclosure.model.requirement import KNOWS_THE_RULE, NOT_DERIVABLE
from nilreturn.disclosure.suppression import SuppressionProblem, master, suppress

THRESHOLD = 4  # counts below are small
MOST_FREE = 18  # cells that may be hidden or not, for all choices to be tried
FAR = 60  # above all counts


def added_up(inner, groups):
    """
    The counts of a table with all totals, and its equations; `groups`: per dimension, the parts of
    each total.
    """
    counts, sums = inner, []
    numbers = np.arange(inner.size).reshape(inner.shape)
    for axis, totals in enumerate(groups):
        for parts in totals:
            total = counts.take(parts, axis=axis).sum(axis=axis)
            fresh = numbers.size + np.arange(total.size).reshape(total.shape)
            of = np.moveaxis(numbers.take(parts, axis=axis), axis, -1)
            sums += [
                (f, *p) for f, p in zip(fresh.ravel(), of.reshape(-1, len(parts)), strict=True)
            ]
            counts = np.concatenate([counts, np.expand_dims(total, axis)], axis=axis)
            numbers = np.concatenate([numbers, np.expand_dims(fresh, axis)], axis=axis)
    value = np.zeros(counts.size, dtype=np.int64)
    value[numbers.ravel()] = counts.ravel()
    equations = np.zeros((len(sums), len(value)), dtype=np.int64)
    for row, (total, *parts) in enumerate(sums):
        equations[row, total], equations[row, parts] = 1, -1
    return value, sparse.csr_matrix(equations)


def system(value, equations, *, floor):
    n = len(value)
    return SuppressionProblem(
        value=value,
        equations=equations,
        weight=1.0 + 0.001 * value / max(1, value.sum()),
        primary=(value > 0) & (value < THRESHOLD),
        publishable=value == 0,
        unpublished=np.zeros(n, dtype=bool),
        lower=np.where(value > 0, floor, 0),
        upper=np.full(n, NO_UPPER),
        protect_low=np.ones(n, dtype=np.int64),
        protect_high=np.full(n, THRESHOLD - 1, dtype=np.int64),
    )


def possible(problem, hidden, fixed):
    """
    Whether some table in integers agrees with what is printed, each of `fixed` between two values.
    """
    low = np.where(hidden, problem.lower, problem.value).astype(float)
    high = np.where(hidden, FAR, problem.value).astype(float)
    for cell, (least, most) in fixed.items():
        low[cell], high[cell] = max(low[cell], least), min(high[cell], most)
    if (low > high).any():
        return False
    bounds, balance = (
        optimize.Bounds(low, high),
        optimize.LinearConstraint(problem.equations.toarray(), 0, 0),
    )
    return optimize.milp(
        np.zeros(len(low)), integrality=np.ones(len(low)), bounds=bounds, constraints=balance
    ).success


def needs(problem, hidden, requirement):
    """
    Each thing that must be possible: of which cell, what, and the ways in any of which it may be.
    """
    for cell in np.flatnonzero(hidden).tolist():
        true = problem.value[cell]
        another = ((-FAR, true - 1), (true + 1, FAR))
        yield cell, "other", [{cell: way} for way in another]
        if problem.primary[cell] and requirement.ranges:
            for asked in range(1, THRESHOLD):
                yield cell, asked, [{cell: (asked, asked)}]
        if requirement.insiders:
            for person in np.flatnonzero(hidden & (problem.value == 1)).tolist():
                if person != cell:
                    yield (
                        cell,
                        f"but for {person}",
                        [{cell: way, person: (1, 1)} for way in another],
                    )


def is_safe(problem, hidden, requirement, excused):
    inside = (problem.equations.toarray() != 0) & hidden
    alone = inside[inside.sum(axis=1) == 1].any(axis=0)
    if any((int(cell), "other") not in excused for cell in np.flatnonzero(alone)):
        return False  # found without trying any table: most choices end here
    return all(
        (cell, what) in excused or any(possible(problem, hidden, way) for way in ways)
        for cell, what, ways in needs(problem, hidden, requirement)
    )


def least_loss(problem, requirement, *, below):
    """
    The least loss of any safe choice that hides less than `below` cells besides; `below` when there
    is none.
    """
    everything = ~problem.publishable
    excused = {
        (cell, what)
        for cell, what, ways in needs(problem, everything, requirement)
        if problem.primary[cell] and not any(possible(problem, everything, way) for way in ways)
    }
    free = np.flatnonzero(everything & ~problem.primary)
    for size in range(below):
        for some in itertools.combinations(free, size):
            hidden = problem.primary & ~problem.publishable
            hidden[list(some)] = True
            if is_safe(problem, hidden, requirement, excused):
                return size
    return below


FLAT = {width: [list(range(width))] for width in (2, 3, 4)}
NESTED = [[0, 1], [2, 3], [4, 5]]  # four codes, two totals, and the total of these
SHAPES = [(2, 2), (2, 3), (3, 3), (2, 4), (3, 4), ("nested", 2), (2, 2, 2)]


@st.composite
def tables(draw):
    shape = draw(st.sampled_from(SHAPES))
    widths = [4 if width == "nested" else width for width in shape]
    small, large = st.integers(0, THRESHOLD - 1), st.integers(THRESHOLD, 9)
    count = st.one_of(large, large, small, st.just(1))
    counts = draw(st.lists(count, min_size=int(np.prod(widths)), max_size=int(np.prod(widths))))
    return added_up(
        np.array(counts).reshape(widths), [NESTED if w == "nested" else FLAT[w] for w in shape]
    )


def the_best_is_the_best(table, requirement, floor, long):
    problem = system(*table, floor=floor)
    with mock.patch.object(master, "LONG", long):
        found = suppress(problem, requirement=requirement, seconds=5.0)
    cells = int((found.hidden & ~problem.primary).sum())
    if (~problem.publishable & ~problem.primary).sum() <= MOST_FREE:
        least = least_loss(problem, requirement, below=cells)
        assert found.bound <= least + 0.001
        assert not found.proven or cells == least


LONG = st.sampled_from((0, master.LONG))  # small tables have no long lines
READERS = pytest.mark.parametrize(
    ("requirement", "floor"), [(KNOWS_THE_RULE, 1), (NOT_DERIVABLE, 0)], ids=["A1", "A0"]
)


@READERS
@given(table=tables(), long=LONG)
@settings(deadline=None, max_examples=5)
def test_a_choice_called_the_best_is_the_best(requirement, floor, table, long):
    the_best_is_the_best(table, requirement, floor, long)


@pytest.mark.slow
@READERS
@pytest.mark.parametrize("long", [0, master.LONG], ids=["all lines long", "as ever"])
@given(table=tables())
@settings(deadline=None, max_examples=80)
def test_a_choice_called_the_best_is_the_best_in_many_tables(requirement, floor, long, table):
    the_best_is_the_best(table, requirement, floor, long)


def test_a_flat_table_is_proven_best():
    """
    Cells of a line differ in nothing but where they are; the bound must not wait for all of them to
    be tried.
    """
    counts = np.random.default_rng(3).integers(20, 200, (30, 30))
    counts[np.random.default_rng(4).random(counts.shape) < 0.03] = 1
    problem = system(*added_up(counts, [[list(range(30))]] * 2), floor=1)
    found = suppress(problem, requirement=KNOWS_THE_RULE, seconds=10.0)
    assert found.proven
    assert found.bound == int((found.hidden & ~problem.primary).sum())
