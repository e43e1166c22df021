"""Finds a mapping's columns among a file's headers, and the report that each file is read by."""

from typing import TYPE_CHECKING

from nilreturn.doors import open_door

if TYPE_CHECKING:
    from nilreturn.sources.headers.columns import columns_of, known_headers, places
    from nilreturn.sources.headers.routing import report_of, take_apart
    from nilreturn.sources.headers.unknown import unknown_headers, without_unknown

__all__ = [
    "columns_of",
    "known_headers",
    "places",
    "report_of",
    "take_apart",
    "unknown_headers",
    "without_unknown",
]

open_door(__name__)
