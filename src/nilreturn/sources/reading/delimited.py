"""Reading CSV and its kin: the delimiter by the headers that the mapping knows, the rows by the engine."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from pathlib import Path

from nilreturn.errors import FileError, SourceError
from nilreturn.progress import Progress
from nilreturn.sources.judging import sql
from nilreturn.sources.mapping.model import fold
from nilreturn.sources.reading.encoding import clean
from nilreturn.sources.reading.rows import Rows

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LONGEST_ROW = 4 << 20
_SPARE = 2  # columns past the last header, to see rows with too many values
_NOTHING = "\x01\x02\x03"  # no value is read as NULL: that is left for values that are not there at all


def read(path: Path, known: Collection[str], scratch: Path, progress: Progress) -> Rows:
    """
    The rows of a delimited file. `known` are folded headers, `scratch` where a clean copy may be put.

    Raises `FileError` when the file is empty.
    """
    found = clean(path, scratch, progress)
    if not found.lines:
        raise FileError(f"{path}: the file is empty; export it again")
    with found.path.open("rb") as file:
        start = file.read(LONGEST_ROW).decode("utf-8", "ignore").lstrip("\r\n")
    delimiter, headers = _headers(start, known, path)
    facts = {
        "format": "CSV",
        "encoding": found.encoding,
        "delimiter": DELIMITERS[delimiter],
        "characters_replaced": found.undecodable,
        "nuls_removed": found.nuls,
        "sha256": found.sha256,
        "bytes": found.size,
    }
    lines_of_headers = sum(len(re.findall(r"\n[\r\n]*", header)) for header in headers) + 1
    return Rows(path, headers, _query(found.path, delimiter, len(headers)), facts, found.lines - lines_of_headers)


def _headers(start: str, known: Collection[str], path: Path) -> tuple[str, tuple[str, ...]]:
    """The delimiter under which most headers are known, and the headers."""
    candidates = []
    for delimiter in DELIMITERS:
        try:
            headers = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter))
        except (csv.Error, StopIteration):
            continue
        candidates.append((sum(fold(header) in known for header in headers), len(headers), delimiter, headers))
    if not candidates:
        raise SourceError(f"{path}: the first row cannot be read as headers; check for a stray quotation mark in it")
    _, _, delimiter, headers = max(candidates, key=lambda candidate: candidate[:2])
    return delimiter, tuple(headers)


def _query(path: Path, delimiter: str, width: int) -> str:
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width + _SPARE))
    values = ", ".join(f"c{number}" for number in range(width + _SPARE))
    kept = ", ".join(f"c{number}" for number in range(width))
    # One scanner: the engine cannot pad short rows in parallel, and the rows' numbers are those of the file.
    scan = (
        f"read_csv({sql.text(str(path))}, columns = {{{columns}}}, delim = {sql.text(delimiter)}, quote = '\"', "
        f"escape = '\"', header = false, auto_detect = false, nullstr = {sql.text(_NOTHING)}, null_padding = true, "
        f"strict_mode = false, parallel = false, max_line_size = {LONGEST_ROW}, buffer_size = {16 * LONGEST_ROW})"
    )
    first, second = f"c{width}", f"c{width + 1}"  # a lone delimiter at the end of a row is no value
    joined = f"concat_ws('|', {values})"
    return f"""
        SELECT _row, {kept},
            CASE WHEN {first} <> '' OR {second} IS NOT NULL THEN 1 WHEN c{width - 1} IS NULL THEN -1 ELSE 0 END
                AS _shape,
            1 + CASE WHEN contains({joined}, chr(10))
                THEN len(regexp_extract_all({joined}, '\\n[\\r\\n]*')) ELSE 0 END AS _lines
        FROM (SELECT row_number() OVER () AS _row, * FROM {scan})
        WHERE _row > 1"""
