from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
import yaml

from nilreturn.engines import Engine
from nilreturn.questions import Question, load_questions
from nilreturn.schema import Extract
from tests.spec.engines.cases import SECTIONS, Case
from tests.spec.engines.page import PAGE, behaviour_page
from tests.support.drawn import drawn, records
from tests.support.extracts import make_extract, make_mentions

CASES = [case for cases in SECTIONS.values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title.casefold().replace(" ", "-"))
def test_question_is_answered_as_drawn(case: Case, engine: Engine, tmp_path: Path) -> None:
    extract = _extract(case, tmp_path)
    mentions = make_mentions(tmp_path / "mentions.parquet", case.mentions)
    answers = engine.tabulate(extract, _question(case, extract, tmp_path), mentions=mentions)
    assert "\n\n".join(map(drawn, answers)) == _plain(case.answer)


def test_page_on_behaviour_says_what_these_cases_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == behaviour_page(), (
        "run: python -m tests.spec.engines.page"
    )


def _extract(case: Case, folder: Path) -> Extract:
    crimes = records(case.crimes, "crimes", own=case.own)
    return make_extract(
        folder / "extract",
        crimes,
        records(case.victims, "victims"),
        own=[("crimes", name) for name in case.own],
    )


def _question(case: Case, extract: Extract, folder: Path) -> Question:
    file = folder / "questions.yaml"
    question = f"- number: 1\n  words: Please tell me\n{textwrap.indent(case.question, '  ')}\n"
    file.write_text(
        f"reference: R1\nforce: Northshire Police\nreceived_on: 2026-01-05\nquestions:\n{question}"
    )
    assert yaml.safe_load(file.read_text())
    return load_questions(file, extract=extract).questions[0]


def _plain(answer: str) -> str:
    return "\n".join(line.rstrip() for line in textwrap.dedent(answer).strip().splitlines())
