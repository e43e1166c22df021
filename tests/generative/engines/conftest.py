from tests.support.engines import cluster, engine, sail

__all__ = ["cluster", "engine", "sail"]
