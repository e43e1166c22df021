"""`nilreturn mentions`: review, form by form, what the free text of an extract mentions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nilreturn.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nilreturn.narrative.review import Discovery, Reviewed

SHOWN = 25
"""Rows of a table that are printed; the review file has all."""


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
    from nilreturn.narrative.index import index_text
    from nilreturn.narrative.lexicon import load_lexicon
    from nilreturn.narrative.matching import Matcher
    from nilreturn.narrative.review import (
        discover,
        keep_decisions,
        read_decisions,
        review,
        write_review,
    )
    from nilreturn.schema import open_extract

    opened = open_extract(extract)
    matcher = Matcher(load_lexicon(lexicon))
    own = f"-{Path(lexicon).stem}" if lexicon else ""
    history = decisions or extract.resolve().parent / f"mentions-decisions{own}.csv"
    out = out or Path(f"mentions-review{own}.csv")
    kept = read_decisions(history, matcher.lexicon)
    filled_in = read_decisions(out, matcher.lexicon, undated=date.today())
    source = opened.manifest["files"][opened.crimes.name]["sha256"]
    with progress_bar() as progress:
        index = index_text(
            opened.crimes,
            opened.index,
            record="crime_ref",
            text="narrative",
            source=source,
            progress=progress,
        )
        known = keep_decisions(history, kept, filled_in)
        rows = review(index, matcher, known, progress=progress)
        write_review(out, rows)
        discovered = discover(index, matcher)
    if len(known) > len(kept):
        typer.echo(f"{counted(len(known) - len(kept), 'new decision')} kept in {history}\n")
    _print_forms(rows)
    _print_discovered(discovered)
    waiting = sum(row.is_open for row in rows)
    forms = f"{counted(len(rows), 'form')}, {waiting:,} to be decided"
    typer.echo(f"{counted(len(index), 'record')} searched; {forms}: {out}")


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
