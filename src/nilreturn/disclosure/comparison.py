"""
What each method of protection would cost for the same tables, and whether it hides enough, so that
a reviewer can choose.

All are measured in the same way: how many cells no longer show their exact count (hidden, changed
or merged into others), and the sum of the policy's weights of these cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nilreturn.disclosure.methods import RULES, InformationLoss, Outcome, Problem, build_problem
from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.protection import audit_of, safe_tables
from nilreturn.errors import DisclosureError, PolicyError
from nilreturn.progress import Progress, no_progress
from nilreturn.tables import RawTable
from nilreturn.wording import in_words

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
HEADINGS = ("method", "safe", "not exact", "weight", "what is done, or why it will not do")


@dataclass(frozen=True, slots=True)
class Alternative:
    """
    What one method of protection would cost for the tables.

    Attributes
    ----------
    name : str
        The method and its settings, such as "rounding to base 3".
    holds : bool
        Whether its result meets the policy.
    cells : int
        Number of cells of all tables; a cell that two tables share is counted once.
    inexact : int or None
        Number of cells whose exact count a reader would no longer have; None without a result.
    weight : float or None
        Sum of the policy's weights of these cells; None without a result.
    loss : InformationLoss or None
        What is hidden, changed or merged; None without a result.
    why : str
        Why the result does not meet the policy, or why there is none; "" if it does.
    """

    name: str
    holds: bool
    cells: int
    inexact: int | None
    weight: float | None
    loss: InformationLoss | None
    why: str


class _Compared(Policy):
    """
    A policy under comparison. Without a secret key any will do to see what it would cost: nothing
    is printed.
    """

    def key(self) -> bytes:
        return super().key() if self.key_file else b"for comparison only"


def alternatives(
    tables: Sequence[RawTable],
    policy: Policy,
    *,
    known: Sequence[PublishedTable] = (),
    progress: Progress = no_progress,
) -> tuple[Alternative, ...]:
    """
    Try each method on the tables, under the policy's own rules.

    The result holds no table that could be printed.

    Parameters
    ----------
    tables : sequence of RawTable
        True counts of tables that are printed together.
    policy : Policy
        The rules. Its method and the settings of that method are replaced in turn.
    known : sequence of PublishedTable
        What readers have from earlier releases.
    progress : Progress
        Called while the methods run.

    Returns
    -------
    tuple of Alternative
        One for each method, in a fixed order.

    Raises
    ------
    TableError
        If the counts contradict themselves.
    """
    whole = build_problem(tables, policy, known)
    rules = [
        _Compared.model_construct(**{**dict(policy), **settings}) for settings in COMPARED.values()
    ]
    return tuple(
        _tried(name, tables, p, known, whole, progress)
        for name, p in zip(COMPARED, rules, strict=True)
    )


def _tried(
    name: str,
    tables: Sequence[RawTable],
    policy: Policy,
    known: Sequence[PublishedTable],
    whole: Problem,
    progress: Progress,
) -> Alternative:
    all_cells = len(np.unique(np.concatenate([n.reshape(-1) for n in _numbers(whole, tables)])))
    try:
        outcome = RULES[policy.method](tables, policy, known, progress)
    except (DisclosureError, PolicyError) as error:
        return Alternative(
            name,
            False,
            all_cells,
            None,
            None,
            None,
            str(error).removeprefix("nothing is released: "),
        )
    lost = sorted(set(_inexact(outcome, tables, whole)))
    weight = float(whole.system.weight[lost].sum())
    audit = audit_of(safe_tables(outcome), outcome, policy, known, progress=progress)
    failed = Counter(finding.verdict.value for finding in audit.failed)
    told = "; ".join(f"{in_words(number, 'cell')} {verdict}" for verdict, number in failed.items())
    why = (
        ""
        if audit.is_safe
        else f"does not hide enough: {told or 'what it prints contradicts itself'}"
    )
    return Alternative(name, audit.is_safe, all_cells, len(lost), weight, outcome.loss, why)


def _numbers(whole: Problem, tables: Sequence[RawTable]) -> tuple[Any, ...]:
    return whole.truth.cells.of_table[: len(tables)]


def _inexact(outcome: Outcome, tables: Sequence[RawTable], whole: Problem) -> Iterator[int]:
    """The cells of the tables as they were whose counts a reader would not have exactly."""
    for number, (table, cells) in enumerate(zip(tables, outcome.cells, strict=True)):
        numbers = _numbers(whole, tables)[number].reshape(-1).tolist()
        told = [
            (low == high).reshape(-1).tolist()
            for low, high in outcome.changed_ranges[number : number + 1]
        ]
        exact = told[0] if told else [True] * len(numbers)
        for cell, (labels, _), is_exact in zip(numbers, table.cells(), exact, strict=True):
            if labels not in cells or cells[labels].value is None or not is_exact:
                yield cell


def as_text(compared: Sequence[Alternative]) -> str:
    """The comparison as a table of text: first those that hold, the lightest loss first."""
    ordered = sorted(compared, key=lambda a: (not a.holds, a.weight is None, a.weight))
    rows = [HEADINGS, *(_row(alternative) for alternative in ordered)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS) - 1)]
    lines = [
        "  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _row(alternative: Alternative) -> tuple[str, ...]:
    done = "; ".join(part for part in (_done(alternative.loss), alternative.why) if part)
    if alternative.inexact is None or alternative.weight is None:
        return alternative.name, "no", "-", "-", done
    share = f"{alternative.inexact:,} of {alternative.cells:,}"
    return (
        alternative.name,
        "yes" if alternative.holds else "NO",
        share,
        f"{alternative.weight:,.0f}",
        done,
    )


def _done(loss: InformationLoss | None) -> str:
    if loss is None:
        return ""
    parts = []
    if loss.hidden:
        hidden = in_words(loss.hidden, "cell")
        parts.append(
            f"{hidden} hidden ({loss.secondary} not small), {loss.counts:,} counted in them"
        )
    if loss.changed:
        parts.append(f"{in_words(loss.changed, 'cell')} moved, by {loss.moved:,} together")
    if loss.categories:
        parts.append(f"{in_words(loss.categories, 'merge')} of categories")
    return ", ".join(parts) or "nothing"
