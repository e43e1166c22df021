"""
Where the tables are in a grid: titles above, one or two rows of headings, rows of figures, notes
and sources below; one table under another, or side by side with a blank column between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nilreturn.disclosure.tabular.marks import CellMarks, as_percentage, is_plain_number
from nilreturn.disclosure.tabular.text_tables.grids import Grid
from nilreturn.errors import TableError
from nilreturn.wording import counted

MOST_LABEL = 80  # characters of a label that stands alone in its row; a longer text is a note
MOST_LABEL_WORDS = 8
_NOTE = re.compile(
    r"(?:notes?|sources?|key|footnotes?|caveats?|symbols?|legend|data|please|figures?|prepared|contact"
    r"|copyright|this|these|where|counts?|numbers?|table|tables)\b"
    r"|©|[\[(]?[0-9a-z]{1,2}[\]).:]|\[note|[*†‡~#.:-]+ ?[=:\w\"'(]"
    r"|\[\w{1,4}\] ?\S|\S{1,3} ?[=:] ",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:.*\D)?(?:19|20)[0-9]{2}(?:\s?[-/–]\s?(?:[0-9]{2}|[0-9]{4}))?(?:\D.*)?")

Row = tuple[int, tuple[str, ...]]  # its number in the file, and its texts


@dataclass(frozen=True)
class Region:
    """
    One table in a grid: its rows of headings and of figures (with their numbers in the file), the
    lines above and below it. `left_out` are lines inside that are no part of it, such as headings
    repeated on a new page.
    """

    grid: Grid
    headings: tuple[Row, ...]
    rows: tuple[Row, ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return next((line for line in self.above if line), "")


@dataclass
class _Run:
    """Rows that belong together while they are found: of one table, or of several side by side."""

    above: list[str]
    rows: list[Row] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def find_regions(grid: Grid, marks: CellMarks) -> tuple[Region, ...]:
    """
    The tables of a grid in reading order. Raises `TableError` where a row has more or fewer cells
    than its headings.
    """
    return tuple(region for run in _runs(grid, marks) for region in _side_by_side(grid, run, marks))


def holds_figures(texts: Sequence[str], marks: CellMarks) -> bool:
    """
    Whether at least half of the texts that are not blank are counts, ranges, percentages or marks.
    """
    told = [text for text in texts if text]
    return bool(told) and 2 * sum(is_figure(text, marks) for text in told) >= len(told)


def is_figure(text: str, marks: CellMarks) -> bool:
    """
    Whether a text reads as a count, a range, a percentage or a mark; a number that is no count
    does, too.
    """
    if is_plain_number(text) or as_percentage(text) is not None:
        return True
    try:
        return marks.read(text) is not None
    except TableError:
        return True


def is_year(text: str) -> bool:
    """Whether a heading names a year or a period: "2023/24", "Year ending March 2021"."""
    return _YEAR.fullmatch(text) is not None


# Runs of rows -------------------------------------------------------------------------------------


def _runs(grid: Grid, marks: CellMarks) -> list[_Run]:
    """The rows of each table or of tables side by side, with the lines above and below."""
    runs: list[_Run] = []
    run: _Run | None = None
    # Lines that may be labels of the run above, notes of it, or titles of the next.
    waiting: list[Row] = []
    for number, row in enumerate(grid.rows, 1):
        if _is_line(row, marks):
            waiting.append((number, row))
            continue
        if run is not None and _continues(run, row, waiting, marks):
            _take_lines(run, waiting)
        else:
            above = _between(run, waiting)
            run = _Run(above)
            runs.append(run)
        run.rows.append((number, row))
        waiting = []
    if run is not None:
        run.below += _after(run, waiting)
    return runs


def _is_line(row: Sequence[str], marks: CellMarks) -> bool:
    """Whether a row is blank, or has one text (perhaps over merged cells)."""
    texts = [text for text in row if text]
    return len(texts) <= 1 or (len(set(texts)) == 1 and not is_figure(texts[0], marks))


def _continues(run: _Run, row: Sequence[str], waiting: Sequence[Row], marks: CellMarks) -> bool:
    """
    Whether a row belongs to the table above it: at once, or after other lines where it has figures,
    or where the table has only headings so far. A row of texts, or of years, after other lines is
    the headings of another table.
    """
    figures = [text for text in row[1:] if text and not is_year(text)]
    if not waiting or any(is_figure(text, marks) for text in figures):
        return True
    has_rows = any(
        is_figure(text, marks) for _, earlier in run.rows[1:] for text in earlier[1:] if text
    )
    return not has_rows and all(any(line) for _, line in waiting)


def _take_lines(run: _Run, waiting: Sequence[Row]) -> None:
    """Lines inside a table: labels whose figures are blank are rows of it, others are left out."""
    for line in waiting:
        if _is_label(line):
            run.rows.append(line)
        elif any(line[1]):
            run.left_out.append(_words(line[1]))


def _is_label(line: Row) -> bool:
    """Whether a text alone in its row may be the label of a row whose figures are blank."""
    text = line[1][0]
    alone = bool(text) and not any(line[1][1:]) and len(line[1]) > 1
    is_short = (
        len(text) <= MOST_LABEL and len(text.split()) <= MOST_LABEL_WORDS and not text.endswith(".")
    )
    return alone and is_short and _NOTE.match(text) is None


def _after(run: _Run, waiting: Sequence[Row]) -> list[str]:
    """The lines below a table, once labels straight below it have become rows of it."""
    taken = 0
    for line in waiting:
        if not _is_label(line):
            break
        run.rows.append(line)
        taken += 1
    return [_words(row) for _, row in waiting[taken:] if any(row)]


def _between(run: _Run | None, waiting: Sequence[Row]) -> list[str]:
    """
    The lines above the next table; those that are notes of the one before, or stand before a blank
    row, are its.
    """
    if run is None:
        return [_words(row) for _, row in waiting if any(row)]
    blank = next((place for place, (_, row) in enumerate(waiting) if not any(row)), len(waiting))
    straight_below = [] if blank == len(waiting) else waiting[:blank]
    run.below += _after(run, straight_below)
    lines = [line for line in waiting[len(straight_below) :] if any(line[1])]
    notes = max(
        (place + 1 for place, (_, row) in enumerate(lines) if _is_note(_words(row))), default=0
    )
    run.below += [_words(row) for _, row in lines[:notes]]
    return [_words(row) for _, row in lines[notes:]]


def _is_note(text: str) -> bool:
    return _NOTE.match(text) is not None and not re.match(
        r"(?:table|tables|number|count|figure)s?\b", text, re.IGNORECASE
    )


def _words(row: Sequence[str]) -> str:
    return next((text for text in row if text), "")


# Side by side, and rows of headings ---------------------------------------------------------------


def _side_by_side(grid: Grid, run: _Run, marks: CellMarks) -> Iterator[Region]:
    """
    The tables of a run: one, or several with a blank column between, each with labels of its own.
    """
    width = len(run.rows[0][1])
    blank = {column for column in range(width) if not any(row[column] for _, row in run.rows)}
    parts: list[tuple[int, int]] = []
    start = 0
    while start < width:
        if start in blank:
            start += 1
            continue
        end = next((column for column in range(start, width) if column in blank), width)
        if parts and not _has_labels(run, start, end, parts[-1][0], marks):
            parts[-1] = (parts[-1][0], end)  # a column left blank inside one table
        else:
            parts.append((start, end))
        start = end
    for start, end in parts:
        columns = [column for column in range(start, end) if column not in blank]
        rows = [(number, tuple(row[column] for column in columns)) for number, row in run.rows]
        kept = [row for row in rows if any(row[1])]
        yield _region(grid, run, kept, columns[-1] + 1, marks)


def _has_labels(run: _Run, start: int, end: int, before: int, marks: CellMarks) -> bool:
    """
    Whether columns to the right of a blank one are a table of its own: they begin with labels under
    a heading.
    """
    heading = run.rows[0][1][start]
    texts = [row[start] for _, row in run.rows[1:] if row[start]]
    same = bool(heading) and heading == run.rows[0][1][before]
    return (
        end - start > 1
        and bool(heading)
        and bool(texts)
        and (same or not holds_figures(texts, marks))
    )


def _region(grid: Grid, run: _Run, rows: list[Row], width: int, marks: CellMarks) -> Region:
    above, left_out = list(run.above), list(run.left_out)
    while _is_title(rows, marks):
        above.append(" ".join(text for text in rows.pop(0)[1] if text))
    number = _heading_rows(rows, marks)
    headings, body = rows[:number], rows[number:]
    repeated = [row for row in body if number == 1 and row[1] == headings[0][1]]
    left_out += [f"row {number}, which repeats the headings" for number, _ in repeated]
    kept = [row for row in body if row not in repeated]
    _check_widths(grid, headings, kept, width)
    return Region(
        grid, tuple(headings), tuple(kept), tuple(above), tuple(run.below), tuple(left_out)
    )


def _check_widths(grid: Grid, headings: Sequence[Row], rows: Sequence[Row], last: int) -> None:
    """Raise where a row of figures is shorter than the headings, or reaches beyond them."""
    named = max(place for _, texts in headings for place, text in enumerate(texts) if text) + 1
    beyond = len(headings[0][1]) - named
    for line, texts in rows:
        cells = grid.lengths[line - 1]
        reaches = max((place + 1 for place, text in enumerate(texts) if text), default=0)
        if reaches > named or (any(texts[1:]) and cells < last - beyond):
            cells = reaches if reaches > named else cells
            raise TableError(
                f"{grid.where}, row {line}: has {counted(cells, 'column')} where the headings have "
                f"{named}; make them agree"
            )


def _is_title(rows: Sequence[Row], marks: CellMarks) -> bool:
    """
    Whether the first row is a title, or a pair such as "Force: | Northshire", above headings of
    more columns.
    """
    if len(rows) < 3:
        return False
    first, second = rows[0][1], rows[1][1]
    if sum(map(bool, first)) == 1 and first[0] and sum(map(bool, second)) > 1:
        return True
    if len(first) < 3:
        return False
    return (
        all(first[:2])
        and not any(first[2:])
        and all(second)
        and not holds_figures(second[1:], marks)
    )


def _heading_rows(rows: Sequence[Row], marks: CellMarks) -> int:
    """
    One; or two where the first leaves columns without a heading of their own and the second has
    headings too.
    """
    if len(rows) < 3:
        return 1
    first, second = rows[0][1], rows[1][1]
    texts = [text for text in second[1:] if text]
    is_whole = all(first[1:]) and len(set(first[1:])) == len(first[1:])
    if not texts or is_whole:
        return 1
    years = (
        len(texts) > 1
        and all(map(is_year, texts))
        and not all(is_year(text) for text in first[1:] if text)
    )
    return (
        2
        if years or not (any(map(is_plain_number, texts)) or _reads_like_below(rows, marks))
        else 1
    )


def _reads_like_below(rows: Sequence[Row], marks: CellMarks) -> bool:
    """
    Whether the second row reads as figures, and no row below has plainer ones that it could be the
    headings of.
    """
    second = [text for text in rows[1][1][1:] if text]
    below = [text for _, row in rows[2:] for text in row[1:] if text]
    return all(is_figure(text, marks) for text in second) and not any(map(is_plain_number, below))
