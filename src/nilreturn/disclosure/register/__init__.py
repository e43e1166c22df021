"""
The register of releases: a folder with what readers have, from us and from others, and an index of
exactly that.

A folder a release, with the tables as they were printed (`published.json`); a table of others also
keeps its CSV and description. `register.json` lists every file with its SHA-256, and what was
entered and withdrawn when. What it does not list is an error, and so is what differs from it: an
earlier release that goes unseen can give a hidden count away.
"""

from __future__ import annotations

from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.register.changing import (
    Entering,
    entering,
    free_name,
    new_register,
    open_register,
)
from nilreturn.disclosure.register.contents import read_file, shown
from nilreturn.disclosure.register.enterable import checked_name, entry_name, incoming
from nilreturn.disclosure.register.index import INDEX, Entry
from nilreturn.disclosure.register.reading import Register
from nilreturn.disclosure.register.tables import (
    PUBLISHED,
    indented_json,
    published_bytes,
    published_in,
    read_json,
)
from nilreturn.disclosure.tabular import refuse_strangers
from nilreturn.errors import UsageError
from nilreturn.progress import Progress, no_progress

__all__ = [
    "INDEX",
    "PUBLISHED",
    "Entering",
    "Entry",
    "Register",
    "add",
    "checked_name",
    "entering",
    "entry_name",
    "free_name",
    "incoming",
    "indented_json",
    "load_register",
    "new_register",
    "open_register",
    "published_bytes",
    "published_in",
    "read_file",
    "read_json",
    "shown",
    "withdraw",
]

from collections.abc import Callable
from datetime import date
from pathlib import Path


def load_register(folder: Path) -> tuple[PublishedTable, ...]:
    """
    Read the tables of a register of releases.

    Parameters
    ----------
    folder : Path
        The folder of the register.

    Returns
    -------
    tuple of PublishedTable
        Every table that readers have, in the order in which the releases were entered.

    Raises
    ------
    FileError
        If anything in the folder differs from its index. `details` lists every difference.
    """
    return open_register(folder).tables


def add(
    path: Path,
    folder: Path,
    *,
    on: date,
    name: str | None = None,
    tell: Callable[[str], None] = lambda reading: None,
    progress: Progress = no_progress,
) -> Entry:
    """
    Enter a release that is out into the register `folder`: a folder of `nilreturn answer` or
    `protect`, or a file of tables (CSV, XLSX, ODS) that others printed. `name` is what the register
    calls it, else its reference or the name of the file. `tell` is given how a table of others was
    read.

    Raises `FileError` or `TableError` where `path` is none of these, `TableError` too where a
    column of others may be a variable that the register has under another name, and `UsageError`
    where the register has it already.
    """
    found = incoming(path)
    if found.reading:
        tell(found.reading)
    chosen = checked_name(name) if name is not None else None
    with entering(folder, progress=progress) as desk:
        for entry in desk.register.entries:
            if entry.counts and desk.register.holds(entry, found.files):
                raise UsageError(f"{shown(path)}: is in the register already, as {entry.name}")
        if found.reading:  # its description can be corrected now, and not once it is entered
            names = {table.name: path.name for table in found.tables}
            refuse_strangers([*desk.register.tables, *found.tables], names)
        return desk.enter(
            chosen or free_name(desk.register, found.name), found.kind, on, found.files
        )


def withdraw(
    name: str,
    folder: Path,
    *,
    on: date,
    reason: str,
    sent: bool = True,
    progress: Progress = no_progress,
) -> Entry:
    """
    Take an entry of the register `folder` back, for a reason. What was `sent` still counts as known
    to readers.

    Raises `UsageError` when there is no such entry, or it is withdrawn already.
    """
    with entering(folder, progress=progress) as desk:
        return desk.withdraw(name, on, reason, sent=sent)
