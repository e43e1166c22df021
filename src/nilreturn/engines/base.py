"""What every engine does, and how one is chosen by name."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from nilreturn.errors import EngineError, QuestionError, did_you_mean
from nilreturn.questions import Question
from nilreturn.schema import Extract
from nilreturn.tables import RawExtreme, RawTable

ENGINES = ("duckdb", "spark", "reference")

Mention = tuple[str, str, bool]


class Engine(Protocol):
    """
    Counts what a question asks over an extract. Engines differ in speed and place, never in the answer.

    `mentions` is the Parquet file that a search of the free text has left: one row a crime and keyword, with
    `crime_ref`, `keyword` and `written` (as the keyword is spelt, and not only in another spelling).
    """

    def tabulate(
        self, extract: Extract, question: Question, *, mentions: Path | None = None
    ) -> tuple[RawTable | RawExtreme, ...]:
        """
        Every table of the question, the one asked for first, with all margins, unknowns and zeros.

        Raises `QuestionError` when the question asks for more categories than a table can have, and when it asks for
        mentions without the file of them; `EngineError` when the engine cannot be reached.
        """
        ...

    def records_behind(self, extract: Extract, question: Question, *, mentions: Path) -> tuple[Mention, ...]:
        """
        The (keyword, crime_ref, as written) of every record that counts towards a keyword, in the order of the
        question's keywords, then of the references: for review within the force, never for release.
        """
        ...


def engine_named(name: str, *, master: str | None = None) -> Engine:
    """
    "duckdb" (in this process), "spark" (`master`: "local[2]", "spark://host:7077", or "sc://host:15002" for Spark
    Connect) or "reference" (plain loops, for small extracts and tests).

    Raises `EngineError` when there is none of that name, or when it is not installed.
    """
    if name == "spark":
        from nilreturn.engines.spark import SparkEngine

        return SparkEngine(master or "local[*]")
    if master is not None:
        raise EngineError(f"engine '{name}' has no master; leave --master out, or write --engine spark")
    if name == "duckdb":
        from nilreturn.engines.duckdb import DuckDBEngine

        return DuckDBEngine()
    if name == "reference":
        from nilreturn.engines.reference import ReferenceEngine

        return ReferenceEngine()
    raise EngineError(f"no engine '{name}'{did_you_mean(name, ENGINES) or '; there are ' + ', '.join(ENGINES)}")


def mentions_file(question: Question, mentions: Path | None) -> Path | None:
    """The file of mentions for a question that asks for them, else None; `QuestionError` when it is not there."""
    if not question.mentions:
        return None
    if mentions is None or not mentions.is_file():
        raise QuestionError(
            f"question {question.number} counts mentions, and the free text was not searched; search it first"
        )
    return mentions
