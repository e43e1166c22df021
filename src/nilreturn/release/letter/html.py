"""The letter as one self-contained HTML page: no script, no picture, nothing to fetch."""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path

import jinja2

from nilreturn.release.answer import Answer
from nilreturn.release.letter.blocks import figure
from nilreturn.release.letter.content import letter, title


def write_html(answer: Answer, path: Path) -> None:
    """Write the letter of `answer`."""
    blocks = [(type(block).__name__, block) for block in letter(answer)]
    path.write_text(
        _template().render(title=title(answer), blocks=blocks), encoding="utf-8", newline="\n"
    )


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["figure"] = figure
    source = resources.files("nilreturn.release.letter") / "letter.html.jinja"
    return environment.from_string(source.read_text(encoding="utf-8"))
