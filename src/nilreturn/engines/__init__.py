"""Engines: a question and an extract in, tables of true counts out."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.engines.base import ENGINES, Engine, Mention, engine_named

__all__ = ["ENGINES", "Engine", "Mention", "engine_named"]

open_door(__name__)
