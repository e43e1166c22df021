"""
The audit finds of printed tables what the attacker finds: every range, every count that follows,
every range that is cut short, everything that one person learns of others. By each of its ways of
searching.
"""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from nilreturn.disclosure import PublishedTable, Verdict, audit
from nilreturn.disclosure.audit import printed_small
from tests.support.asked_at_random import KINDS, draw
from tests.support.attacker.groups import TooManyGroupsError
from tests.support.attacker.layout import TooManyTypesError
from tests.support.attacker.verdicts import NO_CEILING, Attack

QUICK, LONG = 6, 120


def printed(raw, random, share):
    hide = np.array([random.random() < share for _ in range(raw.counts.size)]).reshape(
        raw.counts.shape
    )
    hide &= raw.counts > 0
    low, high = np.where(hide, 1, raw.counts), np.where(hide, NO_CEILING, raw.counts)
    return PublishedTable(raw.name, raw.title, raw.population, raw.dimensions, low, high, hide)


def verdict(attack, group, threshold, insiders, floor=1):
    """What the attacker says of a hidden cell that the audit is asked about."""
    searching = attack.searching
    if searching.is_fixed(group):
        return Verdict.EXPOSED
    _, high = searching.range(group)
    narrow = high is not None and high < threshold
    if narrow and len(searching.values(group, range(floor, threshold))) < threshold - floor:
        return Verdict.NARROWED
    return Verdict.DISCLOSED_TO_SINGLETON if group in insiders else Verdict.SAFE


def learnt(attack, threshold):
    """
    The groups that one person in a hidden cell that can be 1 comes to know; and those of which they
    come to know no more than their own cell under another name, which the audit does not always
    see.
    """
    from tests.support.attacker.search import Searching

    hidden = [group for _, group in attack.hidden() if not attack.searching.is_fixed(group)]
    found, own = set(), set()
    for one in hidden:
        if attack.searching.values(one, [1]):
            knowing = Searching(attack.system, also=[(one, 1, 1)])
            known = [g for g in hidden if g != one and g not in found and knowing.is_fixed(g)]
            same = {g for g in known if attack.is_alias(one, g)}
            own |= same
            found |= set(known) - same
    return found, own - found


def check(tables, published, threshold, *, insiders=False, known=(), known_raw=(), floor=1):
    attack = Attack(published, tables, known=known, known_raw=known_raw)
    alone, own = learnt(attack, threshold) if insiders else (set(), set())
    found = audit(published, threshold=threshold, known=known, insiders=insiders)
    assert not found.complaints
    names = {
        table.name: f"r{number + len(known)}: {table.name}"
        for number, table in enumerate(published)
    }
    groups = {
        (f.table, f.labels): g
        for f, g in zip(attack.system.figures, attack.system.members, strict=True)
    }
    compared = 0
    for finding in found.findings:
        group = groups.get((names.get(finding.table, ""), finding.labels))
        if group is None:
            continue  # a difference, which the audit calls by other names
        compared += 1
        place = f"{finding.table} {finding.labels}"
        wanted = verdict(attack, group, threshold, alone, floor)
        is_strict = (
            wanted is Verdict.SAFE
            and finding.verdict is Verdict.DISCLOSED_TO_SINGLETON
            and group in own
        )
        assert finding.verdict is wanted or is_strict, place
        low, high = attack.searching.range(group)
        assert finding.low <= low, place
        assert finding.high is None or (high is not None and finding.high >= high), place
        if finding.exact:
            assert (finding.low, finding.high) == (low, high), place
    small = attack.small_groups(threshold)
    exact = [words for group, words in small.items() if attack.searching.is_fixed(group)]
    # What nobody hid is listed apart from what can be worked out.
    is_told = not found.is_safe or printed_small(found)
    assert is_told or not exact, f"passed although a difference follows: {exact[0]}"
    return compared


def try_kind(kind, seeds):
    compared = 0
    for seed in seeds:
        random = Random(f"audit {kind} {seed}")
        asked = draw(random, kind=kind, most=25)
        raw = asked.tables(0)
        published = [printed(table, random, random.choice((0.3, 0.5, 0.8))) for table in raw]
        try:
            compared += check(
                raw, published, random.choice((3, 4, 5)), insiders=random.random() < 0.4
            )
        except (TooManyTypesError, TooManyGroupsError):
            continue
        except AssertionError as error:
            raise AssertionError(f"{kind}, seed {seed}: {error}") from error
    assert compared


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_verdict_is_the_attackers(kind):
    try_kind(kind, range(QUICK))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_verdict_is_the_attackers_on_many_sets(kind):
    try_kind(kind, range(LONG))


def cube(random, shape, *, most):
    """
    One table of these many categories a dimension, with all margins, of unit and variables that
    nothing relates.
    """
    from tests.support.counts import table

    counts = np.array([random.choice((0, 1, 2, most)) for _ in range(int(np.prod(shape)))]).reshape(
        shape
    )
    return table(counts)


@pytest.mark.parametrize(
    "shape", [(2, 2), (3, 3), (4, 5), (2, 2, 2), (3, 2, 3), (2, 2, 2, 2), (3, 2, 2, 2)]
)
def test_every_verdict_in_two_three_and_four_dimensions(shape):
    for seed in range(4):
        random = Random(f"{shape} {seed}")
        raw = cube(random, shape, most=6)
        published = printed(raw, random, random.choice((0.5, 0.7, 0.85)))
        check([raw], [published], random.choice((3, 4)), insiders=seed % 2 == 0)


def test_every_verdict_beside_an_earlier_release():
    for seed in range(10):
        random = Random(f"earlier {seed}")
        asked = draw(
            random, kind=random.choice(("circle", "periods", "bands")), releases=2, most=25
        )
        if len(asked.releases) < 2:
            continue
        before, raw = (
            [replace(table, name=f"{table.name}r{number}") for table in asked.tables(number)]
            for number in (0, 1)
        )
        known = [printed(table, random, 0.5) for table in before]
        published = [printed(table, random, 0.5) for table in raw]
        check(raw, published, 4, known=known, known_raw=before)
