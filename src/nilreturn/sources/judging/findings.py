"""
The rules that were broken, collected while rows are read: file, row, column and rule, as numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nilreturn.sources.judging.columns import RULE_NAMES, RULE_NUMBERS

if TYPE_CHECKING:
    from numpy.typing import NDArray


# What the mapping itself chose is not listed row by row.
COUNTED_ONLY = frozenset(("other_population", "left_out", "replaced"))


class Findings:
    """
    The rules that were broken. `add` takes the rows of one file that broke a rule in one column;
    None is the row as a whole.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[int, str | None, str], list[NDArray[np.int64]]] = {}
        self._counted: dict[tuple[int, str | None, str], int] = {}

    def add(self, file: int, variable: str | None, rule: str, rows: NDArray[np.int64]) -> None:
        if not len(rows):
            return
        key = (file, variable, rule)
        self._counted[key] = self._counted.get(key, 0) + len(rows)
        if rule not in COUNTED_ONLY:
            self._found.setdefault((file, variable, rule), []).append(np.array(rows, np.int64))

    def add_faults(
        self, file: int, variable: str | None, faults: NDArray[np.uint8], rows: NDArray[np.int64]
    ) -> None:
        """
        Add the rows that broke a rule: `faults` has the number of each row's rule, 0 for none.
        """
        broken = np.flatnonzero(faults)
        if len(broken):
            for number in np.unique(faults[broken]):
                self.add(file, variable, RULE_NAMES[number], rows[broken[faults[broken] == number]])

    def take(self, others: Findings) -> None:
        """Add what was found in other files."""
        self._found.update(others._found)
        self._counted.update(others._counted)

    def forget(self, file: int) -> None:
        """Remove what was found in a file that is read again."""
        self._found = {key: rows for key, rows in self._found.items() if key[0] != file}
        self._counted = {key: rows for key, rows in self._counted.items() if key[0] != file}

    def counts(self, file: int | None = None) -> dict[tuple[str | None, str], int]:
        """
        The number of rows (of that file, or of all) that broke each rule in each column, in order
        of the columns' names; rows as a whole come first.
        """
        counted: dict[tuple[str | None, str], int] = {}
        for (of_file, variable, rule), rows in self._counted.items():
            if file is None or file == of_file:
                counted[variable, rule] = counted.get((variable, rule), 0) + rows
        return dict(sorted(counted.items(), key=lambda item: (item[0][0] or "", item[0][1])))

    def listed(self) -> tuple[list[str], dict[str, NDArray[Any]]]:
        """
        The variables ("" first), and columns of numbers: `file`, `row`, `variable` (its place among
        the variables) and `rule`. They are sorted by file, row, variable and the rule's name.
        """
        variables = sorted({variable or "" for _, variable, _ in self._found} | {""})
        ranks = {name: rank for rank, name in enumerate(sorted(RULE_NUMBERS))}
        parts: list[list[NDArray[Any]]] = [[], [], [], [], []]
        for (file, variable, rule), found in self._found.items():
            rows = np.concatenate(found)
            numbers = (file, variables.index(variable or ""), ranks[rule], RULE_NUMBERS[rule])
            parts[0].append(rows)
            for place, number in enumerate(numbers, 1):
                parts[place].append(np.full(len(rows), number, np.int16))
        row, file_, variable_, rank, rule_ = (
            np.concatenate(part) if part else np.zeros(0, np.int64 if place == 0 else np.int16)
            for place, part in enumerate(parts)
        )
        order = np.lexsort((rank, variable_, row, file_))
        return variables, {
            "file": file_[order],
            "row": row[order],
            "variable": variable_[order],
            "rule": rule_[order],
        }
