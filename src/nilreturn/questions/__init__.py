"""A request's questions: read from YAML and checked, written back, told in plain words."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.ages import OLDEST, YOUNGEST
    from nilreturn.periods import Grain
    from nilreturn.questions.ages import read_band
    from nilreturn.questions.checks import check_against
    from nilreturn.questions.describing import breakdown_title, column_title, describe
    from nilreturn.questions.json_schema import json_schema
    from nilreturn.questions.model import (
        CRIMES,
        RECORDS,
        UNITS,
        VICTIMS,
        AgeBand,
        Breakdown,
        ByAge,
        ByColumn,
        ByDate,
        During,
        Extreme,
        Filters,
        OneOf,
        Question,
        Questions,
    )
    from nilreturn.questions.reading import load_questions
    from nilreturn.questions.writing import as_yaml, write_questions

__all__ = [
    "CRIMES",
    "OLDEST",
    "RECORDS",
    "UNITS",
    "VICTIMS",
    "YOUNGEST",
    "AgeBand",
    "Breakdown",
    "ByAge",
    "ByColumn",
    "ByDate",
    "During",
    "Extreme",
    "Filters",
    "Grain",
    "OneOf",
    "Question",
    "Questions",
    "as_yaml",
    "breakdown_title",
    "check_against",
    "column_title",
    "describe",
    "json_schema",
    "load_questions",
    "read_band",
    "write_questions",
]

open_door(__name__)
