"""Mentions found by a Spark master with two workers are those found in one index."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nilreturn.narrative.mentions import find_mentions
from tests.functional.mentions.test_spark import TEXTS
from tests.unit.narrative.indexing import index_of, matcher, write_texts

ROOT = Path(__file__).parents[3]
ON_A_CLUSTER = """
import json, sys
from pathlib import Path
from nilreturn.engines import find_mentions_on_spark, session_at
from nilreturn.narrative.lexicon import load_lexicon
from tests.support.spark_cluster import spark_cluster

with spark_cluster(Path(sys.argv[1])) as master:
    session = session_at(master)
    found = find_mentions_on_spark(session, Path(sys.argv[2]), load_lexicon(), partitions=4)
    session.stop()
print(json.dumps(found.to_pylist()))
"""


@pytest.mark.cluster
@pytest.mark.timeout(900)
def test_two_workers_find_what_the_index_finds(tmp_path):
    """In a process of its own: one process cannot hold both this Spark and Spark Connect."""
    crimes = write_texts(tmp_path, TEXTS)
    needed = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "PYSPARK_PYTHON": sys.executable}
    command = [sys.executable, "-c", ON_A_CLUSTER, str(tmp_path), str(crimes)]
    ran = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **needed}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    expected = find_mentions(index_of(crimes), matcher()).table.to_pylist()
    by_reference = sorted(
        json.loads(ran.stdout.splitlines()[-1]), key=lambda row: (row["crime_ref"], row["keyword"])
    )
    assert by_reference == sorted(expected, key=lambda row: (row["crime_ref"], row["keyword"]))
