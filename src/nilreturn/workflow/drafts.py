"""
A draft is an answer that is prepared and waits for approval. The draft is released byte for byte.

A draft is a folder that only the force can read (0700). It has the files that would be sent, the
papers that a reviewer needs, and `draft.json` with the SHA-256 of each. Its release does not count,
protect or compose again. A file that no longer has its hash is not released, nor is a draft that
was compared with another state of the register.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nilreturn.errors import ReleaseError, TableError
from nilreturn.progress import Progress, no_progress
from nilreturn.workflow.objects import Answered, Counted, Inputs
from nilreturn.workflow.writing import PUBLISHED, RELEASE, write_parts

if TYPE_CHECKING:
    from nilreturn.disclosure import Protection, Register
    from nilreturn.disclosure.register import Entering

DRAFT = "draft.json"
FORMAT = "nilreturn draft 1"
APPROVAL = "approval.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A draft that was read and found complete.

    Attributes
    ----------
    folder
        The draft's folder.
    reference
        The request's reference.
    answered_on
        The letter's date.
    prepared_by
        The person who prepared it.
    register
        The SHA-256 of the last event of the register that it was compared with; None without one.
    counted
        The true figures.
    protection
        The safe tables and the certificate.
    files
        The SHA-256 of each file, by its path in the folder.
    sha256
        The SHA-256 of `draft.json`.
    """

    folder: Path
    reference: str
    answered_on: date
    prepared_by: str
    register: str | None
    counted: Counted
    protection: Protection
    files: Mapping[str, str] = field(repr=False)
    sha256: str

    @property
    def internal(self) -> Path:
        """The folder of papers that the reviewer needs."""
        from nilreturn.release import INTERNAL

        return self.folder / INTERNAL


def prepare(
    inputs: Inputs,
    to: Path,
    *,
    prepared_by: str,
    register: Path | None = None,
    progress: Progress = no_progress,
) -> Draft:
    """
    Count, protect, audit and compose an answer, and write it as a draft. The register is read and
    not changed.

    Parameters
    ----------
    inputs
        What the answer is made from.
    to
        The folder to create; it must not exist.
    prepared_by
        The person who prepares it.
    register
        The folder of earlier answers; None: there is no register.
    progress
        Called with the work done so far.

    Returns
    -------
    Draft
        The draft as it was written.

    Raises
    ------
    ReleaseError
        When the folder exists.
    UserError
        Of the kind of the part that refuses.
    """
    from nilreturn.disclosure import open_register
    from nilreturn.files import atomic_folder, canonical_json, remove_abandoned
    from nilreturn.workflow.steps import prepared

    refuse_what_is_there(to, register)
    _refuse_nameless(prepared_by, "prepared_by")
    remove_abandoned(to)
    compared = open_register(register, progress=progress) if register else None
    found = prepared(inputs, compared.tables if compared else (), progress=progress)
    progress("Writing", 0, 1)
    try:
        with atomic_folder(to, private=True) as part:
            write_parts(found, part, register)
            facts = {
                "format": FORMAT,
                "reference": found.composed.reference,
                "answered_on": found.composed.answered_on.isoformat(),
                "prepared_by": prepared_by,
                "register": compared.last if compared else None,
                "compared_with": compared.size if compared else None,
                "files": _hashes(part),
            }
            (part / DRAFT).write_bytes(canonical_json(facts))
    except FileExistsError as error:
        raise ReleaseError(f"{to}: already there; name another folder") from error
    return _draft(to, facts, found.counted, found.protection)


def read_draft(folder: Path) -> Draft:
    """
    Read a draft, after checking that every file has its hash and that the certificate holds.

    Parameters
    ----------
    folder
        The draft's folder.

    Returns
    -------
    Draft
        The draft, complete and unchanged.

    Raises
    ------
    ReleaseError
        When the folder is not a draft or has changed since it was prepared.
    DisclosureError
        When its tables are not those that were audited.
    """
    from nilreturn.disclosure import protection_from_json
    from nilreturn.release import INTERNAL
    from nilreturn.workflow.counted import counted_from_json

    facts = _facts(folder)
    differing = sorted(name for name, _ in facts["files"].items() ^ _hashes(folder).items())
    if differing:
        more = f" and {len(differing) - 1} more" if len(differing) > 1 else ""
        raise ReleaseError(
            f"{folder}: {differing[0]}{more} is not as it was prepared; prepare the answer again"
        )
    try:
        return _draft(
            folder,
            facts,
            counted_from_json(_json(folder / INTERNAL / "counted.json")),
            protection_from_json(_json(folder / INTERNAL / "protection.json")),
        )
    except (KeyError, TypeError, ValueError, TableError) as error:
        raise ReleaseError(
            f"{folder}: cannot be read as a draft ({error}); prepare the answer again"
        ) from None


def release(
    draft: Path,
    to: Path,
    *,
    approved_by: str,
    register: Path | None = None,
    progress: Progress = no_progress,
) -> Answered:
    """
    Release a draft, and enter it into the register that it was compared with. Nothing is counted or
    composed again.

    Parameters
    ----------
    draft
        The draft's folder.
    to
        The folder to create; it must not exist.
    approved_by
        The person who approves it: not the one who prepared it.
    register
        The register that the draft was compared with; None where it was prepared without one.
    progress
        Called with the work done so far.

    Returns
    -------
    Answered
        Where the files are.

    Raises
    ------
    ReleaseError
        When the draft has changed since it was prepared, when the same person approves it, or when
        the register has changed since.
    """
    from nilreturn.disclosure.register import entering
    from nilreturn.files import remove_abandoned

    refuse_what_is_there(to, register)
    _refuse_nameless(approved_by, "approved_by")
    found = read_draft(draft)
    if approved_by.casefold().split() == found.prepared_by.casefold().split():
        raise ReleaseError(f"{approved_by} prepared this draft; let another person approve it")
    if (register is None) != (found.register is None):
        said = (
            "without a register"
            if found.register is None
            else "with a register; name it with --register"
        )
        raise ReleaseError(f"{draft}: was prepared {said}, and is released the same way")
    if register is None:
        remove_abandoned(to)
        return _released(found, to, approved_by, None)
    with entering(register, progress=progress) as desk:
        if desk.register.last != found.register:
            raise ReleaseError(
                f"{draft}: was compared with another state of the register; prepare the answer "
                "again, so that it is compared with every release"
            )
        refuse_what_is_there(to, register)
        remove_abandoned(to)
        return _released(found, to, approved_by, desk)


def refuse_what_is_there(to: Path, register: Path | None) -> None:
    """Raise `ReleaseError` where `to` exists or is inside the register."""
    if to.exists():
        raise ReleaseError(
            f"{to}: already there; an answer is never changed, so name another folder"
        )
    if register is not None and register.resolve() in (to.resolve(), *to.resolve().parents):
        raise ReleaseError(f"{to}: is inside the register of releases; name a folder elsewhere")


def entered(
    desk: Entering, part: Path, final: Path, reference: str, answered_on: date, published: bytes
) -> tuple[Register, str]:
    """
    Enter the answer in `part`; the register as the answer was compared with it, and the answer's
    name in it.
    """
    from nilreturn.disclosure.register import entry_name, free_name

    register = desk.register
    name = free_name(register, entry_name(reference))
    desk.enter(name, "answer", answered_on, {PUBLISHED: published}, part=part, final=final)
    return register, name


def _released(draft: Draft, to: Path, approved_by: str, desk: Entering | None) -> Answered:
    from nilreturn.files import atomic_folder, canonical_json
    from nilreturn.release import INTERNAL

    register, entry = None, ""
    with atomic_folder(to) as part:
        shutil.copytree(draft.folder / RELEASE, part / RELEASE)
        shutil.copytree(draft.folder / INTERNAL, part / INTERNAL)
        shutil.copyfile(draft.folder / PUBLISHED, part / PUBLISHED)
        if _hashes(part) != draft.files:  # somebody may have changed a file since it was read
            raise ReleaseError(
                f"{draft.folder}: is not as it was prepared; prepare the answer again"
            )
        approval = part / INTERNAL / APPROVAL
        approval.touch(mode=0o600)
        approval.write_bytes(
            canonical_json(
                {
                    "prepared_by": draft.prepared_by,
                    "approved_by": approved_by,
                    "draft_sha256": draft.sha256,
                }
            )
        )
        if desk is not None:
            published = (part / PUBLISHED).read_bytes()
            register, entry = entered(desk, part, to, draft.reference, draft.answered_on, published)
    return Answered(to / RELEASE, to / INTERNAL, to / PUBLISHED, draft.protection, register, entry)


def _refuse_nameless(name: str, what: str) -> None:
    if not name.strip():
        raise ReleaseError(f"{what}: is empty; give the person's name")


def _draft(
    folder: Path, facts: Mapping[str, Any], counted: Counted, protection: Protection
) -> Draft:
    from nilreturn.files import canonical_json, sha256_of

    return Draft(
        folder=folder,
        reference=str(facts["reference"]),
        answered_on=date.fromisoformat(facts["answered_on"]),
        prepared_by=str(facts["prepared_by"]),
        register=facts["register"],
        counted=counted,
        protection=protection,
        files=facts["files"],
        sha256=sha256_of(canonical_json(facts)),
    )


def _facts(folder: Path) -> dict[str, Any]:
    try:
        facts = _json(folder / DRAFT)
    except (OSError, ValueError):
        raise ReleaseError(f"{folder}: is no draft; name a folder of 'nilreturn prepare'") from None
    if not isinstance(facts, dict) or not isinstance(facts.get("files"), dict):
        raise ReleaseError(f"{folder}: is no draft; name a folder of 'nilreturn prepare'")
    if facts.get("format") != FORMAT:
        raise ReleaseError(
            f"{folder}: is a draft of another version; this one reads {FORMAT!r}; prepare it again"
        )
    return facts


def _json(path: Path) -> Any:
    from nilreturn.disclosure.register import read_json

    return read_json(path.read_bytes())


def _hashes(folder: Path) -> dict[str, str]:
    from nilreturn.files import hashes_below

    return hashes_below(folder, skip=lambda name: name == DRAFT)
