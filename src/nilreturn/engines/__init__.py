"""Engines count what a question asks of an extract, and return tables of true counts."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.engines.dimensions import not_covered as not_covered
    from nilreturn.engines.not_in_use import CLASSIFIED_ON as CLASSIFIED_ON
    from nilreturn.engines.not_in_use import NOT_IN_USE as NOT_IN_USE
    from nilreturn.engines.not_in_use import OFFENCE as OFFENCE
    from nilreturn.engines.not_in_use import Bools as Bools
    from nilreturn.engines.not_in_use import known_readings as known_readings
    from nilreturn.engines.not_in_use import never_recorded as never_recorded
    from nilreturn.engines.planning import BreakdownPlan as BreakdownPlan
    from nilreturn.engines.planning import DateKey as DateKey
    from nilreturn.engines.planning import TextKey as TextKey
    from nilreturn.engines.planning import plan as plan
    from nilreturn.engines.protocol import Engine, Mention
    from nilreturn.engines.registry import ENGINES, engine_named
    from nilreturn.engines.sql import find_mentions_on_spark as find_mentions_on_spark
    from nilreturn.engines.sql import session_at as session_at

__all__ = ["ENGINES", "Engine", "Mention", "engine_named"]

open_door(__name__)
