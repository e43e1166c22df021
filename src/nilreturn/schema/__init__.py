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

__all__ = [
    "COLUMNS",
    "CRIMES",
    "NOT_RECORDED",
    "VICTIMS",
    "WEIGHT",
    "Column",
    "Coverage",
    "Extract",
    "Kind",
    "Sensitivity",
    "open_extract",
]
