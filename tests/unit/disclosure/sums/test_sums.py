"""Sums of few contributors, or of one that rules, stay as uncertain as the policy asks."""

import numpy as np
import pandas
import polars
import pytest
from scipy.optimize import linprog

from nilreturn.disclosure import Policy
from nilreturn.disclosure.sums import choose_sums, sums_from_data
from nilreturn.disclosure.sums.model import sensitivity
from nilreturn.disclosure.tabular.text_tables import TableDescription
from nilreturn.disclosure.tabular.text_tables.description import Column
from nilreturn.errors import DisclosureError, TableError


def policy(threshold=3, dominance=10):
    return Policy.model_validate(
        {
            "name": "a test",
            "version": "1",
            "threshold": {"value": threshold, "reason": "a test"},
            "zeros": {"treatment": "printed", "reason": "a test"},
            "sums": {"dominance": dominance, "reason": "a test"},
        }
    )


def thefts(seed, number=120, areas=4, kinds=3):
    draw = np.random.default_rng(seed)
    shares = np.arange(1, areas + 1) ** 2
    return pandas.DataFrame(
        {
            "area": draw.choice(
                [f"LPA {n}" for n in range(areas)], number, p=shares / shares.sum()
            ),
            "kind": draw.choice([f"kind {n}" for n in range(kinds)], number),
            "pounds": draw.lognormal(5, 2, number).astype(int),
            "owner": draw.integers(0, number // 2, number),
        }
    )


@pytest.mark.parametrize("contributor", [None, "owner"])
def test_sums_and_contributions_are_those_of_pandas(contributor):
    records = thefts(1)
    sums = sums_from_data(records, by=["area", "kind"], value="pounds", contributor=contributor)
    index = {label: i for i, label in enumerate(sums.dimensions[0].labels)}
    across = {label: i for i, label in enumerate(sums.dimensions[1].labels)}
    records["who"] = records[contributor] if contributor else records.index
    for area in index:
        for kind in across:
            chosen = records[
                ((records.area == area) | (area == "Total"))
                & ((records.kind == kind) | (kind == "Total"))
            ]
            own = sorted(chosen.groupby("who").pounds.sum(), reverse=True)
            at = index[area], across[kind]
            found = [
                int(a[at]) for a in (sums.totals, sums.contributors, sums.largest, sums.second)
            ]
            assert found == [
                sum(own),
                len(own),
                own[0] if own else 0,
                own[1] if len(own) > 1 else 0,
            ]


def test_hierarchies_are_added_up_by_contributor():
    records = polars.DataFrame(
        {"area": ["Leeds", "York", "Hull"], "days": [5, 7, None], "who": ["a", "a", "b"]}
    )
    described = TableDescription(
        columns={"area": Column(parents={"Leeds": "North", "York": "North"})}
    )
    sums = sums_from_data(
        records, by=["area"], value="days", contributor="who", described=described
    )
    north = sums.dimensions[0].labels.index("North")
    assert (
        sums.totals[north],
        sums.contributors[north],
        sums.largest[north],
        sums.second[north],
    ) == (12, 1, 12, 0)
    # A missing value contributes nothing.
    assert sums.contributors[sums.dimensions[0].labels.index("Hull")] == 0


def test_which_sums_are_sensitive():
    values = {
        "few": [50, 60],
        "ruled": [1000, 40, 30, 20],
        "fair": [100, 90, 80, 70],
        "nil": [0, 0, 0],
    }
    records = polars.DataFrame(
        {
            "k": [k for k, v in values.items() for _ in v],
            "v": [x for v in values.values() for x in v],
        }
    )
    sums = sums_from_data(records, by=["k"], value="v")
    found = sensitivity(sums, policy())
    sensitive = dict(zip(sums.dimensions[0].labels, found.sensitive.tolist(), strict=True))
    assert sensitive == {"Total": False, "few": True, "ruled": True, "fair": False, "nil": False}
    ruled = sums.dimensions[0].labels.index("ruled")
    # The second, who gave 40, must not find the largest within 100 of 1,000: the rest of 50 falls
    # short by 50.
    assert (int(found.low[ruled]), int(found.high[ruled])) == (1090 - 50, 1090 + 50)


def reach(protected, place):
    """How far a reader's range of a hidden sum goes, by another solver and sums laid out here."""
    low, high = protected.printed.low, protected.printed.high
    rows = []
    for axis, number in enumerate(low.shape):
        for line in np.ndindex(tuple(n for a, n in enumerate(low.shape) if a != axis)):
            row = np.zeros(low.shape)
            at = list(line)
            at.insert(axis, slice(None))
            row[tuple(at)] = [1] + [-1] * (number - 1)
            rows.append(row.reshape(-1))
    bounds = [
        (a, None if h else b)
        for a, b, h in zip(low.flat, high.flat, protected.hidden.flat, strict=True)
    ]
    cost = np.zeros(low.shape)
    cost[place] = 1
    least = linprog(cost.reshape(-1), A_eq=rows, b_eq=np.zeros(len(rows)), bounds=bounds)
    most = linprog(-cost.reshape(-1), A_eq=rows, b_eq=np.zeros(len(rows)), bounds=bounds)
    return least.fun, np.inf if most.status == 3 else -most.fun


@pytest.mark.parametrize("seed", range(6))
def test_no_sensitive_sum_can_be_told_more_closely_than_asked(seed):
    sums = sums_from_data(thefts(seed), by=["area", "kind"], value="pounds")
    asked = sensitivity(sums, policy())
    protected = choose_sums(sums, policy())
    assert asked.sensitive.any()
    assert (asked.sensitive <= protected.hidden).all()
    for place in map(tuple, np.argwhere(asked.sensitive).tolist()):
        least, most = reach(protected, place)
        assert least <= max(asked.low[place], 1) + 0.5
        assert most >= asked.high[place] - 0.5
    assert (protected.printed.low == sums.totals)[~protected.hidden].all()


def test_where_everything_would_have_to_be_hidden_the_total_is_hidden_too():
    records = polars.DataFrame({"k": ["x"], "v": [12345]})
    assert choose_sums(sums_from_data(records, by=["k"], value="v"), policy()).hidden.all()


def test_a_choice_that_cannot_be_checked_is_refused_without_its_sums(monkeypatch):
    monkeypatch.setattr("nilreturn.disclosure.sums.protection.MOST_SINGLETONS", 0)
    records = polars.DataFrame({"k": ["x", "y", "z"], "v": [12345, 678, 0]})
    with pytest.raises(DisclosureError, match="told too closely") as raised:
        choose_sums(sums_from_data(records, by=["k"], value="v"), policy())
    assert "12345" not in str(raised.value) + "".join(raised.value.details)


def test_one_contributor_does_not_learn_another_ones_sum():
    values = {
        ("N", "a"): [500],
        ("N", "b"): [300],
        ("N", "c"): [90, 80, 85],
        ("S", "a"): [400, 390, 380],
    }
    values |= {("S", "b"): [200, 220, 210], ("S", "c"): [70, 75, 80]}
    rows = [(area, kind, value) for (area, kind), listed in values.items() for value in listed]
    records = polars.DataFrame(rows, schema=["area", "kind", "v"], orient="row")
    protected = choose_sums(sums_from_data(records, by=["area", "kind"], value="v"), policy())
    north = protected.hidden[protected.hidden.shape[0] - 2]
    # Two cells would add up to what each of the two contributors can take theirs from.
    assert north.sum() >= 3


def test_a_value_that_is_not_whole_is_named_by_its_row_alone():
    with pytest.raises(TableError, match="row 2, column 'v'") as raised:
        sums_from_data(polars.DataFrame({"k": ["x", "y"], "v": [1.0, 7.5]}), by=["k"], value="v")
    assert "7.5" not in str(raised.value)
