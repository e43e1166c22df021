"""Long tables of hidden zeros: how many moves have to be looked for."""

import numpy as np
import pytest
from tests.support.counts import policy, table

from nilreturn.disclosure.methods import build_problem
from nilreturn.disclosure.suppression import suppress
from nilreturn.disclosure.suppression.moves import MoveSearch

ZEROS_HIDDEN = policy(zeros={"treatment": "hidden", "reason": "a test"})


def by_sex_and_area(months):
    """
    Victims by month and sex, and by month and area: all in the last months but for one in the
    first.
    """
    by_sex, by_area = np.zeros((months, 2), dtype=np.int64), np.zeros((months, 3), dtype=np.int64)
    by_sex[0, 0] = by_area[0, 0] = 1
    by_sex[-6:], by_area[-6:] = [9, 6], [5, 7, 3]
    return [table(by_sex, name="sex", variables="ab"), table(by_area, name="area", variables="ac")]


def looked_for(months, monkeypatch):
    """How many moves are looked for without one alike; the choice must refuse nothing."""
    asked = []
    look = MoveSearch._cheapest

    def counted(self, need, *told, **settings):
        asked.append(need)
        return look(self, need, *told, **settings)

    with monkeypatch.context() as patch:
        patch.setattr(MoveSearch, "_cheapest", counted)
        problem = build_problem(by_sex_and_area(months), ZEROS_HIDDEN)
        found = suppress(problem.system, requirement=ZEROS_HIDDEN.withstand, seconds=0.01)
    assert not found.unprotectable.any()
    return len(asked)


@pytest.mark.parametrize("months", [90])
def test_twice_as_many_empty_months_do_not_take_twice_as_many_looks(months, monkeypatch):
    assert looked_for(2 * months, monkeypatch) < 1.5 * looked_for(months, monkeypatch)
