"""
What each method of protection would cost for the same tables, and whether it hides enough: for a reviewer to choose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nilreturn.disclosure.explain import counted
from nilreturn.disclosure.methods import RULES
from nilreturn.disclosure.outcome import Loss
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.protect import audit_of, safe_tables
from nilreturn.disclosure.published import PublishedTable
from nilreturn.errors import DisclosureError, PolicyError
from nilreturn.progress import Progress, silent
from nilreturn.tables import RawTable

# What is compared: a name and the settings of the policy that it stands for.
COMPARED: Mapping[str, Mapping[str, Any]] = {
    "suppression": {"method": "suppression", "base": None, "noise": None},
    "recoding": {"method": "recoding", "base": None, "noise": None},
    "top and bottom coding": {"method": "top and bottom coding", "base": None, "noise": None},
    "rounding to base 3": {"method": "rounding", "base": 3, "noise": None},
    "rounding to base 5": {"method": "rounding", "base": 5, "noise": None},
    "small-count rounding to base 5": {"method": "small-count rounding", "base": 5, "noise": None},
    "cell key, noise up to 3": {"method": "cell key", "base": None, "noise": 3},
}


@dataclass(frozen=True, slots=True)
class Alternative:
    """One method: what it would cost, and whether it holds to the policy; if not, `why` says where it fails."""

    name: str
    holds: bool
    loss: Loss | None
    why: str


def alternatives(
    tables: Sequence[RawTable],
    policy: Policy,
    *,
    known: Sequence[PublishedTable] = (),
    progress: Progress = silent,
) -> tuple[Alternative, ...]:
    """Each method tried on the tables under the policy's own rules. Nothing that may be printed comes out."""
    return tuple(
        _tried(name, tables, policy.model_copy(update=dict(settings)), known, progress)
        for name, settings in COMPARED.items()
    )


def _tried(
    name: str, tables: Sequence[RawTable], policy: Policy, known: Sequence[PublishedTable], progress: Progress
) -> Alternative:
    try:
        outcome = RULES[policy.method](tables, policy, known, progress)
    except (DisclosureError, PolicyError) as error:
        return Alternative(name, False, None, str(error).removeprefix("nothing is released: "))
    audit = audit_of(safe_tables(outcome), outcome, policy, progress=progress)
    if audit.is_safe:
        return Alternative(name, True, outcome.loss, "")
    failed = Counter(finding.verdict.value for finding in audit.exposures)
    told = "; ".join(f"{counted(number, 'cell')} {verdict}" for verdict, number in failed.items())
    return Alternative(
        name, False, outcome.loss, f"does not hide enough: {told or 'what it prints contradicts itself'}"
    )


def as_text(compared: Sequence[Alternative]) -> str:
    """The comparison as lines of text, those that hold first."""
    lines = []
    for alternative in sorted(compared, key=lambda a: not a.holds):
        mark = "holds" if alternative.holds else "FAILS"
        cost = _cost(alternative.loss) if alternative.loss else ""
        lines.append(f"{mark}  {alternative.name}: {'; '.join(part for part in (cost, alternative.why) if part)}")
    return "\n".join(lines) + "\n"


def _cost(loss: Loss) -> str:
    parts = []
    if loss.hidden:
        hidden = counted(loss.hidden, "cell")
        parts.append(f"{hidden} hidden ({loss.secondary} not small), {loss.counts:,} counted in them")
    if loss.changed:
        parts.append(f"{counted(loss.changed, 'cell')} changed, by {loss.moved:,} together")
    if loss.categories:
        parts.append(f"{loss.categories} categories fewer")
    return ", ".join(parts) or "costs nothing"
