"""
Unions of groups that are small and that readers can tell, though each of the groups keeps its
range: one person before June and three in November, where only the four together follow.

Of many tables that cut one variable there are as many unions as sets of parts (`strands`), so none
is laid out. What narrows the search down, and loses nothing:

- If a union follows, its count is the same in every feasible table. So it is enough to look at
unions that are small
  in the one feasible table that the audit found, and whose count no known move changes: where a
  move takes one from a part, the union has another part to which it adds one, and only such parts
  are tried. What is left is examined by itself: it follows, or a further move is found that changes
  its count, and is used from then on.
- A part of count 0 may be in a union: that nobody is in it is not known to readers, so with it the
union is another
  group of the same count. Such parts are tried where a move calls for them, and nowhere else.
- A union that follows and has in it a smaller one that follows needs no look: the rest follows then
too. One of the two
  has somebody in it and no more than the union, and is found by itself. So the search stops where
  something follows, and a part that follows is left out.
- A union of finest cells of one table is that table's own business, with or without what is known
to be empty.

A group that is some cells of one table and one other group is looked at in the same way wherever it
lies (`Union`). Of those that are off all strands no further ones are made.

Insiders are not looked at: that the one person in a cell can tell such a union, and nobody else
can, is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from nilreturn.disclosure.audit.cells import is_cells_of_one
from nilreturn.disclosure.audit.findings import Audit, Finding, Verdict
from nilreturn.disclosure.audit.settling import FromEarlierReleases, Settling
from nilreturn.disclosure.model import Ints, Strand, StrandPart, Union
from nilreturn.wording import listed

MOST_TRIED = 200_000  # unions begun
MOST_EXAMINED = 500  # unions that no known move changes


@dataclass(frozen=True)
class Rules:
    """The least count of a unit that is not small, and whether variables tell people apart."""

    threshold: Callable[[str], int]
    of_people: Callable[[Sequence[str]], bool]
    from_earlier_releases: FromEarlierReleases
    seconds: float


def disclosed_unions(found: Audit, rules: Rules) -> tuple[Finding, ...]:
    """
    The small unions that readers of a release which is safe otherwise can work out; what earlier
    releases give away already is left out. Where there are too many to be looked at, a finding says
    so.
    """
    cells = found.knowledge.cells
    if not cells.strands and not cells.unions:
        return ()
    search = _Search(found, rules)
    findings = list(search.off_strands(cells.unions))
    for strand in cells.strands:
        if not search.is_spent:
            findings += search.along(strand)
    if search.is_spent:
        units = listed(
            list(dict.fromkeys([u.unit for u in cells.unions] + [s.unit for s in cells.strands]))
        )
        findings.append(
            Finding(
                f"{units} that several releases tell together",
                (),
                0,
                None,
                False,
                Verdict.UNDECIDED,
                "",
                TOO_MANY,
            )
        )
    return tuple(findings)


TOO_MANY = (
    "there are too many groups that several releases tell together; print fewer categories, or "
    "fewer releases"
)


@dataclass(eq=False)
class _Search:
    audit: Audit
    rules: Rules
    tried: int = 0

    def __post_init__(self) -> None:
        self.settling = Settling(self.audit, self.rules.from_earlier_releases, self.rules.seconds)
        bounds = self.audit.knowledge.bounds
        self.is_open = bounds.low != bounds.high

    @property
    def is_spent(self) -> bool:
        return self.tried > MOST_TRIED or self.settling.examined > MOST_EXAMINED

    def off_strands(self, unions: Sequence[Union]) -> Iterator[Finding]:
        """What follows of groups that are some cells of one table and one other group."""
        world = self.audit.table
        for union in unions:
            cells = np.array(list(union.cells))
            times = np.array(list(union.cells.values()))
            count = int(times @ world[cells])
            if not 1 <= count < self.rules.threshold(union.unit) or self._follows(union.rest):
                continue
            changes = self.settling.changes[:, cells] @ times
            if changes.any() or not self.rules.of_people(union.apart):
                continue
            if self.is_spent:
                return
            settled = self.settling.settle(union.unit, union.cells)
            if settled.move is not None or settled.was_public:
                continue
            if union.rest >= 0:
                alone = self.settling.settle(union.unit, {union.rest: 1})
                if alone.move is None and not alone.is_undecided:
                    continue  # a group that follows leaves cells of one table
            words = f"{union.unit} that no table prints ({union.words})"
            verdict = Verdict.UNDECIDED if settled.is_undecided else Verdict.EXPOSED
            variables = " and of ".join(union.apart)
            advice = (
                f"{union.derived_from}, tells {words}; use the same categories of {variables} in "
                "both, or leave one out"
            )
            yield Finding(words, (), count, count, True, verdict, "", advice)

    def _follows(self, rest: int) -> bool:
        return rest >= 0 and not self.is_open[rest]

    def along(self, strand: Strand) -> Iterator[Finding]:
        """What of one strand follows."""
        parts = [part for part in strand.parts if self.is_open[part.cell]]
        apart = {v for part in parts for v in self.audit.knowledge.cells.apart(part.cell)}
        if parts and self.rules.of_people([strand.variable, *sorted(apart)]):
            walk = _Walk(
                self, strand, parts, self.settling.changes[:, [p.cell for p in parts]].toarray()
            )
            for chosen, verdict in walk.found():
                yield self._finding(strand, chosen, verdict)

    def _finding(self, strand: Strand, parts: Sequence[StrandPart], verdict: Verdict) -> Finding:
        cells = self.audit.knowledge.cells
        beginning = f"{strand.unit} that no table prints ("
        names = [
            p.words or cells.words(p.cell).removeprefix(beginning).removesuffix(")") for p in parts
        ]
        words = f"{beginning}{listed(names)}, taken together)"
        low = sum(int(self.audit.table[p.cell]) for p in parts)
        high = low if verdict is Verdict.EXPOSED else None
        return Finding(
            words, (), low, high, high is not None, verdict, "", self._advice(strand, parts)
        )

    def _advice(self, strand: Strand, parts: Sequence[StrandPart]) -> str:
        told = [self.audit.knowledge.cells.derived_from(part.cell) or part.words for part in parts]
        telling = f"what tells them are {listed(told)}"
        return (
            f"{telling}; use the same categories of {strand.variable} in all releases, or leave "
            "the later table out"
        )


@dataclass(eq=False)
class _Walk:
    """
    The search along one strand. `moves` (moves, parts): by how much each known move changes each
    part.
    """

    search: _Search
    strand: Strand
    parts: list[StrandPart]
    moves: Ints
    done: set[int] = field(default_factory=set)  # parts all of whose unions were looked at

    def __post_init__(self) -> None:
        self.moves = np.unique(self.moves[self.moves.any(axis=1)], axis=0)
        world = self.search.audit.table
        self.count = [int(world[part.cell]) for part in self.parts]
        self.most = self.search.rules.threshold(self.strand.unit) - 1

    def found(self) -> Iterator[tuple[list[StrandPart], Verdict]]:
        """The unions that follow now and did not before, none within another."""
        for seed, count in enumerate(self.count):
            if 1 <= count <= self.most:
                yield from self._beyond([seed], frozenset(self.done))
            if self.search.is_spent:
                return
            self.done.add(seed)

    def _beyond(
        self, chosen: list[int], without: frozenset[int]
    ) -> Iterator[tuple[list[StrandPart], Verdict]]:
        """Of the unions that have all the chosen parts, and none of those `without`."""
        self.search.tried += 1
        if self.search.is_spent:
            return
        change = self.moves[:, chosen].sum(axis=1)
        if not change.any():
            own = [self.parts[i] for i in chosen]
            settled = self.search.settling.settle(self.strand.unit, {part.cell: 1 for part in own})
            if settled.is_undecided:
                yield own, Verdict.UNDECIDED
                return
            if settled.move is None:
                is_own = len(own) == 1 or is_cells_of_one(
                    sum(part.mask for part in own), self.strand.cuts
                )
                if not is_own and not settled.was_public:
                    yield own, Verdict.EXPOSED
                return
            self.moves = np.vstack((self.moves, settled.move[[part.cell for part in self.parts]]))
            change = self.moves[:, chosen].sum(axis=1)
        for part in self._that_make_up(chosen, change, without):
            yield from self._beyond([*chosen, part], without)
            without |= {part}  # what has it was looked at

    def _that_make_up(
        self, chosen: Sequence[int], change: Ints, without: frozenset[int]
    ) -> list[int]:
        """
        The parts of which one must be in the union for some move not to change it: those of the
        move with fewest.
        """
        mask = sum(self.parts[i].mask for i in chosen)
        left = self.most - sum(self.count[i] for i in chosen)
        allowed = np.array(
            [
                i not in without and not part.mask & mask and self.count[i] <= left
                for i, part in enumerate(self.parts)
            ]
        )
        rows = np.flatnonzero(change)
        against = allowed & (np.sign(self.moves[rows]) == -np.sign(change[rows])[:, None])
        fewest = int(against.sum(axis=1).argmin())
        return [int(i) for i in np.flatnonzero(against[fewest])]
