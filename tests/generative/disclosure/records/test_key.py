"""
The force's key: it decides among good choices, so that the choice alone tells a reader no small
count.
"""

from random import Random

import numpy as np
import pytest

from nilreturn.disclosure import protect
from nilreturn.errors import DisclosureError
from tests.support.attacker.pattern import Told, what_the_pattern_tells
from tests.support.attacker.trial import policy_of
from tests.support.counts import table

KEYS, THRESHOLD = 3, 3


@pytest.fixture(scope="module")
def keyed(tmp_path_factory):
    """The policy under several keys."""
    folder = tmp_path_factory.mktemp("keys")
    policies = []
    for number in range(KEYS + 1):
        path = folder / f"key{number}"
        path.write_bytes(bytes([number + 1]) * 32)
        policies.append(policy_of(THRESHOLD, key_file=str(path), seconds=0.2))
    return policies


def small_tables(number, *, shape=(3, 3)):
    for seed in range(number):
        random = Random(seed)
        yield table(
            [[random.choice((0, 1, 2, 3, 5, 7)) for _ in range(shape[1])] for _ in range(shape[0])]
        )


def test_another_key_may_choose_another_good_pattern(keyed):
    differing = 0
    for raw in small_tables(5):
        try:
            done = [protect([raw], policy) for policy in keyed]
        except DisclosureError:
            continue
        differing += len({each.published[0].hidden.tobytes() for each in done}) > 1
        costs = [each.report.loss.cost for each in done if each.report.loss.proven]
        assert max(costs, default=0) <= 1.5 * min(costs, default=0)
    assert differing


def test_the_same_key_gives_the_same_bytes(keyed):
    for raw in small_tables(3):
        try:
            one, other = (protect([raw], keyed[0]) for _ in range(2))
        except DisclosureError:
            continue
        assert np.array_equal(one.published[0].hidden, other.published[0].hidden)
        assert one.certificate == other.certificate


def study(keyed, number):
    """
    What the pattern tells of small cells: with the key unknown, and were the choice the same for
    everyone.
    """
    unknown, same = Told(), Told()
    for raw in small_tables(number):
        try:
            (printed,) = protect([raw], keyed[0]).published
        except DisclosureError:
            continue
        if printed.hidden[0, 0]:
            continue
        for total, readers in ((unknown, keyed[1:]), (same, keyed[:1])):
            told = what_the_pattern_tells(raw, printed, readers, THRESHOLD)
            if told is not None:
                total.small += told.small
                total.narrowed += told.narrowed
                total.exact += told.exact
    return unknown, same


def test_the_pattern_alone_tells_no_small_count_exactly(keyed, capsys):
    unknown, same = study(keyed, 6)
    with capsys.disabled():
        print(f"\nkey unknown: {unknown}; key known: {same}")
    assert unknown.small
    assert unknown.exact == 0


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_pattern_alone_tells_no_small_count_exactly_of_many_tables(keyed, capsys):
    unknown, same = study(keyed, 60)
    with capsys.disabled():
        print(f"\nkey unknown: {unknown}; key known: {same}")
    assert unknown.exact == 0
