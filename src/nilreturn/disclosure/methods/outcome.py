"""
The result of a method of protection before its audit: the cells to print and how to check
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nilreturn.disclosure.methods.problem import Problem
from nilreturn.disclosure.model import Bools, Ints, PublishedTable
from nilreturn.disclosure.policy import Policy
from nilreturn.progress import Progress
from nilreturn.tables import Coordinates, RawTable, SafeCell


@dataclass(frozen=True, slots=True)
class InformationLoss:
    """
    What protection costs a reader. `hidden` cells and the `counts` in them; of those, `secondary`
    ones that are not small themselves; `changed` cells and by how much together (`moved`);
    `categories` that were merged away. `bound` is the least that any safe choice of hidden cells
    could cost, `gap` the part of the loss above it.
    """

    hidden: int = 0
    secondary: int = 0
    counts: int = 0
    changed: int = 0
    moved: int = 0
    categories: int = 0
    cost: float = 0.0
    bound: float = 0.0
    gap: float = 0.0
    proven: bool = False


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    `tables` and, for each, its `cells`; `method_sentences` says how they were made safe, for
    readers. `problem` is what they are checked against; `low..high` what each of its primary cells
    must withstand; `feasible_tables` are feasible tables and `moves` ways from one to another, for
    the audit to check; `changed_ranges`, where counts were changed, the range that each printed
    cell tells a reader, table by table. `closer` makes another one that reckons with more, where
    this one does not withstand.
    """

    problem: Problem
    tables: tuple[RawTable, ...]
    cells: tuple[Mapping[Coordinates, SafeCell], ...]
    method_sentences: tuple[str, ...]
    loss: InformationLoss
    low: Ints
    high: Ints
    hidden: Bools
    feasible_tables: Ints
    moves: tuple[tuple[Ints, Ints], ...] = ()
    changed_ranges: tuple[tuple[Ints, Ints], ...] = ()
    waived: tuple[tuple[int, int], ...] = ()
    partially_protected: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    closer: Callable[[], Outcome] | None = None


Method = Callable[[Sequence[RawTable], Policy, Sequence[PublishedTable], Progress], Outcome]
