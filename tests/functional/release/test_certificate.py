"""One certificate has one hash: in the manifest, on file, and where disclosure control gives it."""

from __future__ import annotations

import numpy as np

from nilreturn.disclosure import Policy, protect
from nilreturn.release import certificate_hash
from nilreturn.tables import Population, RawTable
from tests.support.answers import SEX

POLICY = {
    "name": "Policy",
    "version": "1",
    "threshold": {"value": 5, "reason": "Local knowledge."},
    "zeros": {"treatment": "printed", "reason": "Nobody is in them."},
}


def test_release_and_disclosure_quote_the_same_hash() -> None:
    counts = np.array([42, 21, 18, 3], dtype=np.int64)
    raw = RawTable("q1", "Victims by sex", Population("victims"), (SEX,), counts, "1")
    protection = protect((raw,), Policy.model_validate(POLICY))
    assert certificate_hash(protection.certificate) == protection.certificate_sha256
