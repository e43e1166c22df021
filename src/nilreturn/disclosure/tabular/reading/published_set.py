"""
All that is to be audited together: the tables of several files, read alike, with how each was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.model import tighten_table as propagate_bounds
from nilreturn.disclosure.tabular.figures import a_total
from nilreturn.disclosure.tabular.marks import CellMarks, Rounding
from nilreturn.disclosure.tabular.reading.counts import identifier
from nilreturn.disclosure.tabular.reading.percentages import ReadPercentages, read_percentages
from nilreturn.disclosure.tabular.reading.printed import ReadTable, read_printed
from nilreturn.disclosure.tabular.text_tables import FileRead, files_of, read_file
from nilreturn.tables import Population


@dataclass(frozen=True, eq=False)
class PublishedSet:
    """
    Tables to audit together. `percentages` are what their percentages tell; `left_out` names the
    parts of the files that are no tables, `apart` the tables that were taken to count different
    things, with the reason.
    """

    read: tuple[ReadTable, ...]
    percentages: tuple[ReadPercentages, ...]
    totals: tuple[PublishedTable, ...]
    left_out: tuple[str, ...]
    apart: tuple[str, ...]

    @property
    def tables(self) -> tuple[PublishedTable, ...]:
        return tuple(each.table for each in self.read)

    @property
    def printed(self) -> tuple[PublishedTable, ...]:
        """A total told elsewhere and what percentages tell, as tables that a reader also has."""
        return (
            *self.totals,
            *(share.table for share in self.percentages if share.table is not None),
        )

    @property
    def files(self) -> dict[str, str]:
        """The file of each table, by the table's name."""
        return {each.table.name: each.sheet.file for each in self.read}


def read_published(
    paths: Sequence[Path],
    *,
    marks: CellMarks,
    labels: int | None = None,
    rounding: Rounding | None = None,
    threshold: int = 5,
    grand_total: int | None = None,
) -> PublishedSet:
    """
    The tables of files and folders. `grand_total` is that of the first table, told elsewhere.

    Raises `FileError` where a file cannot be read and `TableError` where it has no table, or where
    something in one must be said by the user.
    """
    files = [read_file(path, marks) for given in paths for path in _files(given)]
    read: list[ReadTable] = []
    apart: list[str] = []
    for file, names in zip(files, _names(files), strict=True):
        tables = [
            read_printed(
                replace(sheet, name=name),
                marks=marks,
                labels=labels,
                rounding=rounding,
                threshold=threshold,
            )
            for sheet, name in zip(file.sheets, names, strict=True)
        ]
        tables, reasons = _told_apart(tables)
        read += tables
        apart += reasons
    totals: tuple[PublishedTable, ...] = ()
    if grand_total is not None:
        totals = (a_total("the total told elsewhere", read[0].table.population, grand_total),)
    shares = [
        read_percentages(
            each.sheet,
            each.table,
            known=[*totals, *(o.table for o in read if o is not each)],
            marks=marks,
        )
        for each in read
    ]
    left_out = tuple(f"{file.path.name}: {words}" for file in files for words in file.left_out)
    return PublishedSet(tuple(read), tuple(shares), totals, left_out, tuple(apart))


def _files(given: Path) -> tuple[Path, ...]:
    return files_of(given) if given.is_dir() else (given,)


def _names(files: Sequence[FileRead]) -> Iterator[list[str]]:
    """The names of the tables, with the file's where two would be called alike."""
    folded = [identifier(sheet.name) for file in files for sheet in file.sheets]
    taken: set[str] = set()
    for file in files:
        names = []
        for sheet in file.sheets:
            alone = folded.count(identifier(sheet.name)) == 1
            name = _free(sheet.name if alone else f"{file.path.stem} {sheet.name}".strip(), taken)
            names.append(name)
        yield names


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while identifier(free) in taken:
        free, number = f"{name} {number}", number + 1
    taken.add(identifier(free))
    return free


# Tables of one file that count different things ---------------------------------------------------


def _told_apart(tables: Sequence[ReadTable]) -> tuple[list[ReadTable], list[str]]:
    """
    Tables of one file that print different figures of what would be the same cells count different
    things: burglaries on one sheet, thefts on the next. Each such group has a unit of its own. What
    is described is taken at its word.
    """
    groups: list[list[ReadTable]] = []
    for each in tables:
        home = next(
            (g for g in groups if all(_agree(each.table, other.table) for other in g)), None
        )
        if home is None:
            groups.append([each])
        else:
            home.append(each)
    if len(groups) <= 1:
        return list(tables), []
    unit_of = {id(each): group[0].table.name for group in groups[1:] for each in group}
    reasons = [
        f"{group[0].table.name} prints other figures than {groups[0][0].table.name}: taken to "
        f"count other things"
        for group in groups[1:]
    ]
    return [_with_unit(each, unit_of.get(id(each), "")) for each in tables], reasons


def _with_unit(each: ReadTable, name: str) -> ReadTable:
    if not name:
        return each
    population = replace(each.table.population, unit=f"{each.table.population.unit} of {name}")
    table = each.table
    arrays = (table.low.copy(), table.high.copy(), table.hidden.copy())
    moved = PublishedTable(table.name, table.title, population, table.dimensions, *arrays)
    return replace(each, table=moved)


def _agree(one: PublishedTable, other: PublishedTable) -> bool:
    """
    Whether two tables can count the same things: they print the same figures of the cells that both
    have.
    """
    if one.population != Population("records") or other.population != Population("records"):
        return True
    first, second = _total(one), _total(other)
    if first[0] > second[1] or second[0] > first[1]:
        return False
    if [d.variable for d in one.dimensions] != [d.variable for d in other.dimensions]:
        return True
    index = [{label: i for i, label in enumerate(d.labels)} for d in other.dimensions]
    for place in np.ndindex(one.low.shape):
        there = [at.get(d.labels[i]) for at, d, i in zip(index, one.dimensions, place, strict=True)]
        if None in there:
            continue
        cell = tuple(i for i in there if i is not None)
        if one.low[place] > other.high[cell] or other.low[cell] > one.high[place]:
            return False
    return True


def _total(table: PublishedTable) -> tuple[int, int]:
    settled = propagate_bounds(table.dimensions, table.low, table.high)
    low, high = settled or (table.low, table.high)
    first = (0,) * len(table.dimensions)
    return int(low[first]), int(high[first])
