"""Answers in words in a question file: read, written back, and every mistake told with its line."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from nilreturn.errors import QuestionError
from nilreturn.questions import as_yaml, json_schema, load_questions

HEAD = 'reference: "1"\nforce: N\nreceived_on: 2026-01-05\nquestions:\n'
TEST = "public_interest: {for: [a], against: b, balance: c}"
WHOLE = (
    "answer: not held, reason: r, advice: a",
    f"answer: refused, exemption: [s31(1)(a), s40(2)], reason: r, {TEST}",
    "answer: refused, exemption: s12(1), reason: r, estimate: {hours: 40.5, basis: b}, advice: a",
    "answer: refused, exemption: s14(2), reason: r, earlier_request: e",
    f"answer: Neither confirmed nor denied, exemption: s30, reason: r, {TEST}",
    "answer: published, where: 'https://police.example'",
    "answer: statement, statement: s",
    "answer: advice, advice: a",
    "unit: crimes, in_words: [{answer: not held, what: schools, reason: r}]",
)


def mistakes(folder: Path, keys: str) -> tuple[str, ...]:
    path = folder / "request.yaml"
    path.write_text(f"{HEAD}  - {{number: 1, words: w,\n    {keys}}}\n", encoding="utf-8")
    with pytest.raises(QuestionError) as caught:
        load_questions(path)
    return caught.value.details


@pytest.mark.parametrize("keys", WHOLE)
def test_a_whole_answer_is_read_and_written_back(tmp_path: Path, keys: str) -> None:
    import yaml

    path = tmp_path / "request.yaml"
    path.write_text(f"{HEAD}  - {{number: 1, words: w, {keys}}}\n", encoding="utf-8")
    read = load_questions(path)
    written = as_yaml(read)
    again = tmp_path / "again.yaml"
    again.write_text(written, encoding="utf-8")
    assert load_questions(again) == read
    plain = json.loads(json.dumps(yaml.safe_load(written)))
    jsonschema.validate(plain, json_schema())


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("answer: not hold", "did you mean 'not held'?"),
        ("answer: not held", "'not held' needs 'reason'"),
        ("answer: not held, reason: r, where: x", "'where' does not go with 'not held'"),
        ("answer: refused, exemption: s99, reason: r", "no exemption 's99'"),
        ("answer: refused, reason: r", "must name the exemption"),
        ("answer: refused, exemption: s41", "add 'reason'"),
        ("answer: refused, exemption: s31(1), reason: r", "section 31(1) is qualified"),
        (f"answer: refused, exemption: s41, reason: r, {TEST}", "has no public interest test"),
        ("answer: refused, exemption: [s41, S41], reason: r", "twice"),
        ("answer: refused, exemption: {a: b}, reason: r", "must be a single value"),
        ("answer: refused, exemption: s31(1), reason: r, public_interest: yes", "must be keys"),
        ("answer: refused, exemption: s12(1), reason: r, estimate: {hours: nan, basis: b}",
         "is not a number of hours"),
        ("answer: refused, exemption: s12(1), reason: r, estimate: {hours: 18, basis: b}",
         "do not exceed the limit"),
        ("answer: not held, reason: r, unit: crimes", "under 'in_words'"),
        ("answer: not held, reason: r, filters: {}", "under 'in_words'"),
        ("unit: crimes, in_words: text", "must be a list"),
        ("unit: crimes, in_words: [{answer: not held, reason: r}]", "lacks 'what'"),
        ("unit: crimes, exemptions: s44(1)", "must be keys with values"),
        ("unit: crimes, exemptions: [s44(1)]", "must be keys with values"),
        ("unit: crimes, exemptions: {'s31(1)': r}", "is qualified"),
        ("unit: crimes, exemptions: {'s12(1)': r}", "is about the request"),
        ("unit: crimes, exemptions: {'s40(2)': r}", "is not claimed by hand"),
        ("unit: crimes, exemptions: {s45: r}", "no exemption 's45'"),
        ("subject: x", "lacks 'unit'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, keys: str, says: str) -> None:
    found = mistakes(tmp_path, keys)
    assert any(says in line for line in found), found
    assert all(line.startswith("request.yaml, line ") for line in found)
