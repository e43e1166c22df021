from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import jsonschema
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nilreturn.ages import OLDEST, YOUNGEST
from nilreturn.errors import FileError, QuestionError, UserError
from nilreturn.questions import (
    Questions,
    as_yaml,
    describe,
    json_schema,
    load_questions,
    write_questions,
)
from nilreturn.questions.ages import left_out, read_band, written_ages
from nilreturn.tables import Extent
from tests.support import generated
from tests.support.examples import examples

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


@settings(max_examples=examples(150), deadline=None)
@given(generated.requests())
def test_what_is_written_is_read_back(request: Questions) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "request.yaml"
        write_questions(request, path)
        assert load_questions(path) == request


@settings(max_examples=examples(100), deadline=None)
@given(generated.requests())
def test_what_is_written_fits_the_published_schema(request: Questions) -> None:
    VALIDATOR.validate(yaml.safe_load(as_yaml(request)))


@settings(max_examples=examples(50), deadline=None)
@given(generated.questions())
def test_every_part_of_a_question_is_told(question: generated.Question) -> None:
    told = dict(describe(question))
    assert all(text for text in told.values())
    for reading in question.filters.offences:
        assert reading.code in told["Offences"]
    for keyword in question.mentions:
        assert keyword in told["Keywords"]


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused_in_one_line(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "request.yaml"
        path.write_bytes(content)
        refusal = _refusal(path)
    assert refusal is None or "\n" not in str(refusal)


@given(st.text(max_size=20))
def test_any_words_are_an_age_band_or_refused(words: str) -> None:
    with suppress(ValueError):
        assert read_band(words).ages.within(Extent.between(YOUNGEST, OLDEST))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted), max_size=5))
def test_ages_left_out_are_those_in_no_band(pairs: list[list[int]]) -> None:
    parts = [Extent.between(first, last) for first, last in pairs]
    left = left_out(parts, Extent.between(YOUNGEST, OLDEST))
    for age in range(YOUNGEST, OLDEST + 1):
        one = Extent.between(age, age)
        assert one.within(left) != any(one.within(part) for part in parts)
    assert bool(written_ages(left)) == bool(left.ranges)


def _refusal(path: Path) -> UserError | None:
    try:
        load_questions(path)
    except (QuestionError, FileError) as error:
        return error
    return None
