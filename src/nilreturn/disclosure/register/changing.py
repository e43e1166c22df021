"""
Changing a register, one process at a time, so that a kill at any moment leaves no half release.

Whoever enters a release holds the register's lock from reading the earlier ones to the end of
entering. A second one waits and then reads what the first has entered. The order, for a release
whose folder is written beside its final name:

1. the folder is filled under its name for the time being (`.NAME.….part`);
2. the journal (`entering.json`) names the entry and that folder;
3. the entry's files are written into the register;
4. the index lists the entry, which counts from here on;
5. the folder gets its final name, and so becomes a release;
6. the journal is removed.

Whoever takes the lock next settles what a kill left. Up to 4 the index does not list the entry, and
what the journal names is removed. Between 4 and 5 the folder is still there under its first name,
which shows that nothing was released: the entry is taken back. After 5 it is not, and the entry
stays. A folder that somebody else removed in between cannot be told from one that was released, and
then the entry stays too: so no release is ever missing from the register.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.register.contents import read_file, shown
from nilreturn.disclosure.register.index import (
    INDEX,
    JOURNAL,
    LOCK,
    Entry,
    Event,
    entries_of,
    history_of,
    index_bytes,
    is_name,
    last_hash,
)
from nilreturn.disclosure.register.reading import Register, read_register
from nilreturn.disclosure.register.tables import PUBLISHED, published_in, read_json
from nilreturn.errors import FileError, UsageError
from nilreturn.files import atomic_file, canonical_json, locked, remove_part, sha256_of
from nilreturn.progress import Progress, no_progress

_OWN_PART = re.compile(rf"\.(?:{re.escape(INDEX)}|{re.escape(JOURNAL)})\.[A-Za-z0-9_]{{8}}\.part")
_FOLDER_PART = re.compile(r"\..+\.[A-Za-z0-9_]{8}\.part")


@dataclass
class Entering:
    """
    A register that nobody else can change: `register` is how it stands, `enter` and `withdraw`
    change it.
    """

    register: Register
    final: Path | None = field(default=None, init=False)

    def enter(
        self,
        name: str,
        kind: str,
        on: date,
        files: Mapping[str, bytes],
        *,
        part: Path | None = None,
        final: Path | None = None,
    ) -> Entry:
        """
        Enter a release that goes out when its folder `part`, which `atomic_folder` made, becomes
        `final`; without these one that is out already. Raises `UsageError` when the register has an
        entry of that name.
        """
        if name.casefold() in {entry.name.casefold() for entry in self.register.entries}:
            raise UsageError(
                f"{shown(self.register.folder)}: has an entry {name}; name another with --name"
            )
        folder, self.final = self.register.folder, final
        tables = published_in(files[PUBLISHED], release=name)
        hashes = {file: sha256_of(content) for file, content in files.items()}
        try:
            _write(folder / JOURNAL, self._journal(name, part))
            (folder / name).mkdir()
            for file, content in files.items():
                _write(folder / name / file, content)
        except OSError as error:
            raise _unwritable(folder, error) from None
        self._append(Event("added", name, on, kind, hashes), {name: tables})
        return self.register.entries[-1]

    def _journal(self, name: str, part: Path | None) -> bytes:
        where = str(part.resolve()) if part else None
        return canonical_json({"entry": name, "part": where, "follows": self.register.last})

    def withdraw(self, name: str, on: date, reason: str, *, sent: bool) -> Entry:
        """
        Take an entry back, for a reason. What was sent readers know for good, so it counts as
        before; what never went out does not count from now on. Raises `UsageError` when there is no
        such entry, or nothing left to take back.
        """
        found = {entry.name: entry for entry in self.register.entries}
        if name not in found:
            known = ", ".join(found) or "none"
            raise UsageError(
                f"{shown(self.register.folder)}: has no entry {shown(name)}; there are: {known}"
            )
        if not found[name].counts or (sent and found[name].withdrawn):
            raise UsageError(f"{name}: is withdrawn already; see 'nilreturn register show'")
        if not reason.strip():
            raise UsageError("--reason: say why the entry is withdrawn; the register keeps it")
        self._append(Event("withdrawn", name, on, reason=" ".join(reason.split()), sent=sent), {})
        return next(entry for entry in self.register.entries if entry.name == name)

    def _append(self, event: Event, tables: Mapping[str, tuple[PublishedTable, ...]]) -> None:
        folder, history = self.register.folder, (*self.register.history, event)
        entries = entries_of(history)
        try:
            _write(folder / INDEX, index_bytes(history))
        except OSError as error:
            raise _unwritable(folder, error) from None
        self.register = Register(folder, history, entries, {**self.register.of_entry, **tables})


def free_name(register: Register, wanted: str) -> str:
    """`wanted`, or `wanted-2` and so on where the register has an entry of that name."""
    taken = {entry.name.casefold() for entry in register.entries}
    number = 1
    name = wanted
    while name.casefold() in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def new_register(folder: Path) -> None:
    """
    Begin a register in `folder`, which is not there yet or empty. Raises `FileError` when anything
    is in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_unless_empty(folder)
        with locked(folder / LOCK):
            _refuse_unless_empty(folder)
            _write(folder / INDEX, index_bytes(()))
    except OSError as error:
        raise _unwritable(folder, error) from None


def _refuse_unless_empty(folder: Path) -> None:
    """Nothing may be in the folder but what a killed run of `new_register` left."""
    if any(path.name != LOCK and not _OWN_PART.fullmatch(path.name) for path in folder.iterdir()):
        raise FileError(f"{shown(folder)}: is not empty; begin a register in a new folder")


@contextmanager
def entering(folder: Path, *, progress: Progress = no_progress) -> Iterator[Entering]:
    """
    The register in `folder`, locked: see the order above. Waits while another process holds it.

    Raises `FileError` when it is not as its index lists it, or cannot be locked or written.
    """
    with ExitStack() as stack:
        _lock(folder, stack, progress)
        desk = Entering(read_register(folder))
        try:
            yield desk
        except BaseException:
            _settled(folder, is_out=desk.final is None or desk.final.exists())
            raise
        _settled(folder)


def open_register(folder: Path, *, progress: Progress = no_progress) -> Register:
    """
    Read a register of releases and check its folder against its index.

    If the two differ, another run may be entering a release: the register is then read again once
    that run has finished. What a killed run left is settled first.

    Parameters
    ----------
    folder : Path
        The folder of the register.
    progress : Progress
        Called while another run is waited for.

    Returns
    -------
    Register
        The register.

    Raises
    ------
    FileError
        If anything in the folder differs from its index. `details` lists every difference.
    """
    try:
        return read_register(folder)
    except FileError:
        if not (folder / INDEX).is_file():
            raise
    # A release may just be being entered, or a run was killed while it did: with the lock held both
    # are settled.
    with ExitStack() as stack:
        _lock(folder, stack, progress)
        return read_register(folder)


def _lock(folder: Path, stack: ExitStack, progress: Progress) -> None:
    """Take the lock and settle what a killed run left."""
    if not (folder / INDEX).is_file():
        read_register(folder)  # raises, and says what is there instead
    try:
        stack.enter_context(
            locked(
                folder / LOCK,
                waiting=lambda: progress("Waiting for the register of releases", 0, 0),
            )
        )
        _settle(folder)
    except OSError as error:
        read_register(folder)  # what is wrong may have a better name
        raise _unwritable(folder, error) from None


def _settled(folder: Path, *, is_out: bool | None = None) -> None:
    try:
        _settle(folder, is_out=is_out)
    except OSError as error:  # the journal is still there: the next run settles it
        raise _unwritable(folder, error) from None


def _settle(folder: Path, *, is_out: bool | None = None) -> None:
    """
    With the lock held: remove or keep what a run left that is over. `is_out` says whether its
    release has its final name; where that is not known, the folder under its first name shows that
    it has not.
    """
    for path in sorted(folder.iterdir()):
        if _OWN_PART.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            path.unlink()
    journal = folder / JOURNAL
    try:
        left: Any = read_json(read_file(journal))
        history = history_of(read_file(folder / INDEX))
        name, part = left["entry"], Path(left["part"]) if left["part"] else None
        is_listed = bool(history) and history[-1].action == "added" and history[-1].entry == name
        before = history[:-1] if is_listed else history
        ours = is_name(name) and last_hash(before) == left["follows"]
    except (ValueError, KeyError, TypeError):
        return  # nothing was left, or something that `read_register` names
    if not ours:
        return
    if is_out is None:
        is_out = not _is_part(part)
    if not (is_listed and is_out):
        if is_listed:
            _write(folder / INDEX, index_bytes(before))
        with suppress(FileNotFoundError):
            shutil.rmtree(folder / name)
    if part is not None and _is_part(part):
        remove_part(part)
    journal.unlink()


def _is_part(part: Path | None) -> bool:
    """
    Whether this is the folder of a release before its final name: a folder that `atomic_folder`
    named, no link.
    """
    return (
        part is not None
        and bool(_FOLDER_PART.fullmatch(part.name))
        and part.is_dir()
        and not part.is_symlink()
    )


def _write(path: Path, content: bytes) -> None:
    with atomic_file(path) as part:
        part.write_bytes(content)


def _unwritable(folder: Path, error: OSError) -> FileError:
    return FileError(
        f"{shown(folder)}: cannot be locked or written ({error.strerror}); see who may write there"
    )
