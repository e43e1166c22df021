"""What binds a certificate to the tables it is of."""

from __future__ import annotations

from collections.abc import Sequence

from nilreturn.disclosure.model.published import PublishedTable
from nilreturn.disclosure.model.published_json import published_to_json
from nilreturn.files import canonical_json, sha256_of

FORMAT = "nilreturn certificate 2"


def fingerprint(printed: Sequence[PublishedTable], known: Sequence[PublishedTable]) -> str:
    """The SHA-256 of what a reader is told, so that a certificate fits one release only."""
    # Under whichever name of a release they are filed, the tables are the same.
    told = [
        [published_to_json(table, release="") for table in tables] for tables in (printed, known)
    ]
    return sha256_of(canonical_json(told))
