"""`nilreturn policy new`: a policy that comes with the software, to make one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    policies = typer.Typer(
        help="Policies for small numbers: what is hidden, and why.", no_args_is_help=True
    )
    policies.command("new")(new)
    policies.command("check")(check)
    app.add_typer(policies, name="policy")


def new(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The file to write, which must not exist yet (.yaml)."),
    ],
    start: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="NAME",
            help="sexual-offences-and-children, offences-against-people or ordinary-crime.",
        ),
    ],
) -> None:
    """
    Copy a shipped policy, so that you can put in your own name, reasons and key.

    The option '--policy' of 'answer' and 'protect' also takes the name of a shipped policy.
    """
    from nilreturn.disclosure.policy import copy_shipped

    copy_shipped(start, file)
    typer.echo(f"{file}: put your own reasons in, and name your secret key in it as 'key_file'")


def check(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A policy's file, or the name of a shipped policy."),
    ],
) -> None:
    """Read a policy and list every mistake in it with its line."""
    from nilreturn.disclosure import load_policy

    policy = load_policy(file)
    typer.echo(f"{file}: {policy.name}, version {policy.version}: no mistakes")
