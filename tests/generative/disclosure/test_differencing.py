"""
Two overlapping periods: the difference of what is printed stays hidden, by plain search over all
that agrees.
"""

import itertools
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.disclosure import protect
from nilreturn.errors import DisclosureError
from tests.support.counts import dimension, one_way, policy, recorded
from tests.support.examples import examples

EARLIER = recorded(date(2020, 7, 1), date(2021, 3, 31))
LATER = recorded(date(2020, 4, 1), date(2021, 3, 31))
PARTS = dimension("a", 3)
# How far above the truth hidden counts are searched; a wider search could only find more.
BEYOND = 9


def counts(parts):
    return [sum(parts), *parts]


@given(
    st.lists(st.integers(5, 12), min_size=3, max_size=3),
    st.lists(st.integers(0, 6), min_size=3, max_size=3),
)
@settings(deadline=None, max_examples=examples(40))
def test_small_differences_keep_their_range(before, more):
    first = protect([one_way("earlier", EARLIER, PARTS, counts(before))], policy())
    assert first.tables[0].hidden == 0
    after = [b + m for b, m in zip(before, more, strict=True)]
    try:
        second = protect(
            [one_way("later", LATER, PARTS, counts(after))], policy(), known=first.published
        )
    except DisclosureError:
        return
    shown = [cell.value for _, cell in second.tables[0].cells()]
    possible = [set() for _ in range(4)]
    ranges = [
        [s] if s is not None else range(b, a + BEYOND)
        for s, a, b in zip(shown[1:], after, before, strict=True)
    ]
    for parts in itertools.product(*ranges):
        if shown[0] in (None, sum(parts)):
            for place, (now, then) in enumerate(zip(counts(parts), counts(before), strict=True)):
                possible[place].add(now - then)
    for values, true in zip(possible, counts(more), strict=True):
        if 1 <= true <= 4:
            assert values >= {1, 2, 3, 4}
