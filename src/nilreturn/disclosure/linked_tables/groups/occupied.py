"""
Groups that printed figures tell because some others are printed as 0: with no girl outside 10 to 15
in February, the girls of February less the people of 10 to 15 in February leave the boys of that
age.

Record types in which a printed 0 says that there is nobody are left out. Sets of the others are
compared as they are: those cells of a table that meet a figure, less the figure, are a group; so is
the figure less the cells inside it; and so on with each new group, difference by difference. What
without the zeros is a group is found by `differencing`.

On sparse tables that go in a circle there is no end of these groups. Differences are taken as many
times as their number allows (`MOST_GROUPS`), once in any case. Only groups of few people get a
cell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nilreturn.disclosure.linked_tables.axes import Axis
from nilreturn.disclosure.linked_tables.box_sums import Part
from nilreturn.disclosure.linked_tables.builder import BY_PRODUCT, CellBuilder
from nilreturn.disclosure.linked_tables.groups.finest_cells import union_of
from nilreturn.disclosure.linked_tables.groups.record_types import (
    MOST_TYPES,
    Occupied,
    occupied_types,
)
from nilreturn.disclosure.model import Ints
from nilreturn.errors import TableError

MOST_TABLES = 8  # that hang together; with more, zeros are not used
MOST_GROUPS = 1_000  # found by differences of differences
MOST_FIRST = 50_000  # found by one difference
MOST_WORK = 400_000_000  # record types looked at

Measure = tuple[int, int]
Weights = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Told:
    """
    What the printed counts say: the cells that are 0, the counts that are known, and the least that
    is not small.
    """

    zeros: Collection[int]
    counts: Mapping[int, int]
    threshold: int


@dataclass(eq=False)
class _Group:
    """
    Record types in which somebody may be, their count if known, and what told them last; the cell
    comes late.
    """

    types: Ints
    measure: Measure
    count: int | None
    cell: int = -1
    words: str = ""
    apart: frozenset[str] = frozenset()
    tables: tuple[int, ...] = ()
    of: _Group | None = None
    table: _Table | None = None
    cells: Ints | None = None
    is_around: bool = False


def tell_occupied_apart(
    parts: Sequence[Part],
    axes: Mapping[str, Axis],
    book: CellBuilder,
    name: Callable[[int], str],
    told: Told,
) -> None:
    """
    Add a cell and an equation for each small group of one unit that zeros let be told. Raises
    `TableError`.
    """
    for own in _hanging_together(parts, axes):
        if 1 < len(own) <= MOST_TABLES and any(
            int(n) in told.zeros for part in own for n in part.numbers.flat
        ):
            found = occupied_types(own, axes, told.zeros)
            if found is None:
                raise TableError(
                    f"{_listed(own, name)}: tell apart more than {MOST_TYPES:,} kinds of records; "
                    "use the same categories in all of them, or ask fewer at once"
                )
            if len(found.parts) > 1:
                _Search(found, axes, book, name, told).run()


def _listed(parts: Sequence[Part], name: Callable[[int], str]) -> str:
    return ", ".join(dict.fromkeys(name(part.table) for part in parts))


def _hanging_together(parts: Sequence[Part], axes: Mapping[str, Axis]) -> list[list[Part]]:
    """
    The parts that have records in common, in sets; those of several values at once are left out.
    """
    found: list[list[Part]] = []
    for part in parts:
        if part.value or any(axes[v].several is not None for v in part.masks):
            continue
        meeting = [own for own in found if any(_meet(part, other) for other in own)]
        found = [own for own in found if own not in meeting]
        found.append([*(other for own in meeting for other in own), part])
    return found


def _meet(one: Part, other: Part) -> bool:
    both = one.masks.keys() & other.masks.keys()
    return all(union_of(one.masks[v]) & union_of(other.masks[v]) for v in both)


class _Table:
    """
    The finest cells of a part: the cell that each type lies in (-1: none), and which types each
    has.
    """

    def __init__(self, part: Part, label: Ints, weights: Weights) -> None:
        self.part, self.label = part, label
        self.numbers = part.leaf_numbers().reshape(-1)
        inside = np.flatnonzero(label >= 0)
        self.size = np.bincount(label[inside], minlength=len(self.numbers))
        self._order = inside[np.argsort(label[inside], kind="stable")]
        self._ends = np.cumsum(self.size)
        self.measure = np.zeros((2, len(self.numbers)), dtype=np.uint64)
        for own, weight in zip(self.measure, weights, strict=True):
            np.add.at(own, label[inside], weight[inside])

    def types(self, cells: Ints) -> Ints:
        """The types of some cells."""
        found = [self._order[self._ends[c] - self.size[c] : self._ends[c]] for c in cells.tolist()]
        return np.concatenate(found)

    def around(self, types: Ints) -> Ints | None:
        """The cells that meet a set; None where it lies outside."""
        own = self.label[types]
        return np.unique(own) if own.min() >= 0 else None

    def inside(self, types: Ints) -> Ints:
        """The cells that lie inside a set."""
        own = self.label[types]
        times = np.bincount(own[own >= 0], minlength=len(self.size))
        return np.flatnonzero((times == self.size) & (self.size > 0))


class _Search:
    def __init__(
        self,
        found: Occupied,
        axes: Mapping[str, Axis],
        book: CellBuilder,
        name: Callable[[int], str],
        told: Told,
    ) -> None:
        self.found, self.axes, self.book, self.name, self.told = found, dict(axes), book, name, told
        rng = np.random.default_rng(8)
        self.weights = rng.integers(1, 2**63, (2, len(found.at)), dtype=np.uint64)
        self.tables = [_Table(part, found.labels(part), self.weights) for part in found.parts]
        self.figures: dict[Measure, _Group] = {}
        self.seen: set[Measure] = set()
        self.work = 0

    def run(self) -> None:
        for part in self.found.parts:
            for types, cell, words in self.found.figures(part, self.axes):
                figure = _Group(
                    types, self._measure(types), self.told.counts.get(cell), cell, words
                )
                figure.tables = (part.table,)
                self.figures.setdefault(figure.measure, figure)
        groups: list[_Group] = []
        level = list(self.figures.values())
        while level:
            most = MOST_GROUPS - len(groups) if groups else MOST_FIRST
            found: list[_Group] = []
            for group in self._next(level):
                found.append(group)
                if len(found) > most:
                    break
            if len(found) > most:
                if not groups:
                    self._refuse()
                break
            groups, level = [*groups, *found], found
        for group in groups:
            if group.count is None or 1 <= group.count < self.told.threshold:
                self._enter(group)
                self.book.difference.add(group.cell)

    def _next(self, level: Sequence[_Group]) -> Iterator[_Group]:
        for group in level:
            for table in self.tables:
                self.work += len(group.types)
                if self.work > MOST_WORK:
                    self._refuse()
                around = table.around(group.types)
                if around is not None:
                    yield from self._take(group, table, around, is_around=True)
                inside = table.inside(group.types)
                if len(inside):
                    yield from self._take(group, table, inside, is_around=False)

    def _take(
        self, group: _Group, table: _Table, cells: Ints, *, is_around: bool
    ) -> Iterator[_Group]:
        """The group beside another; nothing where it is known, or cells of one table."""
        together = self._sum(table.measure[:, cells])
        measure = _less(together, group.measure) if is_around else _less(group.measure, together)
        if measure == (0, 0) or measure in self.seen or measure in self.figures:
            return
        self.seen.add(measure)
        own = table.types(cells)
        self.work += len(own) * (1 + len(self.tables))
        types = np.setdiff1d(own, group.types) if is_around else np.setdiff1d(group.types, own)
        if any(self._is_of(other, types) for other in self.tables):
            return
        whole = self._count(table, cells, together)
        count = None
        if whole is not None and group.count is not None:
            count = whole - group.count if is_around else group.count - whole
        unlike = frozenset(
            v
            for k, v in enumerate(self.found.variables)
            if set(self._along(k, own)) != set(self._along(k, group.types))
        )
        yield _Group(
            types,
            measure,
            count,
            apart=group.apart | unlike,
            tables=(*group.tables, table.part.table),
            of=group,
            table=table,
            cells=cells,
            is_around=is_around,
        )

    def _is_of(self, table: _Table, types: Ints) -> bool:
        """Whether a set is some finest cells of one table."""
        around = table.around(types)
        return around is not None and int(table.size[around].sum()) == len(types)

    def _count(self, table: _Table, cells: Ints, measure: Measure) -> int | None:
        if measure in self.figures:
            return self.figures[measure].count
        counts = [self.told.counts.get(int(n)) for n in table.numbers[cells]]
        return None if None in counts else sum(count for count in counts if count is not None)

    def _along(self, k: int, types: Ints) -> list[int]:
        found: list[int] = np.unique(self.found.at[types, k]).tolist()
        return found

    # Cells ----------------------------------------------------------------------------------------

    def _enter(self, group: _Group) -> None:
        """The cell of a group, those that it was told from first, and the equation."""
        if group.cell >= 0 or group.of is None or group.table is None or group.cells is None:
            return
        self._enter(group.of)
        part = group.table.part
        box = self._box(group.types)
        if box is None:
            group.cell = self.book.cell(
                (BY_PRODUCT, "occupied", part.universe, *group.measure), part.unit
            )
        else:
            group.cell = self.book.box(part.universe, part.unit, box, self.axes)
        together = self._together(group.table, group.cells)
        own = self._words(group.table, group.cells)
        whole, rest = (own, group.of.words) if group.is_around else (group.of.words, own)
        group.words = self._in_words(group.types, box) or f"{whole} less {rest}"
        if group.is_around:
            self.book.equation(together, (group.of.cell, group.cell))
        else:
            self.book.equation(group.of.cell, (together, group.cell))
        words = f"{part.unit} that no table prints ({group.words})"
        self.book.words.setdefault(group.cell, words)
        self.book.apart[group.cell] = tuple(
            sorted({*self.book.apart.get(group.cell, ()), *group.apart})
        )
        names = " and ".join(dict.fromkeys(self.name(table) for table in group.tables))
        self.book.advice.setdefault(
            group.cell,
            f"{names}: {part.unit} ({whole}) less {part.unit} ({rest}) leaves a small count of "
            f"{words}, for printed zeros say that nobody else is there; leave one of them out, or "
            "use fewer categories",
        )

    def _together(self, table: _Table, cells: Ints) -> int:
        measure = self._sum(table.measure[:, cells])
        if measure in self.figures:
            return self.figures[measure].cell
        own = sorted(table.numbers[cells].tolist())
        number = self.book.cell((BY_PRODUCT, "together", *own))
        self.book.equation(number, own)
        return number

    def _box(self, types: Ints) -> list[tuple[str, int]] | None:
        """The parts of variables that a set has, where nobody else is in all of them."""
        inside = np.ones(len(self.found.at), dtype=np.bool_)
        box = []
        for k, variable in enumerate(self.found.variables):
            along = self._along(k, types)
            inside &= np.isin(self.found.at[:, k], along)
            box.append((variable, union_of(self.found.atoms[variable][atom] for atom in along)))
        return box if int(inside.sum()) == len(types) else None

    def _in_words(self, types: Ints, box: list[tuple[str, int]] | None) -> str:
        words = []
        for k, (variable, mask) in enumerate(box or ()):
            if len(self._along(k, types)) < len(np.unique(self.found.at[:, k])):
                words.append(f"{variable}: {self.axes[variable].words(mask)}")
        return ", ".join(words)

    def _words(self, table: _Table, cells: Ints) -> str:
        measure = self._sum(table.measure[:, cells])
        if measure in self.figures:
            return self.figures[measure].words
        return f"counts of {self.name(table.part.table)}"

    def _measure(self, types: Ints) -> Measure:
        return self._sum(self.weights[:, types])

    def _sum(self, weights: Weights) -> Measure:
        one, other = weights.sum(axis=1, dtype=np.uint64).tolist()
        return one, other

    def _refuse(self) -> None:
        raise TableError(
            f"{_listed(self.found.parts, self.name)}: with what printed zeros say, their "
            "differences tell apart more groups of people than can be checked; use the same "
            "categories and periods in all of them, or ask for fewer of "
            f"{', '.join(self.found.variables)}"
        )


def _less(one: Measure, other: Measure) -> Measure:
    return (one[0] - other[0]) % 2**64, (one[1] - other[1]) % 2**64
