"""
The workbook as neutral sheets, after the Analysis Function's checklist: cover, contents, notes,
then one sheet for each table. It is composed once and written as XLSX and as ODS, so that the two
never differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nilreturn.release.answer import Answer, AnsweredQuestion
from nilreturn.release.layout import Grid, wide
from nilreturn.release.letter import title
from nilreturn.release.library import (
    CONFIDENTIAL,
    Caveat,
    applies,
    caveats_of,
    decisions_of,
    legends,
    said,
)
from nilreturn.release.plain import neutral
from nilreturn.tables import PrintedTable


@dataclass(frozen=True, slots=True)
class Line:
    """
    One cell of column A above the table. `link` is the name of a sheet, or a web or mail address.
    """

    text: str
    style: str = "text"  # "title", "heading" or "text"
    link: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", neutral(self.text))


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One worksheet.

    `lines` are from A1 down, followed by the table, if there is one, marked up as `table_name`,
    without a blank row. In column `link_column` of the table each cell links to the sheet of that
    name. `prose` sheets have wide, wrapped columns.
    """

    name: str
    lines: tuple[Line, ...]
    table_name: str = ""
    grid: Grid | None = None
    link_column: int | None = None
    prose: bool = False


def sheets(answer: Answer) -> tuple[Sheet, ...]:
    """Every worksheet in order."""
    tables = tuple(
        _table_sheet(answer, question, table)
        for question in answer.questions
        for table in question.tables
    )
    return (_cover(answer), _contents(answer), _notes(answer), *tables)


def sheet_name(number: int) -> str:
    """The worksheet of table `number`: unique, short, and valid in Excel and in OpenDocument."""
    return f"Table {number}"


def range_name(number: int, table: PrintedTable) -> str:
    """
    The name of a marked-up table: a word that starts with a letter and is not a cell's address. It
    has at most 60 characters, because screen readers read it out.
    """
    return f"table_{number}_{re.sub('[^a-z0-9]+', '_', table.name.lower()).strip('_')}"[:60].rstrip(
        "_"
    )


def _cover(answer: Answer) -> Sheet:
    authority, wording = answer.authority, answer.wording

    def say(key: str, **places: object) -> str:
        return wording.of(f"workbook.cover.{key}", **places)

    as_at = wording.day(answer.extract.as_at)
    lines = (
        Line(title(answer), "title"),
        Line(say("about"), "heading"),
        Line(say("holds", authority=authority.name)),
        Line(say("letter")),
        Line(say("received", day=wording.day(answer.received_on))),
        Line(say("answered", day=wording.day(answer.answered_on))),
        Line(say("source", system=answer.extract.system, as_at=as_at)),
        *_in_words(answer),
        Line(say("not_given"), "heading"),
        *(Line(text) for text in _hiding(answer)),
        Line(say("finding"), "heading"),
        Line(say("contents"), link="Contents"),
        Line(say("notes"), link="Notes"),
        Line(say("again"), "heading"),
        Line(say("software", software=answer.software)),
        Line(say("contact"), "heading"),
        Line(f"{authority.department}, {authority.name}"),
        *(Line(line) for line in authority.address),
        *((Line(wording.say("opening.phone", phone=authority.phone)),) if authority.phone else ()),
        Line(wording.say("opening.email", email=authority.email), link=f"mailto:{authority.email}"),
    )
    return Sheet("Cover", lines, prose=True)


def _in_words(answer: Answer) -> tuple[Line, ...]:
    """The parts that no worksheet answers, so that none of them disappears."""
    parts = [
        answer.wording.of("workbook.cover.in_words_question", question=part, decision=decision)
        for question in answer.questions
        if question.in_words or not question.tables
        for part, decision in decisions_of(answer, question)
    ]
    if not parts:
        return ()
    heading = answer.wording.of("workbook.cover.in_words")
    return (Line(heading, "heading"), *map(Line, parts))


def _hiding(answer: Answer) -> tuple[str, ...]:
    wording = answer.wording
    marks = tuple(dict.fromkeys(mark for table in answer.tables for mark in wide(table).marks))
    none = () if CONFIDENTIAL in marks else (wording.of("workbook.cover.none_hidden"),)
    prints_zeros = answer.prints_zeros(answer.tables)
    return (*none, *legends(wording, marks, prints_zeros=prints_zeros))


def _contents(answer: Answer) -> Sheet:
    rows = tuple(
        (sheet_name(answer.table_number(table)), question.number, table.title, table.unit)
        for question in answer.questions
        for table in question.tables
    )
    grid = Grid(("Worksheet", "Question", "Title", "What is counted"), _neutral_rows(rows), 4)
    lines = (
        Line("Contents", "title"),
        Line("This worksheet contains one table: every table with a link to it."),
    )
    return Sheet("Contents", lines, "contents", grid, link_column=0, prose=True)


def _notes(answer: Answer) -> Sheet:
    rows = tuple((f"note {number}", said(caveat, answer)) for number, caveat in _numbered(answer))
    lines = (
        Line("Notes", "title"),
        Line("This worksheet contains one table: the notes that the tables refer to."),
    )
    return Sheet(
        "Notes", lines, "notes", Grid(("Note", "Text"), _neutral_rows(rows), 2), prose=True
    )


def _numbered(answer: Answer) -> tuple[tuple[int, Caveat], ...]:
    return tuple(enumerate(caveats_of(answer), start=1))


def _table_sheet(answer: Answer, question: AnsweredQuestion, table: PrintedTable) -> Sheet:
    number = answer.table_number(table)
    grid = wide(table)
    numbers = [note for note, caveat in _numbered(answer) if applies(caveat, table, question)]
    lines = [
        Line(f"Table {number}: {table.title}", "title"),
        Line("This worksheet contains one table. Notes are on the Notes worksheet.", link="Notes"),
        Line(f"Notes that apply to this table: {' '.join(f'[note {note}]' for note in numbers)}"),
        Line(f"Number of {table.unit}. Answers question {question.number}."),
    ]
    prints_zeros = answer.prints_zeros((table,))
    lines += map(Line, legends(answer.wording, grid.marks, prints_zeros=prints_zeros))
    if table.method:
        lines.append(Line(f"How the table was made safe to publish: {table.method}"))
    lines += [Line(f"{heading}: {text}") for heading, text in question.criteria]
    lines.append(
        Line(
            answer.wording.of(
                "workbook.cover.source",
                system=answer.extract.system,
                as_at=answer.wording.day(answer.extract.as_at),
            )
        )
    )
    rows = _neutral_rows(grid.rows)
    headers = tuple(map(neutral, grid.headers))
    return Sheet(
        sheet_name(number),
        tuple(lines),
        range_name(number, table),
        Grid(headers, rows, grid.labels),
    )


def _neutral_rows(rows: tuple[tuple[int | str, ...], ...]) -> tuple[tuple[int | str, ...], ...]:
    return tuple(
        tuple(neutral(value) if isinstance(value, str) else value for value in row) for row in rows
    )
