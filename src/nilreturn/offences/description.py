"""Describes a code or class from the lists, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from nilreturn.errors import OffenceError
from nilreturn.offences.codes import OffenceRef, normalise
from nilreturn.offences.expansion import Offence, OffenceClass, expand, offence, offence_class
from nilreturn.offences.history import in_use, successors
from nilreturn.offences.reference_lists import Entry, Label, Note, table
from nilreturn.periods import Period
from nilreturn.wording import day

_COUNTED_BY = {
    "V": "victim",
    "S": "state (no victim is needed)",
    "S/V": "victim or state (a crime may have no victim)",
}
_MODES = {"I": "on indictment only", "E": "either way", "S": "summarily"}

Facts = dict[str, Any]


def read_all(texts: Sequence[str]) -> tuple[OffenceRef, ...]:
    """What each text means. Raises one `OffenceError` with every mistake."""
    found: list[OffenceRef] = []
    mistakes: list[str] = []
    for text in texts:
        try:
            found.append(normalise(text))
        except OffenceError as error:
            mistakes.append(str(error))
    if len(mistakes) == 1:
        raise OffenceError(mistakes[0])
    if mistakes:
        raise OffenceError(
            f"{len(mistakes)} of {len(texts)} offences are not clear:", details=tuple(mistakes)
        )
    return tuple(found)


def facts(reading: OffenceRef, *, at: date | None = None) -> Facts:
    """
    Everything that is known of a code or class, as plain JSON values; with a day `at`, also what
    was in force then.
    """
    if reading.kind == "code":
        return _of_offence(offence(reading.code), at)
    return _of_class(offence_class(f"class {reading.code}"), at)


def _of_offence(subject: Offence, at: date | None) -> Facts:
    known: Facts = {
        "kind": "code",
        "code": subject.code,
        "compact": subject.compact,
        "title": subject.title,
        "entries": [_entry(entry) for entry in subject.entries],
        "classes": [_class_of(class_code, subject.code) for class_code in subject.classes],
        "victim_or_state": list(subject.victim_or_state),
        "commenced_on": _iso(subject.commenced_on),
        "ceased_on": _iso(subject.ceased_on),
        "successions": [
            {
                "repealed": s.repealed,
                "ceased_on": _iso(s.ceased_on),
                "successor": s.successor,
                "note": s.note,
            }
            for s in subject.successions
        ],
        "notes": [
            *_notes(subject.notes),
            *_notes(n for code in subject.classes for n in table().notes_on(code)),
        ],
    }
    if at:
        known |= _valid(OffenceRef("code", subject.code), at)
    return known


def _of_class(subject: OffenceClass, at: date | None) -> Facts:
    reading = OffenceRef("class", subject.code)
    known: Facts = {
        "kind": "class",
        "code": subject.code,
        "title": subject.title,
        "is_expired": subject.is_expired,
        "first_on": _iso(in_use(reading).first_on),
        "last_on": _iso(in_use(reading).last_on),
        "successors": [each.code for each in successors(reading)],
        "labels": [_label(label) for label in subject.labels],
        "codes": [
            {
                "code": entry.code,
                "title": entry.title,
                "from": _iso(entry.first_on),
                "until": _iso(entry.ceased_on),
            }
            for entry in table().members.get(subject.code, ())
        ],
        "notes": _notes(subject.notes),
    }
    if at:
        known |= _valid(OffenceRef("class", subject.code), at)
    return known


def _entry(entry: Entry) -> Facts:
    return {
        "list": str(entry.source),
        "title": entry.title,
        "class": entry.class_code,
        "act": entry.act,
        "section": entry.section,
        "mode": entry.mode,
        "most_years": entry.most_years,
        "victim_or_state": entry.victim_or_state,
        "commenced_on": _iso(entry.commenced_on),
        "ceased_on": _iso(entry.ceased_on),
        "in_class_from": _iso(entry.in_class_from),
        "heading": entry.heading,
        "group": entry.group,
        "comment": entry.comment,
        "is_generic": entry.is_generic,
    }


def _class_of(class_code: str, code: str) -> Facts:
    subject = offence_class(f"class {class_code}")
    others = [other for other in subject.codes if other != code]
    labels = [_label(label) for label in subject.labels]
    return {"class": class_code, "title": subject.title, "labels": labels, "other_codes": others}


def _label(label: Label) -> Facts:
    return {
        "list": str(label.source),
        "title": label.title,
        "group": label.group,
        "subgroup": label.subgroup,
        "is_expired": label.is_expired,
    }


def _notes(notes: Iterable[Note]) -> list[Facts]:
    return [{"from": _iso(note.from_on), "note": note.text} for note in notes]


def _valid(reading: OffenceRef, at: date) -> Facts:
    (part,) = expand(str(reading) if reading.kind == "class" else reading.code, Period(at, at))
    return {
        "at": _iso(at),
        "valid_codes": list(part.codes),
        "valid_codes_without_first_day": list(part.undated),
        "repealed_predecessors": list(part.predecessors),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_text(known: Facts) -> str:
    """The facts as lines of text."""
    lines = _offence_lines(known) if known["kind"] == "code" else _class_lines(known)
    return "\n".join(
        [*lines, *_at_lines(known), *(f"  Note: {note['note']}." for note in known["notes"])]
    )


def _offence_lines(known: Facts) -> Iterator[str]:
    yield f"{known['code']}  {known['title']}"
    yield _line("Kind", f"offence code, also written {known['compact']}")
    acts = (
        (e["title"], ", ".join(filter(None, (e["act"], e["section"]))))
        for e in known["entries"]
        if e["act"]
    )
    for title, act in dict.fromkeys(acts):
        yield _line("Offence", f"{title}: {act}")
    tried = dict.fromkeys(
        f"{_MODES[entry['mode']]}, at most {_sentence(entry['most_years'])}"
        if entry["most_years"]
        else _MODES[entry["mode"]]
        for entry in known["entries"]
        if entry["mode"]
    )
    if tried:
        yield _line("Tried", "; ".join(tried))
    for mark in known["victim_or_state"]:
        yield _line("Counted by", f"{_COUNTED_BY[mark]} ({mark})")
    yield _line("In force", _in_force(known["commenced_on"], known["ceased_on"]))
    if len(known["classes"]) > 1:
        yield _line("Classes", f"{len(known['classes'])}: only the crime's own record tells which")
    for found in known["classes"]:
        yield _line("Class", f"{found['class']} {found['title']}")
        yield from _label_lines(found["labels"])
        yield _line("Other codes", _listed(found["other_codes"]))
    if not known["classes"]:
        yield _line("Class", "not in the reference tables")
    for entry in known["entries"]:
        if entry["heading"] or entry["group"]:
            generic = "; only where the subcode cannot be determined" if entry["is_generic"] else ""
            names = " > ".join(filter(None, (entry["group"], entry["heading"])))
            yield _line("Heading", f"{names}{generic} ({entry['list']})")
    for succession in known["successions"]:
        yield (
            f"  {succession['repealed']} was replaced by {succession['successor']}: "
            f"{succession['note']}."
        )
    for comment in dict.fromkeys(
        entry["comment"] for entry in known["entries"] if entry["comment"]
    ):
        yield _line("List's remark", comment)


def _class_lines(known: Facts) -> Iterator[str]:
    yield f"{known['code']}  {known['title']}"
    yield _line(
        "Kind",
        "offence class, kept for outcomes of older crimes"
        if known["is_expired"]
        else "offence class",
    )
    if known["first_on"] or known["last_on"]:
        yield _line("In use", _in_force(known["first_on"], known["last_on"]))
    if known["successors"]:
        yield _line("Replaced by", ", ".join(known["successors"]))
    yield from _label_lines(known["labels"])
    if not known["codes"]:
        yield _line("Codes", "none in the reference tables")
    for entry in known["codes"]:
        dates = _in_force(entry["from"], entry["until"]) if entry["from"] or entry["until"] else ""
        yield _line("Code", f"{entry['code']} {entry['title']}" + (f" ({dates})" if dates else ""))


def _label_lines(labels: Sequence[Facts]) -> Iterator[str]:
    for label in labels:
        yield _line(
            "Group",
            f"{' > '.join(filter(None, (label['group'], label['subgroup'])))} ({label['list']})",
        )


def _at_lines(known: Facts) -> Iterator[str]:
    if "at" not in known:
        return
    yield _line(
        f"On {day(date.fromisoformat(known['at']))}", f"valid: {_listed(known['valid_codes'])}"
    )
    if known["valid_codes_without_first_day"]:
        without = _listed(known["valid_codes_without_first_day"])
        yield f"  Taken as valid, as no list gives their first day: {without}."
    if known["repealed_predecessors"]:
        yield (
            f"  In force instead of a later code of the class: "
            f"{_listed(known['repealed_predecessors'])}."
        )


def _line(name: str, value: str) -> str:
    return f"  {name + ':':<15} {value}"


def _in_force(commenced_on: str | None, ceased_on: str | None) -> str:
    first = f"from {day(date.fromisoformat(commenced_on))}" if commenced_on else ""
    last = f"until {day(date.fromisoformat(ceased_on))}" if ceased_on else ""
    return (
        " ".join(filter(None, (first, last)))
        or "first day not in the lists: treated as always valid"
    )


def _sentence(most_years: str) -> str:
    return f"{most_years} years" if most_years.replace(".", "").isdigit() else most_years.lower()


def _listed(codes: Sequence[str], most: int = 12) -> str:
    if len(codes) > most:
        return f"{', '.join(codes[:most])} and {len(codes) - most} more"
    return ", ".join(codes) or "none"
