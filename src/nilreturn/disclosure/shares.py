"""
What printed percentages tell of the counts behind them: 4.8% of 63 can only be 3.

A percentage bounds its count by what it is a share of, however the percentage was rounded. What it is of need
not be printed: what other sums tell of it is enough. That is all that is drawn from it: that several percentages
add up to 100 tells no more, since each is rounded by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np

from nilreturn.disclosure.audit.numbering import number_cells
from nilreturn.disclosure.described import COLUMNS, Percentage
from nilreturn.disclosure.knowledge import gather
from nilreturn.disclosure.markers import Marks, as_percentage
from nilreturn.disclosure.published import PublishedTable, share_of
from nilreturn.disclosure.sheet import Sheet, read_sheet
from nilreturn.disclosure.system import NO_CEILING
from nilreturn.disclosure.tabular import printed_from_sheet
from nilreturn.errors import TableError
from nilreturn.tables import Dimension

Index = tuple[int, ...]
Ends = tuple[Decimal, Decimal]


def shares_from_csv(
    path: Path, *, known: Sequence[PublishedTable] = (), marks: Marks | None = None, labels: int | None = None
) -> PublishedTable | None:
    """
    What the percentages in a printed CSV file tell of its counts; None where it has none. `known` may tell what they
    are shares of.

    Raises `TableError` where it is not told what they are shares of, or where no whole number is such a share.
    """
    marks = marks or Marks()
    sheet = read_sheet(path)
    columns = sheet.percentages(marks)
    if not columns:
        return None
    table = printed_from_sheet(sheet, marks=marks, labels=labels)
    knowledge = gather([table], known, lay_out=number_cells)
    cells = knowledge.cells.of_table[0]
    low, high = np.zeros_like(table.low), np.full_like(table.high, NO_CEILING)
    for column in columns:
        for place, base, ends in _read(sheet, column, table.dimensions, marks):
            least, most = (int(b[cells[base]]) for b in (knowledge.bounds.low, knowledge.bounds.high))
            found = share_of(ends, least, most)
            if found is None:
                where = " / ".join(d.labels[i] for d, i in zip(table.dimensions, place, strict=True))
                total = str(least) if least == most else f"a total from {least} to {most}"
                raise TableError(
                    f"table {sheet.name}: {where}: no whole number is the percentage printed in "
                    f"{sheet.headings[column]!r} of {total}; check what it is a share of"
                )
            low[place], high[place] = max(low[place], found[0]), min(high[place], found[1])
    if (low > high).any():
        raise TableError(f"table {sheet.name}: two percentages of one count contradict each other; correct one of them")
    name = f"the percentage column of {table.name}"
    hidden = np.zeros(low.shape, dtype=np.bool_)
    return PublishedTable(name, table.title, table.population, table.dimensions, low, high, hidden)


def _read(
    sheet: Sheet, column: int, dimensions: Sequence[Dimension], marks: Marks
) -> Iterator[tuple[Index, Index, Ends]]:
    """Each percentage of a column: the cell it is the share of a total of, that total's cell, and its ends."""
    heading = sheet.headings[column]
    told = _told(sheet, heading, dimensions, alone=len(sheet.percentages(marks)) == 1)
    labels = [place for place, d in enumerate(dimensions) if d.title != COLUMNS]
    index = [{label: i for i, label in enumerate(d.labels)} for d in dimensions]
    for row in sheet.rows:
        text = row[column]
        if not text or marks.is_mark(text):
            continue
        ends = as_percentage(text)
        if ends is None:
            raise TableError(f"table {sheet.name}: {' / '.join(row[: len(labels)])}: {text!r} is no percentage")
        names = [*row[: len(labels)], *([told.counts] if len(labels) < len(dimensions) else [])]
        place = tuple(at[name] for at, name in zip(index, names, strict=True))
        base = tuple(i if d.title in told.within else 0 for i, d in zip(place, dimensions, strict=True))
        yield place, base, ends


def _told(sheet: Sheet, heading: str, dimensions: Sequence[Dimension], *, alone: bool) -> Percentage:
    """What a column holds percentages of. Raises `TableError` where it must be told and is not."""
    told = sheet.described.percentages.get(heading)
    titles = [d.title for d in dimensions]
    if told is None and len(dimensions) == 1 and alone:
        return Percentage()
    if told is None:
        raise TableError(
            f"table {sheet.name}: {heading!r} holds percentages; say of what in {sheet.name}.yaml (percentages: "
            f"{{{heading!r}: {{counts: …, within: […]}}}})"
        )
    wrong = [name for name in told.within if name not in titles]
    if wrong:
        raise TableError(f"table {sheet.name}: {heading!r} is within {wrong[0]!r}; name any of {', '.join(titles)}")
    if COLUMNS in titles and told.counts not in dimensions[-1].labels:
        columns = ", ".join(dimensions[-1].labels)
        raise TableError(f"table {sheet.name}: {heading!r} does not say of which counts it is; name one of {columns}")
    return told
