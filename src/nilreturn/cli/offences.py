"""`nilreturn offences`: what is known of an offence code or class."""

from __future__ import annotations

from typing import Annotated

import typer

from nilreturn.errors import UsageError


def register(app: typer.Typer) -> None:
    app.command("offences")(offences)


def offences(
    written: Annotated[
        list[str],
        typer.Argument(
            metavar="CODES", help="Offence codes or classes, as written: 71/17, 07117, 88A."
        ),
    ],
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="DATE", help="Also list the codes that were valid on this day."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print as JSON everything in each published list.")
    ] = False,
) -> None:
    """
    Describe an offence code or class: title, act, class, group, dates and warnings.

    A text that can mean two offences is refused, and the message names both.
    """
    from nilreturn.offences import as_text, facts, read_all
    from nilreturn.periods import parse

    day = None
    if at is not None:
        try:
            period = parse(at)
        except ValueError as error:
            raise UsageError(f"--at: {error}") from error
        if period.days != 1:
            raise UsageError(f"--at: '{at}' is more than one day; write a day, like '2020-07-01'")
        day = period.first_on
    found = [facts(reading, at=day) for reading in read_all(written)]
    if json:
        import json as json_format

        typer.echo(json_format.dumps(found, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n\n".join(as_text(known) for known in found))
