"""Cumulative figures: each release has a longer period than the one before, for two years."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from nilreturn.disclosure import protect
from nilreturn.disclosure.audit.cells import number_cells
from nilreturn.disclosure.audit.cells.groups import MOST_WHOLE
from nilreturn.disclosure.model import from_raw
from tests.support.counts import ages, one_way, policy, recorded

MONTHS = 24
FIRST = date(2020, 4, 1)


def cumulative(months, counts):
    """The table of the first `months`, each of which has the same counts of three ages."""
    end = FIRST.month - 1 + months
    last = date(FIRST.year + end // 12, end % 12 + 1, 1) - timedelta(days=1)
    total = np.array(counts) * months
    own = ages("11 and under", "12 to 15", "16 and over")
    return one_way(f"to {last}", recorded(FIRST, last), own, [total.sum(), *total])


def shown(raw):
    return replace(
        from_raw(raw, np.zeros(raw.counts.shape, dtype=np.bool_), floor=1), release=raw.name
    )


@pytest.mark.parametrize("months", [MOST_WHOLE, MOST_WHOLE + 1, MONTHS])
def test_every_stretch_between_two_releases_is_a_group(months):
    """Of each age and of all ages, from the end of any release to the end of any later one."""
    tables = [shown(cumulative(n, (7, 8, 9))) for n in range(1, months + 1)]
    cells = number_cells(tables)
    told = {cells.words(int(cell)) for cell in np.flatnonzero(cells.difference)}
    stretches = 4 * months * (months - 1) // 2
    assert len(told) == stretches if months > MOST_WHOLE else len(told) >= stretches


def test_a_small_month_is_hidden_however_many_releases_there_are():
    before = [shown(cumulative(n, (7, 8, 9))) for n in range(1, 13)]
    last = cumulative(13, (7, 8, 9))
    for youngest, is_hidden in ((7, False), (2, True)):
        counts = last.counts.copy()
        counts[[0, 1]] -= 7 - youngest  # the thirteenth month of one age
        done = protect([replace(last, counts=counts)], policy(), known=before)
        assert (done.tables[0].hidden > 0) == is_hidden
