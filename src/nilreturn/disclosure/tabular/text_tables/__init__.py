"""From a file that somebody published to its tables as text, with what their columns mean."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.tabular.text_tables.description import (
        COLUMNS,
        UPPER,
        Percentage,
        TableDescription,
    )
    from nilreturn.disclosure.tabular.text_tables.own_release import files_of
    from nilreturn.disclosure.tabular.text_tables.reading import FileRead, read_file, read_sheet
    from nilreturn.disclosure.tabular.text_tables.text_table import TextTable, sheet_of

__all__ = [
    "COLUMNS",
    "UPPER",
    "FileRead",
    "Percentage",
    "TableDescription",
    "TextTable",
    "files_of",
    "read_file",
    "read_sheet",
    "sheet_of",
]

open_door(__name__)
