"""The statements that write an extract's tables."""

from nilreturn.sources.writing.making import Making, Written
from nilreturn.sources.writing.parquet import ParquetFile
from nilreturn.sources.writing.records import MANY_LABELS, arrow_type
from nilreturn.sources.writing.reports import columns_of, write_all
from nilreturn.sources.writing.work import Work

__all__ = [
    "MANY_LABELS",
    "Making",
    "ParquetFile",
    "Work",
    "Written",
    "arrow_type",
    "columns_of",
    "write_all",
]
