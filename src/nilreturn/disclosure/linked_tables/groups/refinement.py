"""
What printed figures tell of groups that nobody prints: July to March less July to December is
January to March.

The family of groups begins with all figures. For a figure and a table whose finest cells cover it,
those of them that meet it, less the figure, are a group; so is the figure less the finest cells
that lie inside it. New groups are taken as figures, until nothing is new. A group that is exactly a
union of finest cells of one table is that table's own. One that is put together again of what a
group was made without and of a group that is known already is not taken further (of ever longer
periods there would be as many as there are sets of them); nor, from a group that is no box,
another.

A group is kept as boxes with a sign. Two groups are the same where a random product measure of them
is: sums of boxes are polynomials in the weights of atoms, and two that differ agree by chance once
in 2**60 (Schwartz 1980; Zippel 1979).
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nilreturn.disclosure.linked_tables.axes import UNNAMED_STATES, Axis
from nilreturn.disclosure.linked_tables.box_sums import Part
from nilreturn.disclosure.linked_tables.builder import BY_PRODUCT, CellBuilder
from nilreturn.disclosure.linked_tables.cyclic_margins import bits_of
from nilreturn.disclosure.linked_tables.groups.finest_cells import (
    Box,
    FinestCells,
    Signed,
    as_boxes,
    union_of,
)
from nilreturn.disclosure.model import Bools, Ints
from nilreturn.errors import TableError

MOST_GROUPS = 50_000
MOST_KEPT = 20_000  # measures of a box in a table, kept for the next group
MOST_WORK = 400_000_000  # cells looked at, one for each box of a group
FIRST, SECOND = 2**31 - 1, 2**31 - 19
PRIMES = np.array([FIRST, SECOND], dtype=np.int64)

Measure = tuple[int, int]


@dataclass(frozen=True)
class Group:
    """
    People that figures tell apart: its boxes, its measure, the variables that it is told apart by,
    its cell (-1 until it has one), and the tables it comes from.
    """

    boxes: Signed
    measure: Measure
    apart: frozenset[str]
    cell: int
    tables: tuple[int, ...]
    words: str
    without: Signed = ()  # what was taken away last


def tell_apart(
    parts: Sequence[Part], axes: dict[str, Axis], builder: CellBuilder, name: Callable[[int], str]
) -> None:
    """
    Add a cell and an equation for each group of one universe. `name` gives the words for a table by
    its number. Raises `TableError` where the groups are too many to be looked at.
    """
    if len(parts) > 1:
        _Family(parts, axes, builder, name).run()


class _Family:
    def __init__(
        self,
        parts: Sequence[Part],
        axes: dict[str, Axis],
        builder: CellBuilder,
        name: Callable[[int], str],
    ) -> None:
        self.axes, self.builder, self.name = axes, builder, name
        self.variables = sorted({v for part in parts for v in part.masks})
        self.tables = [FinestCells(part, self.variables, axes) for part in _distinct(parts)]
        rng = np.random.default_rng(8)
        self.weights = {
            v: np.stack(
                [rng.integers(1, prime, axes[v].everything.bit_length()) for prime in PRIMES]
            )
            for v in self.variables
        }
        self._measures: dict[tuple[str, int], Measure] = {}
        self._products: dict[tuple[int, int, Box], Ints] = {}
        self.seen: set[Measure] = set()
        self.waiting: deque[Group] = deque()
        self.work = 0

    def run(self) -> None:
        for one, other in itertools.permutations(self.tables, 2):
            for figure in self._new_beside(one, other):
                self._beside(figure, other)
        while self.waiting:
            group = self.waiting.popleft()
            for table in self.tables:
                self._beside(group, table)

    # Figures --------------------------------------------------------------------------------------

    def _new_beside(self, one: FinestCells, other: FinestCells) -> Iterator[Group]:
        """
        The figures of one table that another tells something new of: it is enough to look at each
        variable by itself.
        """
        # By variable: what is covered, and what has parts inside; and what of that is the table's
        # own.
        covered, inside = [], []
        for k, masks in enumerate(one.masks):
            found = [(other.around(k, mask), other.inside(k, mask)) for mask in masks]
            covered.append(
                ([hull >= 0 for hull, _ in found], [one.makes(k, hull) for hull, _ in found])
            )
            if other.is_row:
                found = [(hull, core if hull >= 0 else 0) for hull, core in found]
            inside.append(
                ([core > 0 for _, core in found], [one.makes(k, core) for _, core in found])
            )
        new = _some(covered) | _some(inside)
        if not new.any():
            return
        numbers = one.part.numbers.reshape(new.shape)
        for index in np.argwhere(new).tolist():
            box = tuple(one.masks[k][i] for k, i in enumerate(index))
            boxes: Signed = ((1, box),)
            cell, from_one = int(numbers[tuple(index)]), (one.part.table,)
            yield Group(boxes, self._measure(boxes), frozenset(), cell, from_one, self._words(box))

    # Groups ---------------------------------------------------------------------------------------

    def _beside(self, group: Group, table: FinestCells) -> None:
        """
        Take in what a table tells of a group: what it has around it, and what is in it beyond the
        table's cells.
        """
        boxed = group.boxes[0][1] if len(group.boxes) == 1 else None
        if boxed is not None:
            hull, core = table.box_around(boxed), table.box_inside(boxed)
            around: Signed | None = ((1, hull),) if hull is not None else None
            inner: Signed | None = ((1, core),) if core is not None else None
        else:
            around, inner = self._cells(group, table)
        if table.is_row and around is None:
            inner = None
        if around is not None:
            self._take(group, around, table, is_around=True)
        if inner is not None:
            self._take(group, inner, table, is_around=False)

    def _cells(self, group: Group, table: FinestCells) -> tuple[Signed | None, Signed | None]:
        """
        The finest cells of a table that meet a group (None where it lies outside), and those inside
        it.
        """
        size = tuple(len(of_one) for of_one in table.leaves)
        self.work += int(np.prod(size)) * len(group.boxes)
        if self.work > MOST_WORK:
            self._refuse()
        common = np.zeros((2, *size), dtype=np.int64)
        for sign, box in group.boxes:
            common = (common + sign * self._product(table, box)) % _column(PRIMES, len(size))
        own = self._product(
            table, tuple(axis.everything for axis in (self.axes[v] for v in self.variables))
        )
        total = common.reshape(2, -1).sum(axis=1) % PRIMES
        meets, inside = (common != 0).any(axis=0), ((common == own) & (own != 0)).all(axis=0)
        around = as_boxes(table, meets) if tuple(total.tolist()) == group.measure else None
        return around, as_boxes(table, inside) if inside.any() else None

    def _product(self, table: FinestCells, box: Box) -> Ints:
        """The measure of what each finest cell of a table has in common with a box."""
        key = (table.part.table, id(table), box)
        if key not in self._products:
            if len(self._products) > MOST_KEPT:
                self._products.clear()
            found = np.ones((2, *[1] * len(self.variables)), dtype=np.int64)
            for k, variable in enumerate(self.variables):
                along = [self._of_mask(variable, leaf & box[k]) for leaf in table.leaves[k]]
                if len(along) == 1:
                    found = found * _column(np.array(along[0], dtype=np.int64), len(self.variables))
                else:
                    shape = [2, *[1] * len(self.variables)]
                    shape[k + 1] = -1
                    found = found * np.array(along, dtype=np.int64).T.reshape(shape)
                found %= _column(PRIMES, len(self.variables))
            self._products[key] = found
        return self._products[key]

    def _take(self, group: Group, cells: Signed, table: FinestCells, *, is_around: bool) -> None:
        """
        A group from another and the cells around or inside it; nothing where it is known already.
        """
        less = group.boxes if is_around else cells
        boxes = (*(cells if is_around else group.boxes), *((-sign, box) for sign, box in less))
        measure = self._measure(boxes)
        if measure == (0, 0) or measure in self.seen:
            return
        self.seen.add(measure)
        if self._is_put_together(group, boxes, measure):
            return
        apart = group.apart | self._apart(group.boxes, cells)
        whole = self._words_of(cells, table) if is_around else group.words
        rest = group.words if is_around else self._words_of(cells, table)
        tables = (*group.tables, table.part.table)
        found = Group(self._simplest(boxes, measure), measure, apart, -1, tables, "", less)
        if (len(found.boxes) > 1 and len(group.boxes) > 1) or self._is_own(found):
            return
        if len(self.seen) > MOST_GROUPS:
            self._refuse()
        self.waiting.append(
            self._enter(found, group, cells, table, whole, rest, is_around=is_around)
        )

    def _is_put_together(self, group: Group, boxes: Signed, measure: Measure) -> bool:
        """Whether a group is what another was made without, and one that is known besides."""
        if not group.without:
            return False
        common = [
            (sign * other, tuple(a & b for a, b in zip(box, gone, strict=True)))
            for sign, box in boxes
            for other, gone in group.without
        ]
        without = self._measure(group.without)
        if self._measure(tuple(common)) != without:
            return False
        rest = (measure[0] - without[0]) % FIRST, (measure[1] - without[1]) % SECOND
        return rest == (0, 0) or rest in self.seen

    def _is_own(self, group: Group) -> bool:
        """Whether a group is exactly a union of finest cells of one table."""
        for table in self.tables:
            if len(group.boxes) == 1:
                if table.box_inside(group.boxes[0][1]) == group.boxes[0][1]:
                    return True
            else:
                inner = self._cells(group, table)[1]
                if inner is not None and self._measure(inner) == group.measure:
                    return True
        return False

    def _simplest(self, boxes: Signed, measure: Measure) -> Signed:
        """One box, where a group is one; else its boxes, those that cancel left out."""
        along = _along_one(boxes)
        if along is not None:
            return ((1, along),)
        box = []
        for k in range(len(self.variables)):
            mask = 0
            for bit in bits_of(union_of(b[k] for _, b in boxes)):
                part = tuple(
                    (sign, (*b[:k], b[k] & 1 << bit, *b[k + 1 :]))
                    for sign, b in boxes
                    if b[k] >> bit & 1
                )
                if self._measure(part) != (0, 0):
                    mask |= 1 << bit
            box.append(mask)
        self.work += len(boxes) * sum(self.axes[v].everything.bit_length() for v in self.variables)
        if self._measure(((1, tuple(box)),)) == measure:
            return ((1, tuple(box)),)
        times: dict[Box, int] = {}
        for sign, one in boxes:
            times[one] = times.get(one, 0) + sign
        return tuple((sign, one) for one, sign in times.items() if sign)

    def _enter(
        self,
        found: Group,
        group: Group,
        cells: Signed,
        table: FinestCells,
        whole: str,
        rest: str,
        *,
        is_around: bool,
    ) -> Group:
        universe, unit = table.part.universe, table.part.unit
        if len(found.boxes) == 1:
            masks = zip(self.variables, found.boxes[0][1], strict=True)
            cell = self.builder.box(universe, unit, masks, self.axes)
            words = (
                self._words_of_rest(found, group, cells, is_around=is_around)
                or f"{whole} less {rest}"
            )
        else:
            cell = self.builder.cell((BY_PRODUCT, "group", universe, *found.measure), unit)
            words = f"{whole} less {rest}"
        other = self._together(cells, table)
        if is_around:
            self.builder.equation(other, (group.cell, cell))
        else:
            self.builder.equation(group.cell, (other, cell))
        self.builder.difference.add(cell)
        self.builder.words[cell] = f"{unit} that no table prints ({words})"
        variables = sorted(found.apart)
        self.builder.apart[cell] = tuple(sorted({*self.builder.apart.get(cell, ()), *variables}))
        self.builder.advice.setdefault(cell, self._advice(found, unit, whole, rest, words))
        return replace(found, cell=cell, words=words)

    def _together(self, cells: Signed, table: FinestCells) -> int:
        """The cell that counts several finest cells of a table together."""
        part = table.part
        if len(cells) == 1:
            box = cells[0][1]
            number = self.builder.box(
                part.universe, part.unit, zip(self.variables, box, strict=True), self.axes
            )
            if table.category(box) is None:
                self.builder.equation(number, table.within(box))
            return number
        own = [number for sign, box in cells if sign > 0 for number in table.finest(box)]
        for sign, box in cells:
            if sign < 0:
                gone = set(table.finest(box))
                own = [number for number in own if number not in gone]
        number = self.builder.cell((BY_PRODUCT, "together", *sorted(own)))
        self.builder.equation(number, own)
        return number

    # Measures and words ---------------------------------------------------------------------------

    def _of_mask(self, variable: str, mask: int) -> Measure:
        key = (variable, mask)
        if key not in self._measures:
            first, second = (self.weights[variable][:, bits_of(mask)].sum(axis=1) % PRIMES).tolist()
            self._measures[key] = first, second
        return self._measures[key]

    def _measure(self, boxes: Signed) -> Measure:
        one = other = 0
        for sign, box in boxes:
            first = second = 1
            for variable, mask in zip(self.variables, box, strict=True):
                along = self._of_mask(variable, mask)
                first, second = first * along[0] % FIRST, second * along[1] % SECOND
            one, other = one + sign * first, other + sign * second
        return one % FIRST, other % SECOND

    def _apart(self, boxes: Signed, cells: Signed) -> frozenset[str]:
        """The variables along which a group and the cells beside it are not the same."""
        mine, theirs = (
            [union_of(box[k] for _, box in told) for k in range(len(self.variables))]
            for told in (boxes, cells)
        )
        return frozenset(
            v for v, one, other in zip(self.variables, mine, theirs, strict=True) if one != other
        )

    def _words(self, box: Box) -> str:
        told = zip(self.variables, box, strict=True)
        words = [f"{v}: {self.axes[v].words(m)}" for v, m in told if m != self.axes[v].everything]
        return ", ".join(words) or "all"

    def _words_of_rest(self, found: Group, group: Group, cells: Signed, *, is_around: bool) -> str:
        """
        A group that is one box in words; empty where what it has of several values at once has no
        name.
        """
        (_, box), (more, *_), (fewer, *_) = found.boxes[0], cells, group.boxes
        for k, variable in enumerate(self.variables):
            axis = self.axes[variable]
            whole, part = (more[1][k], fewer[1][k]) if is_around else (fewer[1][k], more[1][k])
            if (
                axis.words(box[k]) == UNNAMED_STATES
                and axis.several is not None
                and box[k] == whole & ~part
            ):
                names = axis.words(whole), axis.words(part)
                if UNNAMED_STATES not in names:
                    axis.several.names[box[k]] = " but not ".join(names)
        words = self._words(box)
        return "" if UNNAMED_STATES in words else words

    def _words_of(self, cells: Signed, table: FinestCells) -> str:
        return (
            self._words(cells[0][1])
            if len(cells) == 1
            else f"counts of {self.name(table.part.table)}"
        )

    def _advice(self, group: Group, unit: str, whole: str, rest: str, words: str) -> str:
        names = list(dict.fromkeys(self.name(table) for table in group.tables))
        variables = " and of ".join(sorted(group.apart))
        of_both = "both" if len(names) < 3 else "all"
        return (
            f"{' and '.join(names)}: {unit} ({whole}) less {unit} ({rest}) leaves a small count of "
            f"{unit} ({words}); give one of them, or use the same categories of {variables} in "
            f"{of_both}"
        )

    def _refuse(self) -> None:
        names = list(dict.fromkeys(self.name(table.part.table) for table in self.tables))
        told = f"{', '.join(names[:8])}{' and others' if len(names) > 8 else ''}"
        raise TableError(
            f"{told}: their differences tell apart more groups of people than can be checked; use "
            "the same categories and periods in all of them, or ask for fewer of "
            f"{', '.join(self.variables)}"
        )


def _distinct(parts: Sequence[Part]) -> list[Part]:
    """Parts without those that have the cells of another."""
    seen: set[tuple[int, ...]] = set()
    found = []
    for part in parts:
        told = tuple(sorted(set(part.numbers.reshape(-1).tolist())))
        if told not in seen:
            seen.add(told)
            found.append(part)
    return found


def _along_one(boxes: Signed) -> Box | None:
    """A box less another that is alike but for one variable, along which it is a part."""
    if len(boxes) != 2 or (boxes[0][0], boxes[1][0]) != (1, -1):
        return None
    whole, part = boxes[0][1], boxes[1][1]
    unlike = [k for k, (one, other) in enumerate(zip(whole, part, strict=True)) if one != other]
    if len(unlike) != 1 or part[unlike[0]] & ~whole[unlike[0]]:
        return None
    return tuple(
        one & ~other if k in unlike else one
        for k, (one, other) in enumerate(zip(whole, part, strict=True))
    )


def _some(along: list[tuple[list[bool], list[bool]]]) -> Bools:
    """Where every variable says yes in the first list, and not every one in the second."""
    yes, own = (np.ones([1] * len(along), dtype=np.bool_) for _ in range(2))
    for k, (first, second) in enumerate(along):
        shape = [1] * len(along)
        shape[k] = -1
        yes = yes & np.array(first, dtype=np.bool_).reshape(shape)
        own = own & np.array(second, dtype=np.bool_).reshape(shape)
    found: Bools = yes & ~own
    return found


def _column(primes: Ints, dimensions: int) -> Ints:
    return primes.reshape([2, *[1] * dimensions])
