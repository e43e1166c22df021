"""
Checks a mapping against a file: which headers it knows, which words it does not know, and what an
import would make of the rows.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from nilreturn.authored import Place, line_at
from nilreturn.errors import SourceError, UserError
from nilreturn.progress import Progress, no_progress
from nilreturn.sources.draft import closed
from nilreturn.sources.draft.counting import counted_texts
from nilreturn.sources.draft.loading import without_repeated_headers
from nilreturn.sources.draft.meanings import known_words
from nilreturn.sources.headers import (
    known_headers,
    places,
    report_of,
    unknown_headers,
    without_unknown,
)
from nilreturn.sources.importing import import_extract
from nilreturn.sources.judging import open_engine
from nilreturn.sources.mapping import (
    SourceMapping,
    mapping_lines,
    mapping_named,
    mapping_path,
)
from nilreturn.sources.reading import SourceRows, check_kind, read
from nilreturn.wording import counted

_VARIABLE = re.compile(r"'([a-z]+\.\w+)'")
_LOSSES = "--accept-rejects"  # what a refusal because of losses names
_ANY_NUMBER = 10**12
_LONGEST_SHOWN = 60


@dataclass
class Checked:
    """
    What a check of a mapping against a file found.

    Attributes
    ----------
    mapping
        The mapping that was checked.
    file
        The file that it was checked against.
    lines
        What was found, line by line, for a person to read.
    mistakes
        What has to be put right, each with its line of the mapping where it has one.
    manifest
        The manifest of the extract that an import would make; None where it was not tried.
    """

    mapping: SourceMapping
    file: Path
    lines: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    manifest: dict[str, Any] | None = None

    def raise_mistakes(self) -> None:
        """Raise `SourceError` with every mistake, if there is one."""
        if self.mistakes:
            number = counted(len(self.mistakes), "mistake")
            told = f"the mapping '{self.mapping.name}' and {self.file} do not fit: {number}"
            raise SourceError(told, details=tuple(self.mistakes))


def check_mapping(
    name: str,
    path: Path,
    *,
    as_at: date | datetime | None = None,
    key: bytes | None = None,
    progress: Progress = no_progress,
) -> Checked:
    """
    Check a mapping against a file. No file is left behind.

    Parameters
    ----------
    name
        The name of a mapping, or the path of its TOML file.
    path
        A file of the records system.
    as_at
        When the file was taken; None: today.
    key
        The force's secret key, which references of people need.
    progress
        Called with the work done so far.

    Returns
    -------
    Checked
        What was found.

    Raises
    ------
    SourceError
        When the mapping has mistakes or the file has no headers.
    FileError
        When the file cannot be read.
    """
    mapping, file = mapping_named(name), mapping_path(name)
    lines = mapping_lines(file) if file else {}
    check_kind(path)
    checked = Checked(mapping, path)
    with tempfile.TemporaryDirectory(prefix="nilreturn-") as folder:
        scratch = Path(folder)
        for number, rows in enumerate(
            read(path, known_headers(mapping), scratch / "source", progress, mapping.asked)
        ):
            report = report_of(rows, mapping)
            of_report = mapping.of_report(report) if report else mapping
            section = ("reports", report) if report else ()
            found = _headers(checked, rows, of_report, lines, section)
            looked_at = scratch / f"sheet-{number}"
            looked_at.mkdir()
            _words(checked, rows, of_report, found, looked_at, lines, section)
        _try(checked, as_at or date.today(), scratch / "tried", key, progress)
    return checked


def _headers(
    checked: Checked,
    rows: SourceRows,
    mapping: SourceMapping,
    lines: dict[Place, int],
    section: Place,
) -> dict[str, int]:
    """Find the column that holds each variable; note what does not fit as a mistake."""
    try:
        found = places(rows.path, rows.headers, mapping, are_sure=rows.headers_are_sure)
    except SourceError as error:
        if not rows.headers_are_sure or not (error.details or unknown_headers(rows, mapping)):
            raise
        checked.mistakes += [
            _at(lines, section, detail) for detail in error.details or (str(error),)
        ]
        found = _those_that_fit(without_unknown(rows, mapping), mapping)
    read = len(set(found.values()))
    of_all = f"{read} of {counted(len(rows.headers), 'column')}"
    checked.lines.append(f"{rows.path}: {of_all} {'is' if read == 1 else 'are'} read")
    for variable, place in found.items():
        checked.lines.append(f"  {rows.headers[place][:_LONGEST_SHOWN]!r} is '{variable}'")
    absent = [variable for variable in mapping.mapped if variable not in found]
    checked.lines += [f"  '{variable}' has no column in this file" for variable in absent]
    return found


def _those_that_fit(rows: SourceRows, mapping: SourceMapping) -> dict[str, int]:
    """The columns that fit by themselves, whatever else does not."""
    found: dict[str, int] = {}
    every = [header for mapped in mapping.mapped.values() for header in mapped.every_header]
    for variable, mapped in mapping.mapped.items():
        others = [header for header in every if header not in mapped.every_header]
        ignored = [*mapping.ignore, *others]
        alone: dict[str, Any] = {
            "columns": {},
            "own": {},
            "flags": [],
            "cells": None,
            "ignore": ignored,
        }
        alone["columns" if variable in mapping.columns else "own"] = {variable: mapped}
        try:
            found |= places(rows.path, rows.headers, mapping.model_copy(update=alone))
        except SourceError:
            continue  # listed with the others
    return {variable: place for variable, place in found.items() if variable in mapping.mapped}


def _words(
    checked: Checked,
    rows: SourceRows,
    mapping: SourceMapping,
    found: dict[str, int],
    scratch: Path,
    lines: dict[Place, int],
    section: Place,
) -> None:
    """
    Note as mistakes the words that the import would not understand, where they look like words of
    such a column.
    """
    places_of_words = {
        variable: at for variable, at in found.items() if closed.is_closed_variable(variable)
    }
    with open_engine(scratch) as engine:
        texts = counted_texts(engine, without_repeated_headers(rows), places_of_words)
    for variable, counts in texts.items():
        mapped = (*mapping.mapped[variable].values, *mapping.unknown, *mapping.blank)
        known = {*known_words(variable), *(word.casefold() for word in mapped)}
        line = line_at(lines, (*section, "columns", variable, "values")) or 0
        where = f"line {line}: '{variable}'" if line else f"'{variable}'"
        checked.mistakes += [f"{where} {told}" for told in _not_understood(variable, counts, known)]


def _not_understood(variable: str, counts: dict[str, int], known: set[str]) -> list[str]:
    words = closed.words_of(variable, counts, known)
    strange = [(word, rows) for word, rows in words.shown if word.casefold() not in known]
    told = [f"does not know the word {word!r} ({counted(rows, 'row')})" for word, rows in strange]
    if words.alone:
        told.append(f"has words that stand in one row each, not shown: {words.alone:,}")
    if not words.is_closed:
        others = sum(rows for word, rows in counts.items() if word.casefold() not in known)
        told.append(
            f"has values in {counted(others, 'row')} that are not like its words: not shown"
        )
    return told


def _at(lines: dict[Place, int], section: Place, detail: str) -> str:
    """The mistake with the line of the variable that it names."""
    for variable in _VARIABLE.findall(detail):
        for part in ("columns", "own", "constants"):
            if line := lines.get((*section, part, variable)):
                return f"line {line}: {detail}"
    return detail


def _try(
    checked: Checked, as_at: date | datetime, to: Path, key: bytes | None, progress: Progress
) -> None:
    """Import into a temporary folder. A reason to stop that was not listed before is a mistake."""
    tried = partial(
        import_extract,
        [checked.file],
        mapping=checked.mapping,
        as_at=as_at,
        key=key,
        ignore_unknown=True,
        progress=progress,
    )
    try:
        try:
            extract = tried(to=to)
        except SourceError as error:
            if _LOSSES not in str(error):
                raise
            checked.mistakes += [str(error), *error.details]
            extract = tried(to=to, accept_rejects=_ANY_NUMBER)
        checked.manifest = dict(extract.manifest)
    except UserError as error:
        if not checked.mistakes:
            checked.mistakes += [str(error), *error.details]
        checked.lines.append(
            "what would become of the rows was not tried: put the mistakes right first"
        )
