"""What every engine does."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from nilreturn.errors import QuestionError
from nilreturn.questions import Question
from nilreturn.schema import Extract
from nilreturn.tables import RawExtreme, RawTable

# (keyword, crime_ref, whether the record has the keyword as it is spelt).
Mention = tuple[str, str, bool]


class Engine(Protocol):
    """
    Counts what a question asks of an extract. Engines differ in speed and in where they run, and
    give the same answer.

    `mentions`, where a method takes it, is the Parquet file that a search of the free text has
    written: one row for each crime and keyword, with the columns `crime_ref`, `keyword` and
    `written` (True if the record has the keyword as it is spelt, False if only in another
    spelling).
    """

    def tabulate(
        self, extract: Extract, question: Question, *, mentions: Path | None = None
    ) -> tuple[RawTable | RawExtreme, ...]:
        """
        Count every table of a question.

        Parameters
        ----------
        extract
            The records to count.
        question
            A question that has been checked against the extract.
        mentions
            The file of mentions, for a question that asks for keywords.

        Returns
        -------
        tuple of RawTable or RawExtreme
            True counts with all margins, unknowns and zeros; the table that was asked for comes
            first.

        Raises
        ------
        QuestionError
            When the question asks for more categories than a table can have, or for mentions
            without the file of them.
        EngineError
            When the engine cannot be reached.
        """
        ...

    def records_behind(
        self, extract: Extract, question: Question, *, mentions: Path
    ) -> tuple[Mention, ...]:
        """
        The records that count towards each keyword, for review within the force and never for
        release.

        Parameters
        ----------
        extract
            The records to count.
        question
            A question that asks for keywords.
        mentions
            The file of mentions.

        Returns
        -------
        tuple of Mention
            (keyword, crime_ref, as written), in the order of the question's keywords, then of the
            references.

        Raises
        ------
        QuestionError
            When the file of mentions is not there.
        EngineError
            When the engine cannot be reached.
        """
        ...


def mentions_file(question: Question, mentions: Path | None) -> Path | None:
    """
    The file of mentions for a question that asks for keywords, else None. Raises `QuestionError`
    when the file is not there.
    """
    if not question.mentions:
        return None
    if mentions is None or not mentions.is_file():
        raise QuestionError(
            f"question {question.number} counts mentions, and the free text was not searched; "
            f"search it first"
        )
    return mentions
