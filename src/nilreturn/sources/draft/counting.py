"""Counts the rows of each text in some columns, over a whole file in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nilreturn.sources.draft.loading import run_over
from nilreturn.sources.reading import SourceRows

if TYPE_CHECKING:
    import duckdb

NOTHING = frozenset({"", "null", "(null)", "none", "n/a", "#n/a", "na", "nil", "-", ".", "(blank)"})
_MOST = 200  # texts of a column: one with more is no closed set


def counted_texts(
    engine: duckdb.DuckDBPyConnection, rows: SourceRows, places: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    """
    For each variable of `places`, the texts of its column with their rows, the most frequent first.
    Texts are put on one line, and words for no value are left out. Of a column with over `_MOST`
    texts the others are left out.
    """
    if not places:
        return {}
    columns = sorted(set(places.values()))
    names = ", ".join(f"c{place}" for place in columns)
    sets = ", ".join(f"(c{place})" for place in columns)
    run_over(
        engine,
        rows,
        lambda query: (
            f"CREATE TABLE counted AS SELECT grouping({names}) AS which, {names}, count(*) "
            f"FROM (SELECT {names} FROM ({query})) GROUP BY GROUPING SETS ({sets})"
        ),
    )
    texts: dict[int, dict[str, int]] = {place: {} for place in columns}
    found = engine.execute("FROM counted")
    while batch := found.fetchmany(10_000):
        for which, *values, count in batch:
            for number, place in enumerate(columns):
                is_grouped = not which >> (len(columns) - 1 - number) & 1
                if is_grouped and values[number] is not None:
                    _add(texts[place], str(values[number]), count)
    return {variable: _most(texts[place]) for variable, place in places.items()}


def _add(texts: dict[str, int], text: str, rows: int) -> None:
    bare = " ".join(text.split())
    if bare.casefold() not in NOTHING:
        texts[bare] = texts.get(bare, 0) + rows


def _most(texts: Mapping[str, int]) -> dict[str, int]:
    ordered = sorted(texts.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered[:_MOST])
