"""The default engine: DuckDB in this process, reading the extract's Parquet files in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from nilreturn.engines.planning import plan
from nilreturn.engines.protocol import Mention, mentions_file
from nilreturn.engines.sql.counter import StatementBackend
from nilreturn.engines.sql.trees import MENTIONS
from nilreturn.engines.tabulation import tabulate
from nilreturn.errors import ExtractError
from nilreturn.files import engine_path
from nilreturn.questions import CRIMES, VICTIMS, Question
from nilreturn.schema import Extract
from nilreturn.tables import RawExtreme, RawTable


class DuckDBEngine:
    """
    The default engine. It needs no set-up and no network, because extensions are never downloaded.
    """

    def tabulate(
        self, extract: Extract, question: Question, *, mentions: Path | None = None
    ) -> tuple[RawTable | RawExtreme, ...]:
        with _opened(extract, mentions_file(question, mentions)) as counter:
            return tabulate(counter, extract, question)

    def records_behind(
        self, extract: Extract, question: Question, *, mentions: Path
    ) -> tuple[Mention, ...]:
        with _opened(extract, mentions_file(question, mentions)) as counter:
            return counter.records_behind(plan(question, extract), question.mentions)


@contextmanager
def _opened(extract: Extract, mentions: Path | None) -> Iterator[StatementBackend]:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=settings) as connection:
        try:
            for name, path in (
                (CRIMES, extract.crimes),
                (VICTIMS, extract.victims),
                (MENTIONS, mentions),
            ):
                if path is not None:
                    connection.read_parquet(engine_path(path), hive_partitioning=False).create_view(
                        name
                    )
            yield StatementBackend(lambda tree: connection.execute(tree.sql("duckdb")).fetchall())
        except (
            duckdb.IOException,
            duckdb.InvalidInputException,
            duckdb.SerializationException,
        ) as error:
            raise ExtractError(
                f"{extract.folder}: a file of the extract cannot be read; import it again"
            ) from error
