"""
Tables protected into a new folder and entered into the register of releases: what `nilreturn
protect` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nilreturn.disclosure.folder import write
from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.policy import Policy
from nilreturn.disclosure.proposals import protect_and_propose
from nilreturn.disclosure.protection import Protection
from nilreturn.disclosure.register import Entering, Register, entering
from nilreturn.disclosure.tabular import refuse_strangers
from nilreturn.errors import UsageError
from nilreturn.files import remove_abandoned
from nilreturn.progress import Progress, no_progress
from nilreturn.tables import RawTable


@dataclass(frozen=True)
class Protected:
    """
    What was written: the protection; where a register was given, that register as the tables were
    compared with it, and the name of their own entry in it.
    """

    protection: Protection
    register: Register | None = None
    entry: str = ""


def protect_into(
    folder: Path,
    tables: Sequence[RawTable],
    policy: Policy,
    *,
    register: Path | None = None,
    beside: Sequence[PublishedTable] = (),
    files: Mapping[str, str] | None = None,
    progress: Progress = no_progress,
) -> Protected:
    """
    Protect tables into the new `folder`, beside what is `beside` them known already. `files` are
    the tables' files, to name in messages.

    A `register` is held from reading it until the tables are in it and the folder has its name:
    another run waits, and is compared with them. Killed at any moment this leaves nothing that
    counts as a release.

    Raises `UsageError` where the folder is there already or lies in the register, and what
    `protect` raises.
    """
    if register is None:
        _refuse_what_is_there(folder)
        remove_abandoned(folder)
        return Protected(_protect_into(folder, tables, policy, beside, files, None, progress))
    if register.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise UsageError(f"{folder}: is inside the register of releases; name a folder elsewhere")
    _refuse_what_is_there(folder)
    with entering(register, progress=progress) as desk:
        _refuse_what_is_there(folder)  # a run that this one waited for may have made it
        remove_abandoned(folder)
        before, known = desk.register, (*beside, *desk.register.tables)
        protection = _protect_into(folder, tables, policy, known, files, desk, progress)
        return Protected(protection, before, desk.register.entries[-1].name)


def _refuse_what_is_there(folder: Path) -> None:
    if folder.exists():
        raise UsageError(f"{folder}: exists already; name a new folder")


def _protect_into(
    folder: Path,
    tables: Sequence[RawTable],
    policy: Policy,
    known: Sequence[PublishedTable],
    files: Mapping[str, str] | None,
    desk: Entering | None,
    progress: Progress,
) -> Protection:
    refuse_strangers([*tables, *known], files or {})
    protection = protect_and_propose(tables, policy, known=known, progress=progress)
    write(protection, folder, desk)
    return protection
