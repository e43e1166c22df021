"""
Derives the offence tables of the package from a gathered table of the three published lists.

    python scripts/build_offences.py OFFENCES.csv            writes
    src/nilreturn/offences/reference/ python scripts/build_offences.py OFFENCES.csv --check    exits
    1 when what is there differs

The input repeats titles of classes, acts and addresses on every row; the output says each once. It
is tidied as the published sheet needs: dates in four forms, labels that differ only in capitals or
spaces, rows without the subgroup or title that their class has. Every such repair is counted and
printed. `successions.csv`, `notes.csv` and `NOTICE` in the same folder are written by hand and not
touched. The Ministry's table, which nobody edits and of which little is read, is stored compressed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

REFERENCE = Path(__file__).parent.parent / "src" / "nilreturn" / "offences" / "reference"
KEYS = {"nol_2026_04": "nol", "moj_ho_code": "moj", "ons_class_2017_18": "ons"}
NAMES = {
    "nol": ("Notifiable Offence List", "Home Office", "Open Government Licence v3.0"),
    "moj": (
        "Home Office offence code table of the Manage Offences service",
        "Ministry of Justice",
        "MIT",
    ),
    "ons": (
        "Recorded crime classification",
        "Office for National Statistics",
        "Open Government Licence v3.0",
    ),
}
DATE_FORMS = ("%d-%b-%y", "%A, %B %d, %Y", "%d %B %Y", "%d/%m/%Y")

GENERIC = "generic parent code"
EXPIRED = "outcomes-only/expired"

Row = dict[str, str]
T = TypeVar("T", str, tuple[str, str])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("offences", type=Path, help="the gathered table, CSV in UTF-8")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when the tables differ"
    )
    arguments = parser.parse_args()
    with arguments.offences.open(encoding="utf-8", newline="") as file:
        rows = [
            {name: squeeze(value) for name, value in row.items()} for row in csv.DictReader(file)
        ]
    repairs: Counter[str] = Counter()
    different = []
    for name, table in build(rows, repairs).items():
        path = REFERENCE / name
        if path.exists() and plain(path) == table.encode():
            continue
        different.append(name)
        if not arguments.check:
            # Without the name and the time of the making in it, the same table is the same bytes.
            path.write_bytes(
                gzip.compress(table.encode(), mtime=0) if path.suffix == ".gz" else table.encode()
            )
    for repair, count in sorted(repairs.items()):
        print(f"{count:5}  {repair}")
    print("different: " + (", ".join(different) or "none"))
    return int(arguments.check and bool(different))


def plain(path: Path) -> bytes:
    stored = path.read_bytes()
    return gzip.decompress(stored) if path.suffix == ".gz" else stored


def build(rows: Sequence[Row], repairs: Counter[str]) -> dict[str, str]:
    """The package's tables by file name, as CSV text in a fixed order."""
    acts = numbered({row["act"] for row in rows} - {""})
    headings = numbered(
        {(row["class_title"], row["group"]) for row in rows if not row["class_code"]}
    )
    return {
        "sources.csv": sources(rows),
        "classes.csv": classes(rows, repairs),
        "acts.csv": written(("act", "name"), ((number, act) for act, number in acts.items())),
        "headings.csv": written(
            ("heading", "title", "group"), ((n, *names) for names, n in headings.items())
        ),
        "nol.csv": notifiable(of_source(rows, "nol"), acts, headings, repairs),
        "moj.csv.gz": ministry(of_source(rows, "moj"), of_source(rows, "nol"), headings),
    }


def numbered(things: Iterable[T]) -> dict[T, int]:
    return {thing: number for number, thing in enumerate(sorted(things), 1)}


def of_source(rows: Sequence[Row], source: str) -> list[Row]:
    """The source's rows by code; within a code in the published order."""
    return sorted(
        (row for row in rows if KEYS[row["kind"]] == source), key=lambda row: row["code_padded"]
    )


def sources(rows: Sequence[Row]) -> str:
    found = {KEYS[row["kind"]]: (row["vintage"], row["source_url"]) for row in rows}
    header = ("source", "name", "publisher", "vintage", "licence", "address")
    lines = ((key, *NAMES[key][:2], found[key][0], NAMES[key][2], found[key][1]) for key in NAMES)
    return written(header, lines)


def classes(rows: Sequence[Row], repairs: Counter[str]) -> str:
    """
    One line a class and source. Of several spellings and of several subgroups, the most used is the
    class's own.
    """
    seen: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["class_code"]:
            seen[KEYS[row["kind"]], row["class_code"]].append(row)
    spelling = spelt_alike(rows)
    lines = []
    for (source, class_code), members in seen.items():
        chosen = []
        for name in ("class_title", "group", "subgroup"):
            spellings = Counter(spelling[row[name].casefold()] for row in members if row[name])
            best = min(spellings, key=lambda label: (-spellings[label], label)) if spellings else ""
            if len(spellings) > 1 or (best and not all(row[name] for row in members)):
                repairs[f"{source} class {class_code}: {name} taken as {best!r}"] += (
                    len(members) - spellings[best]
                )
            chosen.append(best)
        lines.append(
            (source, class_code, *chosen, int(all(row["status"] == EXPIRED for row in members)))
        )
    order = {source: place for place, source in enumerate(NAMES)}
    lines.sort(key=lambda line: (order[str(line[0])], class_order(str(line[1]))))
    return written(("source", "class", "title", "group", "subgroup", "expired"), lines)


def spelt_alike(rows: Sequence[Row]) -> dict[str, str]:
    """For each label, casefolded, the spelling used most."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name in ("class_title", "group", "subgroup"):
            spellings[row[name].casefold()][row[name]] += 1
    return {
        folded: min(found, key=lambda label: (-found[label], label))
        for folded, found in spellings.items()
    }


def notifiable(
    rows: Sequence[Row],
    acts: dict[str, int],
    headings: dict[tuple[str, str], int],
    repairs: Counter[str],
) -> str:
    """
    The Notifiable Offence List, one line a published row. A row without a class keeps its heading
    instead.
    """
    header = (
        *("code", "class", "title", "act", "section", "mode", "most_years", "victim_or_state"),
        *("commenced_on", "ceased_on", "in_class_from", "moved_from", "heading", "comment"),
    )
    lines = []
    for row in rows:
        heading: int | str = ""
        if not row["class_code"]:
            repairs["nol: row without a class code"] += 1
            heading = headings[row["class_title"], row["group"]]
        lines.append(
            (
                *(
                    row["code_padded"],
                    row["class_code"],
                    row["title"],
                    acts.get(row["act"], ""),
                    row["section"],
                ),
                *(row["mode"], row["max_sentence"], row["victim_or_state"]),
                *(day(row["commencement"], repairs), day(row["cessation"], repairs)),
                *(in_class_from(row), moved_from(row), heading, row["comment"]),
            )
        )
    return written(header, lines)


def ministry(
    rows: Sequence[Row], listed: Sequence[Row], headings: dict[tuple[str, str], int]
) -> str:
    """
    The Ministry of Justice's table. Its title is left out where the Notifiable Offence List has the
    code: the list governs how forces record, and the second wording would be a quarter of all that
    is stored.
    """
    codes = {row["code_padded"] for row in listed}
    lines = (
        (
            *(row["code_padded"], headings[row["class_title"], row["group"]]),
            *("" if row["code_padded"] in codes else row["title"], int(row["status"] == GENERIC)),
        )
        for row in rows
    )
    return written(("code", "heading", "title", "generic"), lines)


def day(text: str, repairs: Counter[str]) -> str:
    """
    ISO, or nothing for a blank and for "TBC". Two-digit years of the sheet are all of this
    century's or last one's end.

    >>> [day(text, Counter()) for text in ("3-Apr-17", "Tuesday, December 29, 2015", "14/11/2016",
    ...     "TBC", "")]
    ['2017-04-03', '2015-12-29', '2016-11-14', '', '']
    """
    if not text:
        return ""
    for form in DATE_FORMS:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if form != "%d-%b-%y":
            repairs["date not written as most are"] += 1
        # strptime reads 69 to 99 as 1969 to 1999 and the rest as of 2000, which is right for a list
        # of 2026.
        return found.isoformat()
    if text.casefold() == "tbc":
        repairs["date to be confirmed: taken as unknown"] += 1
        return ""
    raise SystemExit(f"build_offences: no date form fits {text!r}; add the form to DATE_FORMS")


ENTERED = re.compile(
    r"(?P<month>[A-Z][a-z]{2}-\d\d) "
    r"(?:Moved from class|New (?:offence|separate) class|Offence (?:included in new|code added to) "
    r"(?P<into>\w+))",
    re.IGNORECASE,
)


def in_class_from(row: Row) -> str:
    """
    The first day on which a code was counted in its class, where the sheet's comment tells: a class
    made anew, or a code moved into it. "Included in new 8S" stands on rows of other classes too; it
    dates only those of class 8S.

    >>> in_class_from({"comment": "Jul-19 Moved from classification 99", "class_code": "8N"})
    '2019-07-01'
    >>> in_class_from({"comment": "Nov-25 Offence included in new 8S Category", "class_code": "5D"})
    ''
    """
    found = ENTERED.match(row["comment"])
    if not found or found["into"] not in (None, row["class_code"]):
        return ""
    return datetime.strptime(found["month"], "%b-%y").date().isoformat()


def moved_from(row: Row) -> str:
    """
    The class a code was counted in before.

    >>> moved_from({"comment": "Jul-19 Moved from classification 99", "class_code": "8N"})
    '99'
    """
    found = re.match(r"[A-Z][a-z]{2}-\d\d Moved from class(?:ification)? (\w+)", row["comment"])
    return found[1] if found else ""


def class_order(class_code: str) -> tuple[object, ...]:
    """Numbers as numbers: 8N before 10A, 4/2 before 4/10, lettered bodies (NFIB) last."""
    parts = re.findall(r"\d+|[A-Z]+", class_code)
    return (
        not class_code[0].isdigit(),
        *((part.isalpha(), int(part) if part.isdigit() else 0, part) for part in parts),
    )


def squeeze(text: str) -> str:
    return " ".join(text.split())


def written(header: Iterable[str], lines: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
