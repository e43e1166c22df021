"""Engines that use SQL: one compiler to syntax trees, which DuckDB or Spark run."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.engines.sql.duckdb import DuckDBEngine
    from nilreturn.engines.sql.spark import SparkEngine, session_at
    from nilreturn.engines.sql.spark_mentions import find_mentions_on_spark

__all__ = ["DuckDBEngine", "SparkEngine", "find_mentions_on_spark", "session_at"]

open_door(__name__)
