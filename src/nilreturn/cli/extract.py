"""`nilreturn import` and `nilreturn extract verify | show`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from nilreturn.errors import UsageError
from nilreturn.periods import Period, parse


def register(app: typer.Typer) -> None:
    app.command("import")(import_files)
    extracts = typer.Typer(help="Look at an imported extract.", no_args_is_help=True)
    extracts.command("verify")(verify)
    extracts.command("show")(show)
    app.add_typer(extracts, name="extract")


def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help="CSV, XLSX or Parquet files of one system.")],
    mapping: Annotated[
        str,
        typer.Option("--mapping", metavar="NAME", help="A records system's name, or the path of a mapping (.toml)."),
    ],
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="The folder to write, which must not exist yet.")],
    as_at: Annotated[
        str, typer.Option("--as-at", metavar="DATE", help="When the files were taken: 2021-06-29 or 2021-06-29T09:30.")
    ],
    covers: Annotated[
        list[str] | None,
        typer.Option(
            "--covers",
            metavar="DAYS",
            help="The days that the files cover: 2017-04-01..2021-03-31, or COLUMN=… for another date than that of "
            "recording. May be repeated. What is not said is proposed from the records.",
        ),
    ] = None,
    ignore_unknown: Annotated[
        bool, typer.Option("--ignore-unknown", help="Leave out columns whose headers the mapping does not name.")
    ] = False,
) -> None:
    """
    Import a records system's files into a new extract.

    What breaks a rule becomes Unknown, or its row is rejected; each is listed in rejects.parquet by row, column and
    rule.
    """
    taken_at, covered = moment(as_at), _covered(covers or [])
    from nilreturn.cli.progress import progress_bar
    from nilreturn.sources import described, import_extract, mapping_named

    with progress_bar() as progress:
        extract = import_extract(
            files,
            mapping=mapping_named(mapping),
            to=to,
            as_at=taken_at,
            covers=covered,
            ignore_unknown=ignore_unknown,
            progress=progress,
        )
    typer.echo(described(extract.manifest))
    typer.echo(f"Extract: {to}")


def verify(
    folder: Annotated[Path, typer.Argument(metavar="EXTRACT", help="The folder of an extract.")],
) -> None:
    """Recompute the hash of every file of an extract and name what differs."""
    from nilreturn.cli.progress import progress_bar
    from nilreturn.sources import verify_extract

    with progress_bar() as progress:
        extract = verify_extract(folder, progress)
    typer.echo(f"{folder}: as it was imported ({extract.hash})")


def show(
    folder: Annotated[Path, typer.Argument(metavar="EXTRACT", help="The folder of an extract.")],
) -> None:
    """
    Tell what an extract holds: sources, days covered, rules broken, the records of each month, columns with their
    blanks and the values of those that are open, warnings.

    What it prints is internal: numbers of records, not protected.
    """
    from nilreturn.schema import open_extract
    from nilreturn.sources import profile

    for line in profile(open_extract(folder)):
        typer.echo(line)


def moment(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--as-at: '{text}' is not a day or time; write it like 2021-06-29") from error


def _covered(texts: list[str]) -> dict[str, Period]:
    """The days that each text of `--covers` names, by its column; "" where it names none."""
    found: dict[str, Period] = {}
    for text in texts:
        column, _, days = text.rpartition("=")
        first, dots, last = days.partition("..")
        try:
            period = Period(parse(first).first_on, parse(last).last_on) if dots else parse(days)
        except ValueError as error:
            raise UsageError(f"--covers: {error}; or write it like 2017-04-01..2021-03-31") from error
        if column.strip() in found:
            raise UsageError(f"--covers: given twice for {column or 'the day of recording'}; give one period for each")
        found[column.strip()] = period
    return found
