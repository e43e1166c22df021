"""The audit against plain search over every table that agrees with what is printed."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nilreturn.disclosure import Verdict, audit, verify
from nilreturn.disclosure.audit import ProtectionRequirements, certify, examine
from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.model import attacker_knowledge, equal_cells, propagate_bounds
from tests.support.counts import every_world, printed, table
from tests.support.examples import examples


@st.composite
def hidden_tables(draw):
    shape = (draw(st.integers(2, 3)), draw(st.integers(2, 3)))
    size = shape[0] * shape[1]
    inner = np.array(draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))).reshape(shape)
    raw = table(inner)
    mask = np.array(
        draw(st.lists(st.booleans(), min_size=raw.counts.size, max_size=raw.counts.size))
    )
    hidden = mask.reshape(raw.counts.shape) & (raw.counts > 0)
    hidden[0, 0] = False  # the grand total bounds the search
    assume(hidden.any())
    assume(hidden[1:, 1:].sum() <= 5)
    return raw, hidden


@given(hidden_tables())
@settings(deadline=None, max_examples=examples(100))
def test_every_range_and_verdict_is_what_search_finds(case):
    raw, hidden = case
    told = printed(raw, hidden)
    worlds = every_world(told)
    found = audit([told], threshold=5)
    assert not found.complaints
    places = dict(
        zip((labels for labels, _ in raw.cells()), np.ndindex(raw.counts.shape), strict=True)
    )
    assert {places[f.labels] for f in found.findings} == set(zip(*np.nonzero(hidden), strict=True))
    for finding in found.findings:
        values = {int(world[places[finding.labels]]) for world in worlds}
        assert (finding.low, finding.high) == (min(values), max(values))
        if len(values) == 1:
            assert finding.verdict is Verdict.EXPOSED
        elif max(values) < 5 and not values >= {1, 2, 3, 4}:
            assert finding.verdict is Verdict.NARROWED
        else:
            assert finding.verdict is Verdict.SAFE


@given(hidden_tables())
@settings(deadline=None, max_examples=examples(40))
def test_what_an_insider_works_out_is_what_search_finds(case):
    raw, hidden = case
    told = printed(raw, hidden)
    worlds = every_world(told)
    knowledge = attacker_knowledge([told], number_cells=number_cells)
    flags = np.zeros(knowledge.cells.size, dtype=bool)
    flags[knowledge.cells.of_table[0].reshape(-1)] = hidden.reshape(-1)
    ones = flags.copy()
    ones[knowledge.cells.of_table[0].reshape(-1)] &= raw.counts.reshape(-1) == 1
    none = np.zeros(len(flags), dtype=np.int64)
    found = examine(
        knowledge, ProtectionRequirements(flags, none + 1, none.copy(), ones, none.copy())
    )
    people = equal_cells(knowledge.equations, knowledge.bounds.low, knowledge.bounds.high)
    given_away = set()
    for one in zip(*np.nonzero((raw.counts == 1) & hidden), strict=True):
        left = worlds[worlds[(slice(None), *one)] == 1]
        for other in zip(*np.nonzero(hidden), strict=True):
            same = (
                people[knowledge.cells.of_table[0][one]]
                == people[knowledge.cells.of_table[0][other]]
            )
            if not same and len({int(world[other]) for world in left}) == 1:
                given_away.add(
                    raw.dimensions[0].labels[other[0]] + "/" + raw.dimensions[1].labels[other[1]]
                )
    exposed = {"/".join(f.labels) for f in found.findings if f.verdict is Verdict.EXPOSED}
    told_away = {
        "/".join(f.labels) for f in found.findings if f.verdict is Verdict.DISCLOSED_TO_SINGLETON
    }
    assert told_away == given_away - exposed


@given(hidden_tables())
@settings(deadline=None, max_examples=examples(40))
def test_a_certificate_is_accepted_exactly_when_the_audit_is_safe(case):
    raw, hidden = case
    told = printed(raw, hidden)
    found = audit([told], threshold=5)
    assert (verify([told], certify([told], [], found)) == ()) == found.is_safe


@given(hidden_tables())
@settings(deadline=None, max_examples=examples(40))
def test_single_sums_never_rule_out_a_possible_count(case):
    raw, hidden = case
    told = printed(raw, hidden)
    knowledge = attacker_knowledge([told], number_cells=number_cells)
    bounds = propagate_bounds(knowledge.equations, knowledge.low, knowledge.high)
    for world in every_world(told):
        values = np.zeros(knowledge.cells.size, dtype=np.int64)
        values[knowledge.cells.of_table[0].reshape(-1)] = world.reshape(-1)
        assert (bounds.low <= values).all()
        assert (values <= bounds.high).all()
