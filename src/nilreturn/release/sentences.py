"""What a table or an extreme answers, in plain sentences. Every figure in here comes out of a `PrintedTable`."""

from __future__ import annotations

from nilreturn.release.blocks import Block, Bullets, LetterTable, Paragraph, figure
from nilreturn.release.exemptions import HELD_BACK
from nilreturn.release.layout import Grid, wide
from nilreturn.release.symbols import CONFIDENTIAL, printed
from nilreturn.tables import PrintedTable, SafeExtreme

MENTIONS = "crime.mentions"
MENTION_FORM = "crime.mention_form"

# What fits a portrait page and is still read in a letter; larger tables are in the enclosed tables alone.
_MOST_ROWS = 30
_MOST_COLUMNS = 7

Value = int | str


def counted(value: Value, unit: str) -> str:
    """
    A figure with its unit, as it stands in a sentence.

    >>> [counted(value, "crimes") for value in (1234, 1, 0, "[c]")]
    ['1,234 crimes', '1 crime', 'nil return', '[c]']
    """
    if value == 0:
        return "nil return"
    if isinstance(value, str):
        return value
    return f"{value:,} {unit.removesuffix('s') if value == 1 else unit}"


def table_blocks(table: PrintedTable, number: int) -> tuple[Block, ...]:
    """The sentences for one table, and the table itself where it is small enough for a letter."""
    variables = tuple(dimension.variable for dimension in table.dimensions)
    if variables in ((MENTIONS,), (MENTIONS, MENTION_FORM)):
        return _mention_blocks(table, number)
    return _plain_blocks(table, number)


def extreme_sentence(extreme: SafeExtreme) -> str:
    """
    One extreme: refused, found, or with nobody to take it from."""
    if extreme.refusal:
        return f'{extreme.title}: this is exempt information and is not given; see "{HELD_BACK}".'
    if extreme.value is None:
        return f"{extreme.title}: nil return. No record that meets the criteria holds it."
    also = "".join(f"; {heading.lower()}: {text}" for heading, text in extreme.also)
    return f"{extreme.title}: {extreme.value}{also}."


def grand_total(table: PrintedTable) -> Value:
    """The figure for everything the table counts."""
    return printed(table.count(*(dimension.total.label for dimension in table.dimensions)))


def _plain_blocks(table: PrintedTable, number: int) -> tuple[Block, ...]:
    total = grand_total(table)
    if not table.dimensions:
        return (Paragraph(f"{table.title}: {counted(total, table.unit)} (table {number})."),)
    if total == 0:
        return (Paragraph(f"{table.title}: nil return. Every figure of table {number} is 0."),)
    grid = wide(table)
    in_all = (
        f"the total is not given ({CONFIDENTIAL})" if total == CONFIDENTIAL else f"{counted(total, table.unit)} in all"
    )
    if not _fits(grid):
        rows = f"{len(grid.rows):,} rows"
        return (Paragraph(f"{table.title}: {in_all}. Table {number} has {rows} and is in the enclosed tables."),)
    caption = f"Table {number}: {table.title} (number of {table.unit})"
    return (Paragraph(f"{table.title}: {in_all}, as table {number} shows."), LetterTable(caption, grid))


def _fits(grid: Grid) -> bool:
    return len(grid.rows) <= _MOST_ROWS and len(grid.headers) <= _MOST_COLUMNS


def _mention_blocks(table: PrintedTable, number: int) -> tuple[Block, ...]:
    """The words each with its count, then all of them together; or the records searched, and how many have any."""
    words = table.dimensions[0]
    below = tuple(_mentioned(table, category.label) for category in words.categories[1:])
    if not words.additive:
        lines = (*below, _mentioned(table, words.total.label))
        return (Paragraph(f"{table.title} (table {number}):"), Bullets(lines))
    searched = counted(grand_total(table), table.unit)
    return (Paragraph(f"{table.title} (table {number}): {searched}, of which:"), Bullets(below))


def _mentioned(table: PrintedTable, word: str) -> str:
    if len(table.dimensions) == 1:
        return f"{word} – {counted(printed(table.count(word)), table.unit)}"
    forms = table.dimensions[1]
    below = [(category.label, printed(table.count(word, category.label))) for category in forms.categories[1:]]
    line = f"{word} – {counted(printed(table.count(word, forms.total.label)), table.unit)}"
    # Split by form only where another spelling was met: else the split says nothing.
    if all(value == 0 for _, value in below[1:]):
        return line
    return f"{line} ({', '.join(f'{label.lower()}: {figure(value)}' for label, value in below)})"
