"""`nilreturn mapping draft | show | check`: how a report's columns become canonical columns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nilreturn.errors import FileError
from nilreturn.wording import counted


def register(app: typer.Typer) -> None:
    mappings = typer.Typer(
        help="Mappings say which column of a report is which canonical column.",
        no_args_is_help=True,
    )
    mappings.command("draft")(draft)
    mappings.command("show")(show)
    mappings.command("check")(check)
    app.add_typer(mappings, name="mapping")


def draft(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A report, of any kind that import reads.")
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help="The mapping to write (.toml); must not exist yet."
        ),
    ] = None,
) -> None:
    """
    Propose a mapping for a report from its headers and values. Comments with CHECK mark what is
    uncertain.

    A draft is internal: it shows the words used for status, flags and sex, and how many rows have
    each. It shows no other value of a record.
    """
    from nilreturn.cli.progress import progress_bar
    from nilreturn.sources import draft_mapping

    if to is not None and to.exists():
        raise FileError(f"{to}: is there already; name another file")
    with progress_bar() as progress:
        drafted = draft_mapping(file, name=to.stem if to else None, progress=progress)
    if to is None:
        typer.echo(drafted.text, nl=False)
        return
    drafted.save(to)
    number = counted(drafted.doubts, "doubt")
    typer.echo(
        f"{to}: drafted with {number}, each a comment that begins with CHECK (internal, not for "
        f"release)"
    )


def show(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A mapping's name or path (.toml); without it all are listed."
        ),
    ] = None,
) -> None:
    """
    Print a mapping, so that you can copy it and change the headers; without a name, list all.

    The environment variable NILRETURN_MAPPINGS names a folder of your own: each .toml file in it is
    a mapping.
    """
    from nilreturn.sources import list_mappings, mapping_text

    if name is not None:
        typer.echo(mapping_text(name), nl=False)
        return
    for listed in list_mappings():
        typer.echo(f"{listed.name:<32} {listed.description}")


def check(
    mapping: Annotated[
        str, typer.Argument(metavar="MAPPING", help="A mapping's name, or the path of one (.toml).")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The report to try it on.")],
    as_at: Annotated[
        str | None,
        typer.Option("--as-at", metavar="DATE", help="When the report was taken. [default: today]"),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="The force's key; an import of references of people needs it.",
        ),
    ] = None,
) -> None:
    """
    Try a mapping on a report and list all mistakes at once: in headers, in values, and in rows that
    would be lost.

    Nothing is written. The output is internal.
    """
    from nilreturn.cli.extract import described, moment
    from nilreturn.cli.progress import progress_bar
    from nilreturn.keys import read_key
    from nilreturn.sources import check_mapping

    taken_at, read = moment(as_at) if as_at else None, read_key(key) if key else None
    with progress_bar() as progress:
        checked = check_mapping(mapping, file, as_at=taken_at, key=read, progress=progress)
    for line in checked.lines:
        typer.echo(line)
    if checked.manifest is not None:
        typer.echo("An import would say:")
        typer.echo(described(checked.manifest))
    checked.raise_mistakes()
