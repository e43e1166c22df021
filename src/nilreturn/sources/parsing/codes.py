"""
Reads offence codes and classes as systems and spreadsheets write them.

Each different text is read once, however many rows have it. A column of codes means codes: "4/10"
there is code 004/10 and not class 4/10. A change that a spreadsheet made to a code is undone and
listed where only one code of the reference tables can have been meant; otherwise the value is
Unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nilreturn.offences import OffenceRef, offence, readings, without_words
from nilreturn.sources.parsing.changed import typed_as_day, typed_before
from nilreturn.sources.parsing.meaning import Meaning, Reader

_FIRST_WORD = re.compile(r"[\w/.]+(?!\s?-\s?\d)\b")
# ="071/17" keeps spreadsheets from it.
_QUOTED = re.compile(r"""(?:='?"(.*)"|'(.*)|\((.*)\)|\[(.*)\])""", re.DOTALL)
_DASHES = re.compile("[-\u2010-\u2015\u2212]")
_SLASH = re.compile(r"(?<=\d)\s*[/\\]\s*(?=\d)")
_DASHED = re.compile(r"(\d{1,3}) ?- ?(\d{1,2})(?: - .*|:.*)?", re.DOTALL)
_BETWEEN = re.compile(r"[,;|&+\n]|\s(?:and|or|/)\s", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?:ho |code |class )*[0-9]{1,3}(?:[A-Z]|[/.][0-9]{1,2}|[0-9]{2})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """The meaning of a text, or the rule that it broke."""

    text: str
    value: str | None
    fault: str | None
    was_changed: bool = False  # by a spreadsheet, and read back

    @property
    def meaning(self) -> Meaning:
        return Meaning(self.value, "offence_changed" if self.was_changed else self.fault)


def offence_reader(is_code: bool, unknown: frozenset[str]) -> Reader:
    """
    A reader for a column of codes, or else of classes. `unknown` are the words that state that the
    offence is not known.
    """
    read = read_codes if is_code else read_classes

    def judge(text: str) -> Meaning:
        return Meaning(None) if text.lower() in unknown else read([text])[0].meaning

    return judge


def read_codes(texts: Iterable[str]) -> list[Found]:
    """
    Each text's offence code, as NNN/NN. A code newer than the reference tables is kept as it is.
    """
    return [_code(text) for text in texts]


def read_classes(texts: Iterable[str]) -> list[Found]:
    """
    The offence class of each text. Words after it ("88A - Sexual grooming") are its title and are
    not read.
    """
    return [_class(text) for text in texts]


def class_of(text: str) -> str:
    """
    The class that a text in a column of codes names where it does not name a code ("88A"), else "".
    """
    written = _tidied(text)
    is_other = _is_several(text) or [*typed_as_day(written)] or _DASHED.fullmatch(written)
    meanings = set() if is_other else _meanings(written, "class")
    return meanings.pop() if len(meanings) == 1 and not _meanings(written, "code") else ""


def only_classes(codes: Iterable[str]) -> dict[str, str]:
    """The class of each code that the reference tables put into exactly one class."""
    found = {}
    for code in codes:
        if (
            any(reading.kind == "code" for reading in readings(code))
            and len(classes := offence(code).classes) == 1
        ):
            found[code] = classes[0]
    return found


def _code(text: str) -> Found:
    if _is_several(text):
        return Found(text, None, "several_offences")
    written = _tidied(text)
    if typed := set(typed_before(written)):
        return _changed(text, typed, "code")
    if dashed := _DASHED.fullmatch(written):
        found = _found(text, _meanings(f"{dashed[1]}/{dashed[2]}", "code"), None)
        return replace(found, was_changed=found.value is not None and _may_be_date(dashed))
    found = _found(text, _meanings(written, "code"), _as_new_code(written))
    return (
        replace(found, fault="class_for_code")
        if found.fault == "unknown_offence" and class_of(text)
        else found
    )


def _class(text: str) -> Found:
    if _is_several(text):
        return Found(text, None, "several_offences")
    written = _tidied(text)
    if typed := set(typed_as_day(written)):
        return _changed(text, typed, "class")
    return _found(text, _meanings(written, "class"), _as_new_class(written))


def _changed(text: str, typed: set[str], kind: str) -> Found:
    found = _found(text, {meant for each in typed for meant in _meanings(each, kind)}, None)
    return replace(found, was_changed=found.value is not None)


def _tidied(text: str) -> str:
    """
    The text without brackets, marks that keep a spreadsheet from changing it, words before a code,
    and spaces beside slashes.
    """
    quoted = _QUOTED.fullmatch(text)
    bare = next((each for each in quoted.groups() if each is not None), "") if quoted else text
    return without_words(_DASHES.sub("-", _SLASH.sub("/", bare.strip())).rstrip(" .,;:"))


def _may_be_date(dashed: re.Match[str]) -> bool:
    """
    Whether a code with a dash may be a day and a month, or a month and a year: it was the same code
    either way.
    """
    first, second = int(dashed[1]), int(dashed[2])
    return first <= 12 or (first <= 31 and second <= 12)


def _is_several(text: str) -> bool:
    """Whether a cell has several codes or classes, each written in full: "71/17, 88A"."""
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
    """The meanings of the whole text, else of its first word, which a title may follow."""
    first = _FIRST_WORD.match(text)
    for part in (text, first[0].rstrip("._") if first else ""):
        if found := {reading.code for reading in _readings(part) if reading.kind == kind}:
            return found
    return set()


def _readings(text: str) -> tuple[OffenceRef, ...]:
    return readings(text) if text else ()
