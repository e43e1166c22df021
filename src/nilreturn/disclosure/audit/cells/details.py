"""
That there is no victim without a crime: where victims are counted beyond the first of each crime,
there is a crime with victim details recorded. Of crimes restricted by their victims likewise, among
the victims who meet the condition.

It holds for each crime, so it is said at the finest places where victims are counted, whichever
tables divide these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.audit.categories import FURTHER, Component, Line
from nilreturn.disclosure.audit.cells.account import Account
from nilreturn.disclosure.audit.cells.grids import Grids
from nilreturn.disclosure.audit.cells.tree import Variables
from nilreturn.disclosure.model import Ints
from nilreturn.tables import Belonging, Extent

Conditions = tuple[tuple[str, Extent], ...]


@dataclass(frozen=True)
class Details:
    """
    What is known of `unit` (victims) and the crimes that they belong to. `conditions` restrict
    crimes by their victims; each is stricter or weaker than each other, and one is empty.
    """

    told: Belonging
    unit: str
    conditions: tuple[Conditions, ...]

    def places(self, component: Component) -> list[Variables]:
        """
        The variables that each condition must be laid out by; none where crimes and victims do not
        meet.
        """
        if self._pieces(component) is None:
            return []
        counting = (t for t in component.peopled if t.shape.population.unit == self.unit)
        names = {
            v
            for table in counting
            for v in component.variables(table)
            if v.startswith(self.told.prefix)
        }
        names.add(self.told.variable)
        return [
            frozenset(names | {v for v, _ in told if v in component.atoms})
            for told in self.conditions
        ]

    def imply(self, component: Component, grids: Grids, account: Account) -> None:
        """Add what is implied, place by place, once the shared cells are laid out."""
        pieces = self._pieces(component)
        for variables, condition in zip(self.places(component), self.conditions, strict=False):
            if pieces is not None:
                first, further = (
                    self._cells(component, grids, account, variables, condition, piece)
                    for piece in pieces
                )
                account.imply(further, first)

    def _pieces(self, component: Component) -> tuple[int, int] | None:
        """
        The piece of crimes with their first victims and that of further victims, where tables tell
        them apart.
        """
        line = component.lines.get(self.told.variable)
        if not isinstance(line, Line) or self.told.variable not in component.atoms:
            return None
        first, further = line.mask(Extent.of(self.told.value)), line.mask(Extent.of(FURTHER))
        atoms = component.atoms[self.told.variable]
        return (first, further) if first in atoms and further in atoms else None

    def _cells(
        self,
        component: Component,
        grids: Grids,
        account: Account,
        variables: Variables,
        condition: Conditions,
        piece: int,
    ) -> Ints:
        """Of each place, the cell of one piece among those who meet a condition."""
        order = sorted(variables)
        inside = [
            np.flatnonzero(flags) for flags in self._inside(component, order, condition, piece)
        ]
        restricted = {self.told.variable, *(v for v, _ in condition)}
        within = [i for i, v in enumerate(order) if v in restricted]
        across = [i for i, v in enumerate(order) if v not in restricted]
        cells = grids.over(variables, [self.unit])[np.ix_(*inside)].transpose([*across, *within])
        lines = cells.reshape(
            int(np.prod([cells.shape[i] for i in range(len(across))], dtype=np.int64)), -1
        )
        if lines.shape[1] == 1:
            return lines[:, 0]
        together = account.fresh(len(lines))
        account.sum_up(
            together, np.repeat(np.arange(len(lines)), lines.shape[1]), lines.reshape(-1)
        )
        return together

    def _inside(
        self, component: Component, order: Sequence[str], condition: Conditions, piece: int
    ) -> Iterator[np.ndarray]:
        asked = dict(condition)
        for variable in order:
            line = component.lines[variable]
            mask = component.everything[variable]
            if variable == self.told.variable:
                mask = piece
            elif variable in asked and isinstance(line, Line):
                mask &= line.mask(asked[variable])
            yield (
                component.inside(variable, [mask])[0]
                if variable in asked or variable == self.told.variable
                else (np.ones(len(component.atoms[variable]), dtype=np.bool_))
            )
