"""Auditing tables that somebody has printed, against a policy and a register of releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nilreturn.progress import no_progress

if TYPE_CHECKING:
    from nilreturn.disclosure import Audit, Policy, PublishedTable, Register
    from nilreturn.disclosure.tabular import PublishedSet
    from nilreturn.progress import Progress


@dataclass(frozen=True, slots=True)
class AuditOutcome:
    """
    What an audit of printed tables found.

    Attributes
    ----------
    audit
        The findings.
    is_sound
        Whether every hidden cell stays hidden, nothing that is printed contradicts itself, and no
        count is printed that the policy calls small.
    """

    audit: Audit
    is_sound: bool


def audit_published(
    read: PublishedSet,
    *,
    policy: Policy | None = None,
    threshold: int = 5,
    register: Register | None = None,
    insiders: bool = False,
    seconds: float = 60,
    progress: Progress = no_progress,
) -> AuditOutcome:
    """
    Audit printed tables together with everything released before.

    Parameters
    ----------
    read
        The tables, as `read_published` read them.
    policy
        The policy that they should hold to; its thresholds are used.
    threshold
        Counts below it are small where there is no policy.
    register
        Earlier releases, which every reader has.
    insiders
        Also ask what the one person in a hidden cell could work out, were it 1.
    seconds
        The CPU time allowed.
    progress
        Called with the work done so far.

    Returns
    -------
    AuditOutcome
        The findings, and whether the tables are sound.

    Raises
    ------
    TableError
        Where a table counts people whom the others cannot be compared with.
    """
    from nilreturn.disclosure import audit
    from nilreturn.disclosure.audit import printed_small, worked_out
    from nilreturn.disclosure.tabular import refuse_strangers

    before = register.tables if register else ()
    refuse_strangers([*read.tables, *before], read.files)
    found = audit(
        read.tables,
        threshold=_thresholds(read.tables, policy, threshold),
        known=(*read.printed, *before),
        insiders=insiders,
        records_moved=policy.records_moved if policy else 0,
        seconds=seconds,
        progress=progress,
    )
    is_small = policy is not None and printed_small(found)
    return AuditOutcome(found, found.is_safe and not worked_out(found) and not is_small)


def _thresholds(
    printed: Sequence[PublishedTable], policy: Policy | None, threshold: int
) -> Mapping[str, int]:
    if policy is None:
        return {table.name: threshold for table in printed}
    found = {}
    for table in printed:
        variables = [dimension.variable for dimension in table.dimensions]
        restricted = [variable for variable, _ in table.population.extents]
        rule = policy.rule(table.name, variables, restricted)
        found[table.name] = rule.threshold_of(variables, int(table.low.flat[0]))
    return found
