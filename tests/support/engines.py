"""Engines under test: each is a fixture parameter, and a Spark Connect server is started when the first needs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nilreturn.engines import Engine, engine_named

# "sail" is the engine "spark" on Sail's Spark Connect server, in this process: no Java, no network beyond loopback.
ENGINES = ("duckdb", "reference", "sail")


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


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "sail":
        return request.getfixturevalue("sail")
    return engine_named(request.param)
