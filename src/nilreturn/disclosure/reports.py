"""An audit for people (text), for spreadsheets (CSV) and for programs (JSON)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from nilreturn.disclosure.audit import Audit, Finding, Verdict
from nilreturn.disclosure.explain import counted, range_words
from nilreturn.disclosure.system import NO_CEILING

MOST_LINES = 200  # of one list in the text; the other formats are whole

_HEADINGS = ("table", "cell", "verdict", "lowest", "highest", "exact", "reason")


def verdict_of(audit: Audit) -> str:
    """One line: whether the tables withstand."""
    number = len(audit.findings)
    if not number and not audit.complaints:
        return "Nothing is hidden, so there is nothing to work out."
    if audit.is_safe:
        return f"Safe: {counted(number, 'hidden cell')}, and none can be worked out or narrowed down too far."
    told = [
        f"{counted(count, 'hidden cell')} {words}"
        for verdict, words in _WORDS.items()
        if (count := sum(finding.verdict is verdict for finding in audit.findings))
    ]
    if audit.complaints:
        told.append(f"{counted(len(audit.complaints), 'contradiction')} in what is printed")
    return f"Not safe: {'; '.join(told)}."


_WORDS = {
    Verdict.EXPOSED: "can be worked out",
    Verdict.NARROW: "can be narrowed down too far",
    Verdict.GIVEN_AWAY: "can be worked out by the one person in another",
    Verdict.UNDECIDED: "could not be decided in the time given",
}


def printed_small(audit: Audit) -> tuple[str, ...]:
    """
    The small counts that nobody hid: printed as they are, told by a percentage or a single sum, or what two tables tell
    apart. A count that is hidden is not among them: that is for the findings.
    """
    known, limit = audit.knowledge, audit.demands.small.copy()
    cells, value = known.cells, known.bounds.low
    limit[cells.difference] = limit.max(initial=0)
    small = (value == known.bounds.high) & (value > 0) & (value < limit) & ~known.hidden
    return tuple(f"{cells.words(cell)}: {value[cell]}" for cell in np.flatnonzero(small).tolist())


def as_text(audit: Audit) -> str:
    """The audit in words, the worst first."""
    return "\n".join(_lines(audit)) + "\n"


def _lines(audit: Audit) -> Iterator[str]:
    if audit.complaints:
        yield "What is printed contradicts itself:"
        yield from _bounded([f"  {complaint}" for complaint in audit.complaints])
        yield ""
    if audit.sums:
        yield "What the printed totals leave:"
        yield from _bounded([f"  {words}" for words in audit.sums])
        yield ""
    if small := printed_small(audit):
        yield "Small counts that are printed, or follow from a printed sum:"
        yield from _bounded([f"  {words}" for words in small])
        yield ""
    if audit.findings:
        yield "Hidden cells:"
        order = list(Verdict)
        findings = sorted(audit.findings, key=lambda finding: order.index(finding.verdict))
        yield from _bounded([f"  {_line(finding)}" for finding in findings])
        yield ""
    yield verdict_of(audit)


def _line(finding: Finding) -> str:
    range_ = range_words(finding.low, NO_CEILING if finding.high is None else finding.high)
    return f"{finding.verdict.value.upper()}  {_name(finding)}: {range_}. {_sentence(finding.reason)}"


def _name(finding: Finding) -> str:
    return f"{finding.table}: {' / '.join(finding.labels)}" if finding.labels else finding.table


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _bounded(lines: list[str]) -> Iterator[str]:
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"  … and {len(lines) - MOST_LINES:,} more (all are in the CSV and JSON forms)"


def as_csv(audit: Audit) -> str:
    """One line a hidden cell; an empty highest where nothing bounds it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for finding in audit.findings:
        high = "" if finding.high is None else finding.high
        name = " / ".join(finding.labels)
        exact = "yes" if finding.exact else "no"
        writer.writerow([finding.table, name, finding.verdict.value, finding.low, high, exact, finding.reason])
    return out.getvalue()


def as_json(audit: Audit) -> str:
    """The audit as JSON; an absent highest is null."""
    content: dict[str, Any] = {
        "safe": audit.is_safe,
        "verdict": verdict_of(audit),
        "contradictions": list(audit.complaints),
        "sums": list(audit.sums),
        "small_counts_printed": list(printed_small(audit)),
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
