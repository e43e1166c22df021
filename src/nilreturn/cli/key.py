"""`nilreturn key new`: the force's secret key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    keys = typer.Typer(help="Make the force's secret key.", no_args_is_help=True)
    keys.callback()(root)
    keys.command("new")(new)
    app.add_typer(keys, name="key")


def root() -> None:
    """Make the force's secret key."""


def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, which must not exist yet.")
    ],
) -> None:
    """
    Write a new secret key of 32 random bytes that only you can read.

    Name the file in the policy as key_file. Random choices in a release and the reference printed
    on it are derived from the key. Keep a copy with the force's papers: with another key the same
    records give another release.
    """
    from nilreturn.keys import new_key

    new_key(file)
    typer.echo(f"key  {file} (secret: not for release; name it in the policy as key_file)")
