"""
Latent joint cells of tables that share their variables in a cycle (age by sex, sex by month, month
by age). Such tables disclose more together than tables whose variables form a tree.

Along each variable, the finest categories of a table form a *partition*. Partitions are the nodes
of a graph. Those of one table are joined, and so are those of one variable. For each clique of its
junction tree, the record types are numbered over the atoms of its partitions; types that no table
distinguishes are one type. A type that is a printed cell is that cell. Cliques that share
partitions have common cells for them, most of which are printed margins.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.linked_tables.axes import Axis
from nilreturn.disclosure.linked_tables.box_sums import Part
from nilreturn.disclosure.linked_tables.builder import BY_PRODUCT, CellBuilder
from nilreturn.disclosure.linked_tables.junction_tree import Clique, junction_tree
from nilreturn.disclosure.model import Ints
from nilreturn.errors import TableError

MOST_TYPES = 200_000  # record types laid out; beyond, tables are refused, with what to do
MOST_POINTS = 4_000_000  # combinations of atoms looked at to find them
OUTSIDE, IMPOSSIBLE = -1, -2  # labels of what no finest category covers: another population; nobody


@dataclass(frozen=True)
class Partition:
    """How a table divides a variable: the finest masks and what they are taken to cover."""

    variable: str
    leaves: tuple[int, ...]
    within: int

    def labels(self, bits: Sequence[int]) -> Ints:
        """The place of the leaf that each bit lies in."""
        found = np.full(len(bits), OUTSIDE, dtype=np.int64)
        for k, bit in enumerate(bits):
            if self.within >> bit & 1:
                found[k] = IMPOSSIBLE
        at = {bit: k for k, bit in enumerate(bits)}
        for place, mask in enumerate(self.leaves):
            for bit in bits_of(mask):
                found[at[bit]] = place
        return found


@dataclass(frozen=True, eq=False)
class Shared:
    """
    What a clique and the one above agree on: its nodes, and the cell of each of their points (-1
    for none).
    """

    nodes: tuple[int, ...]
    cells: Ints


@dataclass(eq=False)
class Grid:
    """
    The points of a clique: for each variable the classes of its atoms that the clique's nodes tell
    apart.
    """

    variables: list[str]
    labels: dict[int, Ints]  # of each node: the leaf of each class of its variable
    masks: dict[str, list[int]]  # the atoms of each class
    shape: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.shape = tuple(len(self.masks[v]) for v in self.variables)

    def along(self, variable: str, values: Ints) -> Ints:
        """Values of a variable's classes, to be broadcast over the points."""
        shape = [1] * len(self.shape)
        shape[self.variables.index(variable)] = -1
        return values.reshape(shape)


def bits_of(mask: int) -> list[int]:
    """The bits that are set, in order."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def tie(
    parts: Sequence[Part], axes: dict[str, Axis], names: Sequence[str], builder: CellBuilder
) -> None:
    """
    Add the record types and equations of the parts of one universe. `names` are those of the
    tables, by number.
    """
    _Tying(parts, axes, names, builder).run()


class _Tying:
    def __init__(
        self,
        parts: Sequence[Part],
        axes: dict[str, Axis],
        names: Sequence[str],
        builder: CellBuilder,
    ) -> None:
        self.axes, self.names, self.builder = axes, names, builder
        self.bits = {v: bits_of(axis.everything) for v, axis in axes.items()}
        self.nodes: dict[Partition, int] = {}
        self.parts: list[Part] = []
        # Of each part: its nodes, in the order of its axes; -1 where whole.
        self.edges: list[tuple[int, ...]] = []
        seen: set[tuple[int, ...]] = set()
        for part in parts:
            edge = tuple(self._node(part, v) for v in part.masks)
            told = tuple(sorted(node for node in edge if node >= 0))
            if told not in seen:  # another part of the same boxes has the same cells
                seen.add(told)
                self.parts.append(part)
                self.edges.append(edge)
        self.partitions = list(self.nodes)
        self._labels: dict[int, Ints] = {}

    def _node(self, part: Part, variable: str) -> int:
        leaves = tuple(part.leaf_masks(variable, self.axes[variable]))
        within = part.within[variable] & self.axes[variable].everything
        if leaves == (self.axes[variable].everything,):
            return -1
        order = tuple(sorted(leaves))
        return self.nodes.setdefault(Partition(variable, order, within), len(self.nodes))

    def run(self) -> None:
        if len(self.parts) < 2:
            return
        sets = [frozenset(node for node in edge if node >= 0) for edge in self.edges]
        of_variable: dict[str, set[int]] = {}
        for partition, node in self.nodes.items():
            of_variable.setdefault(partition.variable, set()).add(node)
        tree = junction_tree(
            len(self.nodes), [*sets, *map(frozenset, of_variable.values())], self._points
        )
        own: list[list[int]] = [[] for _ in tree]
        for number, nodes in enumerate(sets):
            fitting = [k for k, clique in enumerate(tree) if nodes <= clique.nodes]
            own[min(fitting, key=lambda k: (self._points(tree[k].nodes), k))].append(number)
        below: list[list[Shared]] = [[] for _ in tree]
        for k, clique in enumerate(tree):
            shared = self._clique(k, clique, own[k], below[k])
            if shared is not None:
                below[clique.parent].append(shared)

    def _points(self, nodes: frozenset[int]) -> float:
        """
        About how many points some nodes have: for each variable as many classes as its partitions
        can make.
        """
        found: dict[str, int] = {}
        for node in nodes:
            partition = self.partitions[node]
            found[partition.variable] = found.get(partition.variable, 1) + len(partition.leaves)
        return math.prod(min(count, len(self.bits[v])) for v, count in found.items())

    def _label(self, node: int) -> Ints:
        if node not in self._labels:
            partition = self.partitions[node]
            self._labels[node] = partition.labels(self.bits[partition.variable])
        return self._labels[node]

    def _grid(self, nodes: Iterable[int]) -> Grid:
        of_variable: dict[str, list[int]] = {}
        for node in sorted(nodes):
            of_variable.setdefault(self.partitions[node].variable, []).append(node)
        labels: dict[int, Ints] = {}
        masks: dict[str, list[int]] = {}
        for variable, own in of_variable.items():
            together = np.stack([self._label(node) for node in own])
            distinct, classes = np.unique(together, axis=1, return_inverse=True)
            labels |= dict(zip(own, distinct, strict=True))
            masks[variable] = [0] * distinct.shape[1]
            for bit, number in zip(self.bits[variable], classes.reshape(-1).tolist(), strict=True):
                masks[variable][number] |= 1 << bit
        return Grid(sorted(of_variable), labels, masks)

    def _clique(
        self, number: int, clique: Clique, own: Sequence[int], below: Sequence[Shared]
    ) -> Shared | None:
        grid = self._grid(clique.nodes)
        if math.prod(grid.shape) > MOST_POINTS:
            self._refuse(grid)
        columns = [self._column(grid, k) for k in own]
        cells = [self._leaf_cells(k) for k in own]
        for shared in below:
            columns.append(self._shared_column(grid, shared))
            cells.append(np.arange(len(self.builder.units)))
        types = _types(columns, grid.shape)
        shared_up = None
        if clique.parent >= 0:
            shared_up, classes = self._agree(number, grid, types, sorted(clique.shared))
            columns.append(classes)
            cells.append(np.arange(len(self.builder.units)))
            types = _within(types, classes)
        self._equate(number, grid, types, columns, cells, own)
        return shared_up

    def _column(self, grid: Grid, part: int) -> Ints:
        """The leaf of a part that each point lies in."""
        found = np.zeros(grid.shape, dtype=np.int64)
        outside, impossible = (
            np.zeros(grid.shape, dtype=np.bool_),
            np.zeros(grid.shape, dtype=np.bool_),
        )
        for node in self.edges[part]:
            if node < 0:
                continue
            partition = self.partitions[node]
            labels = grid.along(partition.variable, grid.labels[node])
            outside |= labels == OUTSIDE
            impossible |= labels == IMPOSSIBLE
            found = found * len(partition.leaves) + labels
        found[impossible] = IMPOSSIBLE
        found[outside] = OUTSIDE
        return found

    def _leaf_cells(self, part: int) -> Ints:
        """The cells of a part's leaves, in the order of `_column`."""
        numbers = self.parts[part].leaf_numbers()
        order = []
        for variable, node in zip(self.parts[part].masks, self.edges[part], strict=True):
            leaves = self.parts[part].leaf_masks(variable, self.axes[variable])
            order.append(np.argsort(_rank(leaves)) if node >= 0 else np.arange(len(leaves)))
        return np.asarray(numbers[np.ix_(*order)] if order else numbers).reshape(-1)

    def _shared_column(self, grid: Grid, shared: Shared) -> Ints:
        """The cell shared with a clique below that each point lies in."""
        if not shared.nodes:
            return np.broadcast_to(shared.cells.reshape([1] * len(grid.shape)), grid.shape).copy()
        inner = self._grid(shared.nodes)
        index = []
        for variable in inner.variables:
            place = {
                bit: k for k, mask in enumerate(inner.masks[variable]) for bit in bits_of(mask)
            }
            classes = [place[(mask & -mask).bit_length() - 1] for mask in grid.masks[variable]]
            index.append(grid.along(variable, np.array(classes, dtype=np.int64)))
        return np.broadcast_to(shared.cells[tuple(index)], grid.shape).copy()

    def _agree(self, number: int, grid: Grid, types: Ints, nodes: list[int]) -> tuple[Shared, Ints]:
        """
        The cells that a clique shares with the one above. Points of the shared nodes with the same
        types are one: what lies in the one may as well lie in the other.
        """
        inner = self._grid(nodes) if nodes else Grid([], {}, {})
        place = self._shared_column(
            grid, Shared(tuple(nodes), np.arange(math.prod(inner.shape)).reshape(inner.shape))
        )
        possible = types.reshape(-1) >= 0
        pairs = np.unique(
            np.stack([place.reshape(-1)[possible], types.reshape(-1)[possible]]), axis=1
        )
        cells = np.full(math.prod(inner.shape), OUTSIDE, dtype=np.int64)
        classes: dict[bytes, list[int]] = {}
        for start, after in _runs(pairs[0]):
            own = pairs[1, start:after]
            if not (len(own) == 1 and own[0] == 0):  # type 0: what no table of these has
                classes.setdefault(own.tobytes(), []).append(int(pairs[0, start]))
        for which, points in enumerate(classes.values()):
            cells[points] = self._shared_cell(number, which, inner, points)
        impossible = np.setdiff1d(np.arange(len(cells)), pairs[0])
        cells[impossible] = IMPOSSIBLE
        shared = Shared(tuple(nodes), cells.reshape(inner.shape))
        return shared, self._shared_column(grid, shared)

    def _shared_cell(self, number: int, which: int, inner: Grid, points: list[int]) -> int:
        masks = _box_of(inner, np.array(points, dtype=np.int64))
        universe, unit = self.parts[0].universe, self.parts[0].unit
        if masks is not None:
            return self.builder.box(universe, unit, masks, self.axes)
        return self.builder.cell((BY_PRODUCT, "shared", universe, number, which), unit)

    def _equate(
        self,
        number: int,
        grid: Grid,
        types: Ints,
        columns: Sequence[Ints],
        cells: Sequence[Ints],
        own: Sequence[int],
    ) -> None:
        found, first, count = np.unique(types.reshape(-1), return_index=True, return_counts=True)
        kept = found >= 0
        first, count = first[kept], count[kept]
        cell_of = np.full(len(first), -1, dtype=np.int64)
        labels = [column.reshape(-1)[first] for column in columns]
        for label, of_label in zip(labels, cells, strict=True):
            self._recognise(label, of_label, cell_of)
        told = np.any([label >= 0 for label in labels], axis=0)
        new = np.flatnonzero((cell_of < 0) & told)
        if len(new) > MOST_TYPES:
            self._refuse(grid)
        for one in new.tolist():
            cell_of[one] = self._type_cell(number, grid, one, int(first[one]), int(count[one]))
        printed = {int(n) for k in own for n in self.parts[k].numbers.reshape(-1)}
        for which, (label, of_label) in enumerate(zip(labels, cells, strict=True)):
            is_own = which < len(own)
            self._sums(label, of_label, cell_of, set() if is_own else printed, of_all=is_own)

    def _recognise(self, label: Ints, of_label: Ints, cell_of: Ints) -> None:
        """A type that is all of a cell is that cell."""
        inside = np.flatnonzero(label >= 0)
        times = np.bincount(label[inside], minlength=1)
        for one in inside[times[label[inside]] == 1].tolist():
            cell = int(of_label[label[one]])
            if cell_of[one] < 0:
                cell_of[one] = cell
            else:
                self.builder.equation(cell, [int(cell_of[one])])

    def _type_cell(self, number: int, grid: Grid, one: int, point: int, count: int) -> int:
        universe, unit = self.parts[0].universe, self.parts[0].unit
        if count == 1:
            index = np.unravel_index(point, grid.shape) if grid.shape else ()
            masks = [(v, grid.masks[v][int(i)]) for v, i in zip(grid.variables, index, strict=True)]
            return self.builder.box(universe, unit, masks, self.axes)
        return self.builder.cell((BY_PRODUCT, "type", universe, number, one), unit)

    def _sums(
        self, label: Ints, of_label: Ints, cell_of: Ints, printed: set[int], *, of_all: bool
    ) -> None:
        """
        Each cell is the sum of its types; `printed` ones are, by their own table's sums, already.
        """
        inside = np.flatnonzero(label >= 0)
        order = inside[np.argsort(label[inside], kind="stable")]
        for start, after in _runs(label[order]):
            cell = int(of_label[label[order[start]]])
            if cell not in printed:
                self.builder.equation(cell, cell_of[order[start:after]].tolist())
        if of_all:
            for leaf in np.setdiff1d(np.arange(len(of_label)), label[inside]).tolist():
                self.builder.empty.add(int(of_label[leaf]))

    def _refuse(self, grid: Grid) -> None:
        involved = [
            p
            for p, edge in zip(self.parts, self.edges, strict=True)
            if any(n in grid.labels for n in edge)
        ]
        names = list(dict.fromkeys(self.names[p.table] for p in involved if p.table >= 0))
        raise TableError(
            f"tables {', '.join(names[:8])}{' and others' if len(names) > 8 else ''}: what they "
            f"tell together is more than {MOST_TYPES:,} counts of {', '.join(grid.variables)}; ask "
            "for fewer of these variables together, or use the same categories and periods in all "
            "of them"
        )


def _rank(leaves: Sequence[int]) -> list[int]:
    """The place of each mask among the sorted ones."""
    order = {mask: place for place, mask in enumerate(sorted(leaves))}
    return [order[mask] for mask in leaves]


def _runs(numbers: Ints) -> Iterator[tuple[int, int]]:
    """
    Where each run of equal numbers begins and where it has ended; of no numbers, none.

    >>> list(_runs(np.array([0, 0, 3]))), list(_runs(np.array([], dtype=np.int64)))
    ([(0, 2), (2, 3)], [])
    """
    edges = np.flatnonzero(np.diff(numbers, prepend=-1, append=-1)).tolist()
    return itertools.pairwise(edges)


def _types(columns: Sequence[Ints], shape: tuple[int, ...]) -> Ints:
    """
    The number of each point's record type: points alike in every column are one type, 0 those
    outside all; -1 where some column says that nobody can be there.
    """
    found = np.zeros(shape, dtype=np.int64)
    impossible, inside = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for column in columns:
        impossible |= column == IMPOSSIBLE
        inside |= column >= 0
        _, labels = np.unique(column.reshape(-1), return_inverse=True)
        together = found.reshape(-1) * (int(labels.max(initial=0)) + 1) + labels.reshape(-1)
        found = np.unique(together, return_inverse=True)[1].reshape(shape)
    return np.where(impossible, -1, np.where(inside, found + 1, 0))


def _within(types: Ints, classes: Ints) -> Ints:
    """The types cut so that each lies within one of the classes, numbered like `_types`."""
    cut = np.unique(types * (int(classes.max(initial=0)) + 3) + classes, return_inverse=True)[
        1
    ].reshape(types.shape)
    nobody = (types < 0) | (classes == IMPOSSIBLE)
    return np.where(nobody, -1, np.where((types > 0) | (classes >= 0), cut + 1, 0))


def _box_of(grid: Grid, points: Ints) -> list[tuple[str, int]] | None:
    """The box that some points of a grid are; None where they are none."""
    index = np.unravel_index(points, grid.shape) if grid.shape else ()
    classes = [np.unique(places) for places in index]
    if math.prod(len(c) for c in classes) != len(points):
        return None
    told = []
    for variable, chosen in zip(grid.variables, classes, strict=True):
        mask = 0
        for number in chosen.tolist():
            mask |= grid.masks[variable][number]
        told.append((variable, mask))
    return told
