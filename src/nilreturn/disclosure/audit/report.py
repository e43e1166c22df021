"""An audit for people (text), for spreadsheets (CSV) and for programs (JSON)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nilreturn.disclosure.audit.findings import Audit, Finding, Verdict
from nilreturn.disclosure.model import NO_UPPER, range_words
from nilreturn.spreadsheets import escape_formula
from nilreturn.wording import in_words

MOST_NAMED = 8  # cells of one finding that are named in the text
MOST_LINES = 200  # of one list in the text; the other formats are whole

_HEADINGS = ("table", "cell", "verdict", "lowest", "highest", "exact", "reason")


def verdict_of(audit: Audit) -> str:
    """One line: whether the tables withstand."""
    number = len(audit.findings)
    rounded = worked_out(audit)
    if not number and not audit.complaints and not rounded:
        return "Nothing is hidden, so there is nothing to work out."
    if audit.is_safe and not rounded:
        return (
            f"Safe: {in_words(number, 'hidden cell')}, and none can be worked out or narrowed "
            f"down too far."
        )
    told = [
        f"{in_words(count, 'hidden cell')} {words}"
        for verdict, words in _WORDS.items()
        if (count := sum(finding.verdict is verdict for finding in audit.findings))
    ]
    if rounded:
        told.append(f"{in_words(len(rounded), 'rounded figure')} can be worked out")
    if audit.complaints:
        told.append(f"{in_words(len(audit.complaints), 'contradiction')} in what is printed")
    return f"Not safe: {'; '.join(told)}."


_WORDS = {
    Verdict.EXPOSED: "can be worked out",
    Verdict.NARROWED: "can be narrowed down too far",
    Verdict.DISCLOSED_TO_SINGLETON: "can be worked out by the one person in another",
    Verdict.UNDECIDED: "could not be decided",
}


def printed_small(audit: Audit) -> tuple[str, ...]:
    """
    The small counts that nobody hid: printed as they are, told by a percentage or a single sum, or
    what two tables tell apart. A count that is hidden is not among them: that is for the findings.
    """
    known, limit = audit.knowledge, audit.demands.small.copy()
    cells, value = known.cells, known.bounds.low
    limit[cells.difference] = limit.max(initial=0)
    small = (value == known.bounds.high) & (value > 0) & (value < limit) & ~known.hidden
    return tuple(f"{cells.words(cell)}: {value[cell]}" for cell in np.flatnonzero(small).tolist())


def worked_out(audit: Audit) -> tuple[str, ...]:
    """
    The small counts that follow from rounded figures: a range was printed, and the sums leave one
    value of it.
    """
    known, limit = audit.knowledge, audit.demands.small
    cells, value = known.cells, known.bounds.low
    ranged = (known.low < known.high) & (known.high < NO_UPPER) & ~known.hidden
    small = ranged & (value == known.bounds.high) & (value > 0) & (value < limit)
    return tuple(
        f"{cells.words(cell)}: exactly {value[cell]}" for cell in np.flatnonzero(small).tolist()
    )


def as_text(audit: Audit, read: Sequence[Mapping[str, Any]] = ()) -> str:
    """
    The audit in words, the worst first. How the tables were `read` is printed apart, before it.
    """
    return "\n".join(_lines(audit)) + "\n"


def _lines(audit: Audit) -> Iterator[str]:
    findings = [f"  {line}" for line in _findings(audit)]
    rounded = worked_out(audit)
    small = [
        words
        for words in printed_small(audit)
        if words.rpartition(": ")[0] not in _names_in(rounded)
    ]
    sections = {
        "What is printed contradicts itself:": [f"  {complaint}" for complaint in audit.complaints],
        "What the printed totals leave:": [f"  {words}" for words in _unsaid(audit, findings)],
        "Small counts that are printed, or follow from a printed sum:": [
            f"  {words}" for words in small
        ],
        "Rounded figures that can be worked out:": [f"  {words}" for words in rounded],
        "Hidden cells:": findings,
    }
    for heading, lines in sections.items():
        if lines:
            yield heading
            yield from _bounded(lines)
            yield ""
    yield verdict_of(audit)


def _names_in(lines: Sequence[str]) -> set[str]:
    return {line.rpartition(": ")[0] for line in lines}


def _unsaid(audit: Audit, findings: Sequence[str]) -> Iterator[str]:
    """The sums that no finding quotes: each thing is said once."""
    quoted = "\n".join(findings)
    tables = {finding.table for finding in audit.findings}
    for words in audit.sums:
        table, _, rest = words.partition(": ")
        if (rest if table in tables else words) not in quoted:
            yield words


def _findings(audit: Audit) -> Iterator[str]:
    """The findings, the worst first; those with one verdict, one range and one reason together."""
    order = list(Verdict)
    groups: dict[tuple[Verdict, int, int | None, str, str], list[Finding]] = {}
    for finding in sorted(audit.findings, key=lambda finding: order.index(finding.verdict)):
        # Undecided cells differ in how far their ranges are known, which is not what is to be said
        # of them.
        low, high = (
            (0, None) if finding.verdict is Verdict.UNDECIDED else (finding.low, finding.high)
        )
        groups.setdefault((finding.verdict, low, high, finding.reason, finding.table), []).append(
            finding
        )
    for (verdict, _, _, reason, _), same in groups.items():
        yield (
            f"{verdict.value.upper()}  {_names(same)}: {_what(same[0])}. {_sentence(reason)}"
        ).strip()


def _what(finding: Finding) -> str:
    if finding.verdict is Verdict.UNDECIDED:
        return "not decided"
    return range_words(finding.low, NO_UPPER if finding.high is None else finding.high)


def _names(same: Sequence[Finding]) -> str:
    """The cells of one table, which is named once."""
    names = [" / ".join(finding.labels) for finding in same]
    told = (
        names
        if len(names) <= MOST_NAMED
        else [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} more"]
    )
    cells = "; ".join(name for name in told if name)
    return f"{same[0].table}: {cells}" if cells else same[0].table


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _bounded(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"  … and {len(lines) - MOST_LINES:,} more (all are in the CSV and JSON forms)"


def as_csv(audit: Audit, read: Sequence[Mapping[str, Any]] = ()) -> str:
    """One line a hidden cell; an empty highest where nothing bounds it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for finding in audit.findings:
        high = "" if finding.high is None else finding.high
        table, name, reason = map(
            escape_formula, (finding.table, " / ".join(finding.labels), finding.reason)
        )
        exact = "yes" if finding.exact else "no"
        writer.writerow([table, name, finding.verdict.value, finding.low, high, exact, reason])
    return out.getvalue()


def as_json(audit: Audit, read: Sequence[Mapping[str, Any]] = ()) -> str:
    """The audit as JSON, with how the tables were `read`; an absent highest is null."""
    content: dict[str, Any] = {
        "read": list(read),
        "safe": audit.is_safe,
        "verdict": verdict_of(audit),
        "contradictions": list(audit.complaints),
        "sums": list(audit.sums),
        "small_counts_printed": list(printed_small(audit)),
        "rounded_figures_worked_out": list(worked_out(audit)),
        "hidden_cells": [
            {
                "table": finding.table,
                "labels": list(finding.labels),
                "verdict": finding.verdict.value,
                "lowest": finding.low,
                "highest": finding.high,
                "exact": finding.exact,
                "reason": finding.reason,
            }
            for finding in audit.findings
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


FORMS = {"text": as_text, "csv": as_csv, "json": as_json}
