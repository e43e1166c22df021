"""What follows from the audit's own cells and sums, against plain enumeration over record types."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from nilreturn.disclosure import audit
from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.model import attacker_knowledge
from nilreturn.tables import RawTable
from tests.support.examples import examples
from tests.support.plain_groups import groups_of, groups_of_mentions, possible_types
from tests.support.random_releases import (
    counts_mentions,
    random_case,
    random_mentions,
    random_units,
)
from tests.support.record_types import (
    TooManyError,
    counts_plainly,
    figures_of,
    is_left_out,
    types_of,
)

SEEDS = st.integers(0, 2**32)


def hidden_places(printed):
    return [
        (i, place)
        for i, t in enumerate(printed)
        for place in zip(*np.nonzero(np.atleast_1d(t.hidden)), strict=True)
    ]


def by_layout(printed, asked):
    """
    The least and the most of each hidden cell, over integers that agree with the audit's sums.
    """
    knowledge = attacker_knowledge(printed, number_cells=number_cells)
    assert not knowledge.complaints
    size = knowledge.cells.size
    high = np.where(knowledge.high > 10**9, np.inf, knowledge.high.astype(float))
    sums = [LinearConstraint(knowledge.equations, 0, 0)] if knowledge.equations.shape[0] else []
    found = []
    for i, place in asked:
        cell = (
            knowledge.cells.of_table[i][place]
            if knowledge.cells.of_table[i].ndim
            else knowledge.cells.of_table[i]
        )
        ends = []
        for sign in (1, -1):
            aim = np.zeros(size)
            aim[int(cell)] = sign
            limits = Bounds(knowledge.low.astype(float), high)
            solution = milp(aim, constraints=sums, integrality=np.ones(size), bounds=limits)
            assert solution.status == 0, solution.message
            ends.append(round(solution.x[int(cell)]))
        found.append(tuple(ends))
    return found


def enumerated(printed, types, counts, impossible, asked):
    figures, number = figures_of(printed, types, counts)
    figures.impossible |= impossible
    try:
        return figures.ranges(
            [number[i, place if printed[i].low.ndim else ()] for i, place in asked]
        )
    except TooManyError:
        assume(False)


@given(SEEDS)
@settings(deadline=None, max_examples=examples(60))
def test_ranges_are_those_of_record_types(seed):
    case = random_case(seed)
    asked = hidden_places(case.printed)
    assume(asked)
    types = types_of(case.values)
    impossible = {
        k for t in case.printed for k, record in enumerate(types) if is_left_out(t, record)
    }
    expected = enumerated(case.printed, types, counts_plainly, impossible, asked)
    assert by_layout(case.printed, asked) == expected


@given(SEEDS)
@settings(deadline=None, max_examples=examples(40))
def test_the_engine_finds_these_ranges(seed):
    """
    Where both ends are known to be possible they are the ends; where not, they are never too
    narrow.
    """
    case = random_case(seed, most_records=5, most_tables=3)
    asked = hidden_places(case.printed)
    assume(asked)
    types = types_of(case.values)
    impossible = {
        k for t in case.printed for k, record in enumerate(types) if is_left_out(t, record)
    }
    expected = enumerated(case.printed, types, counts_plainly, impossible, asked)
    found = audit(case.printed, threshold=3)
    knowledge, by_cell = found.knowledge, found.by_cell
    for (i, place), (low, high) in zip(asked, expected, strict=True):
        cells = knowledge.cells.of_table[i]
        finding = by_cell[int(cells[place] if cells.ndim else cells)]
        most = 10**9 if finding.high is None else finding.high
        assert (
            (finding.low, most) == (low, high)
            if finding.exact
            else finding.low <= low <= high <= most
        )


@given(SEEDS)
@settings(deadline=None, max_examples=examples(40))
def test_ranges_of_keywords_are_those_of_records_that_name_them(seed):
    case = random_mentions(seed)
    asked = hidden_places(case.printed)
    assume(asked)
    types = types_of(case.values)
    expected = enumerated(case.printed, types, counts_mentions, set(), asked)
    assert by_layout(case.printed, asked) == expected


@given(SEEDS)
@settings(deadline=None, max_examples=examples(60))
def test_every_group_that_subtraction_tells_is_there_and_no_other(seed):
    case = random_case(seed)
    types = types_of(case.values)
    possible = possible_types(case.printed, types)
    _check_groups(case, types, counts_plainly, possible, groups_of(case.printed, types), seed)


@given(SEEDS)
@settings(deadline=None, max_examples=examples(40))
def test_every_group_of_keywords_is_there_and_no_other(seed):
    case = random_mentions(seed)
    types = types_of(case.values)
    _check_groups(
        case,
        types,
        counts_mentions,
        set(range(len(types))),
        groups_of_mentions(case.printed, types),
        seed,
    )


def _check_groups(case, types, counts, possible, groups, seed):
    """
    Each group's value follows from the audit's sums, for counts of record types so large that no
    two are alike.
    """
    rng = np.random.default_rng(seed)
    weights = [int(rng.integers(1, 2**40)) if k in possible else 0 for k in range(len(types))]
    figures, number = figures_of(case.printed, types, counts)
    tables = []
    for i, raw in enumerate(case.raw):
        values = np.zeros(raw.counts.shape, dtype=np.int64)
        for place in np.ndindex(values.shape):
            values[place] = sum(weights[k] for k in figures.members[number[i, place]])
        tables.append(RawTable(raw.name, raw.name, raw.population, raw.dimensions, values))
    assert sorted(_told(tables)) == sorted(sum(weights[k] for k in group) for group in groups)


def _told(tables):
    """The value of each group, as the sums tell it from what the tables print."""
    cells = number_cells(tables)
    values, known = np.zeros(cells.size, dtype=np.int64), ~cells.unpublished
    for raw, numbers in zip(tables, cells.of_table, strict=True):
        values[numbers.reshape(-1)] = raw.counts.reshape(-1)
    progress = True
    while progress:
        progress = False
        for row in np.flatnonzero(abs(cells.equations).sign() @ (~known).astype(np.int64) == 1):
            columns, factors = cells.equations[row].indices, cells.equations[row].data
            (place,) = (
                np.flatnonzero(~known[columns])[:1] if (~known[columns]).sum() == 1 else (None,)
            )
            if place is not None:
                rest = int((factors * np.where(known[columns], values[columns], 0)).sum())
                values[columns[place]], known[columns[place]], progress = (
                    -rest // factors[place],
                    True,
                    True,
                )
    # How often records name more than one of three keywords is no set of records; it has tests of
    # its own.
    groups = [
        cell
        for cell in np.flatnonzero(cells.difference).tolist()
        if "that name two of" not in cells.words(cell)
    ]
    assert known[groups].all()
    return values[groups].tolist()


# Crimes and their victims -------------------------------------------------------------------------


@given(SEEDS)
@settings(deadline=None, max_examples=examples(40))
def test_ranges_of_crimes_and_victims_are_those_of_their_records(seed):
    """
    For every kind of crime: victims are no fewer than crimes with details, and so of those with
    such a victim.
    """
    case = random_units(seed)
    asked = hidden_places(case.printed)
    assume(asked)
    assert by_layout(case.printed, asked) == _of_units(case, asked)


RECORDED = {"crime.victim_details": ("Recorded",)}
MANY = 1000.0  # beyond any count of these sets


def _of_units(case, asked):
    of_crimes = {v: found for v, found in case.values.items() if v.startswith("crime.")}
    conditions = [dict(t.population.holds) for t in case.raw if t.population.holds]
    types = [
        ("crimes", {**record, "crime.has_victim[victim.sex]": has})
        for record in types_of(
            {**of_crimes, "crime.victim_details": ["Recorded", "Not recorded", "?"]}
        )
        for has in (
            ("Yes", "No")
            if conditions and record["crime.victim_details"] == "Recorded"
            else ("No",)
        )
    ]
    types += [
        ("victims", {**record, "crime.victim_details": "Recorded"})
        for record in types_of(case.values)
    ]

    def counts(table, place, kind):
        unit, record = kind
        return table.population.unit == unit and counts_plainly(table, place, record)

    figures, number = figures_of(case.printed, types, counts)
    rows, low, high = [], list(figures.low), [h if h < 10**6 else np.inf for h in figures.high]
    for members in figures.members:
        rows.append([float(k in members) for k in range(len(types))])
    for crime in types_of(of_crimes) if any(t.unit == "victims" for t in case.raw) else ():
        for more, fewer in _limits(types, crime, conditions):
            rows.append(more - fewer)
            low.append(0)
            high.append(np.inf)
        for some, others in _implied(types, crime, conditions):
            rows.append(MANY * others - some)
            low.append(0)
            high.append(np.inf)
    most = np.full(len(types), np.inf)
    for table in case.printed:
        for k, (unit, record) in enumerate(types):
            if table.population.unit == unit and is_left_out(table, record):
                most[k] = 0
    found = []
    for i, place in asked:
        members = figures.members[number[i, place if case.printed[i].low.ndim else ()]]
        aim = np.array([float(k in members) for k in range(len(types))])
        ends = []
        for sign in (1, -1):
            solution = milp(
                sign * aim,
                constraints=[LinearConstraint(np.array(rows), low, high)],
                integrality=np.ones(len(types)),
                bounds=Bounds(0, most),
            )
            assert solution.status == 0, solution.message
            ends.append(round(float(aim @ solution.x)))
        found.append(tuple(ends))
    return found


def _limits(types, crime, conditions):
    """Pairs of flags of record types: those of the first are no fewer than those of the second."""
    victims, recorded = _flags(types, crime, "victims"), _flags(types, crime, "crimes", **RECORDED)
    if not conditions:
        return [(victims, recorded)]
    such, having = _such(types, crime, conditions)
    return [(such, having), (victims - such, recorded - having)]


def _implied(types, crime, conditions):
    """
    Pairs of flags of record types: where there are any of the first, there are some of the second.
    """
    whole = (_flags(types, crime, "victims"), _flags(types, crime, "crimes", **RECORDED))
    return [whole, _such(types, crime, conditions)] if conditions else [whole]


def _such(types, crime, conditions):
    """The victims who meet the condition, and the crimes that have one of them."""
    sexes = conditions[0]["victim.sex"].values
    having = _flags(types, crime, "crimes", **{"crime.has_victim[victim.sex]": ("Yes",)})
    return _flags(types, crime, "victims", **{"victim.sex": sexes}), having


def _flags(types, crime, unit, **wanted):
    found = {**{variable: (value,) for variable, value in crime.items()}, **wanted}
    return np.array(
        [float(u == unit and all(r[v] in values for v, values in found.items())) for u, r in types]
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(400))
def test_many_sets_of_tables(seed):
    case = random_case(seed)
    asked = hidden_places(case.printed)
    types = types_of(case.values)
    impossible = {
        k for t in case.printed for k, record in enumerate(types) if is_left_out(t, record)
    }
    figures, number = figures_of(case.printed, types, counts_plainly)
    figures.impossible |= impossible
    if asked:
        try:
            expected = figures.ranges(
                [number[i, place if case.printed[i].low.ndim else ()] for i, place in asked]
            )
        except TooManyError:
            pytest.skip("too many tables of counts to go through")
        assert by_layout(case.printed, asked) == expected
