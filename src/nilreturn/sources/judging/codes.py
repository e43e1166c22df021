"""
Offence codes and classes as systems and spreadsheets write them. Each different text is read once, however many rows
hold it.

A column of codes means codes: "4/10" there is code 004/10, never class 4/10. What a spreadsheet did to a code is undone
and listed where only one code of the reference tables can have been meant, and is Unknown otherwise:

    17-Jan, 2026-01-17      day 17, month 1: was 17/1
    Aug-71, 1971-08-01      month 8 of 1971: was 8/71
    71.2                    was 71.20 or 71.02
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from nilreturn.offences import Reading, offence, readings
from nilreturn.sources.judging.meaning import Meaning, Reader

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_WORD = re.compile(r"[\w/.]+")
_BETWEEN = re.compile(r"[,;|&+\n]|\s(?:and|or|/)\s", re.IGNORECASE)
_WRITTEN = re.compile(r"(?:ho |code |class )*[0-9]{1,3}(?:[A-Z]|[/.][0-9]{1,2}|[0-9]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a text means, or the rule it broke."""

    text: str
    value: str | None
    fault: str | None
    was_changed: bool = False  # by a spreadsheet, and read back

    @property
    def meaning(self) -> Meaning:
        return Meaning(self.value, "offence_changed" if self.was_changed else self.fault)


def offence_reader(is_code: bool, unknown: frozenset[str]) -> Reader:
    """Reads a column of codes, or else of classes. `unknown` are the words that say that none is known."""
    read = read_codes if is_code else read_classes

    def judge(text: str) -> Meaning:
        return Meaning(None) if text.lower() in unknown else read([text])[0].meaning

    return judge


def read_codes(texts: Iterable[str]) -> list[Found]:
    """Each text's offence code, as NNN/NN. A code newer than the reference tables is kept as it is."""
    return [_code(text) for text in texts]


def read_classes(texts: Iterable[str]) -> list[Found]:
    """Each text's offence class; words after it ("88A - Sexual grooming") are its title and not read."""
    return [
        Found(text, None, "several_offences")
        if _is_several(text)
        else _found(text, _meanings(text, "class"), _as_new_class(text))
        for text in texts
    ]


def class_of(text: str) -> str:
    """The class that a text in a column of codes names which is no code ("88A"), or ""."""
    meanings = set() if _is_several(text) else _meanings(text, "class")
    return meanings.pop() if len(meanings) == 1 and not _meanings(text, "code") else ""


def only_classes(codes: Iterable[str]) -> dict[str, str]:
    """The class of each code that the reference tables put into exactly one."""
    found = {}
    for code in codes:
        if any(reading.kind == "code" for reading in readings(code)) and len(classes := offence(code).classes) == 1:
            found[code] = classes[0]
    return found


def _code(text: str) -> Found:
    if _is_several(text):
        return Found(text, None, "several_offences")
    undone = set(_undone(text))
    if not undone:
        found = _found(text, _meanings(text, "code"), _as_new_code(text))
        return replace(found, fault="class_for_code") if found.fault == "unknown_offence" and class_of(text) else found
    meant = {code for written in undone for code in _meanings(written, "code")}
    found = _found(text, meant, None)
    return replace(found, was_changed=found.value is not None)


def _is_several(text: str) -> bool:
    """Whether a cell holds several codes or classes, each written out: "71/17, 88A"."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) < 2:
        return False
    read = [frozenset(_readings(part)) for part in parts if _WRITTEN.fullmatch(part)]
    return len({each for each in read if each}) > 1


def _found(text: str, meanings: set[str], new: str | None) -> Found:
    if len(meanings) == 1:
        return Found(text, meanings.pop(), None)
    if not meanings and new:
        return Found(text, new, "offence_not_in_tables")
    return Found(text, None, "ambiguous_offence" if meanings else "unknown_offence")


def _as_new_code(text: str) -> str | None:
    written = re.match(r"(\d{1,3})/(\d\d)(?![\w/])", text)
    return f"{written[1]:0>3}/{written[2]}" if written else None


def _as_new_class(text: str) -> str | None:
    written = re.match(r"0{0,2}(\d{1,3}[A-Z])(?![\w/])", text.upper())
    return written[1] if written else None


def _meanings(text: str, kind: str) -> set[str]:
    """By the whole text, else by its first word, a title following it."""
    first = _FIRST_WORD.match(text)
    for part in (text, first[0].rstrip("._") if first else ""):
        if found := {reading.code for reading in _readings(part) if reading.kind == kind}:
            return found
    return set()


def _readings(text: str) -> tuple[Reading, ...]:
    return readings(text) if text else ()


def _undone(text: str) -> Iterator[str]:
    """What may have been typed before a spreadsheet took it for a date or a number."""
    folded = text.casefold()
    if named := re.fullmatch(r"(\d{1,2})[- ]([a-z]{3})|([a-z]{3})[- ](\d{2})", folded):
        day, month, first, year = named.groups()
        if (name := month or first) in _MONTHS:
            number = _MONTHS.index(name) + 1
            yield f"{day}/{number}" if day else f"{number}/{year}"
    elif dated := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?: 00:00:00)?", folded):
        yield from _from_day(*map(int, dated.groups()))
    elif dated := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", folded):
        day_of, month_of, year_of = map(int, dated.groups())
        yield from _from_day(year_of, month_of, day_of)
    elif point := re.fullmatch(r"(\d{1,3})\.(\d)", folded):
        yield f"{point[1]}/{point[2]}"
        yield f"{point[1]}/{point[2]}0"


def _from_day(year: int, month: int, day: int) -> Iterator[str]:
    """ "17/1" is typed as a day of the year it is typed in; "8/71", no day of a year, as the first of a month."""
    try:
        date(year, month, day)
    except ValueError:
        return
    yield f"{day}/{month}"
    if day == 1:
        yield f"{month}/{year % 100:02}"
