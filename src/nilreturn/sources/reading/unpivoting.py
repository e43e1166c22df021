"""Turns columns that are values into rows: a column for each month becomes a row for each month."""

from __future__ import annotations

from dataclasses import replace

from nilreturn import sql
from nilreturn.errors import SourceError
from nilreturn.sources.mapping import Unpivot
from nilreturn.sources.reading.rows import SourceRows


def unpivot(rows: SourceRows, asked: Unpivot) -> SourceRows:
    """
    For each record, a row for each column whose header matches, in the columns' order: the header
    in a column `asked.name`, the cell in a column `asked.value`. Raises `SourceError` where no
    header matches.
    """
    turned = [
        place
        for place, header in enumerate(rows.headers)
        if asked.columns.fullmatch(header.strip())
    ]
    kept = [place for place in range(len(rows.headers)) if place not in turned]
    if not turned:
        raise SourceError(
            f"{rows.path}: no header matches the pattern of 'unpivot'; change the mapping or the "
            f"report"
        )
    return _turned(rows, asked, kept, turned)


def _turned(rows: SourceRows, asked: Unpivot, kept: list[int], turned: list[int]) -> SourceRows:
    columns = [f"c{place} AS c{number}" for number, place in enumerate(kept)]
    names = ", ".join(sql.text(rows.headers[place].strip()) for place in turned)
    cells = ", ".join(f"c{place}" for place in turned)
    columns += [
        f"unnest([{names}]) AS c{len(kept)}",
        f"unnest([{cells}]) AS c{len(kept) + 1}",
        "_shape",
    ]
    otherwise = rows.otherwise
    return replace(
        rows,
        headers=(*(rows.headers[place] for place in kept), asked.name, asked.value),
        query=f"SELECT {', '.join(columns)} FROM ({rows.query})",
        records=None if rows.records is None else rows.records * len(turned),
        found={**rows.found, "columns_turned_into_rows": len(turned)},
        otherwise=(lambda: _turned(otherwise(), asked, kept, turned)) if otherwise else None,
    )
