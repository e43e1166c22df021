"""
Words that indicate that a form is a mention, or that it is not, with their points: a CSV file
beside the lexicon.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from nilreturn.authored import Mistakes
from nilreturn.errors import LexiconError
from nilreturn.narrative.text import normalise, tokenise

# The columns of a file of cues, in order.
COLUMNS = ("word", "before", "after", "near")


@dataclass(frozen=True, slots=True)
class Cue:
    """The points of one word, by its position relative to the form."""

    before: float
    after: float
    near: float


@cache
def shipped_cues(name: str) -> dict[str, Cue]:
    """The cues of the lexicon `name` that comes with the software."""
    text = (
        resources.files("nilreturn.narrative.lexicon")
        .joinpath("data", f"{name}_cues.csv")
        .read_text(encoding="utf-8")
    )
    return parse_cues(text, f"cues of lexicon '{name}'")


def parse_cues(text: str, where: str) -> dict[str, Cue]:
    """
    The cues in `text` (CSV), by word. Raises `LexiconError` with every mistake and its line in
    `details`.
    """
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise LexiconError(
            f"{where}, line 1: no column {', '.join(missing)}; cues have {', '.join(COLUMNS)}"
        )
    cues: dict[str, Cue] = {}
    mistakes = Mistakes(where, LexiconError)
    for row in reader:
        word, cue = _cue(row)
        if cue is None or not word or word in cues:
            what = (
                "points are not numbers from -5 to 5"
                if cue is None
                else "word is empty, several, or there twice"
            )
            mistakes.add(reader.line_num, what)
        else:
            cues[word] = cue
    mistakes.raise_if_any()
    return cues


def _cue(row: Mapping[str, str | None]) -> tuple[str, Cue | None]:
    tokens = tokenise(normalise(row["word"] or ""))
    word = tokens[0].form if len(tokens) == 1 else ""
    try:
        points = [float(row[name] or "") for name in COLUMNS[1:]]
    except ValueError:
        return word, None
    return word, Cue(*points) if all(-5 <= one <= 5 for one in points) else None
