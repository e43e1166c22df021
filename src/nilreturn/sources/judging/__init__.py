"""From a text to a value, or to the rule that it broke."""

from nilreturn.sources.judging.batching import Batch, batches
from nilreturn.sources.judging.columns import (
    NOTHING,
    RULE_NAMES,
    Column,
    as_array,
    column_for,
    plain_column,
)
from nilreturn.sources.judging.day_columns import EXAMPLE, columns_of_numbers
from nilreturn.sources.judging.engine import MEMORY, ROWS_AT_ONCE, open_engine
from nilreturn.sources.judging.findings import COUNTED_ONLY, Findings
from nilreturn.sources.judging.labels import doubt as label_doubt
from nilreturn.sources.judging.labels import sensitivities
from nilreturn.sources.judging.losses import check_losses
from nilreturn.sources.judging.rows import RowJudge
from nilreturn.sources.judging.staging import (
    AGE,
    BASIS,
    CLASS,
    CODE,
    KEY,
    NARRATIVE,
    REFERENCE,
    Staging,
)
from nilreturn.sources.judging.values import BASES, ValueJudge, Values
from nilreturn.sources.judging.whole import check_order_of_dates, check_statuses, found_by_column

__all__ = [
    "AGE",
    "BASES",
    "BASIS",
    "CLASS",
    "CODE",
    "COUNTED_ONLY",
    "EXAMPLE",
    "KEY",
    "MEMORY",
    "NARRATIVE",
    "NOTHING",
    "REFERENCE",
    "ROWS_AT_ONCE",
    "RULE_NAMES",
    "Batch",
    "Column",
    "Findings",
    "RowJudge",
    "Staging",
    "ValueJudge",
    "Values",
    "as_array",
    "batches",
    "check_losses",
    "check_order_of_dates",
    "check_statuses",
    "column_for",
    "columns_of_numbers",
    "found_by_column",
    "label_doubt",
    "open_engine",
    "plain_column",
    "sensitivities",
]
