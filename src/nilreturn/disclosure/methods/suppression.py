"""
The methods of protection that a policy may name, by name. A new one is a function and a line in
`RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from nilreturn.disclosure.methods.outcome import InformationLoss, Outcome
from nilreturn.disclosure.methods.problem import Problem, build_problem
from nilreturn.disclosure.model import Bools, PublishedTable
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.suppression import SuppressionPattern
from nilreturn.errors import DisclosureError
from nilreturn.progress import Progress
from nilreturn.tables import CellStatus, Coordinates, RawTable, SafeCell
from nilreturn.wording import in_words


def by_suppression(
    tables: Sequence[RawTable],
    policy: Policy,
    known: Sequence[PublishedTable],
    progress: Progress,
    *,
    with_implied: bool = False,
) -> Outcome:
    """
    Small counts hidden, and with them the fewest others that keep them from being worked out, such
    that the choice of hidden cells gives none away either.
    """
    # The solver is loaded when there is something to hide.
    from nilreturn.disclosure.methods.rerun import chosen

    problem = build_problem(tables, policy, known, with_implied=with_implied)
    closer = partial(by_suppression, tables, policy, known, progress, with_implied=True)
    return _hidden_by(tables, problem, chosen(tables, policy, known, problem, progress), closer)


def by_suppression_at_once(
    tables: Sequence[RawTable],
    policy: Policy,
    known: Sequence[PublishedTable],
    progress: Progress,
    *,
    with_implied: bool = False,
) -> Outcome:
    """
    The same but for what the choice tells, which is not looked at: for tables that are only tried.
    """
    from nilreturn.disclosure.methods.rerun import safe_pattern

    problem = build_problem(tables, policy, known, with_implied=with_implied)
    closer = partial(by_suppression_at_once, tables, policy, known, progress, with_implied=True)
    return _hidden_by(
        tables,
        problem,
        safe_pattern(problem.system, policy, policy.seconds, progress=progress),
        closer,
    )


def _hidden_by(
    tables: Sequence[RawTable],
    problem: Problem,
    suppression: SuppressionPattern,
    closer: Callable[[], Outcome],
) -> Outcome:
    from nilreturn.disclosure.methods.rerun import hidden_cells

    system = problem.system
    refused = np.flatnonzero(suppression.unprotectable & ~problem.public)
    if len(refused):
        _refuse(problem, [int(cell) for cell in refused], suppression.reasons)
    hidden = hidden_cells(problem, suppression)
    printed_now = np.zeros(system.size, dtype=np.bool_)
    for numbers in problem.truth.cells.of_table[: len(tables)]:
        printed_now[numbers] = True
    secondary = hidden & ~problem.small & printed_now
    loss = InformationLoss(
        hidden=int((hidden & printed_now).sum()),
        secondary=int(secondary.sum()),
        counts=int(system.value[hidden & printed_now].sum()),
        cost=float(suppression.cost),
        bound=float(suppression.bound),
        gap=float(suppression.gap),
        proven=bool(suppression.proven),
    )
    return Outcome(
        problem,
        tuple(tables),
        tuple(_cells(table, number, problem, hidden) for number, table in enumerate(tables)),
        tuple(
            _words(problem, number) + problem.rules[number].exception(t)
            for number, t in enumerate(tables)
        ),
        loss,
        suppression.low,
        suppression.high,
        hidden & printed_now,
        suppression.table[None, :],
        suppression.moves,
        waived=suppression.waived,
        partially_protected={
            c: suppression.reasons.get(int(c), "")
            for c in np.flatnonzero(suppression.partially_protected).tolist()
        },
        notes=(f"hidden by: {suppression.method}",),
        closer=closer if len(problem.truth.cells.implied) and not problem.with_implied else None,
    )


def _cells(
    table: RawTable, number: int, problem: Problem, hidden: Bools
) -> Mapping[Coordinates, SafeCell]:
    rule = problem.rules[number]
    hides, names = (
        problem.in_table(number, hidden).reshape(-1),
        problem.in_table(number, problem.small).reshape(-1),
    )
    least = 1 if rule.zeros_printed else 0
    primary = f"counts from {least} to {rule.threshold - 1} are hidden: {rule.reason}"
    cells: dict[Coordinates, SafeCell] = {}
    for (labels, count), is_hidden, is_small in zip(table.cells(), hides, names, strict=True):
        if not is_hidden:
            cells[labels] = SafeCell(count, CellStatus.SAFE)
        elif is_small:
            cells[labels] = SafeCell(None, CellStatus.PRIMARY, primary)
        else:
            cells[labels] = SafeCell(
                None, CellStatus.SECONDARY, "hidden because it would give another count away"
            )
    return cells


def _words(problem: Problem, number: int) -> str:
    rule = problem.rules[number]
    if rule.threshold <= 1:
        return (
            "Counts are printed as they are, unless one would give away a count that is hidden "
            "elsewhere."
        )
    least = 1 if rule.zeros_printed else 0
    return (
        f"Counts from {least} to {rule.threshold - 1} are hidden, and with them other counts from "
        "which those could be worked out. "
        f"{'Zeros are printed.' if rule.zeros_printed else 'Zeros are hidden too.'}"
    )


def _refuse(problem: Problem, cells: Sequence[int], reasons: Mapping[int, str]) -> None:
    told = problem.truth.cells
    details = [
        f"{told.words(cell)}: {reasons.get(cell, 'follows whatever is hidden')}"
        for cell in cells[:20]
    ]
    details += dict.fromkeys(advice for cell in cells if (advice := told.advice(cell)))
    raise DisclosureError(
        f"nothing is released: {in_words(len(cells), 'small count')} can be worked out from what "
        "must be printed, whatever else is hidden; merge categories or periods",
        details=tuple(details),
    )
