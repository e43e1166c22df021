"""
Write the list of offences whose victim the offence's own definition describes, from the reference
tables.

    python scripts/build_offence_victims.py

Sexual Offences Act 2003 only. Indecent images are left out: they are offences against the state and
record no victim.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from nilreturn.offences import Entry, table

TARGET = Path(__file__).parent.parent / "src/nilreturn/recording/offence_victims.csv"
ACT = "Sexual Offences Act 2003"
COLUMNS = ("code", "from_age", "child_under", "sex", "title", "act", "section", "source")


# By section, the age under which the Act's offence has a child for a victim.
LIMITS = {
    **dict.fromkeys(("5", "6", "7", "8"), 13),
    **dict.fromkeys(("9", "10", "11", "12", "13", "14", "15", "15A"), 16),
    **dict.fromkeys(("16", "17", "18", "19", "25", "26", "47", "48", "49", "50"), 18),
}
# Of the sections whose whole title describes the victim: 64, 65 and 69 speak of offenders and
# animals.
DESCRIBE_VICTIMS = {*map(str, range(1, 20)), "15A", *map(str, range(25, 54))}


def limit(entry: Entry) -> int | None:
    """
    The age under which the victim is a child to this offence, or None where it is no offence
    against children.
    """
    # The title narrows the section ("family member - victim under 13"), and tells a rape of a child
    # (section 1).
    named = re.search(r"(?:aged|child|male|victim) under (13|16)", entry.title, re.IGNORECASE)
    if named:
        return int(named[1])
    return LIMITS.get(section(entry))


def from_age(entry: Entry) -> int | None:
    """
    The age from which somebody can be a victim of this offence, where its title or its class's
    gives one. Of other titles ("offender 18 or over") the age is the offender's.
    """
    named = re.search(
        r"(?:victim (?:fe)?male|child(?: aged)?) (13) ?(?:to|-) ?17", entry.title, re.IGNORECASE
    )
    rape = re.search(r"rape of a (?:fe)?male aged (16) or over", entry.title, re.IGNORECASE)
    classes = [
        label.title
        for label in table().labels.get(entry.class_code, ())
        if label.source is entry.source
    ]
    by_class = re.search(
        r"sexual assault on a (?:fe)?male aged (13) (?:and|or) over",
        " ".join(classes),
        re.IGNORECASE,
    )
    found = named or rape or by_class
    return int(found[1]) if found else None


def sex(entry: Entry) -> str:
    """The sex of the victim where the title gives it, "" where it does not."""
    if section(entry) not in DESCRIBE_VICTIMS:
        return ""
    of_victim = re.sub(r"\bby a (?:fe)?male\b", "", entry.title, flags=re.IGNORECASE)
    found = {word.capitalize() for word in re.findall(r"\b(?:fe)?male\b", of_victim, re.IGNORECASE)}
    return found.pop() if len(found) == 1 else ""


def section(entry: Entry) -> str:
    """The first section that the list names: "15A" of "Sec 15A (1) & (3)"."""
    found = re.search(r"\d+[A-Z]?", entry.section)
    return found[0] if found else ""


def main() -> None:
    rows = []
    for code, entries in sorted(table().entries.items()):
        notifiable = [entry for entry in entries if entry.source.key == "nol"]
        if not notifiable or any(entry.act != ACT for entry in notifiable):
            continue  # a code shared with an offence of another Act says nothing of the victim
        limits, froms = (
            [limit(entry) for entry in notifiable],
            [from_age(entry) for entry in notifiable],
        )
        sexes = {sex(entry) for entry in notifiable}
        child_under = max(limits) if None not in limits else ""
        first = min(froms) if None not in froms else ""
        only = sexes.pop() if len(sexes) == 1 else ""
        if child_under or first or only:
            widest = max(notifiable, key=lambda entry: limit(entry) or 0)
            titled = (widest.title, widest.act, widest.section, str(widest.source))
            rows.append((code, first, child_under, only, *titled))
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    print(f"{len(rows)} offences to {TARGET}")


if __name__ == "__main__":
    main()
