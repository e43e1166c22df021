"""The engines by name. An engine's module is imported when the engine is first asked for."""

from __future__ import annotations

from nilreturn.engines.protocol import Engine
from nilreturn.errors import EngineError, did_you_mean

# The names of the engines; the first is the default.
ENGINES = ("duckdb", "spark", "reference")


def engine_named(name: str, *, master: str | None = None) -> Engine:
    """
    The engine of a name.

    Parameters
    ----------
    name
        "duckdb" (in this process), "spark", or "reference" (plain Python loops, for small extracts
        and tests).
    master
        For "spark" only: "local[2]", "spark://host:7077", or "sc://host:15002" for Spark Connect.
        By default "local[*]".

    Returns
    -------
    Engine
        An engine that has not opened anything yet.

    Raises
    ------
    EngineError
        When no engine has that name, or when `master` is given for another engine than "spark".

    Examples
    --------
    >>> type(engine_named("duckdb")).__name__
    'DuckDBEngine'
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
