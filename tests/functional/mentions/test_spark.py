"""Mentions found partition by partition on Spark are those found in one index."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nilreturn.engines.sql.spark import session_at
from nilreturn.engines.sql.spark_mentions import find_mentions_on_spark, mentions_of_batches
from nilreturn.errors import EngineError, LexiconError
from nilreturn.narrative.lexicon import load_lexicon
from nilreturn.narrative.mentions import Verdict, find_mentions
from tests.unit.narrative.indexing import index_of, matcher, write_texts

TEXTS = [
    "SUSP CONTACTED IP VIA SNAPCHAT AND SNPCHAT",
    "ON SNAP CHAT, IG AND KIK",
    None,
    "LINE OF TREES DAMAGED",
    "",
    "MESSAGES ON LINE ACCOUNT",
    "IP KICKED BY SUSP. VIA KICK MESSENGER",
    "LNSTAGRAM PROFILE, FACE BOK, XBOX PARTY",
    "unk male left scene <b>via</b> rear gate &amp; телеграм",
] * 30


@pytest.fixture(scope="module")
def session():
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    session = session_at(f"sc://{host}:{port}")
    yield session
    session.stop()
    server.stop()


@pytest.fixture(scope="module")
def crimes(tmp_path_factory):
    return write_texts(tmp_path_factory.mktemp("spark"), TEXTS, rows_a_group=50)


def counted(table):
    return sorted(tuple(row.values()) for row in table.to_pylist())


@pytest.mark.parametrize("partitions", [1, 4])
def test_partitions_find_what_the_index_finds(session, crimes, partitions):
    verdicts = {("kick", "Kik"): Verdict.ACCEPT, ("snpchat", "Snapchat"): Verdict.REJECT}
    on_spark = find_mentions_on_spark(
        session, crimes, load_lexicon(), verdicts, partitions=partitions
    )
    expected = find_mentions(index_of(crimes), matcher(), verdicts)
    assert counted(on_spark) == counted(expected.table)
    assert len(on_spark) > 200


def test_only_the_keywords_asked_for(session, crimes):
    found = find_mentions_on_spark(session, crimes, load_lexicon(), keywords=["kik"])
    assert set(found["keyword"].to_pylist()) == {"Kik"}
    with pytest.raises(LexiconError, match="did you mean 'Kik'"):
        find_mentions_on_spark(session, crimes, load_lexicon(), keywords=["kikk"])


def test_a_missing_file_is_one_line(session, tmp_path):
    with pytest.raises(EngineError, match="could not search"):
        find_mentions_on_spark(session, tmp_path / "none.parquet", load_lexicon())


def test_batches_of_any_size_give_the_same(crimes):
    table = pq.read_table(crimes)
    expected = counted(find_mentions(index_of(crimes), matcher()).table)
    for size in (1, 7, len(table)):
        batches = table.to_batches(max_chunksize=size)
        found = mentions_of_batches(batches, lexicon=load_lexicon(), verdicts={}, keywords=None)
        assert counted(pa.Table.from_batches(list(found))) == expected
