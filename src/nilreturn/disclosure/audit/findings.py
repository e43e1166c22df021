"""What an audit is asked and what it finds."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.audit.witnesses import Move
from nilreturn.disclosure.model import AttackerKnowledge, Bools, Ints


class Verdict(enum.Enum):
    """What a reader can do to a hidden cell; from worst to best."""

    EXPOSED = "exposed"  # its count follows
    NARROWED = "narrow"  # part of the range that must stay possible is ruled out
    UNDECIDED = "undecided"  # time ran out: not to be released
    DISCLOSED_TO_SINGLETON = "given away"  # its count follows for the one person in another cell
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One hidden cell: it is certainly within `low..high` (`high` None where nothing bounds it).
    `exact` when both ends are known to be possible.
    """

    table: str
    labels: tuple[str, ...]
    low: int
    high: int | None
    exact: bool
    verdict: Verdict
    reason: str
    advice: str = ""  # what would keep a difference of two tables from being told

    @property
    def name(self) -> str:
        """The cell's name in messages."""
        return f"{self.table}: {' / '.join(self.labels)}" if self.labels else self.table


@dataclass(frozen=True, eq=False)
class ProtectionRequirements:
    """
    What each cell must withstand, by its number. `must_vary`: must not have a single value. Where
    `low <= high`, every value of `low..high` must be possible. `singletons`: cells of 1 whose one
    person may be reading. `small`: the least count that is not small, to tell whether a hidden cell
    is known to be small (0 where nothing is asked).
    """

    must_vary: Bools
    low: Ints
    high: Ints
    singletons: Bools
    small: Ints


def asked_cells(demands: ProtectionRequirements) -> list[int]:
    """The cells of which something is demanded, in order."""
    return [int(cell) for cell in np.flatnonzero(demands.must_vary | (demands.low <= demands.high))]


@dataclass(frozen=True)
class Audit:
    """
    What a reader can work out. `sums` says in words what each printed total leaves for its hidden
    cells; `complaints` what is printed and cannot be true. The rest is proven by `table`, a whole
    table that agrees with what is printed, and `moves` from it; `singleton_moves` has for each cell
    of 1 the number of the move (-1 for none), and how often it is made, after which it is 1.
    """

    findings: tuple[Finding, ...]
    sums: tuple[str, ...]
    complaints: tuple[str, ...]
    knowledge: AttackerKnowledge
    demands: ProtectionRequirements
    table: Ints  # over all cells
    moves: tuple[Move, ...]
    singleton_moves: tuple[tuple[int, int, int], ...]
    waived: tuple[tuple[int, int], ...] = ()  # (cell of 1, what it gives away): known, and allowed
    disclosed_to_singletons: tuple[tuple[int, int], ...] = ()  # the same, and not allowed
    # Of cells: asked values that cannot be.
    ruled_out: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def by_cell(self) -> dict[int, Finding]:
        """The finding of each cell, by its number."""
        return dict(zip(asked_cells(self.demands), self.findings, strict=True))

    @property
    def exposures(self) -> tuple[Finding, ...]:
        """The hidden cells that are not safe, the worst first."""
        order = list(Verdict)
        unsafe = (finding for finding in self.findings if finding.verdict is not Verdict.SAFE)
        return tuple(sorted(unsafe, key=lambda finding: order.index(finding.verdict)))

    @property
    def is_safe(self) -> bool:
        """
        Whether every hidden cell withstands, by proof, and nothing printed contradicts itself.
        """
        return not self.exposures and not self.complaints
