"""Reviewing, form by form, what the free text of an extract mentions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from nilreturn.progress import no_progress

if TYPE_CHECKING:
    from nilreturn.narrative.review import Decision, Discovery, Reviewed
    from nilreturn.progress import Progress
    from nilreturn.schema import Extract


@dataclass(frozen=True, slots=True)
class MentionReview:
    """
    What a review found and kept.

    Attributes
    ----------
    records
        How many records have been searched.
    forms
        The forms found, as they stand in the review file.
    discovered
        Words that no lexicon has and that stand where names of platforms do.
    decisions
        All decisions that hold now, the oldest first.
    added
        How many of them are new.
    review_file
        The file that a reviewer fills in.
    decisions_file
        The file that keeps the decisions.
    """

    records: int
    forms: tuple[Reviewed, ...]
    discovered: tuple[Discovery, ...]
    decisions: tuple[Decision, ...]
    added: int
    review_file: Path
    decisions_file: Path

    @property
    def undecided(self) -> int:
        """How many forms wait for a decision."""
        return sum(form.is_open for form in self.forms)


def review_mentions(
    extract: Extract,
    *,
    today: date,
    lexicon: str | None = None,
    decisions_file: Path | None = None,
    review_file: Path | None = None,
    progress: Progress = no_progress,
) -> MentionReview:
    """
    Search an extract, keep the decisions that the review file has, and write that file again.

    Parameters
    ----------
    extract
        The extract.
    today
        The day of decisions that have none.
    lexicon
        A CSV file, or the name of a lexicon that comes with the software; None for platforms.
    decisions_file
        Decisions kept so far; None for `mentions-decisions.csv` beside the extract.
    review_file
        The file to write, and to read back; None for `mentions-review.csv` in the current folder.
        With another lexicon than that of platforms both files have its name in theirs.
    progress
        Called with the work done so far.

    Returns
    -------
    MentionReview
        The forms found, the decisions that hold now, and the two files.

    Raises
    ------
    LexiconError
        With every mistake in the lexicon, the decisions or the review file.
    FileError
        Where a file cannot be read or written.
    """
    from nilreturn.narrative.index import index_text
    from nilreturn.narrative.lexicon import load_lexicon
    from nilreturn.narrative.matching import Matcher
    from nilreturn.narrative.review import (
        discover,
        keep_decisions,
        read_decisions,
        review,
        write_review,
    )

    matcher = Matcher(load_lexicon(lexicon))
    own = f"-{Path(lexicon).stem}" if lexicon else ""
    beside = extract.folder.resolve().parent
    history = decisions_file or beside / f"mentions-decisions{own}.csv"
    out = review_file or Path(f"mentions-review{own}.csv")
    kept = read_decisions(history, matcher.lexicon)
    filled_in = read_decisions(out, matcher.lexicon, undated=today)
    index = index_text(
        extract.crimes,
        extract.index,
        record="crime_ref",
        text="narrative",
        source=extract.manifest["files"][extract.crimes.name]["sha256"],
        progress=progress,
    )
    decisions = keep_decisions(history, kept, filled_in)
    forms = review(index, matcher, decisions, progress=progress)
    write_review(out, forms)
    return MentionReview(
        records=len(index),
        forms=tuple(forms),
        discovered=tuple(discover(index, matcher)),
        decisions=decisions,
        added=len(decisions) - len(kept),
        review_file=out,
        decisions_file=history,
    )
