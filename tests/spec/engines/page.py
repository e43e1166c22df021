"""
The reference page on behaviour, written from the cases that are run as tests.

    python -m tests.spec.engines.page
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from tests.spec.engines.cases import SECTIONS, Case

PAGE = Path(__file__).parents[3] / "docs/reference/behaviour.md"

_OPENING = """\
<!-- Written by tests/spec/engines/page.py from the cases beside it: change those, then run it. -->

# What a question means

Every example on this page is run as a test on each engine; the page is generated from those tests.
How a question is written is on the page about [question files](questions.md).
"""


def behaviour_page() -> str:
    parts = [_OPENING]
    for title, cases in SECTIONS.items():
        parts.append(f"## {title}\n")
        parts += [_case(case) for case in cases]
    return "\n".join(parts)


def _case(case: Case) -> str:
    parts = [
        f"### {case.title}\n",
        f"{textwrap.fill(case.text, 110)}\n",
        _block("Crimes", case.crimes),
    ]
    if case.victims:
        parts.append(_block("Victims", case.victims))
    if case.mentions:
        parts.append(_block("Found in the free text", "\n".join(_mentions(case))))
    parts += [f"Question:\n\n```yaml\n{case.question}\n```\n", _block("Answer", case.answer)]
    return "\n".join(parts)


def _mentions(case: Case) -> list[str]:
    forms = {True: "As written", False: "In another spelling"}
    return [
        "crime_ref | keyword  | form",
        *(f"{ref:<9} | {word:<8} | {forms[form]}" for ref, word, form in case.mentions),
    ]


def _block(heading: str, text: str) -> str:
    return f"{heading}:\n\n```text\n{textwrap.dedent(text).strip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(behaviour_page(), encoding="utf-8")
