"""How the counts of a release were protected, for the letter, the manifest and the reviewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nilreturn.disclosure.methods import InformationLoss
from nilreturn.wording import counted, in_words


@dataclass(frozen=True, repr=False)
class Report:
    """
    How the tables were made safe, for the reviewer and for the force's own papers.

    It discloses which cells were small, so it is not for release.

    Attributes
    ----------
    policy : str
        Name and version of the policy.
    method : str
        The method of protection.
    loss : InformationLoss
        What it costs.
    small : mapping of str to int
        Number of cells hidden because of their own count, by table.
    hidden : mapping of str to int
        Number of hidden cells in all, by table.
    narrowed : tuple of str
        Cells whose required range no choice of hidden cells could keep possible.
    excused : tuple of str
        What the one person in a cell can infer and no choice of hidden cells could prevent.
    notes : tuple of str
        Earlier releases that the present records contradict, and what was taken as public.
    proposals : tuple of str
        What to merge where much is hidden, and which counts could then be printed.
    """

    policy: str
    method: str
    loss: InformationLoss
    small: Mapping[str, int]
    hidden: Mapping[str, int]
    narrowed: tuple[str, ...]
    excused: tuple[str, ...]
    notes: tuple[str, ...]
    proposals: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """
        One line: how many cells are hidden or changed, and how near this is to the least possible.
        """
        loss, small = self.loss, sum(self.small.values())
        hides = self.method.startswith("suppression")
        if not loss.hidden and not loss.changed and hides:
            return "nothing had to be hidden"
        told = (
            f"{in_words(small, 'small cell')} hidden, and {in_words(loss.secondary, 'other')} "
            f"that would give one away"
        )
        if not small:
            cells = in_words(loss.secondary, "cell")
            told = f"{cells} hidden: none is small, but together they would give a small count away"
        if loss.changed or not hides:
            told = f"{counted(loss.changed, 'cell')} changed by {self.method}, {loss.hidden} hidden"
        if loss.proven:
            return f"{told}; no safe choice costs less"
        return (
            f"{told}; at most {loss.gap:.0%} of that cost might be avoidable" if loss.gap else told
        )

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return asdict(self)
