"""
Which values a sum of record types can have, by counting through every feasible table. Plain Python,
no solver.

Record types are taken one after another. What matters of those taken is what each printed sum has
so far; tables that agree in that are continued together (dynamic programming), and those that no
continuation completes are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.attacker.figures import NO_LIMIT
from tests.support.attacker.layout import System
from tests.support.attacker.search import ContradictionError, Group

MOST_STEPS = 40_000  # of all layers together

State = tuple[int, ...]


class TooManyTablesError(Exception):
    """More steps than this attacker walks through."""


class Enumerating:
    """
    What the system leaves possible. A record type that nothing printed bounds is taken to have at
    most `most` records.
    """

    def __init__(
        self, system: System, *, also: Iterable[tuple[Group, int, int]] = (), most: int = 12
    ) -> None:
        extra = list(also)
        self.system, self.most, self.bounded = system, most, system.bounded()
        self.types = _ordered(system)
        sums: dict[tuple[tuple[int, int], ...], tuple[int, int]] = {}
        for terms, low, high in (
            *_sums(system),
            *((dict.fromkeys(g, 1), low, high) for g, low, high in extra),
        ):
            key = tuple(sorted(terms.items()))
            least, most_of_it = sums.get(key, (low, high))
            sums[key] = max(low, least), min(high, most_of_it)
        self.low, self.high = [low for low, _ in sums.values()], [high for _, high in sums.values()]
        if any(low > high for low, high in sums.values()):
            raise ContradictionError
        of_type: dict[int, dict[int, int]] = {at: {} for at in self.types}
        for row, key in enumerate(sums):
            for at, factor in key:
                of_type[at][row] = factor
        self.terms = [of_type[at] for at in self.types]
        self._prepare()
        self.steps = self._walk()

    def _prepare(self) -> None:
        """
        Where each sum begins and ends among the types in their order, and how it can still change.
        """
        rows = range(len(self.low))
        places = {row: [n for n, term in enumerate(self.terms) if row in term] for row in rows}
        self.last = {row: at[-1] for row, at in places.items() if at}
        for row in rows:
            if not places[row] and self.low[row] > 0:
                raise ContradictionError
        # Only where no later type takes away may a sum be kept at its lower limit once it has
        # reached it.
        self.rises = {row: all(self.terms[n][row] > 0 for n in at) for row, at in places.items()}
        self.falls_after = {
            row: max([n for n in at if self.terms[n][row] < 0], default=-1)
            for row, at in places.items()
        }
        self.open: list[list[int]] = []
        for n in range(len(self.terms) + 1):
            self.open.append([row for row in self.last if places[row][0] < n <= self.last[row]])

    def _walk(self) -> list[dict[State, list[tuple[int, State]]]]:
        """
        For each type, from every state that can be completed: (records of the type, state after
        it).
        """
        layers: list[dict[State, list[tuple[int, State]]]] = []
        states: set[State] = {()}
        steps_left = MOST_STEPS
        for n in range(len(self.terms)):
            layer: dict[State, list[tuple[int, State]]] = {}
            for state in states:
                layer[state] = list(self._after(n, state))
                steps_left -= len(layer[state]) + 1
                if steps_left < 0:
                    raise TooManyTablesError(f"over {MOST_STEPS:,} steps")
            layers.append(layer)
            states = {after for steps in layer.values() for _, after in steps}
        alive = states
        for n in reversed(range(len(layers))):
            kept = {
                s: [step for step in steps if step[1] in alive] for s, steps in layers[n].items()
            }
            layers[n] = {state: steps for state, steps in kept.items() if steps}
            alive = set(layers[n])
        if not alive:
            raise ContradictionError
        return layers

    def _after(self, n: int, state: State) -> Iterable[tuple[int, State]]:
        sums = dict(zip(self.open[n], state, strict=True))
        term = self.terms[n]
        for records in range(self._most(n, sums) + 1):
            changed = {row: sums.get(row, 0) + records * factor for row, factor in term.items()}
            if all(self._can_be(n, row, value) for row, value in changed.items()):
                after = sums | changed
                yield records, tuple(self._kept(n, row, after[row]) for row in self.open[n + 1])

    def _most(self, n: int, sums: dict[int, int]) -> int:
        left = [
            self.high[row] - sums.get(row, 0)
            for row in self.terms[n]
            if self.rises[row] and self.high[row] < NO_LIMIT
        ]
        return min(left) if left else self.most

    def _can_be(self, n: int, row: int, value: int) -> bool:
        if n >= self.falls_after[row] and value > self.high[row]:
            return False
        return self.last[row] > n or value >= self.low[row]

    def _kept(self, n: int, row: int, value: int) -> int:
        if self.high[row] >= NO_LIMIT and n >= self.falls_after[row]:
            return min(value, self.low[row])
        return value

    def values(self, group: Group) -> set[int]:
        """Every value that the group's count can have."""
        masks: dict[State, int] = {(): 1}
        for n, layer in enumerate(self.steps):
            counts = self.types[n] in group
            found: dict[State, int] = {}
            for state, mask in masks.items():
                for records, after in layer.get(state, ()):
                    found[after] = found.get(after, 0) | (mask << records if counts else mask)
            masks = found
        bits = masks[()]
        return {value for value in range(bits.bit_length()) if bits >> value & 1}


def _sums(system: System) -> Iterable[tuple[dict[int, int], int, int]]:
    rows = system.rows
    for row, (low, high) in enumerate(zip(system.low.tolist(), system.high.tolist(), strict=True)):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        yield (
            dict(zip(rows.indices[part].tolist(), rows.data[part].tolist(), strict=True)),
            low,
            high,
        )


def _ordered(system: System) -> list[int]:
    """
    The types in an order that keeps few sums open: each next shares most sums with those before it.
    """
    columns = system.rows.tocsc()
    rows_of = [
        set(columns.indices[columns.indptr[k] : columns.indptr[k + 1]].tolist())
        for k in range(system.types)
    ]
    size = {row: sum(row in rows for rows in rows_of) for row in range(system.rows.shape[0])}
    left, ordered, taken = set(range(system.types)), [], dict.fromkeys(size, 0)
    while left:
        # Closing a sum is best, opening one is worst.
        def gain(k: int) -> tuple[float, int]:
            closes = sum(taken[row] + 1 == size[row] for row in rows_of[k])
            opens = sum(taken[row] == 0 for row in rows_of[k])
            return closes - opens, -k

        best = max(left, key=gain)
        left.discard(best)
        ordered.append(best)
        for row in rows_of[best]:
            taken[row] += 1
    return ordered
