"""
The verdicts are the attacker's by every way that the audit can take: a block looked at in parts as
a large one is, no branching for moves in integers, the integer search that comes last, and no exact
ranges at all.
"""

from random import Random

import numpy as np
import pytest

from nilreturn.disclosure import PublishedTable, audit
from nilreturn.disclosure.audit import examination
from nilreturn.disclosure.audit.witnesses import feasible_tables as integers
from nilreturn.disclosure.audit.witnesses import sparse_moves as moves
from tests.generative.disclosure.records.test_audit_against_attack import check, cube, printed
from tests.support.asked_at_random import draw
from tests.support.attacker.groups import TooManyGroupsError
from tests.support.attacker.layout import TooManyTypesError
from tests.support.attacker.verdicts import NO_CEILING
from tests.support.counts import table

# The limits of each way, set so low that these small tables reach them.
PATHS = {
    "as a large block": [(moves, "LARGE", 0)],
    "in few parts": [(moves, "LARGE", 0), (moves, "MOST_PARTS_KEPT", 1)],
    "without branching": [(moves, "MOST_BRANCHES", 0)],
    "by the integer search": [(moves, "MOST_BRANCHES", 0), (integers, "NODES", 1)],
    "without exact ranges": [(examination, "MOST_EXACT", 0)],
}
SHAPES = ((4, 4), (3, 3, 3), (2, 3, 2, 2))


@pytest.fixture
def path(request, monkeypatch):
    for module, name, limit in PATHS[request.param]:
        assert hasattr(module, name), (
            f"{module.__name__} has no {name} any more: name the limit it has now"
        )
        monkeypatch.setattr(module, name, limit)
    return request.param


@pytest.mark.parametrize("path", PATHS, indirect=True)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_verdict_of_one_table(path, shape):
    for seed in range(2):
        random = Random(f"path {shape} {seed}")
        raw = cube(random, shape, most=6)
        published = printed(raw, random, random.choice((0.6, 0.8)))
        assert check([raw], [published], 3, insiders=seed == 0)


@pytest.mark.parametrize("path", PATHS, indirect=True)
@pytest.mark.parametrize("kind", ["circle", "units", "two lists"])
def test_every_verdict_of_several_tables(path, kind):
    compared = 0
    for seed in range(2):
        random = Random(f"path {kind} {seed}")
        raw = draw(random, kind=kind, most=20).tables(0)
        try:
            compared += check(
                raw, [printed(table, random, 0.6) for table in raw], 4, insiders=seed == 0
            )
        except (TooManyTypesError, TooManyGroupsError):
            continue
    assert compared


@pytest.mark.parametrize(
    "path", [name for name in PATHS if "parts" in name or "large" in name], indirect=True
)
def test_a_block_in_parts_leaves_nothing_undecided(path):
    raw = cube(Random(7), (12, 12), most=9)
    published = printed(raw, Random(8), 0.4)
    found = audit([published], threshold=4)
    assert found.findings
    assert all(finding.verdict.value != "undecided" for finding in found.findings)


@pytest.mark.parametrize("path", ["without branching", "by the integer search"], indirect=True)
@pytest.mark.parametrize(("seed", "shape"), [(175, (3, 3, 3, 2)), (242, (4, 4, 4))])
def test_every_verdict_where_only_integers_rule_values_out(path, seed, shape):
    """
    Only the margins are printed, and zeros are hidden too. Of these tables fractions can be what
    integers cannot, so that the audit ends in its integer search.
    """
    random = Random(seed)
    random.choice(range(5))  # as the search that found these seeds drew the shape
    raw = table(
        np.array([random.choice((0, 0, 1, 1, 2)) for _ in range(int(np.prod(shape)))]).reshape(
            shape
        )
    )
    inner = np.zeros(raw.counts.shape, dtype=bool)
    inner[tuple(slice(1, None) for _ in shape)] = True
    low, high = np.where(inner, 0, raw.counts), np.where(inner, NO_CEILING, raw.counts)
    published = PublishedTable(
        raw.name, raw.title, raw.population, raw.dimensions, low, high, inner
    )
    assert check([raw], [published], 3, floor=0)
