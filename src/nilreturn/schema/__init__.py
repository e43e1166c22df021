"""
The canonical record: columns, types, categories, how sensitive each is; and the extract that holds
such records.
"""

from nilreturn.schema.columns import (
    COLUMNS,
    CRIMES,
    NOT_RECORDED,
    VICTIMS,
    Column,
    Kind,
    Sensitivity,
)
from nilreturn.schema.columns import singular as singular
from nilreturn.schema.coverage import Coverage
from nilreturn.schema.coverage import read_coverage as read_coverage
from nilreturn.schema.coverage import selecting_date as selecting_date
from nilreturn.schema.extract import CONTENTS as CONTENTS
from nilreturn.schema.extract import INDEX as INDEX
from nilreturn.schema.extract import KIND as KIND
from nilreturn.schema.extract import MANIFEST as MANIFEST
from nilreturn.schema.extract import WEIGHT, Extract, open_extract
from nilreturn.schema.outcomes import OUTCOME, with_words
from nilreturn.schema.outcomes import outcome_code as outcome_code
from nilreturn.schema.outcomes import outcome_types as outcome_types
from nilreturn.schema.tables import FLAGS as FLAGS
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
