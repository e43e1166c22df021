"""
What an attacker knows: the tables under audit, and everything that was published before.

Printed tables may contradict each other or themselves. A margin that was added up after the small
numbers had been hidden is the commonest case: it is named, and left out of the arithmetic. Two
extracts of one records system differ where records were changed between them; a reader cannot know
which, so the two are first taken to be equal, and only where that cannot be true are the older
figures loosened, by an amount that is stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from nilreturn.disclosure.model.arrays import NO_UPPER, Bools, Ints
from nilreturn.disclosure.model.bounds import Bounds, propagate_bounds
from nilreturn.disclosure.model.cells import Cells, NumberCells
from nilreturn.disclosure.model.explanations import Sums
from nilreturn.disclosure.model.implied import FEW, ROOM, implied_sums
from nilreturn.disclosure.model.published import PublishedTable
from nilreturn.errors import TableError
from nilreturn.wording import listed

MOST_CONTRADICTIONS = 200
MOST_NAMED = 6  # parts of a sum named in a complaint
MOST_SLACK = 100  # a figure that must be loosened further says nothing of the present records


@dataclass(frozen=True, eq=False)
class AttackerKnowledge:
    """
    `low..high` is what a reader is told of each cell before any arithmetic, `bounds` what single
    sums make of it. `hidden` are cells that a table under audit hides. `complaints` name what is
    printed and cannot be true.
    """

    cells: Cells
    equations: sparse.csr_matrix
    low: Ints
    high: Ints
    bounds: Bounds
    hidden: Bools
    complaints: tuple[str, ...]
    printed_by: Mapping[int, str]  # which table gives a cell's count away outright
    older_low: Ints  # what the earlier releases alone tell of each cell
    older_high: Ints
    older_hidden: Bools
    notes: tuple[str, ...]  # how earlier releases were loosened
    loosened: frozenset[int]
    # Where this is the most that a cell can be, nothing that is told bounds it.
    beyond: int = NO_UPPER

    @cached_property
    def sums(self) -> Sums:
        return Sums(self.cells, self.equations, self.low, self.high, self.hidden)


def attacker_knowledge(
    published: Sequence[PublishedTable],
    known: Sequence[PublishedTable] = (),
    *,
    number_cells: NumberCells,
    records_moved: int = 0,
    names_only: bool = False,
    others_see_less: bool = False,
) -> AttackerKnowledge:
    """
    What a reader of `published` who also has `known` is told, over the cells that `apply_layout`
    makes of them.

    Where a figure of `known` from another source contradicts, it is loosened by `records_moved`
    either way; if it contradicts still by as much as it must be, and in the end left out. The notes
    state each. Complaints quote the counts in question, unless these are secret (`names_only`).
    With `others_see_less` the sums hold for readers too from whom some of `published` is hidden.
    Raises `TableError` when the tables contradict themselves all over.
    """
    tables = [*published, *known]
    sources = {t.population.source for t in published}
    gathering = _Gathering(
        number_cells(tables),
        sources,
        records_moved,
        names_only=names_only,
        others_see_less=others_see_less,
    )
    for number, table in enumerate(tables):
        gathering.add(
            table, gathering.cells.of_table[number].reshape(-1), older=number >= len(published)
        )
    hidden, older_hidden = gathering.hidden, np.zeros(gathering.cells.size, dtype=np.bool_)
    for number, table in enumerate(tables):
        into = hidden if number < len(published) else older_hidden
        into[gathering.cells.of_table[number].reshape(-1)[table.hidden.reshape(-1)]] = True
    bounds = gathering.settle()
    return AttackerKnowledge(
        gathering.cells,
        gathering.equations,
        gathering.low,
        gathering.high,
        bounds,
        hidden,
        tuple(gathering.complaints),
        gathering.printed_by,
        gathering.older_low,
        gathering.older_high,
        older_hidden,
        tuple(gathering.notes()),
        frozenset(gathering.slack),
        gathering.beyond,
    )


def reconcile(
    known: Sequence[PublishedTable], truth: AttackerKnowledge
) -> tuple[PublishedTable, ...]:
    """
    The earlier tables (the last that `truth` was gathered from) as they can be true beside the
    present records.
    """
    first = len(truth.cells.of_table) - len(known)
    loosened = np.zeros(truth.cells.size, dtype=np.bool_)
    loosened[sorted(truth.loosened)] = True
    reconciled = []
    for number, table in enumerate(known):
        cells = truth.cells.of_table[first + number]
        low = np.where(loosened[cells], truth.older_low[cells], table.low)
        high = np.where(loosened[cells], truth.older_high[cells], table.high)
        reconciled.append(replace(table, low=low, high=high, hidden=table.hidden.copy()))
    return tuple(reconciled)


class _Gathering:
    def __init__(
        self,
        cells: Cells,
        sources: set[str],
        records_moved: int,
        *,
        names_only: bool,
        others_see_less: bool,
    ) -> None:
        self.names_only, self.others_see_less = names_only, others_see_less
        self.cells, self.sources, self.records_moved = cells, sources, records_moved
        self.equations = cells.equations
        self.low = np.zeros(cells.size, dtype=np.int64)
        self.high = np.full(cells.size, NO_UPPER, dtype=np.int64)
        self.high[cells.empty] = 0
        self.older_low, self.older_high = self.low.copy(), self.high.copy()
        self.hidden = np.zeros(cells.size, dtype=np.bool_)
        self.printed_first_by: dict[int, str] = {}
        self.printed_by: dict[int, str] = {}
        # Cells known from another source alone, and from which table.
        self.loose: dict[int, str] = {}
        self.slack: dict[int, int] = {}  # by how much a cell known from another source was loosened
        self.complaints: list[str] = []
        self.loosened_in: dict[int, str] = {}
        self.beyond = NO_UPPER

    def add(self, table: PublishedTable, numbers: Ints, *, older: bool) -> None:
        is_other_source = older and table.population.source not in self.sources
        low, high = table.low.reshape(-1), table.high.reshape(-1)
        for cell, least, most in zip(numbers.tolist(), low.tolist(), high.tolist(), strict=True):
            if max(least, self.low[cell]) > min(most, self.high[cell]):
                self._disagree(cell, table, least, most, is_other_source=is_other_source)
                continue
            self._accept(cell, least, most, older=older)
            if not is_other_source:
                self.loose.pop(cell, None)
            elif cell not in self.printed_first_by:
                self.loose[cell] = table.labels
            self.printed_first_by.setdefault(cell, table.labels)
            if least == most:
                self.printed_by.setdefault(cell, table.labels)

    def _accept(self, cell: int, least: int, most: int, *, older: bool) -> None:
        self.low[cell], self.high[cell] = max(least, self.low[cell]), min(most, self.high[cell])
        if older:
            self.older_low[cell] = max(least, self.older_low[cell])
            self.older_high[cell] = min(most, self.older_high[cell])

    def _disagree(
        self, cell: int, table: PublishedTable, least: int, most: int, *, is_other_source: bool
    ) -> None:
        name = self.cells.words(cell)
        if is_other_source:
            apart = max(least - int(self.high[cell]), int(self.low[cell]) - most)
            self.slack[cell] = max(self.records_moved, apart, self.slack.get(cell, 0))
            self._accept(cell, *_widened(least, most, self.slack[cell]), older=True)
            self.loosened_in[cell] = table.labels
            return
        first = self.printed_first_by.get(cell)
        if first is None:
            self.complaints.append(
                f"{name}: can hold nobody, and yet something is printed in {table.labels}"
            )
        elif first == table.labels:
            self.complaints.append(
                f"{name}: is printed twice in {first}, with two different counts"
            )
        else:
            self.complaints.append(
                f"{name}: {first} and {table.labels} print different counts of it"
            )

    def settle(self) -> Bounds:
        """
        Loosen or leave out what cannot be true until the rest can be; the bounds of what is left.
        """
        self._repair(self._false_at_sight())
        bounds = self._settled()
        if not len(self.cells.implied):
            return bounds
        self._imply(bounds)
        implied = self._settled()
        is_open = (bounds.high == NO_UPPER) & (implied.high >= self.beyond)
        return replace(implied, high=np.where(is_open, NO_UPPER, implied.high))

    def _imply(self, bounds: Bounds) -> None:
        """
        Add the sums for what is implied. Their factors are as small as whoever has them knows:
        readers of the earlier releases alone are asked about by the same sums.
        """
        implied, told = self.cells.implied, bounds
        is_alone = not (
            (self.older_low > 0).any() or (self.older_high[~self.cells.empty] < NO_UPPER).any()
        )
        if not is_alone:
            told = propagate_bounds(self.equations, self.older_low, self.older_high)
        most = told.high[implied[:, 0]]
        asked = (most > 0) & (told.low[implied[:, 1]] == 0)
        if self.others_see_less and is_alone:
            asked = np.ones(len(implied), dtype=np.bool_)
            most = np.where(most < NO_UPPER, most + ROOM, most)
        if (most[asked] == NO_UPPER).any():
            self.beyond = int(np.where(self.high < NO_UPPER, self.high, 0).max(initial=FEW))
            most = np.where(most < NO_UPPER, most, self.beyond)
        more = implied_sums(implied[asked], most[asked], self.cells.size)
        self.equations = sparse.csr_matrix(sparse.vstack((self.equations, more)))
        unused = implied[~asked, 2]
        self.high[unused] = self.older_high[unused] = 0

    def _settled(self) -> Bounds:
        for _ in range(MOST_CONTRADICTIONS):
            bounds = propagate_bounds(self.equations, self.low, self.high)
            if bounds.broken < 0:
                return bounds
            self._repair([bounds.broken])
        raise TableError(
            "what is printed contradicts itself in too many places; check which table belongs to "
            "which"
        )

    def _false_at_sight(self) -> list[int]:
        """The sums that cannot hold by themselves."""
        matrix = self.equations.tocoo()
        least, most = self.low.astype(np.float64), self.high.astype(np.float64)
        most[self.high == NO_UPPER] = np.inf
        up = np.where(matrix.data > 0, most[matrix.col], least[matrix.col]) * matrix.data
        down = np.where(matrix.data > 0, least[matrix.col], most[matrix.col]) * matrix.data
        rows = matrix.shape[0]
        over = np.bincount(matrix.row, weights=up, minlength=rows)
        under = np.bincount(matrix.row, weights=down, minlength=rows)
        return [int(row) for row in np.flatnonzero((over < 0) | (under > 0))]

    def _repair(self, rows: Sequence[int]) -> None:
        """
        Loosen the older figures in sums that cannot hold; where a sum has none give up the sum.
        """
        if not rows:
            return
        kept = np.ones(self.equations.shape[0], dtype=np.bool_)
        sums = Sums(self.cells, self.equations, self.low.copy(), self.high.copy(), self.hidden)
        for row in rows:
            loose = self._loose_around(row)
            for cell in loose:
                self._loosen(cell)
            if not loose:
                kept[row] = False
                self.complaints.append(
                    f"does not add up: {_false_sum(sums, row, names_only=self.names_only)}"
                )
        self.equations = self.equations[np.flatnonzero(kept)]

    def _loose_around(self, row: int) -> list[int]:
        """
        The older figures in a sum; where it has none, in the sums that it hangs together with by
        unprinted cells.
        """
        matrix, columns = self.equations, self.equations.tocsc()
        seen, waiting = {row}, [row]
        while waiting:
            cells = np.unique(np.concatenate([_listed(matrix, number) for number in waiting]))
            loose = [cell for cell in cells.tolist() if cell in self.loose]
            if loose:
                return loose
            beyond = [
                _listed(columns, cell) for cell in cells[self.cells.unpublished[cells]].tolist()
            ]
            waiting = sorted({number for rows in beyond for number in rows.tolist()} - seen)
            seen.update(waiting)
        return []

    def _loosen(self, cell: int) -> None:
        """Widen what an older figure tells; more each time, and in the end leave it out."""
        slack = self.slack.get(cell, 0)
        more = max(1, self.records_moved, slack)
        if slack + more > MOST_SLACK:
            self.low[cell], self.high[cell] = 0, NO_UPPER
            del self.loose[cell]
        else:
            self.low[cell], self.high[cell] = _widened(
                int(self.low[cell]), int(self.high[cell]), more
            )
        self.slack[cell] = slack + more
        self.older_low[cell], self.older_high[cell] = self.low[cell], self.high[cell]

    def notes(self) -> Iterator[str]:
        """How the older figures were loosened, in words."""
        for cell, slack in sorted(self.slack.items()):
            release = self.loosened_in.get(cell) or self.printed_first_by[cell]
            so = (
                "it is left out"
                if slack > MOST_SLACK
                else f"it is taken as within {slack} of the truth"
            )
            yield (
                f"{self.cells.words(cell)}: what {release} printed cannot be true of the present "
                f"records; {so}"
            )


def _listed(matrix: sparse.csr_matrix | sparse.csc_matrix, number: int) -> Ints:
    """The places of the entries in one row (of a CSC matrix: one column)."""
    places: Ints = matrix.indices[matrix.indptr[number] : matrix.indptr[number + 1]]
    return places


def _widened(least: int, most: int, slack: int) -> tuple[int, int]:
    return max(0, least - slack), NO_UPPER if most == NO_UPPER else most + slack


def _false_sum(sums: Sums, row: int, *, names_only: bool) -> str:
    printed = sums.printed_sum(row)
    if printed.is_implied:
        return sums.words_of(printed)
    if names_only:
        inside = sums.cells.table_of(printed.total)
        parts = [sums.name(part, inside=inside) for part in (*printed.printed, *printed.hidden)]
        more = [f"{len(parts) - MOST_NAMED} more"] if len(parts) > MOST_NAMED else []
        return (
            f"{sums.name(printed.total, inside=None)} is not the sum of "
            f"{listed([*parts[:MOST_NAMED], *more])}"
        )
    looks = "; it looks added up after the small numbers were hidden"
    return sums.words_of(printed) + (looks if printed.hidden and sums.rest(printed) == 0 else "")
