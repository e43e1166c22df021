"""
What categories mean, part by part: a variable's line is cut at every end that any table names, and
whatever a category covers is a set of the pieces, as bits of an integer. The last piece is all that
no table names.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from nilreturn.ages import ages_in_words
from nilreturn.disclosure.model import UNNAMED, TableShape
from nilreturn.errors import TableError
from nilreturn.tables import Category, Dimension, Extent

# Numbers from here on are days; ages and the like are far below.
FIRST_DAY = date(1000, 1, 1).toordinal()
FURTHER = "\0further"  # the piece of further victims, on the line of whether details are recorded
NAMED_PIECES = 4  # pieces of a variable that a sentence lists

Interval = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """
    One variable over a set of tables: its pieces in bit order, all others last. `below` are the
    labels without a meaning of their own that stand for the labels under them, in any of the
    tables.
    """

    variable: str
    intervals: tuple[Interval, ...]
    names: tuple[str, ...]
    below: Mapping[str, tuple[str, ...]]

    @property
    def size(self) -> int:
        """Pieces, all others included."""
        return len(self.intervals) + len(self.names) + 1

    @property
    def everything(self) -> int:
        return (1 << self.size) - 1

    @property
    def named(self) -> int:
        """The pieces that have a name of their own, not a number."""
        return ((1 << len(self.names)) - 1) << len(self.intervals)

    def mask(self, extent: Extent) -> int:
        """The pieces of an extent."""
        found = 0
        for first, last in extent.ranges:
            found |= sum(
                1 << bit for bit, (a, b) in enumerate(self.intervals) if first <= a and b <= last
            )
        for bit, name in enumerate(self.names, len(self.intervals)):
            found |= (name in extent.values) << bit
        return found

    def category(self, category: Category) -> int | None:
        """The pieces of a category; None for everything in its table's population."""
        if category.covers is not None:
            return self.mask(category.covers)
        return (
            None if category.parent is None else self.mask(_spelt_out(category.label, self.below))
        )

    def words(self, mask: int) -> str:
        """A set of pieces for a reader of messages."""
        spans = Extent(
            tuple(span for bit, span in enumerate(self.intervals) if mask >> bit & 1)
        ).ranges
        words = [_span(first, last) for first, last in spans]
        words += [
            name
            for bit, name in enumerate(self.names, len(self.intervals))
            if mask >> bit & 1 and name != FURTHER
        ]
        if mask >> (self.size - 1) & 1:
            words.append("all others")
        if len(words) > NAMED_PIECES:
            words = [*words[:NAMED_PIECES], f"{len(words) - NAMED_PIECES} more"]
        return ", ".join(words)


def _span(first: int, last: int) -> str:
    if first < FIRST_DAY:
        return ages_in_words(first, last, from_youngest=False)
    days = [f"{day.day} {day:%B %Y}" for day in (date.fromordinal(first), date.fromordinal(last))]
    return days[0] if first == last else f"{days[0]} to {days[1]}"


def line_of(
    variable: str, extents: Sequence[Extent], dimensions: Sequence[tuple[TableShape, Dimension]]
) -> Line:
    """The line of a variable that is restricted to `extents` and divided by `dimensions`."""
    below = _labels_below(variable, dimensions)
    named = list(extents)
    for _, dimension in dimensions:
        for category in dimension.categories:
            if category.covers is not None:
                named.append(category.covers)
            elif category.parent is not None:
                named.append(_spelt_out(category.label, below))
    return Line(
        variable, tuple(_cut(named)), tuple(sorted({v for e in named for v in e.values})), below
    )


def _cut(extents: Iterable[Extent]) -> list[Interval]:
    """The intervals between all ends, those that no extent reaches left out."""
    ranges = [r for extent in extents for r in extent.ranges]
    starts = sorted({first for first, _ in ranges} | {last + 1 for _, last in ranges})
    reached = Extent(tuple(ranges)).ranges
    cut, place = [], 0
    for first, after in itertools.pairwise(starts):
        while place < len(reached) and reached[place][1] < first:
            place += 1
        if place < len(reached) and reached[place][0] <= first:
            cut.append((first, after - 1))
    return cut


def _spelt_out(label: str, below: Mapping[str, tuple[str, ...]]) -> Extent:
    """A label that nothing explains means itself, or all the labels under it."""
    found, waiting = set(), [label]
    while waiting:
        name = waiting.pop()
        waiting += below.get(name, ())
        if name not in below:
            found.add(name)
    return Extent(values=frozenset(found))


def _labels_below(
    variable: str, dimensions: Iterable[tuple[TableShape, Dimension]]
) -> dict[str, tuple[str, ...]]:
    below: dict[str, tuple[str, ...]] = {}
    table: dict[str, str] = {}
    for shape, dimension in dimensions:
        for category in dimension.categories:
            under = tuple(sorted(c.label for c in dimension.children(category.label)))
            if category.parent is None or category.covers is not None or not under:
                continue
            first = table.setdefault(category.label, shape.name)
            if below.setdefault(category.label, under) != under:
                raise TableError(
                    f"tables {first} and {shape.name}: {category.label!r} of {variable} has not "
                    "the same parts in both; state what it covers in each"
                )
    _refuse_circles(variable, below)
    return below


def _refuse_circles(variable: str, below: Mapping[str, tuple[str, ...]]) -> None:
    left = {label: [name for name in under if name in below] for label, under in below.items()}
    while left:
        done = [label for label, under in left.items() if not any(name in left for name in under)]
        if not done:
            raise TableError(
                f"the hierarchy of {variable} runs in a circle through {min(left)!r}; a category "
                "adds up into one above it"
            )
        for label in done:
            del left[label]


def refuse_unnamed(shapes: Sequence[TableShape]) -> None:
    """
    Raise where two variables without a name have some categories in common: nobody can tell whether
    they are one.
    """
    first: dict[str, tuple[str, TableShape]] = {}
    for shape in shapes:
        for dimension in shape.dimensions:
            if not dimension.variable.startswith(UNNAMED):
                continue
            for category in dimension.categories[1:]:
                variable, other = first.setdefault(
                    category.label.casefold(), (dimension.variable, shape)
                )
                if variable != dimension.variable:
                    raise TableError(
                        f"tables {other.name} and {shape.name}: both have {category.label!r}, "
                        "under no heading and beside other categories; say what is divided, in "
                        f"{other.name}.yaml and {shape.name}.yaml (columns: {{columns: {{variable: "
                        "…}})"
                    )


Flags = npt.NDArray[np.bool_]


def bits_of(masks: Sequence[int], size: int) -> Flags:
    """Masks as flags of shape (masks, size)."""
    width = (size + 7) // 8
    raw = np.frombuffer(b"".join(mask.to_bytes(width, "little") for mask in masks), dtype=np.uint8)
    flags = np.unpackbits(raw.reshape(len(masks), width), axis=1, count=size, bitorder="little")
    return flags.astype(np.bool_)


def mask_of(bits: Iterable[int]) -> int:
    return sum(1 << int(bit) for bit in bits)


def atoms_of(masks: Iterable[int], size: int) -> list[int]:
    """
    The parts that none of the masks cuts, those outside all of them left out, in the order of their
    first piece.

    >>> atoms_of([0b0111, 0b1100], 5)
    [3, 4, 8]
    """
    distinct = sorted(set(masks) - {0})
    if not distinct:
        return []
    flags = bits_of(distinct, size).T
    signatures = [row.tobytes() for row in np.packbits(flags, axis=1)]
    parts: dict[bytes, list[int]] = {}
    for bit, signature in enumerate(signatures):
        if flags[bit].any():
            parts.setdefault(signature, []).append(bit)
    return [mask_of(bits) for bits in parts.values()]
