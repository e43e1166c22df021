"""
Whether a folder that `nilreturn answer` or `nilreturn protect` wrote still holds: its files are as
they were written, its certificate is of its tables, and the certificate counts on the releases that
a register had before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nilreturn.disclosure.audit import verify
from nilreturn.disclosure.folder import BINDINGS, CERTIFICATE, KNOWN, MANIFEST, RELEASE
from nilreturn.disclosure.model import PublishedTable, published_to_json
from nilreturn.disclosure.register import (
    PUBLISHED,
    Register,
    published_in,
    read_file,
    read_json,
    shown,
)
from nilreturn.errors import FileError
from nilreturn.files import canonical_json, sha256_of
from nilreturn.wording import in_words

_WRITTEN_BY = "name a folder that 'nilreturn answer' or 'nilreturn protect' wrote"


@dataclass(frozen=True)
class Checked:
    """What holds of a release, and what does not, a sentence each; no count is in either."""

    holds: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class _Papers:
    published: tuple[PublishedTable, ...]
    known: tuple[PublishedTable, ...]
    certificate: Mapping[str, Any]
    internal: Path


def check_folder(folder: Path, register: Register | None = None) -> Checked:
    """
    Check the release in `folder`, beside a register where one is given. Raises `FileError` when it
    is no such folder.
    """
    papers = _read(folder)
    hidden = sum(int(table.hidden.sum()) for table in papers.published)
    holds = [f"{in_words(len(papers.published), 'table')}, {in_words(hidden, 'cell')} hidden"]
    wrong = list(_changed(folder, papers.internal))
    if not wrong:
        holds.append("every file is as it was written")
    complaints = verify(papers.published, papers.certificate, known=papers.known)
    wrong += [f"the certificate does not hold: {complaint}" for complaint in complaints]
    if not complaints:
        holds.append(
            "the certificate is of these tables and holds: each hidden cell has two counts or more "
            "that agree with all that is printed, and each small one every count that it must be "
            "able to have"
        )
    if register is None:
        holds.append(f"it counts on {in_words(len(papers.known), 'table')} that readers had before")
    else:
        beside = _beside(papers, register)
        holds += beside.holds
        wrong += beside.wrong
    return Checked(tuple(holds), tuple(wrong))


def _read(folder: Path) -> _Papers:
    if not folder.is_dir():
        raise FileError(f"{shown(folder)}: there is no such folder; {_WRITTEN_BY}")
    certificates = [
        path for path in sorted(folder.glob(f"*/{CERTIFICATE}")) if path.parent.name != RELEASE
    ]
    if len(certificates) != 1:
        what = f"has {len(certificates)} certificates" if certificates else "has no certificate"
        raise FileError(f"{shown(folder)}: {what}; {_WRITTEN_BY}")
    internal = certificates[0].parent
    published = next(
        (p for p in (folder / PUBLISHED, folder / RELEASE / PUBLISHED) if p.exists()),
        folder / PUBLISHED,
    )
    known = internal / KNOWN
    certificate = _json(certificates[0])
    if not isinstance(certificate, dict):
        raise FileError(f"{shown(certificates[0])}: is no certificate; restore it from a backup")
    return _Papers(
        _tables(published), _tables(known) if known.exists() else (), certificate, internal
    )


def _tables(path: Path) -> tuple[PublishedTable, ...]:
    try:
        return published_in(read_file(path))
    except ValueError as error:
        raise FileError(f"{shown(path)}: {error}; restore it from a backup") from None


def _json(path: Path) -> Any:
    try:
        return read_json(read_file(path))
    except ValueError as error:
        raise FileError(f"{shown(path)}: {error}; restore it from a backup") from None


def _changed(folder: Path, internal: Path) -> Iterator[str]:
    """
    Files that are not as they were written: as the force's own papers list them, or an answer's
    manifest.
    """
    for path, around in (
        (internal / BINDINGS, folder),
        (folder / RELEASE / MANIFEST, folder / RELEASE),
    ):
        content = _json(path) if path.exists() else {}
        listed = content.get("files") if isinstance(content, dict) else None
        if listed is None:
            continue
        if not isinstance(listed, dict) or not all(isinstance(sha, str) for sha in listed.values()):
            raise FileError(f"{shown(path)}: it has no list of files; restore it from a backup")
        for name, sha in listed.items():
            try:
                same = sha256_of(read_file(around / name)) == sha
            except ValueError as error:
                yield f"{shown(around / name)}: {error}"
                continue
            if not same:
                yield f"{shown(around / name)}: was changed since it was written"
        released = [
            path for path in (folder / RELEASE).rglob("*") if not path.is_dir() or path.is_symlink()
        ]
        found = {path.relative_to(around).as_posix() for path in released}
        for name in sorted(found - {*listed, MANIFEST}):
            yield f"{shown(around / name)}: was added since the release was written"


def _beside(papers: _Papers, register: Register) -> Checked:
    """Whether the certificate counts on what the register had before this release."""
    own = _meanings(papers.published)
    entries = [entry for entry in register.entries if entry.counts]
    names = [entry.name for entry in entries if _meanings(register.of_entry[entry.name]) == own]
    at = next((number for number, entry in enumerate(entries) if entry.name in names), len(entries))
    earlier, later = entries[:at], [entry for entry in entries[at:] if entry.name not in names]
    holds, wrong = (
        [f"{register.compared}, in which it is {names[0] if names else 'not entered'}"],
        [],
    )
    loosened = 0
    for entry in earlier:
        found = [_covering(table, papers.known) for table in register.of_entry[entry.name]]
        loosened += sum(one is not None and not one for one in found)
        if None in found:
            wrong.append(
                f"{entry.name}: readers had it before, and the certificate does not count on it"
            )
    if earlier and not wrong:
        holds.append(
            f"the certificate counts on {in_words(len(earlier), 'release')} that readers had before"
        )
    if loosened:
        holds.append(
            f"of these it takes {in_words(loosened, 'table')} as nearly true: records were changed "
            f"in between"
        )
    if later:
        holds.append(
            f"{in_words(len(later), 'release')} came later; this certificate says nothing of them"
        )
    return Checked(tuple(holds), tuple(wrong))


def _covering(table: PublishedTable, known: Sequence[PublishedTable]) -> bool | None:
    """
    Whether a table is among those known as it stands (True) or loosened (False); None where it is
    not at all.
    """
    meaning = (table.name, table.population, table.dimensions)
    for other in known:
        if (other.name, other.population, other.dimensions) != meaning:
            continue
        if bool((other.low <= table.low).all() and (other.high >= table.high).all()):
            return bool((other.low == table.low).all() and (other.high == table.high).all())
    return None


def _meanings(tables: Sequence[PublishedTable]) -> list[bytes]:
    return sorted(canonical_json(published_to_json(table, release="")) for table in tables)
