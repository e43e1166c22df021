"""The letter as one self-contained HTML page: no script, no picture, nothing to fetch."""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2
import jinja2.sandbox

from nilreturn.errors import ReleaseError
from nilreturn.release.answer import Answer
from nilreturn.release.letter.blocks import figure
from nilreturn.release.letter.content import letter, title

TEMPLATE = "letter.html.jinja"


def write_html(answer: Answer, path: Path) -> None:
    """Write the letter of `answer`. Raises `ReleaseError` for a template with mistakes."""
    blocks = [(type(block).__name__, block) for block in letter(answer)]
    try:
        template = _template(answer.wording.templates[TEMPLATE])
        text = template.render(title=title(answer), blocks=blocks)
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f"{TEMPLATE} line {line}" if line else TEMPLATE
        raise ReleaseError(f"{where}: {error}; put the template right") from error
    path.write_text(text, encoding="utf-8", newline="\n")


@functools.cache
def _template(source: str) -> jinja2.Template:
    # A force's own template is laid out here; it reaches nothing but the letter's blocks.
    environment = jinja2.sandbox.SandboxedEnvironment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["figure"] = figure
    return environment.from_string(source)
