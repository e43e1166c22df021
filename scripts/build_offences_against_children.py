"""
Write the list of offences whose victim is a child by the offence's own definition, from the
reference tables.

    python scripts/build_offences_against_children.py

Sexual Offences Act 2003 only. Indecent images are left out: they are offences against the state and
record no victim.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from nilreturn.offences import Entry, table

TARGET = Path(__file__).parent.parent / "src/nilreturn/data_quality/offences_against_children.csv"
ACT = "Sexual Offences Act 2003"


# By section, the age under which the Act's offence has a child for a victim.
LIMITS = {
    **dict.fromkeys(("5", "6", "7", "8"), 13),
    **dict.fromkeys(("9", "10", "11", "12", "13", "14", "15", "15A"), 16),
    **dict.fromkeys(("16", "17", "18", "19", "25", "26", "47", "48", "49", "50"), 18),
}


def limit(entry: Entry) -> int | None:
    """
    The age under which the victim is a child to this offence, or None where it is no offence
    against children.
    """
    if entry.source.key != "nol" or entry.act != ACT:
        return None
    # The title narrows the section ("family member - victim under 13"), and tells a rape of a child
    # (section 1).
    named = re.search(r"(?:aged|child|male|victim) under (13|16)", entry.title, re.IGNORECASE)
    if named:
        return int(named[1])
    section = re.search(r"\d+[A-Z]?", entry.section)
    return LIMITS.get(section[0]) if section else None


def main() -> None:
    found: dict[str, tuple[int, Entry]] = {}
    for code, entries in table().entries.items():
        limits = [(age, entry) for entry in entries if (age := limit(entry)) is not None]
        # A code shared with an offence that is not against children says nothing of the victim's
        # age.
        notifiable = [entry for entry in entries if entry.source.key == "nol"]
        if limits and len(limits) == len(notifiable):
            found[code] = max(limits, key=lambda pair: pair[0])
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "child_under", "title", "act", "section", "source"))
        for code, (age, entry) in sorted(found.items()):
            writer.writerow((code, age, entry.title, entry.act, entry.section, str(entry.source)))
    print(f"{len(found)} offences to {TARGET}")


if __name__ == "__main__":
    main()
