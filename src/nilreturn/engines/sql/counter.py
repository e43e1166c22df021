"""What the engines that use SQL have in common: a `CountBackend` made of the compiled trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from nilreturn.engines.dimensions import Path
from nilreturn.engines.planning import BreakdownPlan, Plan
from nilreturn.engines.protocol import Mention
from nilreturn.engines.sql import trees
from nilreturn.engines.tabulation import Cells, ExtremeFound, Mentioned
from nilreturn.questions import Pair
from nilreturn.schema import Column


class Rows(Protocol):
    """Runs a tree over the tables "crimes", "victims" and "mentions" of one extract."""

    def __call__(self, tree: trees.Query) -> Sequence[Sequence[Any]]: ...


class StatementBackend:
    """Counts by running one statement for each kind of count."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def cells(self, plan: Plan) -> Cells:
        return _cells(plan, self._rows(trees.cells(plan)))

    def present(self, facet: BreakdownPlan) -> Sequence[Path]:
        return [(value,) for (value,) in self._rows(trees.present(facet))]

    def pairs(self, plan: Plan) -> Sequence[Pair]:
        return [(name, code) for name, code in self._rows(trees.pairs(plan.offences))]

    def extreme(self, plan: Plan, kind: str, also: Sequence[Column]) -> ExtremeFound | None:
        rows = self._rows(trees.extreme(plan, kind, also))
        return (
            ExtremeFound(int(rows[0][0]), tuple(tuple(row[1:]) for row in rows)) if rows else None
        )

    def mentioned(self, plan: Plan, keywords: Sequence[str]) -> Mentioned:
        counts: dict[str | None, list[int]] = {}
        searched = 0
        for keyword, written, count in self._rows(trees.mentioned(plan, keywords)):
            if written is None:
                searched = int(count)
            else:
                counts.setdefault(keyword, [0, 0])[0 if written else 1] += int(count)
        pairs = {keyword: (written, other) for keyword, (written, other) in counts.items()}
        any_keyword = pairs.pop(None, (0, 0))
        return Mentioned(
            searched, {str(keyword): pair for keyword, pair in pairs.items()}, any_keyword
        )

    def records_behind(self, plan: Plan, keywords: Sequence[str]) -> tuple[Mention, ...]:
        places = {keyword: place for place, keyword in enumerate(keywords)}
        rows = self._rows(trees.records_behind(plan, keywords))
        found = [(str(keyword), str(ref), bool(written)) for keyword, ref, written in rows]
        return tuple(sorted(found, key=lambda mention: (places[mention[0]], mention[1])))


def _cells(plan: Plan, rows: Sequence[Sequence[Any]]) -> Cells:
    depths = [len(facet.keys) for facet in plan.facets]
    return {_paths(row[:-1], depths): int(row[-1] or 0) for row in rows}


def _paths(keys: Sequence[Any], depths: Sequence[int]) -> tuple[Path, ...]:
    """
    A row's keys divided into one path for each facet. A NULL, and what is below it, is not in the
    path.
    """
    paths, at = [], 0
    for depth in depths:
        paths.append(tuple(key for key in keys[at : at + depth] if key is not None))
        at += depth
    return tuple(paths)
