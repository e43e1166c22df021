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
    How the tables were made safe, for the reviewer and for the force's own papers. It tells which
    cells were small, so it is not for release.
    """

    policy: str
    method: str
    loss: InformationLoss
    small: Mapping[str, int]  # cells that the rule names, by table
    hidden: Mapping[str, int]  # cells hidden in all, by table
    narrowed: tuple[str, ...]  # cells whose range no choice of hidden cells could keep whole
    # What the one person in a cell could work out, and no choice could keep from them.
    excused: tuple[str, ...]
    # Earlier releases that the present records contradict; what was taken as public.
    notes: tuple[str, ...]
    # What to merge where much is hidden, and what that would show again.
    proposals: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """One line: how many cells are hidden or changed, and how good that is known to be."""
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
