"""Headers that a mapping does not name, and a file read without them."""

from __future__ import annotations

from dataclasses import replace

from nilreturn.sources.headers.columns import LONGEST_SHOWN, known_headers
from nilreturn.sources.mapping import SourceMapping, fold
from nilreturn.sources.reading import SourceRows


def unknown_headers(rows: SourceRows, mapping: SourceMapping) -> tuple[str, ...]:
    """The headers that the mapping does not name; none where they may be a record."""
    known = known_headers(mapping)
    listed = rows.headers if rows.headers_are_sure else ()
    return tuple(header for header in listed if fold(header) and fold(header) not in known)


def without_unknown(rows: SourceRows, mapping: SourceMapping) -> SourceRows:
    """
    The rows as if the columns that the mapping does not name had no headers; what was found lists
    them.
    """
    unknown = set(unknown_headers(rows, mapping))
    if not unknown:
        return rows
    otherwise = rows.otherwise
    return replace(
        rows,
        headers=tuple("" if header in unknown else header for header in rows.headers),
        found={
            **rows.found,
            "headers_ignored": [
                header[:LONGEST_SHOWN] for header in rows.headers if header in unknown
            ],
        },
        otherwise=(lambda: without_unknown(otherwise(), mapping)) if otherwise else None,
    )
