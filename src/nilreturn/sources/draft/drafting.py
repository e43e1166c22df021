"""
From a file to the draft of its mapping: open it, look at a sample, propose, count the words of the
closed columns.
"""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nilreturn.errors import SourceError
from nilreturn.progress import Progress, no_progress
from nilreturn.sources.draft import closed
from nilreturn.sources.draft.columns import (
    SAMPLED,
    ColumnLook,
    form_of,
    known_headers,
    look_at,
    name_matches,
    section_of,
    turned_columns,
)
from nilreturn.sources.draft.counting import counted_texts
from nilreturn.sources.draft.loading import run_over, without_repeated_headers
from nilreturn.sources.draft.meanings import Meanings, meanings
from nilreturn.sources.draft.proposing import Proposal, propose
from nilreturn.sources.draft.writing import Draft, write
from nilreturn.sources.judging import open_engine
from nilreturn.sources.mapping import SOURCES, fold
from nilreturn.sources.reading import SourceRows, check_kind, read, unpivot

if TYPE_CHECKING:
    import duckdb

_SAMPLE = "sample"
_SHARE = 0.2  # of the headers that must be recognised
_LONGEST_HEADER = 100
_FEW_VALUES = 50  # most different values of a column of categories


def draft_mapping(
    path: Path, *, name: str | None = None, progress: Progress = no_progress
) -> Draft:
    """
    Draft a mapping for a file.

    Parameters
    ----------
    path
        A file of the records system.
    name
        The mapping's name; None: made from the file's name.
    progress
        Called with the work done so far.

    Returns
    -------
    Draft
        The text of the mapping, with its doubts as comments.

    Raises
    ------
    FileError
        When the file is missing, empty or damaged.
    SourceError
        When its first row is not recognised as headers. No part of the row is shown then.
    """
    check_kind(path)
    with tempfile.TemporaryDirectory(prefix="nilreturn-") as folder:
        scratch = Path(folder)
        rows, *_ = read(path, _known(), scratch / "source", progress)
        rows = without_repeated_headers(rows)
        if turned := turned_columns(rows):
            rows = unpivot(rows, turned)
        with open_engine(scratch) as engine:
            sampled = f"USING SAMPLE reservoir({SAMPLED} ROWS) REPEATABLE (1)"
            rows = run_over(
                engine,
                rows,
                lambda query: f"CREATE TABLE {_SAMPLE} AS SELECT * FROM ({query}) {sampled}",
            )
            looks = look_at(engine, rows.headers, _SAMPLE)
            _check_headers(path, looks)
            proposal = propose(looks)
            proposal.turned = turned
            words = _words(engine, rows, proposal)
    return write(name or _name(path), path.name, proposal, words)


@cache
def _known() -> frozenset[str]:
    """Headers by which the reader finds delimiter, sheet and row of headers."""
    shipped = [mapping() for mapping in SOURCES.values()]
    headers = [
        header
        for mapping in shipped
        for mapped in mapping.mapped.values()
        for header in mapped.headers
    ]
    return known_headers() | {fold(header) for header in headers}


def _name(path: Path) -> str:
    """
    A mapping's name made from the file's name.

    >>> _name(Path("Crimes – July 2024.csv"))
    'crimes-july-2024'
    """
    plain = path.stem.casefold().encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "draft"


def _check_headers(path: Path, looks: tuple[ColumnLook, ...]) -> None:
    """
    Check that the row taken for headers is not a record: a good share of it is recognised, and it
    is not written as a record is.
    """
    named = [look for look in looks if look.header.strip()]
    section = section_of(named)
    recognised = sum(bool(name_matches(look.header, section)) for look in named)
    few = recognised < max(min(2, len(named)), _SHARE * len(named))
    if not named or few or any(map(_is_a_value, named)) or _are_categories(named):
        raise SourceError(
            f"{path}: the first row is not recognised as headers, so none of it is shown; export "
            "the file with its headers in the first row, or write a mapping by hand"
        )


def _is_a_value(look: ColumnLook) -> bool:
    """
    Whether a header is written like a value: a day or an address, as in the rest of its column.
    """
    header = look.header.strip()
    form = form_of(header)
    if (form and form.precision == "day") or len(header) > _LONGEST_HEADER or "@" in header:
        return True
    alike = sum(rows for text, rows in look.texts.items() if _shape(text) == _shape(header))
    return any(letter.isdigit() for letter in header) and alike > look.rows / 2


def _are_categories(looks: list[ColumnLook]) -> bool:
    """Whether the texts of the header row also occur below it, as a record's categories do."""
    again = sum(look.header.strip() in look.texts for look in looks)
    few = sum(look.distinct <= _FEW_VALUES for look in looks)
    return again > max(1, few / 2)


def _shape(text: str) -> str:
    """
    The text with all letters and all digits made alike.

    >>> _shape("NS/0123"), _shape("NS/0456")
    ('aa/9999', 'aa/9999')
    """
    return "".join(
        "9" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in text
    )


def _words(
    engine: duckdb.DuckDBPyConnection, rows: SourceRows, proposal: Proposal
) -> dict[str, Meanings]:
    """The words of each closed column, counted over the whole file."""
    places = {
        v: place.look.place
        for v, place in proposal.variables.items()
        if closed.is_closed_variable(v)
    }
    counted = counted_texts(engine, rows, places)
    found = {variable: meanings(variable, texts) for variable, texts in counted.items()}
    return {variable: words for variable, words in found.items() if words}
