"""`nilreturn register new | add | show | verify | withdraw`: the register of releases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nilreturn.cli.days import day
from nilreturn.wording import counted

if TYPE_CHECKING:
    from nilreturn.disclosure import Register
    from nilreturn.disclosure.register import Entry

Folder = Annotated[Path, typer.Argument(metavar="REGISTER", help="The folder of the register.")]
Into = Annotated[
    Path, typer.Option("--register", metavar="REGISTER", help="The folder of the register.")
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day of the entry. [default: today]")
]


def register(app: typer.Typer) -> None:
    registers = typer.Typer(help="Keep the register of what was released.", no_args_is_help=True)
    for command in (new, add, show, verify, withdraw):
        registers.command(command.__name__)(command)
    app.add_typer(registers, name="register")


def new(folder: Folder) -> None:
    """Begin a register in a new or empty folder."""
    from nilreturn.disclosure.register import new_register

    new_register(folder)
    typer.echo(f"{folder}: a register of no release yet")


def add(
    release: Annotated[
        Path,
        typer.Argument(
            metavar="RELEASE",
            help="A folder that 'nilreturn answer' or 'protect' wrote, or a CSV, XLSX or ODS file "
            "that others published, with its YAML.",
        ),
    ],
    register: Into,
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="NAME", help="Its name in the register. [default: its reference]"
        ),
    ] = None,
    on: On = None,
) -> None:
    """
    Enter a release that is already published. A register that does not exist is begun.

    For a table that others published, the command prints how it read the table and keeps that
    reading: check it.
    """
    from nilreturn.cli.progress import progress_bar
    from nilreturn.disclosure import add
    from nilreturn.disclosure.register import incoming, new_register, open_register

    when = _day(on)
    if not register.exists() or (register.is_dir() and not any(register.iterdir())):
        incoming(release)  # a release that cannot be read begins no register
        new_register(register)
        typer.echo(f"{register}: a new register")
    with progress_bar() as progress:
        entry = add(release, register, on=when, name=name, tell=_tell, progress=progress)
        found = open_register(register, progress=progress)
    typer.echo(f"entered {_entry(entry, found)}")


def show(folder: Folder) -> None:
    """List what readers have: each release, its tables, its day, and whether it was withdrawn."""
    from nilreturn.disclosure.register import open_register, shown

    found = open_register(folder)
    typer.echo(f"{folder}: readers have {found.size}")
    for entry in found.entries:
        typer.echo(_entry(entry, found))
        for table in found.of_entry[entry.name]:
            typer.echo(shown(f"  {table.name:<12}  {table.title} ({table.population.unit})"))


def verify(folder: Folder) -> None:
    """
    Check that the folder is exactly what its index lists, and name every difference.

    The hash that is printed covers the whole history. Note it elsewhere, and you can show later
    that nothing was rewritten.
    """
    from nilreturn.disclosure.register import open_register

    found = open_register(folder)
    typer.echo(f"{folder}: as its index lists it; readers have {found.size}")
    typer.echo(f"the history to now has the SHA-256 {found.last}")


def withdraw(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="The entry's name, as 'nilreturn register show' prints it."
        ),
    ],
    register: Into,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="The reason, which the register keeps.")
    ],
    never_sent: Annotated[
        bool,
        typer.Option(
            "--never-sent", help="It was never sent, so no reader has it: leave it out of account."
        ),
    ] = False,
    on: On = None,
) -> None:
    """
    Withdraw a release. Its entry and history stay.

    Readers keep what was sent to them, so a withdrawn release still counts. Only a release that was
    never sent can be left out of account.
    """
    from nilreturn.cli.progress import progress_bar
    from nilreturn.disclosure import withdraw
    from nilreturn.disclosure.register import open_register

    with progress_bar() as progress:
        entry = withdraw(
            name, register, on=_day(on), reason=reason, sent=not never_sent, progress=progress
        )
        found = open_register(register, progress=progress)
    typer.echo(_entry(entry, found))


def _entry(entry: Entry, register: Register) -> str:
    from nilreturn.disclosure.register import shown

    tables = len(register.of_entry[entry.name])
    line = f"{entry.name}: {entry.kind}, {counted(tables, 'table')}, entered {entry.added_on}"
    if back := entry.withdrawn:
        state = "still known to readers" if back.sent else "never sent, does not count"
        line += f"; withdrawn {back.on} ({back.reason}), {state}"
    return shown(line)


def _tell(reading: str) -> None:
    typer.echo(reading, nl=False)


def _day(text: str | None) -> date:
    return date.today() if text is None else day(text, "--on")
