"""
Reads CSV and similar files.

The engine reads a file strictly and in parallel. The tolerant reader reads a file that does not
follow the standard, and lists every place where it does not.
"""

from __future__ import annotations

import itertools
import mmap
import re
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from nilreturn import sql
from nilreturn.errors import FileError, SourceError
from nilreturn.files import engine_path, sha256
from nilreturn.progress import Progress
from nilreturn.sources.mapping import NOTHING, Asked
from nilreturn.sources.reading.delimited.encoding import Look, chunks_of, copy_clean, encoding_of
from nilreturn.sources.reading.delimited.structure import LONGEST_LINE, Structure
from nilreturn.sources.reading.delimited.tolerant import Reader
from nilreturn.sources.reading.layout import ROWS_SEEN, SEPARATOR, Layout, apply_layout
from nilreturn.sources.reading.open_paths import check_is_text
from nilreturn.sources.reading.plain_csv import PlainCsv
from nilreturn.sources.reading.rows import PassedOver, SourceRows
from nilreturn.sources.reading.texts import query_of, write_texts
from nilreturn.sources.reading.unpacking import PACKED, unpack
from nilreturn.wording import counted

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LONGEST_ROW = 4 << 20  # bytes; the tolerant reader gets files with a longer row
_HEAD = 1 << 20
_CHUNKS = 4  # given to another thread at once: giving one away costs as much as examining it
# No text is read as NULL, which stands for values that are missing from a row.
_NOTHING = "\x01\x02\x03"
_SEPARATOR = re.compile(r'"?sep=(.)"?\n', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Dialect:
    delimiter: str
    layout: Layout
    filled_above: int  # rows above the first record that are not empty lines
    has_lines_above: bool  # each row above the first record is a line


@dataclass(frozen=True, slots=True)
class _Clean:
    """
    UTF-8 at `at`, from the file that was given at `path`, and what was found while it was made.
    """

    path: Path
    at: Path
    dialect: _Dialect
    structure: Structure
    facts: dict[str, Any]


def read(
    path: Path, known: Collection[str], scratch: Path, progress: Progress, asked: Asked = NOTHING
) -> tuple[SourceRows, ...]:
    """
    The rows of a delimited file.

    `known` are folded headers; copies are written to `scratch` and beside it. Raises `FileError`
    when the file is empty or has a line that is too long.
    """
    clean = _clean(path, known, scratch, progress, asked)
    even = partial(_tolerant, clean, scratch.with_name(f"{scratch.name}-rows"), progress)
    return (_strict(clean, even) if clean.structure.is_strict else even(),)


def _clean(
    path: Path, known: Collection[str], scratch: Path, progress: Progress, asked: Asked
) -> _Clean:
    source, packed = path, path.suffix.lower() == PACKED
    if packed:
        source = scratch.with_name(f"{scratch.name}-unpacked")
        unpack(path, source, progress)
    check_is_text(source, path)
    head = _head(source)
    marked = encoding_of(head)
    dialect = _dialect(head.decode(marked or "utf-8", "replace"), known, asked)
    look, structure = Look(), _structure(dialect)
    size = source.stat().st_size
    coming = chunks_of(source)
    with ThreadPoolExecutor(1) as beside:
        while chunks := list(itertools.islice(coming, _CHUNKS)):
            looking = beside.submit(look.at, chunks)
            for chunk in chunks if marked in (None, "utf-8") else ():
                _add(structure, chunk, path)
            looking.result()
            progress(f"Checking {path.name}", look.size, size)
    look.end()
    structure.end()
    encoding, at = marked or look.encoding(), source
    facts = {"format": "CSV", "encoding": encoding, "characters_replaced": 0, "nuls_removed": 0}
    if encoding != "utf-8" or not look.is_utf8 or look.has_nul or not structure.has_one_line_end:
        at = scratch
        facts |= copy_clean(
            source, at, encoding, partial(progress, f"Converting {path.name} from {encoding}")
        ).facts()
        dialect = _dialect(_head(at).decode("utf-8", "replace"), known, asked)
        structure = _structure(dialect)
        for chunk in chunks_of(at):
            _add(structure, chunk, path)
        structure.end()
    if dialect is None:
        raise FileError(f"{path}: the file is empty; export it again")
    _check_width(path, dialect, asked)
    facts |= {"delimiter": DELIMITERS.get(dialect.delimiter, dialect.delimiter)}
    facts |= {
        "sha256": sha256(path) if packed else look.digest.hexdigest(),
        "bytes": path.stat().st_size,
    }
    facts |= {"compressed": "gzip"} if packed else {}
    return _Clean(path, at, dialect, structure, facts)


def _check_width(path: Path, dialect: _Dialect, asked: Asked) -> None:
    if asked.names and not dialect.layout.score:
        raise SourceError(
            f"{path}: no row has the {counted(len(asked.names), 'column')} that the mapping names; "
            "change column_names or export it again"
        )


def _strict(clean: _Clean, otherwise: Callable[[], SourceRows]) -> SourceRows:
    layout = clean.dialect.layout
    width = len(layout.headers)
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
    query = (
        f"SELECT {', '.join(f'c{number}' for number in range(width))}, 0::TINYINT AS _shape FROM "
        f"read_csv({sql.text(engine_path(clean.at))}, columns = {{{columns}}}, delim = "
        f"{sql.text(clean.dialect.delimiter)}, quote = '\"', escape = '\"', comment = '', header = "
        f"false, skip = {layout.above}, auto_detect = false, nullstr = {sql.text(_NOTHING)}, "
        "null_padding = false, strict_mode = true, hive_partitioning = false, max_line_size = "
        f"{LONGEST_ROW})"
    )
    records = clean.structure.records - clean.dialect.filled_above
    rows = _rows(clean, query, records, clean.facts, otherwise)
    if (
        records < 1
        or width < 2
        or not clean.dialect.has_lines_above
        or not clean.dialect.delimiter.isascii()
    ):
        return rows
    return replace(
        rows, plain=PlainCsv(clean.at, clean.dialect.delimiter, layout.above, width, query)
    )


def _tolerant(clean: _Clean, target: Path, progress: Progress) -> SourceRows:
    """The rows as the tolerant reader reads the file, at `target`."""
    layout = clean.dialect.layout
    width = len(layout.headers)
    with (
        clean.at.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        reader = Reader(content, clean.dialect.delimiter, width)
        told = partial(progress, f"Reading {clean.path.name}")
        below = itertools.islice(reader.records(told), layout.above, None)
        records = write_texts(target, width, (row for row in below if row))
    stray = {"rows": reader.strays.rows, "first_lines": reader.strays.lines}
    facts = clean.facts | {"reader": "tolerant", "stray_quotation_marks": stray}
    return _rows(clean, query_of(target, width), records, facts)


def _rows(
    clean: _Clean,
    query: str,
    records: int,
    facts: dict[str, Any],
    otherwise: Callable[[], SourceRows] | None = None,
) -> SourceRows:
    layout = clean.dialect.layout
    return SourceRows(
        clean.path,
        layout.headers,
        query,
        layout.above + 1,
        facts,
        passed_over=layout.passed_over,
        records=records,
        headers_are_sure=layout.are_sure,
        otherwise=otherwise,
    )


def _head(path: Path) -> bytes:
    """The first whole lines."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return head if len(head) < _HEAD else head[: head.rfind(b"\n") + 1 or None]


def _structure(dialect: _Dialect | None) -> Structure:
    if dialect is None:
        return Structure(ord(","), 1)
    return Structure(ord(dialect.delimiter), len(dialect.layout.headers))


def _add(structure: Structure, chunk: bytes, path: Path) -> None:
    structure.add(chunk)
    if structure.longest > LONGEST_LINE:
        raise FileError(
            f"{path}: a line is longer than {LONGEST_LINE >> 20} MB; export it again, a row on "
            f"each line"
        )


def _dialect(head: str, known: Collection[str], asked: Asked) -> _Dialect | None:
    """
    The delimiter that `sep=` names, or the one with which most headers are known; None for an empty
    file.
    """
    text = head.replace("\0", "").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    named = _SEPARATOR.match(text)
    if named and asked.first_row:
        asked = replace(asked, first_row=max(1, asked.first_row - 1))
    found = []
    for delimiter in named[1] if named else DELIMITERS:
        rows = _rows_of(
            text[named.end() :] if named else text,
            delimiter,
            max(ROWS_SEEN, (asked.first_row or 0) + 20),
        )
        layout = apply_layout([[value.decode() for value in row] for row in rows], known, asked)
        if layout:
            found.append((layout.score, len(layout.headers), delimiter, layout, rows))
    if not found:
        return None
    _, _, delimiter, layout, rows = max(found, key=lambda candidate: candidate[:2])
    filled = sum(bool(row) for row in rows[: layout.above])
    has_lines = not any(b"\n" in value for row in rows[: layout.above] for value in row)
    if named:
        separator = PassedOver(SEPARATOR, 1)
        layout = replace(
            layout, above=layout.above + 1, passed_over=(separator, *layout.passed_over)
        )
    return _Dialect(delimiter, layout, filled + bool(named), has_lines)


def _rows_of(text: str, delimiter: str, most: int) -> list[list[bytes]]:
    return list(
        itertools.islice(Reader(text.encode("utf-8", "replace"), delimiter).records(), most)
    )
