"""
Finds mentions on a Spark cluster, for text of more records than one machine can index.

Each partition makes a vocabulary of its own records, matches its distinct forms, and looks up the
records, as the index of one machine does. Every worker needs this package. References and keywords
are returned, but no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from nilreturn.engines.sql.spark import kind_of, literal_path, no_word_of_pandas
from nilreturn.errors import EngineError
from nilreturn.narrative import MENTIONS, Verdicts, find_in_batch
from nilreturn.narrative.index import open_batch
from nilreturn.narrative.lexicon import Lexicon
from nilreturn.narrative.matching import Matcher

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Records that share one vocabulary. With more, less matching is needed for each.
RECORDS = 100_000


def find_mentions_on_spark(
    session: SparkSession,
    crimes: Path,
    lexicon: Lexicon,
    verdicts: Verdicts | None = None,
    keywords: Sequence[str] | None = None,
    *,
    partitions: int | None = None,
) -> pa.Table:
    """
    The table that `narrative.mentions.find_mentions` gives, in no particular order, of the Parquet
    file or folder `crimes` (columns crime_ref and narrative), which every worker must be able to
    read.

    session: opened by `spark.session_at`; the caller stops it. partitions: the number of parts that
    the records are divided into; None leaves it to Spark.

    Raises `EngineError` when the cluster or a worker fails, and `LexiconError` for an unknown
    keyword.
    """
    names = None if keywords is None else [lexicon.entry(name).name for name in keywords]
    from pyspark.errors import PySparkException

    try:
        texts = session.read.parquet(literal_path(crimes.absolute())).select(
            "crime_ref", "narrative"
        )
        if partitions is not None:
            texts = texts.repartition(partitions)
        find = partial(
            mentions_of_batches, lexicon=lexicon, verdicts=dict(verdicts or {}), keywords=names
        )
        with no_word_of_pandas():
            found = texts.mapInArrow(
                find, "crime_ref string, keyword string, written boolean"
            ).toArrow()
    except PySparkException as error:
        raise EngineError(
            f"Spark could not search the text ({kind_of(error)}); "
            f"check that every worker can read {crimes} and has nilreturn"
        ) from error
    return found.cast(MENTIONS)


def mentions_of_batches(
    batches: Iterable[pa.RecordBatch],
    *,
    lexicon: Lexicon,
    verdicts: Verdicts,
    keywords: Sequence[str] | None,
) -> Iterator[pa.RecordBatch]:
    """The mentions in a partition's batches (crime_ref, narrative). It uses only its arguments."""
    matcher = Matcher(lexicon)
    for some in _gathered(batches):
        texts = some["narrative"].combine_chunks()
        found = find_in_batch(
            open_batch(texts), some["crime_ref"].cast(pa.string()), matcher, verdicts, keywords
        )
        yield from found.table.to_batches()


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(map(len, waiting)) >= RECORDS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)
