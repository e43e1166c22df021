"""
What can be entered into a register: the folder of an answer or of protected tables, or a table of
others.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nilreturn.disclosure.model import PublishedTable
from nilreturn.disclosure.register.contents import read_file, shown
from nilreturn.disclosure.register.index import is_name
from nilreturn.disclosure.register.tables import PUBLISHED, published_bytes, published_in, read_json
from nilreturn.disclosure.tabular import CellMarks, read_published, reading_as_text
from nilreturn.errors import FileError, TableError, UsageError

_RELEASE, _MANIFEST = "release", "manifest.json"
_MOST_OF_A_NAME = 60
_NAME_ONE = (
    "name a folder of 'nilreturn answer' or 'nilreturn protect', or a CSV, XLSX or ODS "
    "file of others"
)
_OF_OTHERS = (".csv", ".xlsx", ".ods")


@dataclass(frozen=True)
class Incoming:
    """
    A release to enter: its kind (`index.KINDS`), a name for it, its tables, and the files that its
    entry keeps. Of a table of others `reading` says how it was read.
    """

    kind: str
    name: str
    tables: tuple[PublishedTable, ...]
    files: Mapping[str, bytes]
    reading: str = ""


def incoming(path: Path) -> Incoming:
    """
    What is at `path`: a folder that `nilreturn answer` or `protect` wrote, the `published.json` of
    one, or a CSV, XLSX or ODS file that others printed, with its description (YAML) beside it.

    Raises `FileError` or `TableError` where it is none of these, cannot be read whole, or holds no
    table.
    """
    if path.is_dir():
        found = _of_json(_published_in(path))
    elif path.suffix.lower() == ".json":
        found = _of_json(path)
    elif path.suffix.lower() in _OF_OTHERS:
        found = _of_others(path)
    else:
        there = (
            "is not a kind of file that a register takes"
            if path.exists()
            else "there is no such file or folder"
        )
        raise FileError(f"{shown(path)}: {there}; {_NAME_ONE}")
    if not found.tables:
        raise TableError(f"{shown(path)}: holds no table, so there is nothing for readers to know")
    return found


def entry_name(text: str) -> str:
    """
    A text as a name of an entry, which is also a folder's.

    >>> entry_name("FOI 123/45")
    'FOI-123-45'
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:_MOST_OF_A_NAME].strip("-._")
    return name if is_name(name) else "release"


def checked_name(name: str) -> str:
    """A name that somebody gave. Raises `UsageError` when no entry may have it."""
    if not is_name(name):
        raise UsageError(
            f"--name: {shown(name)!r} is no name of an entry; use letters, digits, '-', '.' and '_'"
        )
    return name


def _published_in(folder: Path) -> Path:
    found = [
        place / PUBLISHED for place in (folder, folder / _RELEASE) if (place / PUBLISHED).exists()
    ]
    if len(found) != 1:
        what = "has two files published.json" if found else "has no published.json"
        raise FileError(f"{shown(folder)}: {what}; {_NAME_ONE}")
    return found[0]


def _of_json(path: Path) -> Incoming:
    content = _bytes(path)
    try:
        tables = published_in(content)
    except ValueError as error:
        raise TableError(f"{shown(path)}: {error}; take the file from its release") from None
    around = path.resolve().parent
    kinds = {_kind_in(manifest) for manifest in (around / _RELEASE / _MANIFEST, around / _MANIFEST)}
    name = next((table.release for table in tables if table.release), "")
    folder = around.parent if around.name == _RELEASE else around
    name = name or (folder.name if path.name == PUBLISHED else path.stem)
    return Incoming(
        "answer" if "answer" in kinds else "tables", entry_name(name), tables, {PUBLISHED: content}
    )


def _kind_in(manifest: Path) -> str:
    """
    Whether a manifest is an answer's. What goes wrong in reading it is of no weight here: the kind
    is for show.
    """
    try:
        found = read_json(read_file(manifest))
    except ValueError:
        return ""
    return "answer" if isinstance(found, dict) and found.get("kind") == "nilreturn release" else ""


def _of_others(path: Path) -> Incoming:
    """
    As the reader of tables takes it now: later readings of the register rest on that and not on the
    file.
    """
    description = path.with_suffix(".yaml")
    files = {path.name: _bytes(path)}
    if description.is_symlink() or description.exists():
        files[description.name] = _bytes(description)
    with tempfile.TemporaryDirectory(prefix="nilreturn-") as scratch:
        for name, content in files.items():
            (Path(scratch) / name).write_bytes(content)
        try:
            found = read_published([Path(scratch) / path.name], marks=CellMarks())
        except (FileError, TableError) as error:
            message = str(error).replace(scratch, str(path.parent))
            raise type(error)(message, details=error.details) from None
    tables = tuple(replace(table, release="") for table in (*found.tables, *found.printed))
    files |= {PUBLISHED: published_bytes(tables)}
    return Incoming("table of others", entry_name(path.stem), tables, files, reading_as_text(found))


def _bytes(path: Path) -> bytes:
    try:
        return read_file(path.resolve())
    except (ValueError, OSError, RuntimeError) as error:
        raise FileError(f"{shown(path)}: {error}; {_NAME_ONE}") from None
