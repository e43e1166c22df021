"""The reference that a release prints of itself: keyed, of what is printed and of nothing else."""

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
    figure. Equal answers have equal references, whatever the files are written as.
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
