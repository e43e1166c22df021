"""The engines by name. An engine is loaded when it is asked for."""

from __future__ import annotations

from nilreturn.engines.protocol import Engine
from nilreturn.errors import EngineError, did_you_mean

ENGINES = ("duckdb", "spark", "reference")


def engine_named(name: str, *, master: str | None = None) -> Engine:
    """
    "duckdb" (in this process), "spark" (`master`: "local[2]", "spark://host:7077", or
    "sc://host:15002" for Spark Connect) or "reference" (plain loops, for small extracts and tests).

    Raises `EngineError` when there is none of that name, or when it is not installed.
    """
    if name == "spark":
        from nilreturn.engines.sql import SparkEngine

        return SparkEngine(master or "local[*]")
    if master is not None:
        raise EngineError(
            f"engine '{name}' has no master; leave --master out, or write --engine spark"
        )
    if name == "duckdb":
        from nilreturn.engines.sql import DuckDBEngine

        return DuckDBEngine()
    if name == "reference":
        from nilreturn.engines.reference import ReferenceEngine

        return ReferenceEngine()
    raise EngineError(
        f"no engine '{name}'{did_you_mean(name, ENGINES) or '; there are ' + ', '.join(ENGINES)}"
    )
