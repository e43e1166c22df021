"""A mapping held against a file: which headers it knows, which words it does not, and what would become of the rows."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from nilreturn.errors import SourceError, UserError
from nilreturn.progress import Progress, silent
from nilreturn.schema import Kind
from nilreturn.sources.describing import described
from nilreturn.sources.draft import closed
from nilreturn.sources.draft.counting import counted_texts
from nilreturn.sources.draft.meanings import known_words
from nilreturn.sources.importing import READERS, check_is_file, import_extract
from nilreturn.sources.judging.engine import open_engine
from nilreturn.sources.mapping.columns import known_headers, places, unknown_headers
from nilreturn.sources.mapping.file import mapping_lines
from nilreturn.sources.mapping.lines import Place, line_at
from nilreturn.sources.mapping.model import Mapping
from nilreturn.sources.mapping.registry import mapping_named, mapping_path
from nilreturn.sources.mapping.variables import MAPPABLE
from nilreturn.sources.reading.rows import Rows

_VARIABLE = re.compile(r"'([a-z]+\.\w+)'")
ACCEPT = "--accept-rejects"
_ANY = 10**12


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: `lines` to read, `mistakes` to put right, each with its line of the mapping where it has one."""

    mapping: Mapping
    file: Path
    lines: tuple[str, ...]
    mistakes: tuple[str, ...]

    def raise_mistakes(self) -> None:
        """Raise `SourceError` with every mistake, where there is one."""
        if self.mistakes:
            number = f"{len(self.mistakes)} mistake{'' if len(self.mistakes) == 1 else 's'}"
            raise SourceError(
                f"the mapping '{self.mapping.name}' and {self.file} do not fit: {number}", details=self.mistakes
            )


def check_mapping(
    name: str, path: Path, *, as_at: date | datetime | None = None, progress: Progress = silent
) -> Checked:
    """
    The mapping called `name`, or in the TOML file of that path, held against the file at `path`, taken at `as_at`
    (today where it is not given). Nothing is left on disk.

    Raises `SourceError` for a mapping with mistakes and for a file without headers, `FileError` for a file that cannot
    be read.
    """
    mapping = mapping_named(name)
    file = mapping_path(name)
    lines = mapping_lines(file) if file else {}
    check_is_file(path)
    said: list[str] = []
    mistakes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="nilreturn-") as folder:
        scratch = Path(folder)
        rows = READERS[path.suffix.lower()](path, known_headers(mapping), scratch / "source", progress)
        found = _headers(rows, mapping, lines, said, mistakes)
        with open_engine(scratch) as engine:
            places_of_words = {v: at for v, at in found.items() if closed.is_closed_variable(v)}
            texts = counted_texts(engine, rows, places_of_words)
        for variable, words in texts.items():
            mistakes += _unknown_words(variable, words, mapping, lines)
        said += _fare(path, mapping, as_at or date.today(), scratch / "tried", mistakes, progress)
    return Checked(mapping, path, tuple(said), tuple(mistakes))


def _headers(
    rows: Rows, mapping: Mapping, lines: dict[Place, int], said: list[str], mistakes: list[str]
) -> dict[str, int]:
    """Which column holds each variable; what does not fit is added to `mistakes`."""
    try:
        found = places(rows.path, rows.headers, mapping, are_sure=rows.headers_are_sure)
    except SourceError as error:
        if not rows.headers_are_sure or (not error.details and not unknown_headers(rows, mapping)):
            raise
        mistakes += [_at(lines, detail) for detail in error.details or (str(error),)]
        found = _those_that_fit(rows, mapping)
    for variable, place in found.items():
        said.append(f"  {rows.headers[place][:60]!r} is '{variable}'")
    said += [f"  '{variable}' has no column in this file" for variable in mapping.mapped if variable not in found]
    said.insert(0, f"{rows.path}: {len(found)} of {len(rows.headers)} columns are read")
    return found


def _those_that_fit(rows: Rows, mapping: Mapping) -> dict[str, int]:
    """The columns that fit by themselves, whatever else is wrong."""
    found: dict[str, int] = {}
    for variable, mapped in mapping.mapped.items():
        alone = mapping.model_copy(
            update={
                "columns": {variable: mapped} if variable in mapping.columns else {},
                "own": {variable: mapped} if variable in mapping.own else {},
                "ignore": [*mapping.ignore, *unknown_headers(rows, mapping)],
            }
        )
        others = {header for other in mapping.mapped.values() for header in other.headers}
        alone = alone.model_copy(update={"ignore": [*alone.ignore, *(others - set(mapped.headers))]})
        try:
            found |= {name: at for name, at in places(rows.path, rows.headers, alone).items() if name == variable}
        except SourceError:
            continue  # it was told with all the others
    return found


def _unknown_words(variable: str, texts: dict[str, int], mapping: Mapping, lines: dict[Place, int]) -> list[str]:
    """Words that the import would not understand, where they are like words of such a column."""
    known = {
        *known_words(variable),
        *(word.casefold() for word in (*mapping.mapped[variable].values, *mapping.unknown, *mapping.blank)),
    }
    is_open = MAPPABLE[variable].kind is not Kind.FLAG and not known_words(variable)
    if is_open:
        return []
    words = closed.words_of(variable, texts, known)
    strange = [(word, rows) for word, rows in words.shown if word.casefold() not in known]
    line = line_at(lines, ("columns", variable, "values")) or line_at(lines, ("columns", variable))
    where = f"line {line}: " if line else ""
    told = [f"{where}'{variable}' does not know the word {word!r} ({rows:,} rows)" for word, rows in strange]
    if words.alone:
        told.append(f"{where}'{variable}' has {words.alone} words that stand in one row each: not shown")
    if not words.is_closed:
        others = sum(rows for word, rows in texts.items() if word.casefold() not in known)
        told.append(
            f"{where}'{variable}' has values in {others:,} rows that are not like its words; they are not shown"
        )
    return told


def _at(lines: dict[Place, int], detail: str) -> str:
    """The mistake with the line of the variable that it names."""
    for variable in _VARIABLE.findall(detail):
        for section in ("columns", "own", "constants"):
            if line := lines.get((section, variable)):
                return f"line {line}: {detail}"
    return detail


def _fare(
    path: Path, mapping: Mapping, as_at: date | datetime, to: Path, mistakes: list[str], progress: Progress
) -> list[str]:
    """What an import would say of the rows. Where it would stop for a reason not told yet, that is a mistake."""
    try:
        tried = partial(import_extract, [path], mapping=mapping, as_at=as_at, ignore_unknown=True, progress=progress)
        try:
            extract = tried(to=to)
        except SourceError as error:
            if ACCEPT not in str(error):
                raise
            mistakes += [str(error), *error.details]
            extract = tried(to=to, accept_rejects=_ANY)
    except UserError as error:
        if not mistakes:
            mistakes += [str(error), *error.details]
        return ["What would become of the rows was not tried: put the mistakes right first"]
    return ["An import would say:", *(f"  {line}" for line in described(extract.manifest).splitlines())]
