"""
Parts that follow one another along one variable, at a place where several tables print figures: the
months of ever longer periods, for each age. Of many tables the unions of such parts are not laid
out; `unions` looks for those that readers can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nilreturn.disclosure.audit.categories import union
from nilreturn.disclosure.audit.cells.boxes import Box
from nilreturn.disclosure.audit.cells.partitions import Partition
from nilreturn.disclosure.model import Strand, StrandPart

# The variable that parts follow one another along, and the sets of atoms of the others.
Place = tuple[int, Box]


def place_of(box: Box, along: int) -> Place:
    return along, (*box[:along], *box[along + 1 :])


def varying(tables: Sequence[Partition]) -> list[int]:
    """The variables that the tables are not all cut by in the same way."""
    return [
        k
        for k in range(len(tables[0].parts))
        if len({frozenset(table.parts[k]) for table in tables}) > 1
    ]


def prints_at(table: Partition, place: Place) -> bool:
    """Whether a table that adds up has figures at a place."""
    along, masks = place
    entries = (*table.entries[:along], *table.entries[along + 1 :])
    return table.is_partition and all(mask in own for mask, own in zip(masks, entries, strict=True))


def strands_of(
    tables: Sequence[Partition],
    variables: Sequence[int],
    groups: Iterable[tuple[Box, int]],
    unit: str,
    words: Sequence[str],
) -> Iterator[Strand]:
    """
    The strands at each place where at least two tables print figures, each with the parts that are
    no two others together, along each of the `variables`. `groups` are boxes with their cells;
    `words` name all variables.
    """
    parts: dict[Place, dict[int, StrandPart]] = {}
    at: dict[Place, list[Partition]] = {}
    for along in variables:
        for table in tables:
            if not table.is_partition:
                continue
            finest = set(table.parts[along])
            chosen = [
                [m for m in own if k != along or m in finest] for k, own in enumerate(table.entries)
            ]
            for box, cell in table.figures(chosen):
                place = place_of(box, along)
                parts.setdefault(place, {}).setdefault(
                    box[along], StrandPart(box[along], cell, table.words(box))
                )
                if not at.setdefault(place, []) or at[place][-1] is not table:
                    at[place].append(table)
    for box, cell in groups:
        for along in variables:
            place = place_of(box, along)
            if len(at.get(place, ())) > 1:
                parts[place].setdefault(box[along], StrandPart(box[along], cell))
    for place, own in parts.items():
        if len(at[place]) > 1:
            cuts = tuple(dict.fromkeys(table.parts[place[0]] for table in at[place]))
            yield Strand(unit, words[place[0]], tuple(_not_of_two(own)), cuts)


def _not_of_two(parts: dict[int, StrandPart]) -> Iterator[StrandPart]:
    # Of two parts that make up a third, one begins where it does.
    by_first: dict[int, list[int]] = {}
    for mask in parts:
        by_first.setdefault(mask & -mask, []).append(mask)
    for mask, part in parts.items():
        if not any(
            m != mask and not m & ~mask and mask & ~m in parts for m in by_first[mask & -mask]
        ):
            yield part


def is_cells_of_one(mask: int, cuts: Iterable[Sequence[int]]) -> bool:
    """Whether a union along a strand is a union of finest cells of one table."""
    return any(union(part for part in parts if not part & ~mask) == mask for parts in cuts)
