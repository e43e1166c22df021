"""
Hidden cells that earlier releases give away by several of their sums together: the certificate
names the sums.
"""

import copy
from dataclasses import replace

import numpy as np
import pytest

from nilreturn.disclosure import a_total, protect, verify
from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.audit.derivations import sums_giving
from nilreturn.disclosure.model import attacker_knowledge, most_by, propagate_bounds
from nilreturn.tables import Extent, Population
from tests.support.counts import AGES, VICTIMS, ages, one_way, policy, printed, table

# Rows a0 and a1 less columns b0 and b1 leave a0 / b2; no sum by itself does.
BEFORE = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 3), (3, 4), (0, 3), (0, 4)]


@pytest.fixture(scope="module")
def done():
    raw = table([[9, 9, 2, 9], [9, 9, 9, 9], [9, 9, 9, 9]])
    hidden = np.zeros(raw.counts.shape, dtype=np.bool_)
    hidden[tuple(zip(*BEFORE, strict=True))] = True
    return protect([raw], policy(), known=[replace(printed(raw, hidden), release="others")])


def test_the_certificate_says_which_sums_give_the_cell(done):
    assert done.tables[0].hidden
    assert len(done.certificate["public"]) == 1
    assert verify(done.published, done.certificate, known=done.known) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c.update(public=[]), "a0 / b2: is hidden, and the certificate leaves it out"),
        (lambda c: c.pop("public"), "a0 / b2: is hidden, and the certificate leaves it out"),
        (
            lambda c: c["public"][0][1][1].pop(),
            "a0 / b2: is hidden, and the certificate leaves it out",
        ),
        (
            lambda c: c["public"][0][2].__setitem__(1, []),
            "a0 / b2: is hidden, and the certificate leaves it out",
        ),
        (
            lambda c: c["public"][0][1][1][0].__setitem__(1, 9),
            "a0 / b2: is hidden, and the certificate leaves it out",
        ),
        (lambda c: c["public"][0][1].__setitem__(0, 0), "not as nilreturn writes it"),
        (lambda c: c["public"][0][1].__setitem__(0, 0.5), "not as nilreturn writes it"),
        (lambda c: c["public"][0][1][1][0].__setitem__(0, 10**6), "not as nilreturn writes it"),
        (lambda c: c["public"][0][1][1][0].__setitem__(0, -1), "not as nilreturn writes it"),
        (lambda c: c["public"][0][1][1][0].__setitem__(1, 0.5), "not as nilreturn writes it"),
    ],
)
def test_sums_that_do_not_give_it_are_found(done, change, told):
    broken = copy.deepcopy(done.certificate)
    change(broken)
    complaints = verify(done.published, broken, known=done.known)
    assert any(told in complaint for complaint in complaints), complaints


def figure(number, ages_of, count):
    ranges = tuple(r for label in ages_of for r in AGES[label].ranges)
    population = Population(VICTIMS.unit, (("victim.age", Extent(ranges=ranges)),), VICTIMS.source)
    return a_total(f"f{number}", population, count)


@pytest.mark.parametrize("counts", [(2, 10, 12), (1, 1, 1), (0, 7, 3)])
def test_multipliers_may_be_halves(counts):
    """Each two of three ages together: half of the three sums less one of them is the third age."""
    first, second, third = AGES
    pairs = [(first, second), (second, third), (first, third)]
    of_age = dict(zip(AGES, counts, strict=True))
    known = [figure(n, pair, sum(of_age[a] for a in pair)) for n, pair in enumerate(pairs)]
    hidden = printed(
        one_way("t", VICTIMS, ages(*AGES), [sum(counts), *counts]), np.ones(4, dtype=bool), floor=0
    )
    told = attacker_knowledge([hidden], known, number_cells=number_cells)
    before = propagate_bounds(told.equations, told.older_low, told.older_high)
    for place, count in enumerate(counts, 1):
        cell = int(told.cells.of_table[0][place])
        found = sums_giving(told.equations, before.low, before.high, cell)
        assert found is not None
        ends = [
            most_by(told.equations, before.low, before.high, cell, sign, side)
            for sign, side in zip((1, -1), found, strict=True)
        ]
        assert ends == [count, -count]


def test_a_cell_of_two_values_has_no_such_sums():
    hidden = printed(
        one_way("t", VICTIMS, ages(*AGES), [20, 2, 9, 9]), [False, True, True, False], floor=0
    )
    told = attacker_knowledge([], [hidden], number_cells=number_cells)
    before = propagate_bounds(told.equations, told.older_low, told.older_high)
    for cell in told.cells.of_table[0][1:3].tolist():
        assert sums_giving(told.equations, before.low, before.high, cell) is None
