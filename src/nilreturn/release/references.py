"""The reference that a release prints of itself: a keyed hash of what it prints."""

from __future__ import annotations

from dataclasses import replace

from nilreturn.files import canonical_json
from nilreturn.keys import keyed_hash
from nilreturn.release.answer import Answer
from nilreturn.release.letter import letter, texts
from nilreturn.release.manifest import facts

_RELEASE = "nilreturn reference of a release"


def with_reference(answer: Answer, key: bytes) -> Answer:
    """
    The answer with its own reference: HMAC-SHA256 of its facts, its letter and every printed
    figure.

    Equal answers have equal references, in whatever formats they are written.

    Parameters
    ----------
    answer
        The answer to release.
    key
        The secret key of the force.

    Returns
    -------
    Answer
        The same answer with `release_reference` set.
    """
    plain = replace(answer, release_reference="")
    content = {
        "facts": facts(plain),
        "letter": list(texts(letter(plain))),
        "figures": [
            [[*labels, count] for labels, count in table.cells()] for table in plain.tables
        ],
    }
    return replace(answer, release_reference=keyed_hash(key, _RELEASE, canonical_json(content)))
