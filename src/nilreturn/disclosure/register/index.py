"""
The index of a register: everything that was ever entered or withdrawn, in order, with the SHA-256
of every file.

Each event has the SHA-256 of the one before it, and the index that of the last: a change of any of
them is found. Who changes all that follows too is not; the hash of the last event, noted elsewhere,
tells that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from nilreturn.files import canonical_json, sha256_of

INDEX = "register.json"
LOCK = ".lock"  # an empty file that is locked while a release is entered
JOURNAL = "entering.json"  # what is being entered at this moment
FORMAT = "nilreturn register 1"
KINDS = ("answer", "tables", "table of others")

_BEGINNING = "0" * 64
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_-])?")
_FILE = re.compile(r"[^/\\\x00-\x1f\x7f]{1,200}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Event:
    """
    One line of the history. `files` are an added entry's, by name with their SHA-256. `reason` and
    `sent` belong to a withdrawal: whether it ever went out.
    """

    action: Literal["added", "withdrawn"]
    entry: str
    on: date
    kind: str = ""
    files: Mapping[str, str] | None = None
    reason: str = ""
    sent: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A release in the register: under which name, of what kind (`KINDS`), since when, and the SHA-256
    of its files. `withdrawn` is the latest event that took it back, if any.
    """

    name: str
    kind: str
    added_on: date
    files: Mapping[str, str]
    withdrawn: Event | None = None

    @property
    def counts(self) -> bool:
        """Whether readers know it: what was sent is known for good, withdrawn or not."""
        return self.withdrawn is None or self.withdrawn.sent


def is_name(text: str) -> bool:
    """Whether an entry may have this name, which is also its folder's on every system."""
    return bool(_NAME.fullmatch(text)) and text.casefold() not in (INDEX, JOURNAL)


def entries_of(history: Iterable[Event]) -> tuple[Entry, ...]:
    """
    The entries that a history leaves, in the order they were added. Raises `ValueError` where it
    makes no sense.
    """
    found: dict[str, Entry] = {}
    for event in history:
        key = event.entry.casefold()  # a folder's name may not differ by case alone
        if event.action == "added":
            if key in found:
                raise ValueError(f"two entries have the name {event.entry}")
            found[key] = Entry(event.entry, event.kind, event.on, dict(event.files or {}))
        elif key not in found or found[key].name != event.entry or not found[key].counts:
            raise ValueError(f"{event.entry} is withdrawn and was not there")
        else:
            found[key] = replace(found[key], withdrawn=event)
    return tuple(found.values())


def index_bytes(history: Sequence[Event]) -> bytes:
    """The index file of a history."""
    lines, last = [], _BEGINNING
    for event in history:
        line = {**_to_json(event), "follows": last}
        last = sha256_of(canonical_json(line))
        lines.append(line)
    return canonical_json({"format": FORMAT, "history": lines, "last": last}) + b"\n"


def last_hash(history: Sequence[Event]) -> str:
    """
    What binds the whole history: the SHA-256 of its last event, which names the one before it, and
    so on.
    """
    return str(json.loads(index_bytes(history))["last"])


def history_of(content: bytes) -> tuple[Event, ...]:
    """
    The history in an index file. Raises `ValueError`, which says what is wrong, for a file that
    differs by a byte from what nilreturn writes.
    """
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("is not JSON") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError(f"is not of the format {FORMAT!r}, which this version reads")
    try:
        history = tuple(map(_from_json, found["history"]))
        entries_of(history)
        same = index_bytes(history) == content
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"is not as nilreturn writes it ({type(error).__name__})") from None
    if not same:
        raise ValueError(
            "was changed since nilreturn wrote it: its hashes do not follow from each other"
        )
    return history


def _to_json(event: Event) -> dict[str, Any]:
    common = {"action": event.action, "entry": event.entry, "on": event.on.isoformat()}
    if event.action == "added":
        return {**common, "kind": event.kind, "files": dict(event.files or {})}
    return {**common, "reason": event.reason, "sent": event.sent}


def _from_json(line: Mapping[str, Any]) -> Event:
    name, on = line["entry"], date.fromisoformat(line["on"])
    if not is_name(name):
        raise ValueError("has an entry with a name that is none")
    if line["action"] == "withdrawn":
        if not isinstance(line["reason"], str) or not isinstance(line["sent"], bool):
            raise TypeError("a withdrawal")
        return Event("withdrawn", name, on, reason=line["reason"], sent=line["sent"])
    files = dict(line["files"])
    good = all(_FILE.fullmatch(file) and _HASH.fullmatch(sha) for file, sha in files.items())
    if line["action"] != "added" or line["kind"] not in KINDS or not files or not good:
        raise ValueError("has an entry that is not as nilreturn writes it")
    return Event("added", name, on, line["kind"], files)
