"""From a file to rows of texts: its kind, its encoding, and where its table begins."""

from nilreturn.sources.reading.kinds import check_kind, read
from nilreturn.sources.reading.open_paths import stamp
from nilreturn.sources.reading.rows import SourceRows, check_records, load_strictly_first
from nilreturn.sources.reading.unpivoting import unpivot

__all__ = [
    "SourceRows",
    "check_kind",
    "check_records",
    "load_strictly_first",
    "read",
    "stamp",
    "unpivot",
]
