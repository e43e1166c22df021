"""
Records that may have several values of a variable at once, keyword by keyword.

A state says of each keyword whether a record names it, and in which best form; sets of states are
bits of an integer. So what a list counts, and what each keyword counts by itself, are sets of the
same states. Of many keywords the states in which most are named at once are left out: what one
figure has beyond others shows where few are named.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nilreturn.disclosure.audit.categories.placing import PlacedTable, meanings, union
from nilreturn.disclosure.audit.categories.several import Several
from nilreturn.disclosure.model import Bools, Ints
from nilreturn.errors import TableError
from nilreturn.tables import Extent

MOST_STATES = 200_000
# Keywords at once, in every state that is looked at; with fewer it would be no check.
LEAST_NAMED = 3


@dataclass(frozen=True)
class Keywords:
    """
    The states of all keywords of a variable. Form 0: a keyword is not named; then its forms, the
    best first.
    """

    line: Several

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(keyword for group in self.line.classes for keyword in group)

    @property
    def forms(self) -> int:
        """How many ways there are for a keyword: not to be named, or each form."""
        return 1 + len(self.line.all_forms)

    @cached_property
    def _states(self) -> Ints:
        """(states, keywords) the form of each keyword, states of few that are named first."""
        count, forms = len(self.names), self.forms - 1
        found, size = [np.zeros((1, count), dtype=np.int64)], 1
        for named in range(1, count + 1):
            size += math.comb(count, named) * forms**named
            if size > MOST_STATES:
                if named <= LEAST_NAMED:
                    raise TableError(
                        f"{self.line.variable}: {count} keywords are more than can be checked for "
                        "what their differences tell; ask for fewer at once"
                    )
                break
            ways = np.array(
                list(itertools.product(range(1, self.forms), repeat=named)), dtype=np.int64
            )
            for chosen in itertools.combinations(range(count), named):
                states = np.zeros((len(ways), count), dtype=np.int64)
                states[:, chosen] = ways
                found.append(states)
        return np.concatenate(found)

    @property
    def everything(self) -> int:
        return (1 << len(self._states)) - 1

    @cached_property
    def _named(self) -> dict[tuple[str, int], int]:
        """The states in which a keyword has a form."""
        columns = zip(self.names, self._states.T, strict=True)
        return {
            (k, form): _packed(column == form)
            for k, column in columns
            for form in range(self.forms)
        }

    def worse(self, keywords: Iterable[str], form: int) -> int:
        """
        The states in which no keyword has a form as good as this; with the worst form, those that
        name none.
        """
        found = self.everything
        for keyword in keywords:
            found &= union(self._named[keyword, f] for f in (0, *range(form + 1, self.forms)))
        return found

    def entries(self, table: PlacedTable) -> list[int]:
        """The states that each entry of a table's factor counts."""
        within = dict(table.shape.population.extents).get(self.line.variable)
        whole = self.everything if within is None else self._counted(within, self.line.all_forms)
        return [
            whole & self._counted(extent, forms)
            for extent, forms in meanings(table.shape, self.line)
        ]

    def _counted(self, extent: Extent | None, forms: tuple[int, ...]) -> int:
        worst = self.forms - 1
        if extent is not None and extent.none_of:
            return self.worse(extent.none_of, worst) if forms == self.line.all_forms else 0
        if extent is None and forms == self.line.all_forms:
            return self.everything
        keywords = self.names if extent is None else extent.values
        return self.worse(keywords, forms[0] - 1) & ~self.worse(keywords, forms[-1])

    def rows(self, table: PlacedTable) -> list[list[int]]:
        """
        The entries of the finest categories that lie apart: of a table of overlapping keywords, of
        each row by itself.
        """
        factor = table.factors[self.line.variable]
        if not factor.overlapping:
            return [list(factor.leaves)]
        ways = math.prod(len(table.shape.dimensions[axis].categories) for axis in factor.axes[1:])
        firsts = range(0, len(factor.masks), ways)
        return [[*range(first + 1, first + ways)] if ways > 1 else [first] for first in firsts]


def _packed(flags: Bools) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
