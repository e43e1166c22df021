"""
A printed table from text: its counts, ranges and hidden cells, and how each mark and each figure
was taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nilreturn.disclosure.model import NO_UPPER, PublishedTable
from nilreturn.disclosure.tabular.marks import (
    CellMarks,
    CellReading,
    Kind,
    Readings,
    Rounding,
    common_base,
    decide,
    noticed,
    ranges_in_notes,
    short,
    small_to_zero,
    widen,
)
from nilreturn.disclosure.tabular.reading.counts import (
    cells_of,
    identifier,
    name_of,
    refuse_other_total,
)
from nilreturn.disclosure.tabular.text_tables import TextTable
from nilreturn.errors import TableError
from nilreturn.tables import Coordinates


@dataclass(frozen=True, eq=False)
class ReadTable:
    """
    A printed table and how it was read. `labels` are the headings of its columns of labels, `marks`
    what each mark is taken to mean, `rounding` how its figures were rounded, in words; empty where
    they are as counted.
    """

    table: PublishedTable
    sheet: TextTable
    labels: tuple[str, ...]
    marks: Mapping[str, str]
    totals: tuple[str, ...]
    rounding: str = ""
    hint: str = ""


def read_printed(
    sheet: TextTable,
    *,
    marks: CellMarks,
    labels: int | None = None,
    rounding: Rounding | None = None,
    threshold: int = 5,
) -> ReadTable:
    """
    The table that a sheet holds. A cell that is not there is unknown; so is what a percentage
    stands for.

    Raises `TableError`, with the cell and the option to give, for a text that is neither a count
    nor a known mark, and for a mark that may mean two things where no total tells which.
    """
    shares = sheet.percentages(marks)
    counts = sheet.without(shares)
    number = counts.label_columns(marks) if labels is None else labels
    try:
        dimensions, cells = cells_of(counts, marks, number, shared=bool(shares))
    except TableError as error:
        raise _with_options(error, counts, marks, number) from None
    places = list(itertools.product(*(d.labels for d in dimensions)))
    readings = _readings(places, cells, tuple(len(d.categories) for d in dimensions))
    refuse_other_total(sheet, dimensions, cells, readings.low, readings.high)

    def ask(cell: int) -> str:
        return name_of(sheet, places[cell])

    rounding = rounding or noticed(readings, dimensions)
    how = ""
    if rounding is not None:
        widen(readings, rounding, ask)
        how = f"{rounding}, so each stands for up to {rounding.reach} more or less"
    told = _plain_marks(readings)
    told |= decide(readings, dimensions, marks, ask)
    if rounding is None and small_to_zero(readings, dimensions, threshold):
        how = f"a 0 may be a count under {threshold}: totals exceed their parts beside zeros"
    told |= ranges_in_notes(readings, dimensions, (*sheet.notes, *sheet.above))
    base = 0 if how else common_base(readings)
    hint = (
        f"all figures are multiples of {base}; if they are rounded, give --rounded-to {base}"
        if base
        else ""
    )
    table = PublishedTable(
        identifier(sheet.name),
        sheet.described.title or sheet.title or sheet.name,
        sheet.described.population,
        dimensions,
        readings.low,
        readings.high,
        readings.hidden,
    )
    totals = tuple(
        d.total.label
        for axis, d in enumerate(dimensions)
        if any(p[axis] == d.total.label for p in cells)
    )
    return ReadTable(table, sheet, counts.headings[:number], told, totals, how, hint)


def _readings(
    places: list[Coordinates], cells: Mapping[Coordinates, CellReading], shape: tuple[int, ...]
) -> Readings:
    written = [cells.get(place) for place in places]
    low = np.array([0 if w is None else w.low for w in written], dtype=np.int64).reshape(shape)
    high = np.array([NO_UPPER if w is None else w.high for w in written], dtype=np.int64).reshape(
        shape
    )
    hidden = np.array([w is not None and w.hidden for w in written], dtype=np.bool_).reshape(shape)
    return Readings(low, high, hidden, written)


def _plain_marks(readings: Readings) -> dict[str, str]:
    """The marks that mean one thing, with it."""
    told = {}
    for written in readings.written:
        if written is None or not written.mark or written.mark.casefold() in told:
            continue
        if written.kind is Kind.HIDDEN:
            meaning = f"hidden, at least {written.low}" if written.low else "hidden"
        elif written.kind is Kind.STRUCTURAL_ZERO:
            meaning = "not applicable: nobody can be in it"
        elif written.kind is Kind.FIGURE:
            meaning = _figure_words(written)
        else:
            continue
        told[written.mark.casefold()] = meaning
    return told


def _figure_words(written: CellReading) -> str:
    if not written.hidden:
        return (
            "zero"
            if written.high == 0
            else "not available"
            if written.high == NO_UPPER
            else str(written.low)
        )
    return f"hidden, {written.low} to {written.high}"


def _with_options(error: TableError, sheet: TextTable, marks: CellMarks, labels: int) -> TableError:
    """An error of an unknown text, with what can be said of it."""
    words = str(error)
    texts = (text for row in sheet.rows for text in row[labels:])
    text = next(
        (text for text in texts if f"{short(text)!r} is no count and no mark" in words), None
    )
    if text is None:
        return error
    return TableError(
        f"{words}; say what it means with --mark '{short(text)}=hidden' (or zero, 0-4, not "
        f"available), or with --labels N how many columns hold labels (now {labels})"
    )
