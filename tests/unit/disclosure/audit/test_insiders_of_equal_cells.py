"""Two cells that are equal in every feasible table are still two sets of people."""

import numpy as np

from nilreturn.disclosure import Verdict, audit
from nilreturn.disclosure.model import from_raw
from tests.support.counts import table


def test_the_one_person_in_a_cell_learns_of_the_cell_that_is_always_equal_to_it():
    raw = table(np.array([[4, 1], [1, 5]]))
    hidden = np.zeros(raw.counts.shape, dtype=np.bool_)
    hidden[1:, 1:] = True
    found = audit([from_raw(raw, hidden, floor=1)], threshold=5, insiders=True)
    assert {finding.labels: finding.verdict for finding in found.findings}[
        "a0", "b1"
    ] is Verdict.DISCLOSED_TO_SINGLETON
    assert not found.waived
    assert len({one for one, _ in found.disclosed_to_singletons}) == 3
