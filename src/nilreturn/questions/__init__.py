"""A request's questions: read from YAML, checked, written back, and described in plain words."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.ages import OLDEST, YOUNGEST
    from nilreturn.periods import Grain
    from nilreturn.questions.ages import read_band
    from nilreturn.questions.columns import find as find
    from nilreturn.questions.columns import title as title
    from nilreturn.questions.columns import unknown_label as unknown_label
    from nilreturn.questions.coverage import answerable as answerable
    from nilreturn.questions.coverage import reach_of as reach_of
    from nilreturn.questions.describing import breakdown_title, column_title, describe
    from nilreturn.questions.describing import date_words as date_words
    from nilreturn.questions.in_words import AnswerInWords, AnswerKind
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
        CategoryFilter,
        DateFilter,
        Extreme,
        Filters,
        Question,
        Questions,
    )
    from nilreturn.questions.offence_selection import OffenceSelection as OffenceSelection
    from nilreturn.questions.offence_selection import Pair as Pair
    from nilreturn.questions.offence_selection import offence_extent as offence_extent
    from nilreturn.questions.offence_selection import pairs_of_class as pairs_of_class
    from nilreturn.questions.offence_selection import pairs_of_code as pairs_of_code
    from nilreturn.questions.offence_selection import selected_offences as selected_offences
    from nilreturn.questions.reading import load_questions
    from nilreturn.questions.validation import breakdown_variable as breakdown_variable
    from nilreturn.questions.validation import check_against
    from nilreturn.questions.writing import as_yaml, write_questions

__all__ = [
    "CRIMES",
    "OLDEST",
    "RECORDS",
    "UNITS",
    "VICTIMS",
    "YOUNGEST",
    "AgeBand",
    "AnswerInWords",
    "AnswerKind",
    "Breakdown",
    "ByAge",
    "ByColumn",
    "ByDate",
    "CategoryFilter",
    "DateFilter",
    "Extreme",
    "Filters",
    "Grain",
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
