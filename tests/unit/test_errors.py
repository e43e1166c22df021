"""Mistakes as data: what a form needs to show each one beside its field."""

import pytest

from nilreturn.authored import Mistakes
from nilreturn.disclosure import load_policy
from nilreturn.errors import Mistake, PolicyError, QuestionError, UserError
from nilreturn.questions import load_questions

REQUEST = """reference: R1
force: Northshire Police
received: 2026-01-05
questions:
  - number: 1
    words: How many?
    unit: victms
    filters: {offences: 71/17, period: 2020/21, status: Lost}
"""


def test_a_question_file_s_mistakes_have_line_field_and_hint(tmp_path):
    path = tmp_path / "request.yaml"
    path.write_text(REQUEST)
    with pytest.raises(QuestionError) as caught:
        load_questions(path)
    found = {mistake.field: mistake for mistake in caught.value.mistakes}
    unit, status = found["questions.0.unit"], found["questions.0.filters.status"]
    assert (unit.where, unit.line, unit.field) == ("request.yaml", 7, "questions.0.unit")
    assert unit.hint.startswith("did you mean 'victims'")
    assert (status.line, status.field) == (8, "questions.0.filters.status")
    assert caught.value.details == tuple(map(str, caught.value.mistakes))


def test_a_policy_s_mistakes_have_line_and_field(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text("name: x\nversion: 1\nthreshold: {value: none, reason: r}\nzeros: {}\n")
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    fields = {mistake.field: mistake.line for mistake in caught.value.mistakes}
    assert fields == {"threshold.value": 3, "zeros.treatment": 4, "zeros.reason": 4}


def test_mistakes_come_once_and_in_the_order_of_the_file():
    mistakes = Mistakes("list.csv", UserError, row="row")
    for row, what in ((9, "is empty; write it"), (2, "is long"), (9, "is empty; write it")):
        mistakes.add(row, what, field="name")
    with pytest.raises(UserError) as caught:
        mistakes.raise_if_any()
    assert str(caught.value) == "list.csv: 2 mistakes; correct them and try again"
    assert caught.value.details == (
        "list.csv, row 2: name: is long",
        "list.csv, row 9: name: is empty; write it",
    )


def test_an_error_without_mistakes_keeps_its_details():
    error = UserError("no", details=("first", "second"))
    assert (error.details, error.mistakes) == (("first", "second"), ())
    assert str(Mistake("", 0, "", "is wrong")) == "is wrong"
