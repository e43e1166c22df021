"""
The answers of tables and extremes in plain sentences. Every figure in them comes from a
`PrintedTable`.
"""

from __future__ import annotations

from nilreturn.release.layout import Grid, wide
from nilreturn.release.letter.blocks import Block, Bullets, LetterTable, Paragraph, figure
from nilreturn.release.library import CONFIDENTIAL, HELD_BACK, printed_cell
from nilreturn.tables import PrintedTable, SafeExtreme
from nilreturn.wording import counted, of_unit

MENTIONS = "crime.mentions"
MENTION_FORM = "crime.mention_form"

# What fits a portrait page and is readable in a letter; larger tables are only in the enclosed
# tables.
_MOST_ROWS = 30
_MOST_COLUMNS = 7

Value = int | str


def in_sentence(value: Value, unit: str, *, is_whole: bool = True) -> str:
    """
    A figure with its unit, for a sentence.

    "Nil return" states that there is nothing in all that was asked for, so it is used only where
    the records cover it completely (`is_whole`).

    >>> [in_sentence(value, "crimes") for value in (1234, 1, 0, "[c]")]
    ['1,234 crimes', '1 crime', 'nil return', '[c]']
    >>> in_sentence(0, "crimes", is_whole=False)
    '0 crimes'
    """
    if value == 0 and is_whole:
        return "nil return"
    if isinstance(value, str):
        return value
    return of_unit(value, unit)


def table_blocks(table: PrintedTable, number: int, *, is_whole: bool = True) -> tuple[Block, ...]:
    """
    The sentences for one table, and the table itself where it is small enough for a letter.

    `is_whole`: the records cover all the days asked for. A 0 that may have been rounded is not
    called a nil return.
    """
    is_whole = is_whole and not table.changed
    variables = tuple(dimension.variable for dimension in table.dimensions)
    if variables in ((MENTIONS,), (MENTIONS, MENTION_FORM)):
        return _mention_blocks(table, number, is_whole)
    return _plain_blocks(table, number, is_whole)


def extreme_sentence(extreme: SafeExtreme, *, is_whole: bool = True) -> str:
    """
    The sentence for one extreme: refused, found, or without any victim. `is_whole` as in
    `table_blocks`.
    """
    if extreme.refusal:
        return f'{extreme.title}: this is exempt information and is not given; see "{HELD_BACK}".'
    if extreme.value is None and not is_whole:
        return f"{extreme.title}: no record that meets the criteria in the days covered holds it."
    if extreme.value is None:
        return f"{extreme.title}: nil return. No record that meets the criteria holds it."
    also = "".join(f"; {heading.lower()}: {text}" for heading, text in extreme.also)
    return f"{extreme.title}: {extreme.value}{also}."


def grand_total(table: PrintedTable) -> Value:
    """The figure for everything that the table counts."""
    return printed_cell(table, tuple(dimension.total.label for dimension in table.dimensions))


def _plain_blocks(table: PrintedTable, number: int, is_whole: bool) -> tuple[Block, ...]:
    total = grand_total(table)
    if not table.dimensions:
        return (
            Paragraph(
                f"{table.title}: {in_sentence(total, table.unit, is_whole=is_whole)} (table "
                f"{number})."
            ),
        )
    if total == 0 and is_whole and not table.not_in_use:
        return (Paragraph(f"{table.title}: nil return. Every figure of table {number} is 0."),)
    grid = wide(table)
    in_all = f"{in_sentence(total, table.unit, is_whole=is_whole)} in all"
    if isinstance(total, str):
        in_all = (
            f"the total is not given ({total})"
            if total == CONFIDENTIAL
            else f"not applicable ({total})"
        )
    if not _fits(grid):
        rows = counted(len(grid.rows), "row")
        return (
            Paragraph(
                f"{table.title}: {in_all}. Table {number} has {rows} and is in the enclosed tables."
            ),
        )
    caption = f"Table {number}: {table.title} (number of {table.unit})"
    return (
        Paragraph(f"{table.title}: {in_all}, as table {number} shows."),
        LetterTable(caption, grid),
    )


def _fits(grid: Grid) -> bool:
    return len(grid.rows) <= _MOST_ROWS and len(grid.headers) <= _MOST_COLUMNS


def _mention_blocks(table: PrintedTable, number: int, is_whole: bool) -> tuple[Block, ...]:
    """
    The words, each with its count, then all of them together; or the records searched, and how many
    have any of the words.
    """
    words = table.dimensions[0]
    below = tuple(_mentioned(table, category.label, is_whole) for category in words.categories[1:])
    if not words.additive:
        lines = (*below, _mentioned(table, words.total.label, is_whole))
        return (Paragraph(f"{table.title} (table {number}):"), Bullets(lines))
    searched = in_sentence(grand_total(table), table.unit, is_whole=is_whole)
    return (Paragraph(f"{table.title} (table {number}): {searched}, of which:"), Bullets(below))


def _mentioned(table: PrintedTable, word: str, is_whole: bool) -> str:
    if len(table.dimensions) == 1:
        return (
            f"{word} – {in_sentence(printed_cell(table, (word,)), table.unit, is_whole=is_whole)}"
        )
    forms = table.dimensions[1]
    below = [
        (category.label, printed_cell(table, (word, category.label)))
        for category in forms.categories[1:]
    ]
    total = printed_cell(table, (word, forms.total.label))
    line = f"{word} – {in_sentence(total, table.unit, is_whole=is_whole)}"
    # Split by form only where another spelling was found.
    if all(value == 0 for _, value in below[1:]):
        return line
    return f"{line} ({', '.join(f'{label.lower()}: {figure(value)}' for label, value in below)})"
