"""
Engines under test: each is a fixture parameter, and what an engine needs is started when the first
test needs it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from nilreturn.engines import Engine, engine_named

# The address of a Spark master, set by the test that starts a cluster and then runs these tests on
# it, and no others.
MASTER = "NILRETURN_TEST_SPARK_MASTER"

# "sail" is the engine "spark" on Sail's Spark Connect server, in this process: no Java, no network
# beyond loopback.
ENGINES = ("cluster",) if MASTER in os.environ else ("duckdb", "reference", "sail")


@pytest.fixture(scope="session")
def sail() -> Iterator[Engine]:
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    engine = engine_named("spark", master=f"sc://{host}:{port}")
    yield engine
    engine.close()  # type: ignore[attr-defined]
    server.stop()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Engine]:
    engine = engine_named("spark", master=os.environ[MASTER])
    yield engine
    engine.close()  # type: ignore[attr-defined]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param in ("sail", "cluster"):
        return request.getfixturevalue(request.param)
    return engine_named(request.param)
