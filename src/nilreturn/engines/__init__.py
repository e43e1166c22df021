"""Engines: a question and an extract in, tables of true counts out."""

from nilreturn.engines.base import ENGINES, Engine, Mention, engine_named

__all__ = ["ENGINES", "Engine", "Mention", "engine_named"]
