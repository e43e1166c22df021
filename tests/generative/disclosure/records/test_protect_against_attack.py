"""
Nothing small follows from what is released, whatever the questions: tried by an attacker who has
only what is printed and knows what it means at the level of records.
"""

from random import Random

import pytest

from tests.support.asked_at_random import KINDS, draw
from tests.support.attacker.trial import attempt, policy_of

QUICK, LONG = 8, 150


def told(trial):
    return "; ".join([*filter(None, [trial.reason]), *map(str, trial.leaks[:5])])


def check(kind, seeds, *, releases):
    for seed in seeds:
        random = Random(f"{kind} {releases} {seed}")
        asked = draw(random, kind=kind, releases=releases)
        insiders = random.random() < 0.7
        policy = policy_of(random.choice((3, 4, 5)), attacker={"may_be_in_cell": insiders})
        trial = attempt(asked, policy)
        assert trial.outcome in ("safe", "refused", "too large"), (
            f"seed {seed}: {trial.outcome}: {told(trial)}"
        )
        if trial.outcome == "refused":
            assert trial.unprintable, (
                f"seed {seed}: refused although hiding enough would do: {trial.reason}"
            )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_small_follows_from_one_release(kind):
    check(kind, range(QUICK), releases=1)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("releases", [2, 3])
def test_nothing_small_follows_from_several_releases(kind, releases):
    check(kind, range(QUICK // 2), releases=releases)


def test_printed_zeros_tell_nothing_small():
    # No female of February is outside 10 to 15, so its males of that age follow.
    check("circle", [45], releases=1)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("releases", [1, 2, 3])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_small_follows_from_many_releases(kind, releases):
    check(kind, range(LONG), releases=releases)
