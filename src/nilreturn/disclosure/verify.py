"""
Check a release against its certificate, in whole-number arithmetic and without a solver.

    complaints = verify(published, certificate, known=register)

An empty answer means: every world of the certificate agrees with all that is printed; every hidden cell has two
values among them; every small cell takes each value that it must; and the one person in a cell of 1 still finds two
values for every other hidden cell. Whoever trusts this file, the sums that `cells` makes of the tables, and the
tables' own meaning need trust nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nilreturn.disclosure.bounds import aliases, tighten
from nilreturn.disclosure.fingerprint import FORMAT, fingerprint
from nilreturn.disclosure.knowledge import Knowledge, gather
from nilreturn.disclosure.published import PublishedTable
from nilreturn.disclosure.system import Bools, Ints

MOST_COMPLAINTS = 20


def verify(
    published: Sequence[PublishedTable], certificate: Mapping[str, Any], *, known: Sequence[PublishedTable] = ()
) -> tuple[str, ...]:
    """
    What is wrong with the certificate of `published` beside the earlier releases `known`; empty when nothing is.
    """
    try:
        if certificate["format"] != FORMAT:
            return (f"the certificate has format {certificate['format']!r}; this version reads {FORMAT!r}",)
        if certificate["printed_sha256"] != fingerprint(published, known):
            return ("the certificate is of other tables, or they were changed since",)
        check = _Check(gather(published, known), certificate)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        return (f"the certificate is not as nilreturn writes it ({type(error).__name__})",)
    complaints: list[str] = []
    for complaint in check.complaints():
        complaints.append(complaint)
        if len(complaints) == MOST_COMPLAINTS:
            break
    return tuple(complaints)


class _Check:
    def __init__(self, knowledge: Knowledge, certificate: Mapping[str, Any]) -> None:
        self.knowledge = knowledge
        size = knowledge.cells.size
        unsettled = _numbers(certificate["open"], size)
        worlds = np.array(certificate["worlds"], dtype=np.int64).reshape(len(certificate["worlds"]), len(unsettled))
        # A cell that is not open has the one value that a reader can work out sum by sum.
        self.worlds: Ints = np.tile(knowledge.bounds.low, (len(worlds), 1))
        self.worlds[:, unsettled] = worlds
        self.two = _numbers(certificate["two_values"], size)
        self.ranges = [(int(c), int(low), int(high)) for c, low, high in certificate["every_value"]]
        _numbers([cell for cell, _, _ in self.ranges], size)
        self.alone = _numbers(certificate["alone"], size)
        # A cell is given away to nobody by its own people, whatever the other name they are counted under.
        self.alias = aliases(knowledge.equations, knowledge.bounds.low, knowledge.bounds.high)
        self.excused = {(int(one), int(cell)) for one, cell in certificate["excused"]}

    def complaints(self) -> Iterator[str]:
        yield from (f"what is printed cannot be true: {complaint}" for complaint in self.knowledge.complaints)
        yield from self._worlds_that_disagree()
        yield from self._unlisted()
        yield from self._single()
        yield from self._ranges()
        yield from self._insiders()

    def _worlds_that_disagree(self) -> Iterator[str]:
        known = self.knowledge
        for number, world in enumerate(self.worlds):
            outside = np.flatnonzero((world < known.low) | (world > known.high))
            if len(outside):
                yield f"world {number} disagrees with what is told of {known.cells.words(int(outside[0]))}"
            if (known.equations @ world).any():
                yield f"world {number} does not add up"

    def _unlisted(self) -> Iterator[str]:
        """Hidden cells that the certificate does not speak of, other than those that were public before."""
        listed = set(self.two.tolist())
        known = self.knowledge
        before = tighten(known.equations, known.older_low, known.older_high)
        public = before.low == before.high
        for cell in np.flatnonzero(self.knowledge.hidden & ~public).tolist():
            if cell not in listed:
                yield f"{self.knowledge.cells.words(cell)}: is hidden, and the certificate leaves it out"

    def _single(self) -> Iterator[str]:
        for cell in self.two[~_vary(self.worlds)[self.two]].tolist():
            yield f"{self.knowledge.cells.words(cell)}: has one value in all worlds"

    def _ranges(self) -> Iterator[str]:
        for cell, low, high in self.ranges:
            missing = set(range(low, high + 1)) - set(self.worlds[:, cell].tolist())
            if missing:
                name = self.knowledge.cells.words(cell)
                yield f"{name}: no world shows {len(missing)} of the values that it must be able to take"

    def _insiders(self) -> Iterator[str]:
        for one in self.alone.tolist():
            vary = _vary(self.worlds[self.worlds[:, one] == 1])
            for cell in self.two[~vary[self.two]].tolist():
                if self.alias[cell] != self.alias[one] and (one, cell) not in self.excused:
                    words = self.knowledge.cells.words
                    yield f"{words(cell)}: has one value in all worlds where {words(one)} is 1"


def _numbers(listed: Sequence[int], size: int) -> Ints:
    numbers = np.array(listed, dtype=np.int64).reshape(-1)
    if len(numbers) and not (numbers.min() >= 0 and numbers.max() < size):
        raise ValueError("a cell has a number that no cell has")
    return numbers


def _vary(worlds: Ints) -> Bools:
    """Which cells have two values among the worlds."""
    if not len(worlds):
        return np.zeros(worlds.shape[1], dtype=np.bool_)
    varies: Bools = worlds.min(axis=0) != worlds.max(axis=0)
    return varies
