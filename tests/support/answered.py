"""
A request answered from start to end out of records made here: report, import, answer, and the
release folder.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nilreturn.disclosure.register import new_register
from nilreturn.periods import Period
from nilreturn.sources import import_extract, mapping_named
from nilreturn.workflow import Answered, AnswerFiles, answer
from tests.support.asked import Asked, Crime, label_of
from tests.support.attacker.trial import strictest

AS_AT = date(2021, 6, 14)
OFFENCE = "71/17"
# How each platform is named in the free text: as it is written, and in another spelling.
SPELLINGS = {
    "WhatsApp": ("whatsapp", "watsap"),
    "Snapchat": ("snapchat", "snapchta"),
    "Tinder": ("tinder", "tindr"),
    "Facebook": ("Facebook", "facebok"),
    "Kik": ("kik", "kik"),
}
AUTHORITY = """\
name = "Example Constabulary"
department = "Information Unit"
address = ["1 Example Street"]
email = "foi@constabulary.example"
"""


@dataclass(frozen=True)
class Force:
    """A force's extract and its rule; its answers lie side by side in `folder`."""

    folder: Path
    extract: Path
    policy: Path
    authority: Path

    def answer(
        self,
        reference: str,
        asked: Sequence[Asked | dict[str, Any]],
        *,
        register: bool = False,
        formats: str = "",
    ) -> Answered:
        """
        Answer a request. With `register`, beside all answers that were entered in it, and entered
        in it.
        """
        questions = [_question(each) if isinstance(each, Asked) else each for each in asked]
        request = self.folder / f"{reference}.yaml"
        request.write_text(
            json.dumps(
                {
                    "reference": reference,
                    "force": "Example Constabulary",
                    "received_on": "2021-06-01",
                    "replied_on": "2021-06-29",
                    "questions": questions,
                }
            ),
            encoding="utf-8",
        )
        answers = self.folder / "answers"
        answers.mkdir(exist_ok=True)
        if register and not (self.folder / "register").exists():
            new_register(self.folder / "register")
        wanted = AnswerFiles(
            request,
            self.extract,
            self.policy,
            self.authority,
            register=self.folder / "register" if register else None,
            engine="reference",
            formats=tuple(filter(None, formats.split(","))),
        )
        return answer(wanted, answers / reference)


def force(folder: Path, crimes: Sequence[Crime], *, threshold: int, **policy: Any) -> Force:
    """
    A force that has recorded these crimes, with a policy of this threshold; zeros are printed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report.csv"
    write_report(report, crimes)
    extract = import_extract(
        [report],
        mapping=mapping_named("connect"),
        to=folder / "extract",
        as_at=AS_AT,
        covers={"": Period(date(2010, 1, 1), AS_AT)},
    )
    rules = strictest(threshold) | policy
    (folder / "policy.yaml").write_text(json.dumps(rules), encoding="utf-8")
    (folder / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    return Force(folder, extract.folder, folder / "policy.yaml", folder / "authority.toml")


def write_report(path: Path, crimes: Sequence[Crime]) -> None:
    """The records as a records system reports them, one row a crime and victim."""
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, _HEADINGS)
        writer.writeheader()
        for number, crime in enumerate(crimes, 1):
            day = crime.day.strftime("%d/%m/%Y")
            row = {
                "Crime Reference": f"42/{number:06}/20",
                "Recorded Date": day,
                "Committed From Date": day,
                "HO Code": OFFENCE,
                "HO Class": "88A",
                "Crime Status": "Recorded",
                "LPA": crime.area,
                "Online Crime Indicator": {"Yes": "Y", "No": "N"}.get(crime.online, ""),
                "Initial MO": text_of(crime),
            }
            for place, victim in enumerate(crime.victims):
                age = "" if victim.age is None else victim.age
                of_victim = {
                    "Victim Reference": f"V{number}-{place}",
                    "Victim Age": age,
                    "Victim Sex": victim.sex,
                }
                writer.writerow({**row, **of_victim, "Victim Type": "Person"})
            if not crime.victims:
                writer.writerow(row)


_HEADINGS = (
    "Crime Reference", "Recorded Date", "Committed From Date", "HO Code", "HO Class",
    "Crime Status", "LPA", "Online Crime Indicator", "Initial MO", "Victim Reference",
    "Victim Age", "Victim Sex", "Victim Type",
)  # fmt: skip


def text_of(crime: Crime) -> str:
    named = [SPELLINGS[word][0 if written else 1] for word, written in crime.names]
    return (
        f"Messages received on {' and on '.join(named)}." if named else "Report made by a parent."
    )


def _question(asked: Asked) -> dict[str, Any]:
    first, last = asked.period
    filters: dict[str, Any] = {"offences": OFFENCE, "period": f"{first} to {last}"}
    filters |= {"area": list(asked.areas)} if asked.areas else {}
    filters |= {"sex": list(asked.sexes)} if asked.sexes else {}
    filters |= {"age": label_of(asked.ages)} if asked.ages else {}
    question: dict[str, Any] = {
        "number": int(asked.number),
        "words": "How many?",
        "unit": asked.unit,
    }
    question["filters"] = filters
    names: dict[str, Any] = {
        "month": {"month": "recorded_on"},
        "age": {"age": [label_of(band) for band in asked.bands]},
    }
    if asked.by:
        question["breakdowns"] = [names.get(name, name) for name in asked.by]
    if asked.keywords:
        question["mentions"] = list(asked.keywords)
    return question
