"""What the tests of answers share."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from nilreturn.demo import AS_AT, MAPPING, build
from nilreturn.disclosure import proposals
from nilreturn.sources import import_extract, mapping_named
from nilreturn.workflow import AnswerFiles


@pytest.fixture(scope="module")
def no_proposals() -> Iterator[None]:
    """
    Answers propose no merges: these take four fifths of the time of an answer, and have tests of
    their own.
    """
    with mock.patch.object(proposals, "MOST_TRIES", 0):
        yield


@pytest.fixture(scope="module")
def asked(no_proposals: None, tmp_path_factory: pytest.TempPathFactory) -> AnswerFiles:
    """The demonstration's request, with its report imported."""
    folder = tmp_path_factory.mktemp("asked")
    made = build(folder)
    extract = import_extract(
        [made.extract], mapping=mapping_named(MAPPING), to=folder / "extract", as_at=AS_AT
    )
    return AnswerFiles(made.questions, extract.folder, made.policy, made.authority)
