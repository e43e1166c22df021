"""From a file that somebody published to its tables as text, with what their columns mean."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.disclosure.tabular.text_tables.description import COLUMNS, UPPER, Described, Percentage
    from nilreturn.disclosure.tabular.text_tables.own_release import files_of
    from nilreturn.disclosure.tabular.text_tables.reading import FileRead, read_file, read_sheet
    from nilreturn.disclosure.tabular.text_tables.text_table import Sheet, sheet_of

__all__ = [
    "COLUMNS",
    "UPPER",
    "Described",
    "FileRead",
    "Percentage",
    "Sheet",
    "files_of",
    "read_file",
    "read_sheet",
    "sheet_of",
]

open_door(__name__)
