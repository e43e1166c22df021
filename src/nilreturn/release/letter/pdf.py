"""
The letter as PDF/UA-1: tagged, with its title and language, so that a screen reader reads it in
order.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, time
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from nilreturn.errors import ReleaseError
from nilreturn.extras import require
from nilreturn.release.answer import Answer
from nilreturn.release.letter.blocks import Block, LetterTable, figure, texts
from nilreturn.release.letter.content import letter, title
from nilreturn.release.letter.glyphs import code_points

TEMPLATE = "letter.typ"


def write_pdf(answer: Answer, path: Path) -> None:
    """
    Write the letter of `answer`.

    Texts are passed to the typesetter as JSON and never as its markup. The machine's own fonts are
    not used, so that the same letter has the same bytes elsewhere. Raises `ExtraError` where the
    typesetter is not installed, and `ReleaseError` for a letter with characters that the font does
    not have.
    """
    require("pdf")
    import typst

    blocks = letter(answer)
    _check_letters("".join(texts(blocks)))
    content = {
        "title": title(answer),
        "author": answer.authority.name,
        "answered_on": [answer.answered_on.year, answer.answered_on.month, answer.answered_on.day],
        "blocks": [_plain(block) for block in blocks],
    }
    try:
        with resources.as_file(_fonts()) as fonts:
            pdf = typst.compile(
                answer.wording.templates[TEMPLATE].encode(),
                format="pdf",
                font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)]),
                sys_inputs={"letter": json.dumps(content)},
                pdf_standards="ua-1",
                timestamp=datetime.combine(answer.answered_on, time(), tzinfo=UTC),
            )
    except typst.TypstError as error:
        raise ReleaseError(
            f"the letter cannot be set as PDF by {TEMPLATE} ({error}); put the template right, or "
            "leave out pdf"
        ) from error
    path.write_bytes(pdf)


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, LetterTable):
        rows = [list(map(figure, row)) for row in block.grid.rows]
        grid = {"headers": block.grid.headers, "rows": rows, "labels": block.grid.labels}
        return {"kind": "LetterTable", "caption": block.caption, "grid": grid}
    return {"kind": type(block).__name__, **dataclasses.asdict(block)}


def _check_letters(text: str) -> None:
    """
    Refuse a letter with characters that the font does not have: the typesetter would draw an empty
    box without a warning.
    """
    for face in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        missing = set(map(ord, text)) - code_points((_fonts() / face).read_bytes())
        if missing:
            signs = ", ".join(f"U+{code:04X}" for code in sorted(missing)[:5])
            raise ReleaseError(f"the font of the PDF letter does not have {signs}; leave out pdf")


def _fonts() -> Traversable:
    """DejaVu Sans: a plain typeface, with nearly every alphabet that a name is written in."""
    return resources.files("nilreturn.release") / "library" / "fonts"
