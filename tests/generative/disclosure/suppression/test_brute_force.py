"""
Suppression on small random tables, checked against every integer table that agrees with what is
printed.

The check knows no solver: it counts all tables up to a ceiling high enough that a higher one adds
no value of interest.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from nilreturn.disclosure.model import NO_UPPER, AttackerModel, Bools, Ints
from nilreturn.disclosure.model.requirement import KNOWS_THE_RULE, NOT_DERIVABLE
from nilreturn.disclosure.suppression import SuppressionPattern, SuppressionProblem, suppress
from nilreturn.disclosure.suppression.moves import move_search

THRESHOLD = 3
CEILING = 6  # of a hidden inner cell, in the plain check


def table(shape: tuple[int, ...], counts: list[int]) -> tuple[Ints, sparse.csr_matrix, Ints]:
    """
    Values of all cells with margins, equations, and the matrix that makes all cells of the inner
    ones.
    """
    whole = [n + 1 for n in shape]
    cells = list(itertools.product(*(range(n) for n in whole)))
    place = {cell: k for k, cell in enumerate(cells)}
    inner = list(itertools.product(*(range(1, n) for n in whole)))
    made = np.array(
        [
            [all(c in (0, i) for c, i in zip(cell, own, strict=True)) for own in inner]
            for cell in cells
        ]
    )
    lines = []
    for axis, n in enumerate(shape):
        for cell in cells:
            if cell[axis] == 0:
                line = np.zeros(len(cells), dtype=np.int64)
                line[place[cell]] = 1
                for k in range(1, n + 1):
                    line[place[(*cell[:axis], k, *cell[axis + 1 :])]] = -1
                lines.append(line)
    make = made.astype(np.int64)
    return make @ np.array(counts), sparse.csr_matrix(np.array(lines)), make


def system_of(value: Ints, equations: sparse.csr_matrix, least: int) -> SuppressionProblem:
    n = len(value)
    return SuppressionProblem(
        value=value,
        equations=equations,
        weight=np.ones(n),
        primary=(value > 0) & (value < THRESHOLD),
        publishable=value == 0,
        unpublished=np.zeros(n, dtype=bool),
        lower=np.where(value > 0, least, 0).astype(np.int64),
        upper=np.full(n, NO_UPPER),
        protect_low=np.full(n, 1, dtype=np.int64),
        protect_high=np.full(n, THRESHOLD - 1, dtype=np.int64),
    )


def consistent(
    system: SuppressionProblem, make: Ints, hidden: Bools, ceiling: int = CEILING
) -> Ints:
    """
    Every table with inner cells up to `ceiling` that agrees with all that is printed (k, cells).
    """
    printed = ~hidden
    tables = np.zeros((1, len(system.value)), dtype=np.int64)
    for column in make.T:
        counts = np.arange(ceiling + 1)
        tables = (tables[:, None, :] + counts[None, :, None] * column[None, None, :]).reshape(
            -1, len(system.value)
        )
        tables = tables[(tables[:, printed] <= system.value[printed]).all(axis=1)]
        # The inner cell itself.
        own = np.flatnonzero(column)[np.argmin(make[np.flatnonzero(column)].sum(axis=1))]
        kept = (
            tables[:, own] == system.value[own]
            if printed[own]
            else tables[:, own] >= system.lower[own]
        )
        tables = tables[kept]
    agree = (tables[:, printed] == system.value[printed]).all(axis=1) & (
        tables >= system.lower
    ).all(axis=1)
    return tables[agree]


def exposures(
    system: SuppressionProblem, requirement: AttackerModel, found: SuppressionPattern, make: Ints
) -> list[str]:
    """What the printed result gives away, but for what it says cannot be helped."""
    worlds = consistent(system, make, found.hidden)
    wrong = []
    for cell in np.flatnonzero(found.hidden & ~found.unprotectable):
        values = set(worlds[:, cell].tolist())
        if len(values) < 2:
            wrong.append(f"cell {cell} is known")
        if requirement.ranges and system.primary[cell]:
            missing = set(range(found.low[cell], found.high[cell] + 1)) - values
            if missing:
                wrong.append(f"cell {cell} cannot be {missing}")
    if requirement.insiders:
        for person in np.flatnonzero(found.hidden & (system.value == 1)):
            seen = worlds[worlds[:, person] == 1]
            for cell in np.flatnonzero(found.hidden & ~found.unprotectable):
                known = len(set(seen[:, cell].tolist())) < 2
                if known and cell != person and not excused(found, int(person), int(cell)):
                    wrong.append(f"whoever is in {person} knows {cell}")
    return wrong


def excused(found: SuppressionPattern, person: int, cell: int) -> bool:
    """Whether both stand for one class, or the pair is named as beyond help."""
    partner = (
        {person}
        | {b for a, b in found.waived if a == person}
        | {a for a, b in found.waived if b == person}
    )
    return cell in partner | {b for a, b in found.waived if a in partner}


SHAPES = [(2, 2), (2, 3), (2, 2, 2)]
COUNTS = st.lists(st.sampled_from([0, 1, 1, 2, 3]), min_size=8, max_size=8)
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    "requirement", [KNOWS_THE_RULE, NOT_DERIVABLE], ids=["knows the rule", "not derivable"]
)
@SLOW
@given(shape=st.sampled_from(SHAPES), counts=COUNTS)
def test_suppression_gives_nothing_away(
    requirement: AttackerModel, shape: tuple[int, ...], counts: list[int]
) -> None:
    value, equations, make = table(shape, counts[: int(np.prod(shape))])
    system = system_of(value, equations, 1 if requirement.ranges else 0)
    found = suppress(system, requirement=requirement, seconds=3)
    assert exposures(system, requirement, found, make) == []
    assert not found.hidden[system.publishable].any()
    assert found.hidden[system.primary].all()


@SLOW
@given(shape=st.sampled_from(SHAPES), counts=COUNTS)
def test_a_table_searched_like_a_large_one_gives_nothing_away(
    shape: tuple[int, ...], counts: list[int]
) -> None:
    value, equations, make = table(shape, counts[: int(np.prod(shape))])
    place = np.array(list(itertools.product(*(range(n + 1) for n in shape))))
    system = replace(system_of(value, equations, 1), place=place)
    with (
        patch.object(move_search, "LARGE", 0),
        patch.object(move_search, "LARGE_IN_SPACE", 0),
        patch.object(move_search, "A_HIDDEN_BOX", 4),
    ):
        found = suppress(system, requirement=KNOWS_THE_RULE, seconds=3)
    assert exposures(system, KNOWS_THE_RULE, found, make) == []


@SLOW
@given(shape=st.sampled_from([(2, 2), (2, 3)]), counts=COUNTS)
def test_what_is_narrowed_or_refused_could_not_be_helped(
    shape: tuple[int, ...], counts: list[int]
) -> None:
    value, equations, make = table(shape, counts[: int(np.prod(shape))])
    system = system_of(value, equations, 1)
    found = suppress(system, requirement=KNOWS_THE_RULE, seconds=3)
    if not (found.partially_protected | found.unprotectable).any():
        return
    worlds = consistent(system, make, value > 0, ceiling=3)  # everything hidden
    for cell in np.flatnonzero(found.partially_protected):
        assert not set(range(1, THRESHOLD)) <= set(worlds[:, cell].tolist())
        assert found.reasons[int(cell)]
    for cell in np.flatnonzero(found.unprotectable):
        assert len(set(worlds[:, cell].tolist())) == 1


@SLOW
@given(shape=st.sampled_from([(2, 3), (2, 2, 2)]), counts=COUNTS)
def test_a_proven_choice_is_the_smallest_of_all(shape: tuple[int, ...], counts: list[int]) -> None:
    value, equations, make = table(shape, counts[: int(np.prod(shape))])
    system = system_of(value, equations, 1)
    found = suppress(system, requirement=KNOWS_THE_RULE, seconds=3)
    if not found.proven:
        return
    free = np.flatnonzero((value > 0) & ~system.primary)
    for size in range(round(found.cost)):
        for extra in itertools.islice(itertools.combinations(free, size), 60):
            hidden = system.primary.copy()
            hidden[list(extra)] = True
            less = SuppressionPattern(**{**vars(found), "hidden": hidden})
            assert exposures(system, KNOWS_THE_RULE, less, make), f"{extra} would do"


@SLOW
@given(shape=st.sampled_from(SHAPES), counts=COUNTS, seed=st.integers(0, 99))
def test_reordering_cells_gives_the_same_loss(
    shape: tuple[int, ...], counts: list[int], seed: int
) -> None:
    value, equations, _ = table(shape, counts[: int(np.prod(shape))])
    order = np.random.default_rng(seed).permutation(len(value))
    plain = suppress(system_of(value, equations, 1), requirement=KNOWS_THE_RULE, seconds=3)
    turned = suppress(
        system_of(value[order], equations[:, order], 1), requirement=KNOWS_THE_RULE, seconds=3
    )
    if plain.proven and turned.proven:
        assert plain.cost == pytest.approx(turned.cost)


@SLOW
@given(shape=st.sampled_from(SHAPES), counts=COUNTS)
def test_a_reader_who_knows_more_costs_no_less(shape: tuple[int, ...], counts: list[int]) -> None:
    value, equations, _ = table(shape, counts[: int(np.prod(shape))])
    system = system_of(value, equations, 1)
    much = suppress(system, requirement=KNOWS_THE_RULE, seconds=3)
    little = suppress(system, requirement=AttackerModel(ranges=False, insiders=False), seconds=3)
    if much.proven and little.proven and not much.unprotectable.any():
        assert little.cost <= much.cost + 1e-9


@SLOW
@given(shape=st.sampled_from(SHAPES), counts=COUNTS)
def test_protecting_twice_is_the_same(shape: tuple[int, ...], counts: list[int]) -> None:
    value, equations, _ = table(shape, counts[: int(np.prod(shape))])
    system = system_of(value, equations, 1)
    first, second = (suppress(system, requirement=KNOWS_THE_RULE, seconds=3) for _ in range(2))
    assert np.array_equal(first.hidden, second.hidden)
    assert np.array_equal(first.table, second.table)


@SLOW
@given(shape=st.sampled_from(SHAPES), counts=COUNTS)
def test_moves_certify_what_is_claimed(shape: tuple[int, ...], counts: list[int]) -> None:
    value, equations, _ = table(shape, counts[: int(np.prod(shape))])
    system = system_of(value, equations, 1)
    found = suppress(system, requirement=KNOWS_THE_RULE, seconds=3)
    assert not (equations @ found.table).any()
    assert (found.table >= system.lower).all()
    assert (found.table[~found.hidden] == value[~found.hidden]).all()
    reached = {(int(cell), int(value[cell])) for cell in np.flatnonzero(found.hidden)}
    for cells, change in found.moves:
        for times in range(-THRESHOLD, THRESHOLD + 1):
            world = value.copy()
            world[cells] += times * change
            if (world >= system.lower).all():
                assert not (equations @ world).any()
                assert (world[~found.hidden] == value[~found.hidden]).all()
                reached |= {(int(cell), int(world[cell])) for cell in cells}
    for cell in np.flatnonzero(found.hidden & ~found.unprotectable):
        assert len({count for other, count in reached if other == cell}) > 1
    for cell in np.flatnonzero(system.primary & ~found.unprotectable):
        assert {
            (int(cell), count) for count in range(found.low[cell], found.high[cell] + 1)
        } <= reached
