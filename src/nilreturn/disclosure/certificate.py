"""
The certificate: whole tables that agree with everything printed, and in which each hidden cell takes each value that
it must be able to take. Who holds it can check the release without a solver (`verify`).

It is kept with the force's own papers and is not released; its hash is. The worlds themselves tell a reader nothing
that the printed tables do not, as a reader could find them too; but which values they were chosen to show tells which
of the hidden cells are small, and one of the worlds may be the true table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nilreturn.disclosure.audit import Audit
from nilreturn.disclosure.fingerprint import FORMAT, fingerprint
from nilreturn.disclosure.knowledge import gather
from nilreturn.disclosure.published import PublishedTable


def certify(published: Sequence[PublishedTable], known: Sequence[PublishedTable], audit: Audit) -> dict[str, Any]:
    """
    The certificate of an audit that found everything safe, as plain JSON. Cells are numbered as `cells.lay_out` numbers
    those of `published` and `known`; `open` are those that do not follow sum by sum, and each world gives their values.
    """
    demands = audit.demands
    bounds = gather(published, known).bounds
    unsettled = np.flatnonzero(bounds.low != bounds.high)
    # The audit may have known a little more, so that a cell which is open here followed there: its one value holds.
    within = audit.knowledge.bounds
    worlds = np.tile(within.low[unsettled], (len(audit.worlds), 1))
    worlds[:, np.isin(unsettled, np.flatnonzero(within.low != within.high))] = audit.worlds
    ranged = np.flatnonzero(demands.low <= demands.high)
    return {
        "format": FORMAT,
        "printed_sha256": fingerprint(published, known),
        "open": unsettled.tolist(),
        "worlds": worlds.tolist(),
        "two_values": np.flatnonzero(demands.two).tolist(),
        "every_value": [[int(cell), int(demands.low[cell]), int(demands.high[cell])] for cell in ranged],
        "alone": np.flatnonzero(demands.ones).tolist(),
        "excused": [list(pair) for pair in audit.excused],
    }
