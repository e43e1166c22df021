"""What the columns of a file look like, and which variable each fits best."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.sources.draft.columns.assigning import Place, assign, section_of
    from nilreturn.sources.draft.columns.date_columns import DateSettings, date_settings
    from nilreturn.sources.draft.columns.dates import form_of
    from nilreturn.sources.draft.columns.headers import (
        COUNT,
        is_identifying,
        known_headers,
        name_matches,
        word_list,
    )
    from nilreturn.sources.draft.columns.headers import words_of as header_words
    from nilreturn.sources.draft.columns.look import SAMPLED, ColumnLook, look_at
    from nilreturn.sources.draft.columns.wide import turned_columns

__all__ = [
    "COUNT",
    "SAMPLED",
    "ColumnLook",
    "DateSettings",
    "Place",
    "assign",
    "date_settings",
    "form_of",
    "header_words",
    "is_identifying",
    "known_headers",
    "look_at",
    "name_matches",
    "section_of",
    "turned_columns",
    "word_list",
]

open_door(__name__)
