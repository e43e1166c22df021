"""
Keyed references of what was printed, to be printed in the place of hashes.

The hash of a certificate, of an extract or of a register's file can be tried against every table
that is possible, and differs between records that give the same release. A reference is HMAC-SHA256
of what is printed, by the force's key: equal for equal releases, and nobody without the key can try
anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nilreturn.disclosure.model import PublishedTable, published_to_json
from nilreturn.files import canonical_json
from nilreturn.keys import keyed_hash

_TABLES, _EARLIER = "nilreturn reference of tables", "nilreturn reference of an earlier release"


def reference_of(published: Sequence[PublishedTable], key: bytes) -> str:
    """The reference of a set of published tables: 64 hexadecimal digits."""
    return keyed_hash(key, _TABLES, _as_printed(published))


def references_of_earlier(
    known: Sequence[PublishedTable], key: bytes, *, request: str
) -> dict[str, str]:
    """
    By the name of each earlier release, its reference beside `request`: two later answers that were
    checked against the same one do not show it.
    """
    releases: dict[str, list[PublishedTable]] = {}
    for table in known:
        releases.setdefault(table.release, []).append(table)
    return {
        release: keyed_hash(key, f"{_EARLIER} beside {request}", _as_printed(tables))
        for release, tables in sorted(releases.items())
    }


def _as_printed(tables: Sequence[PublishedTable]) -> bytes:
    """The tables without what they were counted from: that is the hash of an extract."""
    printed = (replace(table, population=replace(table.population, source="")) for table in tables)
    return canonical_json([published_to_json(table, release="") for table in printed])
