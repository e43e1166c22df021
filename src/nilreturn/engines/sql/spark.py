"""
The engine for a Spark cluster: it runs the trees of `trees.py` over Parquet that every worker can
read.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn.engines.planning import plan
from nilreturn.engines.protocol import Mention, mentions_file
from nilreturn.engines.sql.counter import StatementBackend
from nilreturn.engines.sql.trees import MENTIONS
from nilreturn.engines.tabulation import tabulate
from nilreturn.errors import EngineError
from nilreturn.extras import how_to_install
from nilreturn.questions import CRIMES, VICTIMS, Question
from nilreturn.schema import Extract
from nilreturn.tables import RawExtreme, RawTable

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# The counts that come back are few; more partitions than this cost more than they give.
_SETTINGS = {
    "spark.sql.shuffle.partitions": "16",
    "spark.sql.ansi.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


class SparkEngine:
    """
    An engine on Spark. `master` is "local[2]", "spark://host:7077", or "sc://host:15002" for Spark
    Connect.

    The first question opens the session, which is kept until `close`.
    """

    def __init__(self, master: str) -> None:
        self._master = master
        self._session: SparkSession | None = None

    def tabulate(
        self, extract: Extract, question: Question, *, mentions: Path | None = None
    ) -> tuple[RawTable | RawExtreme, ...]:
        with self._opened(extract, mentions_file(question, mentions)) as counter:
            return tabulate(counter, extract, question)

    def records_behind(
        self, extract: Extract, question: Question, *, mentions: Path
    ) -> tuple[Mention, ...]:
        with self._opened(extract, mentions_file(question, mentions)) as counter:
            return counter.records_behind(plan(question, extract), question.mentions)

    def close(self) -> None:
        """End the session; a later question opens another."""
        if self._session is not None:
            self._session.stop()
            self._session = None

    @contextmanager
    def _opened(self, extract: Extract, mentions: Path | None) -> Iterator[StatementBackend]:
        session = self._session = self._session or session_at(self._master)
        from pyspark.errors import PySparkException

        try:
            for name, path in (
                (CRIMES, extract.crimes),
                (VICTIMS, extract.victims),
                (MENTIONS, mentions),
            ):
                if path is not None:
                    session.read.parquet(literal_path(path.absolute())).createOrReplaceTempView(
                        name
                    )
            yield StatementBackend(lambda tree: session.sql(tree.sql("spark")).collect())
        except PySparkException as error:
            raise EngineError(
                f"Spark at {self._master} could not count ({kind_of(error)}); "
                f"check that every worker can read {extract.folder}"
            ) from error


def session_at(master: str) -> SparkSession:
    """
    A session at `master`. Raises `EngineError` when Spark is not installed or cannot be reached.
    """
    with no_word_of_pandas():
        return _begun(master)


@contextmanager
def no_word_of_pandas() -> Iterator[None]:
    """Suppress Spark's warning about pandas, which is not used here."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="PySpark does not yet fully support pandas", category=FutureWarning
        )
        yield


def _begun(master: str) -> SparkSession:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError(
            "engine 'spark' is not installed; install nilreturn with its extra 'spark': "
            + how_to_install("spark")
        ) from error
    builder: Any = SparkSession.builder.appName("nilreturn")
    if master.startswith("sc://"):
        builder = builder.remote(master)
    else:
        if master.startswith("local"):  # its workers run this Python, which has what they need
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.master(master)
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
    try:
        session: SparkSession = builder.getOrCreate()
        session.sql("SELECT 1").collect()
    # Whatever the transport raises, the user can only do one thing about it.
    except Exception as error:
        raise EngineError(
            f"Spark at {master} cannot be reached; check --master and that it runs"
        ) from error
    return session


def kind_of(error: Exception) -> str:
    """The error's condition class. The message is never used, since it may quote a record."""
    condition = getattr(error, "getCondition", lambda: None)()
    return str(condition or type(error).__name__)


def literal_path(path: Path) -> str:
    """The path with the characters escaped that Hadoop would take for a pattern."""
    return re.sub(r"([*?\[\]{}\\])", r"\\\1", str(path))
