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
from nilreturn.schema.coverage import Coverage
from nilreturn.schema.extract import WEIGHT, Extract, open_extract
from nilreturn.schema.outcomes import OUTCOME, with_words
from nilreturn.schema.tables import TABLES, Table

__all__ = [
    "COLUMNS",
    "CRIMES",
    "NOT_RECORDED",
    "OUTCOME",
    "TABLES",
    "VICTIMS",
    "WEIGHT",
    "Column",
    "Coverage",
    "Extract",
    "Kind",
    "Sensitivity",
    "Table",
    "open_extract",
    "with_words",
]
