"""
Keywords of a class of several: how many records name each, between the fewest and the most that
their class allows.

At each place, with `n` records that name some keyword of the class in a form at least as good as
some form: each keyword is named so by at most `n`, and all together by at least `n`. Those whose
best form is exactly some form are no more than all that name a keyword in exactly that form. Any
counts within these limits are possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.audit.categories import Component, Several
from nilreturn.disclosure.audit.cells.account import Account
from nilreturn.disclosure.model import Ints


@dataclass
class Members:
    """
    Cells of keywords at each place of a grid: one axis for the form, then one for each other
    variable.
    """

    component: Component
    account: Account
    cells: dict[tuple[str, str], Ints] = field(default_factory=dict)  # by variable and keyword

    def of(self, line: Several, group: int, grid: Ints, axis: int) -> dict[str, Ints]:
        """The cells of a class's keywords; `axis` is that of their variable in the grid."""
        keywords = line.classes[group]
        if (line.variable, keywords[0]) not in self.cells:
            places = np.moveaxis(grid, axis, 0)
            shape = (len(line.all_forms), *places.shape[1:])
            for keyword in keywords:
                self.cells[line.variable, keyword] = self.account.fresh(
                    int(np.prod(shape))
                ).reshape(shape)
            self._limit(line, group, places)
        return {keyword: self.cells[line.variable, keyword] for keyword in keywords}

    def _limit(self, line: Several, group: int, places: Ints) -> None:
        own = [
            self.cells[line.variable, k].reshape(len(line.all_forms), -1)
            for k in line.classes[group]
        ]
        for forms in _ranges(line.all_forms):
            inside = self.component.inside(line.variable, [line.group(group, forms)])[0]
            some = self._summed(places.reshape(len(inside), -1)[inside])
            rows = [form - 1 for form in forms]
            together = self._summed(np.concatenate([cells[rows] for cells in own]))
            more = self._at_least(together, some[None])
            if forms[0] == 1 and len(own) > 2:
                self._more_than_once(line, group, forms, more)
            if forms[0] == 1:
                for cells in own:
                    self._at_least(some, cells[rows])

    def _summed(self, lines: Ints) -> Ints:
        """A cell for the sum of each column."""
        if len(lines) == 1:
            alone: Ints = lines[0]
            return alone
        totals = self.account.fresh(lines.shape[1])
        self._sum(totals, lines)
        return totals

    def _sum(self, totals: Ints, lines: Ints) -> None:
        self.account.sum_up(
            totals, np.tile(np.arange(lines.shape[1]), len(lines)), lines.reshape(-1)
        )

    def _at_least(self, totals: Ints, lines: Ints) -> Ints:
        """Each total is no less than the sum of its column; the cells of what it has more."""
        rest = self.account.fresh(lines.shape[1])
        self._sum(totals, np.concatenate((lines, rest[None])))
        return rest

    def _more_than_once(self, line: Several, group: int, forms: Sequence[int], cells: Ints) -> None:
        """
        What all keywords of a class have together beyond those that name any: where it is a few,
        few name two. Of two keywords it is exactly those, a group that their rows tell by
        subtraction.
        """
        names = ", ".join(line.classes[group])
        form = "" if len(forms) == len(line.all_forms) else f", {line.forms[0]}"
        for cell in cells.tolist():
            self.account.units[cell] = self.component.unit
            self.account.apart[cell] = (line.variable,)
            self.account.words[cell] = f"{self.component.unit} that name two of {names}{form}"
            self.account.derived_from[cell] = (
                f"the counts of each of {names}{form}, less any of these"
            )


def _ranges(forms: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """From the best form to each; and each by itself."""
    yield from (tuple(forms[:end]) for end in range(1, len(forms) + 1))
    yield from ((form,) for form in forms[1:])
