from tests.support.engines import engine, sail

__all__ = ["engine", "sail"]
