"""The canonical record: columns, types, categories, how sensitive each is; and the extract that holds such records."""

from nilreturn.schema.columns import (
    COLUMNS,
    CRIMES,
    NOT_RECORDED,
    VICTIMS,
    Column,
    Kind,
    Sensitivity,
)
from nilreturn.schema.extract import Extract, open_extract
from nilreturn.schema.outcomes import OUTCOME, with_words
from nilreturn.schema.tables import TABLES, Table

__all__ = [
    "COLUMNS",
    "CRIMES",
    "NOT_RECORDED",
    "OUTCOME",
    "TABLES",
    "VICTIMS",
    "Column",
    "Extract",
    "Kind",
    "Sensitivity",
    "Table",
    "open_extract",
    "with_words",
]
