"""
From true counts to tables that may be printed. This is the only door: nothing else makes a
`SafeTable`.

Whatever method the policy names, what it gives back is audited from the outside, from what would be
printed and what is printed already. If any hidden cell does not withstand, nothing comes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nilreturn.disclosure.audit import (
    Audit,
    Handed,
    Release,
    ReleaseAudit,
    Verdict,
    audit_release,
    certify,
)
from nilreturn.disclosure.methods import (
    RULES,
    Decision,
    InformationLoss,
    Method,
    Outcome,
    by_suppression,
    by_suppression_at_once,
    decide,
    settle,
)
from nilreturn.disclosure.model import NO_UPPER, Ints, PublishedTable, as_published
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.references import reference_of
from nilreturn.disclosure.report import Report
from nilreturn.disclosure.tabular import Backend, frame_from_safe, printed_html, refuse_strangers
from nilreturn.errors import DisclosureError, UsageError
from nilreturn.files import canonical_json, sha256_of
from nilreturn.progress import Progress, no_progress
from nilreturn.tables import (
    CellStatus,
    Coordinates,
    RawExtreme,
    RawTable,
    SafeCell,
    SafeExtreme,
    SafeTable,
    make_safe_extreme,
    make_safe_table,
)
from nilreturn.wording import in_words

# At least; with more time for hiding, or many cells, there is more for the audit.
AUDIT_SECONDS = 300.0
CELLS_A_SECOND = 50


@dataclass(frozen=True, slots=True)
class ReviewedCell:
    """
    A cell that is hidden or changed, for the reviewer: its true `count`, why it is so, and what a
    reader can work out of it: that it is certainly from `low` to `high` (None where nothing bounds
    it). Not for release.
    """

    table: str
    labels: tuple[str, ...]
    count: int = field(repr=False)
    reason: str = field(repr=False)
    low: int
    high: int | None


@dataclass(frozen=True)
class Protection:
    """
    The tables that may be printed, with the proof that they are safe.

    `verify(published, certificate, known=known)` checks the proof. The certificate, its hash, the
    report and the review disclose small counts: they stay with the force.

    Attributes
    ----------
    tables : tuple of SafeTable
        The tables that may be printed.
    extremes : tuple of SafeExtreme
        The extremes, printed or refused.
    published : tuple of PublishedTable
        What a reader has after the release. These go into the register of releases.
    known : tuple of PublishedTable
        The earlier releases, reduced to what can be true together with the present records.
    certificate : dict
        The proof as plain JSON.
    report : Report
        How the tables were made safe.
    reference : str
        A reference that may be printed. It depends only on what is printed and on the policy's key;
        "" without a key.
    review : tuple of ReviewedCell
        Each hidden or changed cell with its true count, its range for a reader and its reason.
    """

    tables: tuple[SafeTable, ...]
    extremes: tuple[SafeExtreme, ...]
    published: tuple[PublishedTable, ...]
    known: tuple[PublishedTable, ...]
    certificate: dict[str, Any]
    report: Report
    reference: str = ""
    review: tuple[ReviewedCell, ...] = ()

    def __repr__(self) -> str:
        """
        What is printed and no more: the certificate and the report tell which cells are small.
        """
        hidden = ", ".join(f"{table.name}: {table.hidden} hidden" for table in self.tables)
        return f"Protection({hidden})"

    def _repr_html_(self) -> str:
        """The tables as they would be printed, for a notebook."""
        return printed_html(self.tables)

    def to_frame(self, backend: Backend = "pandas", *, table: str | None = None) -> Any:
        """
        A safe table as a data frame, with one row for each cell.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow"}
            The library of the frame.
        table : str, optional
            The name of the table. It may be left out if there is only one.

        Returns
        -------
        DataFrame
            Labels, the count (missing if hidden) and what is printed.

        Raises
        ------
        UsageError
            If no table has this name, or there are several and none was named.
        """
        names = [safe.name for safe in self.tables]
        if (table or names[0]) not in names or (table is None and len(names) > 1):
            raise UsageError(f"name one of the tables: {', '.join(names)}")
        return frame_from_safe(self.tables[names.index(table or names[0])], backend)

    @property
    def certificate_sha256(self) -> str:
        """The hash of the certificate's canonical JSON, as 64 hexadecimal digits."""
        return sha256_of(canonical_json(self.certificate))


def protect(
    tables: Sequence[RawTable],
    policy: Policy,
    *,
    extremes: Sequence[RawExtreme] = (),
    statements: Sequence[PublishedTable] = (),
    known: Sequence[PublishedTable] = (),
    progress: Progress = no_progress,
) -> Protection:
    """
    The tables of one answer made safe together, beside everything that is `known` already.
    `statements` is what else is printed with them: of each figure a range, known before anything is
    hidden.

    Raises `TableError` when the counts contradict themselves, `PolicyError` when the method cannot
    do what the policy asks, and `DisclosureError` when no safe answer was found: then nothing is
    released. Deterministic.
    """
    made = _made_safe(tables, policy, extremes, statements, known, RULES[policy.method], progress)
    decisions, told, outcome, safe, found = made
    published = (*_register(safe, outcome, policy), *told)
    before = found.earlier
    refusals = settle(extremes, decisions, safe, published, before)
    return Protection(
        safe,
        tuple(
            make_safe_extreme(e, refusal=refusal)
            for e, refusal in zip(extremes, refusals, strict=True)
        ),
        published,
        before,
        certify(published, before, found.audit),
        _report(safe, outcome, policy, found),
        reference_of(published, policy.key()) if policy.key_file else "",
        tuple(_review(outcome, safe, found)),
    )


def tried(
    tables: Sequence[RawTable],
    policy: Policy,
    *,
    extremes: Sequence[RawExtreme] = (),
    statements: Sequence[PublishedTable] = (),
    known: Sequence[PublishedTable] = (),
) -> tuple[SafeTable, ...]:
    """
    What would be printed of tables that are only tried, audited as `protect` does and refused
    alike. It is not for release: what the choice of hidden cells tells is not looked at, which
    takes many times as long.
    """
    rule = RULES[policy.method]
    rule = by_suppression_at_once if rule is by_suppression else rule
    return _made_safe(tables, policy, extremes, statements, known, rule, no_progress)[3]


def _made_safe(
    tables: Sequence[RawTable],
    policy: Policy,
    extremes: Sequence[RawExtreme],
    statements: Sequence[PublishedTable],
    known: Sequence[PublishedTable],
    rule: Method,
    progress: Progress,
) -> tuple[
    list[Decision], tuple[PublishedTable, ...], Outcome, tuple[SafeTable, ...], ReleaseAudit
]:
    """
    What is decided of extremes, what is told beside the tables, and these made safe by a rule, with
    their audit.
    """
    refuse_strangers([*tables, *known])
    decisions = [decide(extreme, tables, policy) for extreme in extremes]
    told = (
        *statements,
        *(table for decision in decisions if (table := decision.statement) is not None),
    )
    outcome = rule(tables, policy, (*told, *known), progress)
    safe = safe_tables(outcome)
    found = audit_of(safe, outcome, policy, known, beside=told, progress=progress)
    if not found.is_safe and outcome.closer is not None:
        outcome = outcome.closer()
        safe = safe_tables(outcome)
        found = audit_of(safe, outcome, policy, known, beside=told, progress=progress)
    _refuse_unless_safe(found)
    return decisions, told, outcome, safe, found


def single_table(
    raw: RawTable,
    cells: Mapping[Coordinates, SafeCell],
    printed: PublishedTable,
    found: Audit,
    policy: Policy,
    *,
    method: str,
    words: str,
) -> Protection:
    """
    A table by itself that was made safe in another way than by `RULES`, once its audit `found` it
    safe; `words` say to readers how. Raises `DisclosureError` where the audit did not.
    """
    if not found.is_safe:
        raise DisclosureError(
            "nothing is released: what is printed would give away what must stay hidden"
        )
    count = Counter(cell.status for cell in cells.values())
    hidden = count[CellStatus.PRIMARY] + count[CellStatus.SECONDARY]
    loss = InformationLoss(hidden=hidden, secondary=count[CellStatus.SECONDARY])
    name = f"{policy.name} (version {policy.version})"
    report = Report(
        name, method, loss, {raw.name: count[CellStatus.PRIMARY]}, {raw.name: hidden}, (), (), ()
    )
    published = (printed,)
    return Protection(
        (make_safe_table(raw, cells, method=words),),
        (),
        published,
        (),
        certify(published, (), found),
        report,
        reference_of(published, policy.key()) if policy.key_file else "",
    )


def _review(
    outcome: Outcome, safe: Sequence[SafeTable], found: ReleaseAudit
) -> Iterator[ReviewedCell]:
    """What the reviewer sees of each cell that is hidden or changed, beside its true count."""
    knowledge, findings = found.audit.knowledge, found.audit.by_cell
    for raw, table, numbers in zip(
        outcome.tables, safe, knowledge.cells.of_table[: len(safe)], strict=True
    ):
        for (labels, count), (_, cell), number in zip(
            raw.cells(), table.cells(), numbers.flat, strict=True
        ):
            if cell.status in (CellStatus.PRIMARY, CellStatus.SECONDARY, CellStatus.CHANGED):
                finding = findings.get(int(number))
                low, high = int(knowledge.bounds.low[number]), int(knowledge.bounds.high[number])
                most = None if high >= NO_UPPER else high
                if finding is not None:
                    low, most = finding.low, finding.high
                yield ReviewedCell(table.name, labels, count, cell.rule, low, most)


def safe_tables(outcome: Outcome) -> tuple[SafeTable, ...]:
    """The tables as they would be printed. Only `protect` lets them out, after their audit."""
    return tuple(
        make_safe_table(raw, cells, method=words)
        for raw, cells, words in zip(
            outcome.tables, outcome.cells, outcome.method_sentences, strict=True
        )
    )


def audit_of(
    safe: Sequence[SafeTable],
    outcome: Outcome,
    policy: Policy,
    earlier: Sequence[PublishedTable],
    *,
    beside: Sequence[PublishedTable] = (),
    progress: Progress = no_progress,
) -> ReleaseAudit:
    """
    What a reader can work out of the very tables that would be printed with all that is said
    `beside` them, and of the earlier releases as they were printed. Of suppression's own reasoning
    the audit takes counts at places in tables, and checks them.
    """
    cells = sum(table.counts.size for table in outcome.tables)
    seconds = max(AUDIT_SECONDS, policy.seconds, cells / CELLS_A_SECOND)
    release = Release(outcome.tables, policy, tuple(beside), tuple(earlier), seconds)
    handed = Handed.of(outcome.problem.truth.cells.of_table, outcome.feasible_tables, outcome.moves)
    printed = _register(safe, outcome, policy)
    return audit_release(
        (*printed, *beside),
        release,
        handed=handed,
        may_hide=not outcome.changed_ranges,
        progress=progress,
    )


def _refuse_unless_safe(found: ReleaseAudit) -> None:
    """
    Raise unless every cell withstands; tables are named with the number of their cells, counts
    never are.
    """
    failed = found.failed
    if found.is_safe:
        return
    by_table = Counter((finding.table, finding.verdict) for finding in failed)
    details = [
        f"{table}: {in_words(number, 'cell')} {_WHY[verdict]}"
        for (table, verdict), number in by_table.items()
    ]
    details += found.unavoidable
    details += dict.fromkeys(finding.advice for finding in failed if finding.advice)
    details += ["what would be printed contradicts itself"] * bool(found.audit.complaints)
    raise DisclosureError(
        "nothing is released: what is printed would give away what must stay hidden; merge "
        "categories or periods, or see what the other methods cost",
        details=tuple(details),
    )


_WHY = {
    Verdict.EXPOSED: "could be worked out",
    Verdict.NARROWED: "could be narrowed down further than the policy allows",
    Verdict.UNDECIDED: "could not be shown to be safe in the time given",
    Verdict.DISCLOSED_TO_SINGLETON: "could be worked out by the one person in another",
}


def _register(
    safe: Sequence[SafeTable], outcome: Outcome, policy: Policy
) -> tuple[PublishedTable, ...]:
    """
    What a reader is told, for the register of releases. Where the policy hides zeros beside a group
    no hidden cell is said to be at least 1: that would tell which rows hold one.
    """
    floors = [
        0 if policy.group_disclosure else policy.floor(rule) for rule in outcome.problem.rules
    ]
    return tuple(
        as_published(table, floor=floors[number], told=_told(outcome, number))
        for number, table in enumerate(safe)
    )


def _told_apart(outcome: Outcome) -> Iterator[str]:
    """What no table prints and no two may tell: cells are hidden for its sake too."""
    cells, primary = outcome.problem.truth.cells, outcome.problem.system.primary
    for cell in np.flatnonzero(cells.difference & primary).tolist():
        yield f"not to be told by a difference of tables: {cells.words(cell)}"


def _told(outcome: Outcome, number: int) -> tuple[Ints, Ints] | None:
    return outcome.changed_ranges[number] if outcome.changed_ranges else None


def _report(
    safe: Sequence[SafeTable], outcome: Outcome, policy: Policy, found: ReleaseAudit
) -> Report:
    statuses = {table.name: Counter(cell.status for _, cell in table.cells()) for table in safe}
    return Report(
        f"{policy.name} (version {policy.version})",
        policy.method,
        outcome.loss,
        {name: count[CellStatus.PRIMARY] for name, count in statuses.items()},
        {table.name: table.hidden for table in safe},
        found.partially_protected,
        found.waived,
        (*outcome.problem.notes, *outcome.notes, *_told_apart(outcome)),
    )
