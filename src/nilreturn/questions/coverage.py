"""
Which part of a question an extract can answer. Nothing may be stated about days that it does not
cover, and never a 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from nilreturn.periods import Period
from nilreturn.questions.columns import find
from nilreturn.questions.model import Question
from nilreturn.schema import Coverage, Extract


@dataclass(frozen=True, slots=True)
class Reach:
    """
    The period that a question asks for in the date column `variable`, what the extract covers of
    that column, and the covered `part` of the period: None where no day of it is covered.
    """

    variable: str
    asked: Period
    coverage: Coverage
    part: Period | None

    @property
    def is_whole(self) -> bool:
        """Whether every day asked for is covered."""
        return self.part == self.asked


def reach_of(question: Question, extract: Extract) -> Reach | None:
    """
    How far the extract reaches for the question; None where the question names no days, or where no
    record has a day.
    """
    dates = question.filters.dates
    column = find(dates.column, extract.columns) if dates else None
    coverage = extract.coverage.get(column.variable) if column else None
    if dates is None or column is None or coverage is None:
        return None
    return Reach(column.variable, dates.period, coverage, dates.period.intersect(coverage.period))


def answerable(question: Question, extract: Extract) -> Question:
    """The question, restricted to the days that the extract covers."""
    reach = reach_of(question, extract)
    dates = question.filters.dates
    if reach is None or reach.part is None or dates is None or reach.is_whole:
        return question
    return replace(
        question, filters=replace(question.filters, dates=replace(dates, period=reach.part))
    )


def days_outside(question: Question, extract: Extract) -> Iterator[tuple[int, str]]:
    """
    The mistake of asking only for days that the extract does not cover: its line; what is wrong and
    what to do next.
    """
    dates = question.filters.dates
    try:
        column = find(dates.column, extract.columns) if dates else None
    except ValueError:
        return  # reported where columns are checked
    if dates is None or column is None:
        return
    reach = reach_of(question, extract)
    where = f"question {question.number}: "
    if reach is None:
        yield (
            dates.line,
            f"{where}no record of this extract has a day in {dates.column}; ask by another date",
        )
    elif reach.part is None:
        how = "" if reach.coverage.given else ", as its records show"
        covered = f"this extract covers {dates.column} from {reach.coverage.period}{how}"
        next_step = "ask for days that it covers, or import files of those days"
        yield dates.line, f"{where}{covered}, and nothing of {dates.period}; {next_step}"
