"""
A register as it was read: its entries, their tables, and what a run says it was compared with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.register.contents import files_of, problems_in, read_file, shown
from nilreturn.disclosure.register.index import (
    INDEX,
    Entry,
    Event,
    entries_of,
    history_of,
    last_hash,
)
from nilreturn.disclosure.register.tables import PUBLISHED, published_in
from nilreturn.errors import FileError
from nilreturn.files import sha256_of
from nilreturn.wording import counted

_MOST_NAMED = 20


@dataclass(frozen=True)
class Register:
    """
    A register of releases whose folder was checked against its index.

    Attributes
    ----------
    folder : Path
        The folder.
    history : tuple of Event
        What was entered and withdrawn, in order.
    entries : tuple of Entry
        The releases, withdrawn ones included.
    of_entry : mapping of str to tuple of PublishedTable
        The tables of each entry by its name, including entries that readers do not have.
    """

    folder: Path
    history: tuple[Event, ...]
    entries: tuple[Entry, ...]
    of_entry: Mapping[str, tuple[PublishedTable, ...]]

    @property
    def tables(self) -> tuple[PublishedTable, ...]:
        """What readers have: every table of every entry that counts, in the order of entering."""
        return tuple(
            table for entry in self.entries if entry.counts for table in self.of_entry[entry.name]
        )

    @property
    def size(self) -> str:
        """How much readers have: "3 tables of 2 releases"."""
        releases = sum(entry.counts for entry in self.entries)
        return f"{counted(len(self.tables), 'table')} of {counted(releases, 'release')}"

    @property
    def compared(self) -> str:
        """What a run that was given this register says."""
        return f"compared with {self.size}"

    def holds(self, entry: Entry, files: Mapping[str, bytes]) -> bool:
        """Whether an entry has exactly these files."""
        return dict(entry.files) == {name: sha256_of(content) for name, content in files.items()}

    @property
    def last(self) -> str:
        """
        The SHA-256 of the last event, as 64 hexadecimal digits.

        Keep a note of it elsewhere: it shows later that no earlier event was rewritten.
        """
        return last_hash(self.history)


def read_register(folder: Path) -> Register:
    """
    The register in `folder` as it is at this moment. Raises `FileError`, with all that is wrong,
    where anything in the folder is not as the index lists it.
    """
    try:
        history = _history(folder)
        entries = entries_of(history)
        problems = list(problems_in(folder, entries))
    except OSError as error:
        raise FileError(
            f"{shown(folder)}: cannot be read ({error.strerror}); see who may read it"
        ) from None
    tables = {}
    for entry in entries:
        files, wrong = files_of(folder, entry)
        problems += wrong
        if PUBLISHED in files:
            try:
                tables[entry.name] = published_in(files[PUBLISHED], release=entry.name)
            except ValueError as error:
                problems.append(
                    f"{shown(folder / entry.name / PUBLISHED)}: {error}; this version does not "
                    f"read it"
                )
        elif PUBLISHED not in entry.files:
            problems.append(
                f"{shown(folder / entry.name)}: has no {PUBLISHED} in the index; restore the "
                f"register"
            )
    if problems:
        raise _problem(folder, problems)
    return Register(folder, history, entries, tables)


def _history(folder: Path) -> tuple[Event, ...]:
    if not folder.is_dir():
        what = "is a file and not a register" if folder.exists() else "there is no such register"
        raise FileError(
            f"{shown(folder)}: {what}; begin one with 'nilreturn register new {shown(folder)}'"
        )
    index = folder / INDEX
    found = sorted(path.name for path in folder.iterdir())
    if INDEX not in found:
        raise _without_index(folder, found)
    try:
        return history_of(read_file(index))
    except ValueError as error:
        raise FileError(
            f"{shown(index)}: {error}; restore it from a backup, it lists what readers have"
        ) from None


def _without_index(folder: Path, found: list[str]) -> FileError:
    if not found:
        return FileError(
            f"{shown(folder)}: is empty and no register yet; begin one with 'nilreturn register "
            f"new {shown(folder)}'"
        )
    named = [f"{shown(folder / name)}: is in no index" for name in found[:_MOST_NAMED]]
    more = [f"and {len(found) - _MOST_NAMED:,} more"] if len(found) > _MOST_NAMED else []
    return FileError(
        f"{shown(folder)}: has no {INDEX}, so nobody can tell whether it is whole; restore that, "
        "or enter what belongs in it into a new register with 'nilreturn register add PATH "
        "--register NEW'",
        details=(*named, *more),
    )


def _problem(folder: Path, problems: list[str]) -> FileError:
    if len(problems) == 1:
        return FileError(problems[0])
    more = [f"and {len(problems) - _MOST_NAMED:,} more"] if len(problems) > _MOST_NAMED else []
    return FileError(
        f"{shown(folder)}: is not as its index lists it; put each of these right and try again",
        details=(*problems[:_MOST_NAMED], *more),
    )
