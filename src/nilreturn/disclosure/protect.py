"""
From true counts to tables that may be printed. This is the only door: nothing else makes a `SafeTable`.

Whatever method the policy names, what it gives back is audited from the outside, from what would be printed and what
is printed already. If any hidden cell does not withstand, nothing comes out.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nilreturn.disclosure.audit import Audit, Demands, Verdict, examine
from nilreturn.disclosure.cells import lay_out
from nilreturn.disclosure.certificate import certify
from nilreturn.disclosure.explain import counted
from nilreturn.disclosure.extremes import decide
from nilreturn.disclosure.knowledge import gather
from nilreturn.disclosure.methods import RULES
from nilreturn.disclosure.outcome import Loss, Outcome
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.published import PublishedTable, as_published
from nilreturn.disclosure.system import Ints
from nilreturn.errors import DisclosureError
from nilreturn.progress import Progress, silent
from nilreturn.tables import (
    CellStatus,
    RawExtreme,
    RawTable,
    SafeExtreme,
    SafeTable,
    make_safe_extreme,
    make_safe_table,
)

AUDIT_SECONDS = 300.0  # at least; with more time for hiding, or many cells, there is more for the audit
CELLS_A_SECOND = 50


@dataclass(frozen=True, repr=False)
class Report:
    """
    How the tables were made safe, for the reviewer and for the force's own papers. It tells which cells were small,
    so it is not for release.
    """

    policy: str
    method: str
    loss: Loss
    small: Mapping[str, int]  # cells that the rule names, by table
    hidden: Mapping[str, int]  # cells hidden in all, by table
    narrowed: tuple[str, ...]  # cells whose range no choice of hidden cells could keep whole
    excused: tuple[str, ...]  # what the one person in a cell could work out, and no choice could keep from them
    notes: tuple[str, ...]  # earlier releases that the present records contradict; what was taken as public

    @property
    def summary(self) -> str:
        """One line: how many cells are hidden or changed, and how good that is known to be."""
        loss = self.loss
        others = f"{counted(loss.secondary, 'other')} that would give one away"
        told = f"{counted(sum(self.small.values()), 'small cell')} hidden, and {others}"
        if loss.changed or self.method != "suppression":
            told = f"{loss.changed} cells changed by {self.method}, {loss.hidden} hidden"
        if loss.proven:
            return f"{told}; no safe choice costs less"
        return f"{told}; at most {loss.gap:.0%} of that cost might be avoidable" if loss.gap else told

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Protection:
    """
    What may be printed, with the proof. `published` is what goes into the register of releases: what a reader is told,
    as JSON-able tables. `known` are the earlier releases as they can be true beside the present records; with them
    `verify(published, certificate, known=known)` holds. `certificate` and `report` stay with the force's own papers;
    `certificate_sha256` may be released and binds them.
    """

    tables: tuple[SafeTable, ...]
    extremes: tuple[SafeExtreme, ...]
    published: tuple[PublishedTable, ...]
    known: tuple[PublishedTable, ...]
    certificate: dict[str, Any]
    report: Report

    def __repr__(self) -> str:
        """What is printed and no more: the certificate and the report tell which cells are small."""
        return f"Protection({', '.join(f'{table.name}: {table.hidden} hidden' for table in self.tables)})"

    def _repr_html_(self) -> str:
        """The tables as they would be printed, for a notebook."""
        return printed_html(self.tables)

    def to_frame(self, backend: Backend = "pandas", *, table: str | None = None) -> Any:
        """
        A safe table as a table of pandas, polars or Arrow, one row a cell: labels, the count (missing where hidden) and
        what is printed. `table` names it where there are several.
        """
        names = [safe.name for safe in self.tables]
        if (table or names[0]) not in names or (table is None and len(names) > 1):
            raise UsageError(f"name one of the tables: {', '.join(names)}")
        return frame_from_safe(self.tables[names.index(table or names[0])], backend)

    @property
    def certificate_sha256(self) -> str:
        """The hash of the certificate's canonical JSON, as 64 hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.certificate, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def protect(
    tables: Sequence[RawTable],
    policy: Policy,
    *,
    extremes: Sequence[RawExtreme] = (),
    known: Sequence[PublishedTable] = (),
    progress: Progress = silent,
) -> Protection:
    """
    The tables of one answer made safe together, beside everything that is `known` already.

    Raises `TableError` when the counts contradict themselves, `PolicyError` when the method cannot do what the policy
    asks, and `DisclosureError` when no safe answer was found: then nothing is released. Deterministic.
    """
    decisions = [decide(extreme, tables, policy) for extreme in extremes]
    told = tuple(table for decision in decisions if (table := decision.tells) is not None)
    outcome = RULES[policy.method](tables, policy, (*told, *known), progress)
    safe = safe_tables(outcome)
    found = audit_of(safe, outcome, policy, progress=progress)
    _refuse_unless_safe(found)
    published = (*_register(safe, outcome, policy), *told)
    before = outcome.problem.known[len(told) :]
    return Protection(
        safe,
        tuple(make_safe_extreme(e, refusal=d.refusal) for e, d in zip(extremes, decisions, strict=True)),
        published,
        before,
        certify(published, before, found),
        _report(safe, outcome, policy),
    )


def safe_tables(outcome: Outcome) -> tuple[SafeTable, ...]:
    """The tables as they would be printed. Only `protect` lets them out, after their audit."""
    return tuple(
        make_safe_table(raw, cells, method=words)
        for raw, cells, words in zip(outcome.tables, outcome.cells, outcome.words, strict=True)
    )


def audit_of(safe: Sequence[SafeTable], outcome: Outcome, policy: Policy, *, progress: Progress = silent) -> Audit:
    """What a reader can work out of the very tables that would be printed, beside the earlier releases."""
    problem = outcome.problem
    of_table = problem.truth.cells.of_table
    printed = tuple(
        as_published(table, floor=problem.system.floor[of_table[number]], told=_told(outcome, number))
        for number, table in enumerate(safe)
    )
    knowledge = gather(printed, problem.known, lay_out=lay_out)
    demands = _demands(outcome, policy)
    seconds = max(AUDIT_SECONDS, policy.seconds, problem.system.size / CELLS_A_SECOND)
    return examine(
        knowledge,
        demands,
        pool=outcome.candidates,
        moves=outcome.moves,
        excused=outcome.excused,
        explain=False,
        seconds=seconds,
        progress=progress,
    )


def _demands(outcome: Outcome, policy: Policy) -> Demands:
    problem, system = outcome.problem, outcome.problem.system
    asked = (outcome.hidden | (system.primary & ~system.fixed)) & ~problem.public
    ranged = asked & system.primary if policy.withstand.ranges else np.zeros(system.size, dtype=np.bool_)
    low = np.where(ranged, outcome.low, 1)
    high = np.where(ranged, outcome.high, 0)
    ones = asked & (system.value == 1) & ~system.latent & policy.withstand.insiders
    return Demands(asked, low, high, ones, np.zeros(system.size, dtype=np.int64))


def _refuse_unless_safe(audit: Audit) -> None:
    """Raise unless every cell withstands; tables are named with the number of their cells, counts never are."""
    failed = audit.exposures
    if audit.is_safe:
        return
    by_table = Counter((finding.table, finding.verdict) for finding in failed)
    details = [f"{table}: {counted(number, 'cell')} {_WHY[verdict]}" for (table, verdict), number in by_table.items()]
    details += dict.fromkeys(finding.advice for finding in failed if finding.advice)
    details += ["what would be printed contradicts itself"] * bool(audit.complaints)
    raise DisclosureError(
        "nothing is released: what is printed would give away what must stay hidden; merge categories or periods, or "
        "see what the other methods cost",
        details=tuple(details),
    )


_WHY = {
    Verdict.EXPOSED: "could be worked out",
    Verdict.NARROW: "could be narrowed down further than the policy allows",
    Verdict.UNDECIDED: "could not be shown to be safe in the time given",
    Verdict.GIVEN_AWAY: "could be worked out by the one person in another",
}


def _register(safe: Sequence[SafeTable], outcome: Outcome, policy: Policy) -> tuple[PublishedTable, ...]:
    """
    What a reader is told, for the register of releases. Where the policy hides zeros beside a group no hidden
    cell is said to be at least 1: that would tell which rows hold one.
    """
    floors = [0 if policy.group_disclosure else policy.floor(rule) for rule in outcome.problem.rules]
    return tuple(
        as_published(table, floor=floors[number], told=_told(outcome, number)) for number, table in enumerate(safe)
    )


def _told_apart(outcome: Outcome) -> Iterator[str]:
    """What no table prints and no two may tell: cells are hidden for its sake too."""
    cells, primary = outcome.problem.truth.cells, outcome.problem.system.primary
    for cell in np.flatnonzero(cells.difference & primary).tolist():
        yield f"not to be told by a difference of tables: {cells.words(cell)}"


def _told(outcome: Outcome, number: int) -> tuple[Ints, Ints] | None:
    return outcome.told[number] if outcome.told else None


def _report(safe: Sequence[SafeTable], outcome: Outcome, policy: Policy) -> Report:
    statuses = {table.name: Counter(cell.status for _, cell in table.cells()) for table in safe}
    words = outcome.problem.truth.cells.words
    return Report(
        f"{policy.name} (version {policy.version})",
        policy.method,
        outcome.loss,
        {name: count[CellStatus.PRIMARY] for name, count in statuses.items()},
        {table.name: table.hidden for table in safe},
        tuple(f"{words(cell)}: {why}" for cell, why in sorted(outcome.narrowed.items())),
        tuple(f"{words(cell)}: by the one person in {words(one)}" for one, cell in outcome.excused),
        (*outcome.problem.notes, *outcome.notes, *_told_apart(outcome)),
    )
