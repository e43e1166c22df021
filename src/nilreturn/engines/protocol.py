"""What every engine does, and how one is chosen by name."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from nilreturn.errors import QuestionError
from nilreturn.questions import Question
from nilreturn.schema import Extract
from nilreturn.tables import RawExtreme, RawTable

Mention = tuple[str, str, bool]


class Engine(Protocol):
    """
    Counts what a question asks over an extract. Engines differ in speed and place, never in the
    answer.

    `mentions` is the Parquet file that a search of the free text has left: one row a crime and
    keyword, with `crime_ref`, `keyword` and `written` (as the keyword is spelt, and not only in
    another spelling).
    """

    def tabulate(
        self, extract: Extract, question: Question, *, mentions: Path | None = None
    ) -> tuple[RawTable | RawExtreme, ...]:
        """
        Every table of the question, the one asked for first, with all margins, unknowns and zeros.

        Raises `QuestionError` when the question asks for more categories than a table can have, and
        when it asks for mentions without the file of them; `EngineError` when the engine cannot be
        reached.
        """
        ...

    def records_behind(
        self, extract: Extract, question: Question, *, mentions: Path
    ) -> tuple[Mention, ...]:
        """
        The (keyword, crime_ref, as written) of every record that counts towards a keyword, in the
        order of the question's keywords, then of the references: for review within the force, never
        for release.
        """
        ...


def mentions_file(question: Question, mentions: Path | None) -> Path | None:
    """
    The file of mentions for a question that asks for them, else None; `QuestionError` when it is
    not there.
    """
    if not question.mentions:
        return None
    if mentions is None or not mentions.is_file():
        raise QuestionError(
            f"question {question.number} counts mentions, and the free text was not searched; "
            f"search it first"
        )
    return mentions
