"""From true sums to sums that may be printed, audited before they come out like counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.disclosure.audit import Audit, audit
from nilreturn.disclosure.linked_tables import build_cells
from nilreturn.disclosure.model import Bools, Floats, Ints, PublishedTable, from_raw
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.sums.model import RawSums, Sensitivity, sensitivity
from nilreturn.disclosure.sums.suppression import SumsProblem, choose
from nilreturn.errors import DisclosureError
from nilreturn.tables import CellStatus, SafeCell
from nilreturn.wording import in_words

if TYPE_CHECKING:
    from nilreturn.disclosure.protection import Protection

FAR_ABOVE = 8  # times the largest sum
MOST_SINGLETONS = 500  # hidden sums with one contributor: each takes an audit of its own


METHOD = "suppression of sums"
_WHY = {
    CellStatus.PRIMARY: "hidden: few contribute to the sum, or one contributor rules it",
    CellStatus.SECONDARY: "hidden because it would give another sum away",
}


@dataclass(frozen=True, eq=False)
class ProtectedSums:
    """
    The cells to hide, the sensitive ones among them (both in the table's shape), what is printed,
    and its audit.
    """

    hidden: Bools
    sensitive: Bools
    printed: PublishedTable
    audit: Audit


def protect_sums(sums: RawSums, policy: Policy) -> Protection:
    """
    What may be printed of sums. Raises `DisclosureError` where no choice keeps a sensitive sum from
    being told.
    """
    from nilreturn.disclosure.protection import single_table

    chosen = choose_sums(sums, policy)
    cells = {}
    flags = zip(chosen.hidden.flat, chosen.sensitive.flat, strict=True)
    for (labels, total), (hidden, sensitive) in zip(sums.table.cells(), flags, strict=True):
        status = (
            CellStatus.PRIMARY if sensitive else CellStatus.SECONDARY if hidden else CellStatus.SAFE
        )
        cells[labels] = SafeCell(None if hidden else total, status, _WHY.get(status, ""))
    words = (
        "Sums to which few contribute, or of which one contributor makes up too much "
        f"({policy.sums.dominance:g}% rule), are hidden, and with them other sums from which those "
        f"could be worked out."
    )
    return single_table(
        sums.table, cells, chosen.printed, chosen.audit, policy, method=METHOD, words=words
    )


def choose_sums(sums: RawSums, policy: Policy) -> ProtectedSums:
    """
    The choice of sums to hide. Raises `DisclosureError` where a sensitive sum could still be told
    too closely: nothing is to be printed then.
    """
    of = sensitivity(sums, policy)
    hidden = choose(_problem(sums, of, policy))[_numbers(sums)]
    printed = from_raw(sums.table, hidden, floor=1)
    found = audit([_capped(printed, sums)], threshold=1)
    details = [*_too_close(sums, of, found), *_known_to_singletons(sums, of, printed)]
    if details:
        raise DisclosureError(
            "nothing is released: sums could be told too closely; merge categories, or leave out a "
            "total",
            details=tuple(details),
        )
    return ProtectedSums(hidden, of.sensitive & hidden, printed, found)


def _capped(printed: PublishedTable, sums: RawSums) -> PublishedTable:
    """
    The printed sums for an audit, with a limit far above every hidden one: a reader who knows a
    limit knows more, and each end of a range is then one that can be shown.
    """
    limit = FAR_ABOVE * (int(sums.totals.max(initial=0)) + 1)
    high = np.where(printed.hidden, limit, printed.high)
    return replace(printed, low=printed.low.copy(), high=high, hidden=printed.hidden.copy())


def _numbers(sums: RawSums) -> Ints:
    return build_cells([sums.table]).of_table[0]


def _problem(sums: RawSums, of: Sensitivity, policy: Policy) -> SumsProblem:
    cells = build_cells([sums.table])
    numbers = cells.of_table[0].reshape(-1)

    def by_cell(values: Any) -> Any:
        found = np.zeros(cells.size, dtype=values.dtype)
        found[numbers] = values.reshape(-1)
        return found

    return SumsProblem(
        value=by_cell(sums.totals),
        equations=cells.equations,
        weight=by_cell(_weights(sums, policy)),
        sensitive=by_cell(of.sensitive),
        printed=by_cell(sums.totals == 0),
        low=by_cell(of.low),
        high=by_cell(of.high),
        singletons=by_cell(sums.contributors == 1),
    )


def _weights(sums: RawSums, policy: Policy) -> Floats:
    roots = [dimension.total.label for dimension in sums.dimensions]
    weights = [
        policy.weight(
            total,
            totals=sum(a == b for a, b in zip(labels, roots, strict=True)),
            dimensions=len(roots),
            extents=(),
        )
        for labels, total in sums.table.cells()
    ]
    return np.array(weights, dtype=np.float64).reshape(sums.totals.shape)


def _too_close(sums: RawSums, of: Sensitivity, found: Audit) -> Iterator[str]:
    """The hidden sums of which a reader can rule out a value that must stay possible."""
    labels = {place: number for number, (place, _) in enumerate(sums.table.cells())}
    low, high, sensitive = of.low.reshape(-1), of.high.reshape(-1), of.sensitive.reshape(-1)
    short = 0
    for finding in found.findings:
        place = labels[finding.labels]
        above = finding.high is not None and finding.high >= high[place]
        wide = finding.exact and finding.low <= max(low[place], 1) and above
        short += finding.low == finding.high or (bool(sensitive[place]) and not wide)
    if short:
        yield (
            f"table {sums.name}: {in_words(short, 'sum')} could be told more closely than the "
            f"policy allows"
        )
    yield from (f"table {sums.name}: {complaint}" for complaint in found.complaints)


def _known_to_singletons(sums: RawSums, of: Sensitivity, printed: PublishedTable) -> Iterator[str]:
    """
    What the one contributor to a hidden sum, who knows it, could work out of other sums that are
    sensitive.
    """
    ones = np.argwhere(printed.hidden & (sums.contributors == 1))
    if len(ones) > MOST_SINGLETONS:
        yield (
            f"table {sums.name}: over {MOST_SINGLETONS} hidden sums have one contributor; divide "
            "more coarsely"
        )
        return
    for place in map(tuple, ones.tolist()):
        low, hidden = printed.low.copy(), printed.hidden.copy()
        high = _capped(printed, sums).high.copy()
        low[place] = high[place] = sums.totals[place]
        hidden[place] = False
        # A total of the same one contributor is no one else's.
        others = {
            labels
            for (labels, total), sensitive in zip(
                sums.table.cells(), of.sensitive.flat, strict=True
            )
            if sensitive and total != sums.totals[place]
        }
        known = audit(
            [replace(_capped(printed, sums), low=low, high=high, hidden=hidden)], threshold=1
        )
        if any(
            finding.low == finding.high and finding.labels in others for finding in known.findings
        ):
            yield (
                f"table {sums.name}: one contributor, who knows their own part, could work out "
                f"the sum of others"
            )
            return
