"""Checks whether an extract is still what was imported."""

from __future__ import annotations

from pathlib import Path

from nilreturn.errors import ExtractError
from nilreturn.files import sha256
from nilreturn.progress import Progress, no_progress
from nilreturn.schema import INDEX, MANIFEST, Extract, open_extract


def verify_extract(folder: Path, progress: Progress = no_progress) -> Extract:
    """
    Recompute the hash of every file of an extract.

    Parameters
    ----------
    folder
        The folder of the extract.
    progress
        Called with the work done so far.

    Returns
    -------
    Extract
        The extract, unchanged since it was imported.

    Raises
    ------
    ExtractError
        When the folder is not an extract, with one detail for each file that is missing, has
        changed or does not belong.
    """
    extract = open_extract(folder)
    files = extract.manifest.get("files")
    if not isinstance(files, dict):
        raise ExtractError(f"{folder / MANIFEST}: names no files; import the extract again")
    differences = []
    for number, (name, facts) in enumerate(sorted(files.items())):
        progress("Hashing", number, len(files))
        path = folder / name
        if not path.is_file():
            differences.append(f"{name} is missing")
        elif sha256(path) != facts["sha256"]:
            differences.append(f"{name} has changed since it was imported")
    strangers = {path.name for path in folder.iterdir()} - set(files) - {MANIFEST, INDEX}
    differences += [f"{name} is not part of the extract" for name in sorted(strangers)]
    if differences:
        raise ExtractError(
            f"{folder}: not as it was imported; import it again", details=tuple(differences)
        )
    return extract
