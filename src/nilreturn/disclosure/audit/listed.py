"""
Records that may have several values of a variable at once, keyword by keyword.

A state says of each keyword whether a record names it, and in which best form; sets of states are bits of an integer.
So what a list counts, and what each keyword counts by itself, are sets of the same states.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from nilreturn.disclosure.audit.placing import Placed, meanings, union
from nilreturn.disclosure.audit.several import Several
from nilreturn.errors import TableError
from nilreturn.tables import Extent

MOST_STATES = 2_000_000


@dataclass(frozen=True)
class Keywords:
    """The states of all keywords of a variable. The last keyword changes fastest; form 0 is that it is not named."""

    line: Several

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(keyword for group in self.line.classes for keyword in group)

    @property
    def forms(self) -> int:
        """How many ways there are for a keyword: not to be named, or each form."""
        return 1 + len(self.line.all_forms)

    @cached_property
    def states(self) -> int:
        found: int = self.forms ** len(self.names)
        if found > MOST_STATES:
            raise TableError(
                f"{self.line.variable}: {len(self.names)} keywords are more than can be checked for what their "
                "differences tell; ask for fewer at once"
            )
        return found

    @property
    def everything(self) -> int:
        return (1 << self.states) - 1

    @cached_property
    def _named(self) -> dict[tuple[str, int], int]:
        """The states in which a keyword has a form."""
        found = {}
        for place, keyword in enumerate(self.names):
            stride = self.forms ** (len(self.names) - place - 1)
            for form in range(self.forms):
                unit = ((1 << stride) - 1) << form * stride
                found[keyword, form] = _repeated(unit, self.forms * stride, self.states)
        return found

    def worse(self, keywords: Iterable[str], form: int) -> int:
        """The states in which no keyword has a form as good as this; with the worst form, those that name none."""
        found = self.everything
        for keyword in keywords:
            found &= union(self._named[keyword, f] for f in (0, *range(form + 1, self.forms)))
        return found

    def entries(self, table: Placed) -> list[int]:
        """The states that each entry of a table's factor counts."""
        within = dict(table.shape.population.extents).get(self.line.variable)
        whole = self.everything if within is None else self._counted(within, self.line.all_forms)
        return [whole & self._counted(extent, forms) for extent, forms in meanings(table.shape, self.line)]

    def _counted(self, extent: Extent | None, forms: tuple[int, ...]) -> int:
        worst = self.forms - 1
        if extent is not None and extent.none_of:
            return self.worse(extent.none_of, worst) if forms == self.line.all_forms else 0
        if extent is None and forms == self.line.all_forms:
            return self.everything
        keywords = self.names if extent is None else extent.values
        return self.worse(keywords, forms[0] - 1) & ~self.worse(keywords, forms[-1])

    def rows(self, table: Placed) -> list[list[int]]:
        """
        The entries of the finest categories that lie apart: of a table of overlapping keywords, of each row by itself.
        """
        factor = table.factors[self.line.variable]
        if not factor.overlapping:
            return [list(factor.leaves)]
        ways = math.prod(len(table.shape.dimensions[axis].categories) for axis in factor.axes[1:])
        firsts = range(0, len(factor.masks), ways)
        return [[*range(first + 1, first + ways)] if ways > 1 else [first] for first in firsts]


def _repeated(unit: int, period: int, size: int) -> int:
    """A pattern of bits repeated up to a size, which is a multiple of its period."""
    found, width = unit, period
    while width < size:
        found |= found << width
        width *= 2
    return found & ((1 << size) - 1)
