"""
The answers of tables and extremes in plain sentences. Every figure in them comes from a
`PrintedTable`.
"""

from __future__ import annotations

from nilreturn.release.layout import Grid, wide
from nilreturn.release.letter.blocks import Block, Bullets, LetterTable, Paragraph, figure
from nilreturn.release.library import CONFIDENTIAL, printed_cell
from nilreturn.release.wording import Wording
from nilreturn.tables import PrintedTable, SafeExtreme
from nilreturn.wording import counted, of_unit

MENTIONS = "crime.mentions"
MENTION_FORM = "crime.mention_form"

# What fits a portrait page and is readable in a letter; larger tables are only in the enclosed
# tables.
_MOST_ROWS = 30
_MOST_COLUMNS = 7

Value = int | str


def in_sentence(wording: Wording, value: Value, unit: str, *, is_whole: bool = True) -> str:
    """
    A figure with its unit, for a sentence.

    "Nil return" states that there is nothing in all that was asked for, so it is used only where
    the records cover it completely (`is_whole`).

    >>> from nilreturn.release.wording import shipped_wording
    >>> words = shipped_wording()
    >>> [in_sentence(words, value, "crimes") for value in (1234, 1, 0, "[c]")]
    ['1,234 crimes', '1 crime', 'nil return', '[c]']
    >>> in_sentence(words, 0, "crimes", is_whole=False)
    '0 crimes'
    """
    if value == 0 and is_whole:
        return wording.say("figure.nil")
    if isinstance(value, str):
        return value
    return of_unit(value, unit)


def table_blocks(
    wording: Wording, table: PrintedTable, number: int, *, is_whole: bool = True
) -> tuple[Block, ...]:
    """
    The sentences for one table, and the table itself where it is small enough for a letter.

    `is_whole`: the records cover all the days asked for. A 0 that may have been rounded is not
    called a nil return.
    """
    is_whole = is_whole and not table.changed
    variables = tuple(dimension.variable for dimension in table.dimensions)
    if variables in ((MENTIONS,), (MENTIONS, MENTION_FORM)):
        return _mention_blocks(wording, table, number, is_whole)
    return _plain_blocks(wording, table, number, is_whole)


def extreme_sentence(wording: Wording, extreme: SafeExtreme, *, is_whole: bool = True) -> str:
    """
    The sentence for one extreme: refused, found, or without any victim. `is_whole` as in
    `table_blocks`.
    """
    say = wording.say
    if extreme.refusal:
        return say("figure.extreme_refused", title=extreme.title)
    if extreme.value is None:
        key = "figure.extreme_nil" if is_whole else "figure.extreme_none_covered"
        return say(key, title=extreme.title)
    also = "".join(f"; {heading.lower()}: {text}" for heading, text in extreme.also)
    return say("figure.extreme", title=extreme.title, value=extreme.value, also=also)


def grand_total(table: PrintedTable) -> Value:
    """The figure for everything that the table counts."""
    return printed_cell(table, tuple(dimension.total.label for dimension in table.dimensions))


def _plain_blocks(
    wording: Wording, table: PrintedTable, number: int, is_whole: bool
) -> tuple[Block, ...]:
    say, title = wording.say, table.title
    total = grand_total(table)
    figure_ = in_sentence(wording, total, table.unit, is_whole=is_whole)
    if not table.dimensions:
        return (Paragraph(say("figure.sentence", title=title, figure=figure_, number=number)),)
    if total == 0 and is_whole and not table.not_in_use:
        return (Paragraph(say("figure.all_zero", title=title, number=number)),)
    grid = wide(table)
    in_all = say("figure.in_all", figure=figure_)
    if isinstance(total, str):
        key = "total_hidden" if total == CONFIDENTIAL else "not_applicable"
        in_all = say(f"figure.{key}", mark=total)
    if not _fits(grid):
        rows = counted(len(grid.rows), "row")
        text = say("figure.enclosed", title=title, in_all=in_all, number=number, rows=rows)
        return (Paragraph(text),)
    caption = say("figure.caption", number=number, title=title, unit=table.unit)
    return (
        Paragraph(say("figure.shown", title=title, in_all=in_all, number=number)),
        LetterTable(caption, grid),
    )


def _fits(grid: Grid) -> bool:
    return len(grid.rows) <= _MOST_ROWS and len(grid.headers) <= _MOST_COLUMNS


def _mention_blocks(
    wording: Wording, table: PrintedTable, number: int, is_whole: bool
) -> tuple[Block, ...]:
    """
    The words, each with its count, then all of them together; or the records searched, and how many
    have any of the words.
    """
    words = table.dimensions[0]
    below = tuple(
        _mentioned(wording, table, category.label, is_whole) for category in words.categories[1:]
    )
    if not words.additive:
        lead = wording.say("figure.mentions", title=table.title, number=number)
        lines = (*below, _mentioned(wording, table, words.total.label, is_whole))
        return (Paragraph(lead), Bullets(lines))
    searched = in_sentence(wording, grand_total(table), table.unit, is_whole=is_whole)
    lead = wording.say("figure.mentions_of", title=table.title, number=number, figure=searched)
    return (Paragraph(lead), Bullets(below))


def _mentioned(wording: Wording, table: PrintedTable, word: str, is_whole: bool) -> str:
    def line(value: Value) -> str:
        return f"{word} – {in_sentence(wording, value, table.unit, is_whole=is_whole)}"

    if len(table.dimensions) == 1:
        return line(printed_cell(table, (word,)))
    forms = table.dimensions[1]
    below = [
        (category.label, printed_cell(table, (word, category.label)))
        for category in forms.categories[1:]
    ]
    total = line(printed_cell(table, (word, forms.total.label)))
    # Split by form only where another spelling was met: else the split says nothing.
    if all(value == 0 for _, value in below[1:]):
        return total
    return f"{total} ({', '.join(f'{label.lower()}: {figure(value)}' for label, value in below)})"
