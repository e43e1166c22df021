"""
What reviewers decided about forms: a history to which rows are only added, with who and when, and
which is used again for the next extract.

A file of decisions is CSV with at least the columns form, platform, decision, by and at; a review
file that a person has filled in is one too. Rows without a decision are ignored; the last row about
a form and platform holds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nilreturn.authored import Mistakes
from nilreturn.errors import FileError, LexiconError, did_you_mean
from nilreturn.files import atomic_file
from nilreturn.narrative.lexicon import Lexicon
from nilreturn.narrative.mentions import Verdict
from nilreturn.narrative.text import normalise, tokenise

# The columns of a file of decisions.
COLUMNS = ("form", "platform", "decision", "by", "at")

_LONGEST_CELL = 200


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on a form of an entry, with who gave it and when."""

    form: str
    keyword: str
    verdict: Verdict
    by: str
    on: date

    @property
    def key(self) -> tuple[str, str]:
        return self.form, self.keyword


def read_decisions(
    path: Path, lexicon: Lexicon, *, undated: date | None = None, must_exist: bool = False
) -> tuple[Decision, ...]:
    """
    The decisions in a file, in its order; none where the file does not exist yet, unless it
    `must_exist`.

    undated: the day of a decision without one; None where each must have its own.

    Raises `LexiconError` with every mistake and its row in `details`, and `FileError` when the file
    cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if must_exist:
            raise FileError(
                f"{path}: no such file of decisions; 'nilreturn mentions' keeps one"
            ) from None
        return ()
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: not UTF-8 text; save it as CSV UTF-8") from error
    except OSError as error:
        raise FileError(f"{path}: the decisions cannot be read: {error.strerror}") from error
    decisions: list[Decision] = []
    mistakes = Mistakes(str(path), LexiconError, row="row")
    for row_number, row in _rows(text, path):
        decision, wrong = _decision(row, lexicon, undated)
        for what in wrong:
            mistakes.add(row_number, what)
        decisions += [decision] if decision else []
    mistakes.raise_if_any()
    return tuple(decisions)


def verdicts(decisions: Sequence[Decision]) -> dict[tuple[str, str], Verdict]:
    """The verdict that holds for each form and keyword."""
    return {decision.key: decision.verdict for decision in decisions}


def keep_decisions(
    path: Path, kept: Sequence[Decision], new: Sequence[Decision]
) -> tuple[Decision, ...]:
    """
    Add to the file at `path`, which has the decisions `kept`, those of `new` that differ from what
    holds already; return all. The rows that are in the file stay unchanged.
    """
    holding = {decision.key: decision for decision in kept}
    added = []
    for decision in new:
        before = holding.get(decision.key)
        if before is None or before.verdict is not decision.verdict:
            added.append(decision)
            holding[decision.key] = decision
    if added:
        _append(path, added)
    return (*kept, *added)


def _append(path: Path, decisions: Sequence[Decision]) -> None:
    """Add rows in the order of the file's own columns."""
    try:
        before = path.read_text(encoding="utf-8-sig") if path.exists() else ",".join(COLUMNS) + "\n"
        header = next(csv.reader(before.splitlines()))
        rows = io.StringIO()
        writer = csv.DictWriter(
            rows, header, restval="", extrasaction="ignore", lineterminator="\n"
        )
        writer.writerows(
            {"form": one.form, "platform": one.keyword, "decision": one.verdict.value, "by": one.by,
             "at": one.on.isoformat()} for one in decisions
        )  # fmt: skip
        with atomic_file(path) as part:
            part.write_text(before.rstrip("\n") + "\n" + rows.getvalue(), encoding="utf-8")
    except OSError as error:
        raise FileError(f"{path}: the decisions cannot be kept: {error.strerror}") from error


def _rows(text: str, path: Path) -> list[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise LexiconError(
                f"{path}, row 1: no column {', '.join(missing)}; decisions have "
                f"{', '.join(COLUMNS)}"
            )
        return [
            (number, {name: (row.get(name) or "").strip() for name in COLUMNS})
            for number, row in enumerate(reader, 2)
        ]
    except csv.Error as error:
        raise LexiconError(f"{path}, line {reader.line_num}: not CSV ({error})") from error


def _decision(
    row: dict[str, str], lexicon: Lexicon, undated: date | None
) -> tuple[Decision | None, list[str]]:
    if not row["decision"]:
        return None, []
    wrong = [
        f"{name} is longer than {_LONGEST_CELL} characters"
        for name in COLUMNS
        if len(row[name]) > _LONGEST_CELL
    ]
    if wrong:
        return None, wrong
    form = " ".join(token.form for token in tokenise(normalise(row["form"])))
    if not form:
        wrong.append("form is empty")
    names = {entry.name.casefold(): entry.name for entry in lexicon.entries}
    keyword = names.get(row["platform"].casefold(), "")
    if not keyword:
        near = did_you_mean(row["platform"], list(names.values()))
        wrong.append(f"platform '{row['platform']}' is not an entry of the lexicon{near}")
    known = {verdict.value: verdict for verdict in Verdict}
    verdict = known.get(" ".join(row["decision"].casefold().split()))
    if verdict is None:
        wrong.append(f"decision '{row['decision']}' is not one of {', '.join(known)}")
    if not row["by"]:
        wrong.append("by is empty: a decision names who made it")
    on = undated if undated and not row["at"] else _day(row["at"])
    if on is None:
        wrong.append("at is not a day; write it as 2026-11-24")
    if wrong or verdict is None or on is None:
        return None, wrong
    return Decision(form, keyword, verdict, row["by"], on), []


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:  # as a spreadsheet writes it back in Britain
        day, month, year = (int(part) for part in text.split("/"))
        return date(year, month, day)
    except ValueError:
        return None
