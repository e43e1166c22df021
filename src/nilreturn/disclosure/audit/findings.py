"""The requirements of an audit and its findings."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.audit.witnesses import Move
from nilreturn.disclosure.model import AttackerKnowledge, Bools, Ints


class Verdict(enum.Enum):
    """
    What a reader can infer about a hidden cell, from worst to best.

    Attributes
    ----------
    EXPOSED
        The count follows from what is printed.
    NARROWED
        Part of the range that must stay possible is ruled out.
    UNDECIDED
        The time ran out. The tables must not be released.
    DISCLOSED_TO_SINGLETON
        The count follows for the one person in a cell of 1.
    SAFE
        Proved to meet the requirement.
    """

    EXPOSED = "exposed"
    NARROWED = "narrow"
    UNDECIDED = "undecided"
    DISCLOSED_TO_SINGLETON = "given away"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What a reader can infer about one hidden cell.

    Attributes
    ----------
    table : str
        Name of the table.
    labels : tuple of str
        Labels of the cell, one for each dimension.
    low, high : int, int or None
        The count is certainly in this range, both ends included. `high` is None without a bound.
    exact : bool
        Whether both ends are known to be possible.
    verdict : Verdict
        Whether the cell is safe.
    reason : str
        Why, in words.
    advice : str
        What to change so that the difference of two tables no longer discloses the cell, or "".
    """

    table: str
    labels: tuple[str, ...]
    low: int
    high: int | None
    exact: bool
    verdict: Verdict
    reason: str
    advice: str = ""

    @property
    def name(self) -> str:
        """The cell's name in messages."""
        return f"{self.table}: {' / '.join(self.labels)}" if self.labels else self.table


@dataclass(frozen=True, eq=False)
class ProtectionRequirements:
    """
    What an audit requires of each cell.

    Attributes
    ----------
    must_vary : ndarray of bool, (cells,)
        The cell must have more than one possible value.
    low, high : ndarray of int64, (cells,)
        Where `low <= high`, every count from `low` to `high` must be possible.
    singletons : ndarray of bool, (cells,)
        Cells of 1 whose one person may be the reader.
    small : ndarray of int64, (cells,)
        The least count that is not small; 0 where nothing is required.
    """

    must_vary: Bools
    low: Ints
    high: Ints
    singletons: Bools
    small: Ints


def asked_cells(demands: ProtectionRequirements) -> list[int]:
    """The cells with a requirement, in order."""
    return [int(cell) for cell in np.flatnonzero(demands.must_vary | (demands.low <= demands.high))]


@dataclass(frozen=True)
class Audit:
    """
    What a reader of printed tables can infer, with the proof.

    Attributes
    ----------
    findings : tuple of Finding
        One for each cell with a requirement, in the order of the cells.
    sums : tuple of str
        What each printed total leaves for its hidden cells, in words.
    complaints : tuple of str
        Printed figures that contradict each other, in words.
    knowledge : AttackerKnowledge
        The cells, the equations and the bounds that a reader has.
    demands : ProtectionRequirements
        What was required of each cell.
    table : ndarray of int64, (cells,)
        A feasible table: counts that agree with everything printed.
    moves : tuple of Move
        Moves from `table` to other feasible tables.
    singleton_moves : tuple of (int, int, int)
        For each cell of 1: the cell, the number of the move (-1 for none) and the multiple of it
        after which the cell is 1.
    waived : tuple of (int, int)
        A cell of 1 and a cell whose count its one person can infer, where the policy allows it.
    disclosed_to_singletons : tuple of (int, int)
        The same, where the policy does not allow it.
    ruled_out : mapping of int to tuple of int
        By cell: the required counts that are not possible.
    """

    findings: tuple[Finding, ...]
    sums: tuple[str, ...]
    complaints: tuple[str, ...]
    knowledge: AttackerKnowledge
    demands: ProtectionRequirements
    table: Ints
    moves: tuple[Move, ...]
    singleton_moves: tuple[tuple[int, int, int], ...]
    waived: tuple[tuple[int, int], ...] = ()
    disclosed_to_singletons: tuple[tuple[int, int], ...] = ()
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
        """Whether every hidden cell is proved safe and no printed figures contradict each other."""
        return not self.exposures and not self.complaints
