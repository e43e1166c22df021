"""From one text to a value, or to the rule that it broke."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.sources.parsing.categories import (
        FLAG_WORDS,
        VOCABULARY,
        category_reader,
        one_line,
    )
    from nilreturn.sources.parsing.codes import class_of, offence_reader, only_classes
    from nilreturn.sources.parsing.dates import DateReader
    from nilreturn.sources.parsing.day_numbers import DAY_ZERO, FORM, NUMBER_OF_DAY
    from nilreturn.sources.parsing.meaning import SPACES, SPREADSHEET_ERRORS, Meaning, reader
    from nilreturn.sources.parsing.numbers import age_reader, read_count
    from nilreturn.sources.parsing.plain_values import (
        amount_reader,
        number_reader,
        outcome_type_reader,
        time_reader,
    )

__all__ = [
    "DAY_ZERO",
    "FLAG_WORDS",
    "FORM",
    "NUMBER_OF_DAY",
    "SPACES",
    "SPREADSHEET_ERRORS",
    "VOCABULARY",
    "DateReader",
    "Meaning",
    "age_reader",
    "amount_reader",
    "category_reader",
    "class_of",
    "number_reader",
    "offence_reader",
    "one_line",
    "only_classes",
    "outcome_type_reader",
    "read_count",
    "reader",
    "time_reader",
]

open_door(__name__)
