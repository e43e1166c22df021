"""`nilreturn verify`: whether a release still holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(verify)


def verify(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="A folder that 'nilreturn answer' or 'nilreturn protect' wrote."
        ),
    ],
    register: Annotated[
        Path | None,
        typer.Option(
            metavar="REGISTER",
            help="Also check that the release was compared with the releases before it.",
        ),
    ] = None,
) -> None:
    """
    Check a release against its certificate, in integer arithmetic and without a solver.

    The exit code is 0 when every check passes and 10 when one fails: do not send the release then.
    """
    from nilreturn.disclosure import check_folder, open_register
    from nilreturn.errors import DisclosureError

    found = check_folder(folder, open_register(register) if register else None)
    for sentence in found.holds:
        typer.echo(f"{folder}: {sentence}")
    if found.wrong:
        raise DisclosureError(f"{folder}: does not hold; do not send it", details=found.wrong)
