"""`nilreturn mentions`: review, form by form, what the free text of an extract mentions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nilreturn.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nilreturn.narrative.review import Discovery, Reviewed

# Rows of a table that are printed; the review file has all.
SHOWN = 25


def register(app: typer.Typer) -> None:
    app.command("mentions")(mentions)


def mentions(
    extract: Annotated[Path, typer.Argument(metavar="EXTRACT", help="The folder of an extract.")],
    lexicon: Annotated[
        str | None,
        typer.Option(
            "--lexicon",
            metavar="FILE",
            help="What to look for: a CSV file, 'platforms' or 'knives'.",
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions",
            metavar="FILE",
            help="The file of decisions. [default: mentions-decisions.csv beside EXTRACT]",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="The review file to write and read back. [default: mentions-review.csv]",
        ),
    ] = None,
) -> None:
    """
    Review, form by form, what the free text of an extract mentions.

    Writes a review file with one row for each form: fill in 'decision' (accept, reject, only in
    context) and 'by', and run the command again. Each decision is kept with its author and day, and
    is used for later extracts too. With another lexicon, the names of both files contain its name.
    """
    from datetime import date

    from nilreturn.cli.progress import progress_bar
    from nilreturn.schema import open_extract
    from nilreturn.workflow import review_mentions

    opened = open_extract(extract)
    with progress_bar() as progress:
        found = review_mentions(
            opened,
            today=date.today(),
            lexicon=lexicon,
            decisions_file=decisions,
            review_file=out,
            progress=progress,
        )
    if found.added:
        typer.echo(f"{counted(found.added, 'new decision')} kept in {found.decisions_file}\n")
    _print_forms(found.forms)
    _print_discovered(found.discovered)
    forms = f"{counted(len(found.forms), 'form')}, {found.undecided:,} to be decided"
    typer.echo(f"{counted(found.records, 'record')} searched; {forms}: {found.review_file}")


def _print_forms(rows: Sequence[Reviewed]) -> None:
    from rich.table import Table

    waiting = [row for row in rows if row.is_open]
    shown = waiting[:SHOWN]
    if not shown:
        return
    table = Table(
        title=_title("Forms without a decision", len(shown), len(waiting)), title_justify="left"
    )
    for name, justify in (
        ("form", "left"),
        ("platform", "left"),
        ("records", "right"),
        ("in context", "right"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for name in ("counts", "why", "nearest word"):
        table.add_column(name)
    for row in shown:
        table.add_row(row.form, row.keyword, f"{row.records:,}", f"{row.in_context:.0%}", row.rule,
                      row.candidate.why, row.candidate.nearest_word)  # fmt: skip
    _print(table)


def _print_discovered(found: Sequence[Discovery]) -> None:
    from rich.table import Table

    if not found:
        return
    table = Table(
        title=_title("In no lexicon, but named as platforms are", len(found[:SHOWN]), len(found)),
        title_justify="left",
    )
    table.add_column("word")
    table.add_column("records", justify="right")
    table.add_column("named so in", justify="right")
    table.add_column("with")
    for one in found[:SHOWN]:
        table.add_row(one.form, f"{one.records:,}", f"{one.cued:,}", ", ".join(one.cues))
    _print(table)


def _title(what: str, shown: int, all_of_them: int) -> str:
    return what if shown == all_of_them else f"{what}: the first {shown} of {all_of_them:,}"


def _print(table: object) -> None:
    import sys

    from rich.console import Console

    width = None if sys.stdout.isatty() else 160
    Console(width=width, markup=False, highlight=False).print(table)
