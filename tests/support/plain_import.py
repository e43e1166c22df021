"""
An importer in plain loops for reports of one shape: the oracle of the real one. What each text
means is a table here; what becomes of rows, crimes and victims is worked out row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

HEADERS = (
    "Ref",
    "Recorded",
    "Committed",
    "Code",
    "Status",
    "Area",
    "Online",
    "Person",
    "Age",
    "Born",
    "Sex",
)
MAPPING = """
    name = "drawn"
    description = "A drawn report"
    row = "crime and victim"
    [columns]
    "crime.crime_ref" = { headers = ["Ref"], required = true }
    "crime.recorded_on" = { headers = ["Recorded"], required = true }
    "crime.committed_from" = { headers = ["Committed"] }
    "crime.offence_code" = { headers = ["Code"], required = true }
    "crime.status".headers = ["Status"]
    "crime.status".when_blank = "Recorded"
    "crime.status".values = { "no crime" = "Cancelled" }
    "crime.area" = { headers = ["Area"] }
    "crime.online_flag" = { headers = ["Online"] }
    "victim.victim_key" = { headers = ["Person"] }
    "victim.age" = { headers = ["Age"] }
    "victim.date_of_birth" = { headers = ["Born"] }
    "victim.sex" = { headers = ["Sex"] }
"""
AS_AT = date(2021, 6, 29)
NOTHING = ("", " ", "NULL", "n/a")
ERROR = (None, "spreadsheet_error")
_DAYS: dict[str, tuple[Any, str | None]] = {
    "01/07/2020": (date(2020, 7, 1), None),
    "2020-06-30 23:59": (date(2020, 6, 30), None),
    "13-Jun-2020": (date(2020, 6, 13), None),
    "01/01/1900": (None, "default_date"),
    "31/02/2020": (None, "not_a_date"),
    "03/07/20": (None, "two_digit_year"),
    "30/06/2021": (None, "date_in_future"),
    "unknown": (None, None),
    "#REF!": ERROR,
}
_BIRTHS: dict[str, tuple[Any, str | None]] = {
    "30/06/2006": (date(2006, 6, 30), None),
    "29/02/2004": (date(2004, 2, 29), None),
    "01/07/2020": (date(2020, 7, 1), None),
    "02/01/1900": (date(1900, 1, 2), None),
    "soon": (None, "not_a_date"),
}
# By header, what each text means: its value and the rule it breaks.
MEANINGS: dict[str, dict[str, tuple[Any, str | None]]] = {
    "Ref": {
        "A1": ("A1", None),
        "A2": ("A2", None),
        " A3 ": ("A3", None),
        "x" * 65: (None, "bad_reference"),
    },
    "Recorded": _DAYS,
    "Committed": _DAYS,
    "Code": {
        "71/17": ("071/17", None),
        "07117": ("071/17", None),
        "8/77": ("008/77", None),
        "Aug-71": ("008/71", "offence_changed"),
        "71/17; 8/6": (None, "several_offences"),
        "nonsense": (None, "unknown_offence"),
        "#N/A": ERROR,
    },
    "Status": {
        "recorded": ("Recorded", None),
        "No Crime": ("Cancelled", None),
        "Transferred": ("Transferred", None),
    },
    "Area": {
        "North": ("North", None),
        " No\u00adrth": ("North", None),
        "x" * 201: (None, "too_long"),
        "#N/A": ERROR,
    },
    "Online": {
        "Y": ("Yes", None),
        "no": ("No", None),
        "perhaps": ("Not recorded", "unknown_value"),
    },
    "Person": {"V1": ("V1", None), "V2": ("V2", None)},
    "Age": {
        "14": (14, None),
        "-1": (None, "age_stands_for_unknown"),
        "-2": (None, "age_negative"),
        "120": (None, "age_too_high"),
        "14.5": (None, "not_an_age"),
    },
    "Born": _BIRTHS,
    "Sex": {"F": ("Female", None), "unknown": ("Unknown", None), "?": (None, "unknown_value")},
}
_VARIABLES = {
    "Recorded": "crime.recorded_on",
    "Committed": "crime.committed_from",
    "Code": "crime.offence_code",
    "Status": "crime.status",
    "Area": "crime.area",
    "Online": "crime.online_flag",
    "Age": "victim.age",
    "Born": "victim.date_of_birth",
    "Sex": "victim.sex",
}
_ONE_CLASS = {"071/17": "88A", "008/71": "8S"}

Row = Sequence[str]


@dataclass
class Imported:
    crimes: list[dict[str, Any]] = field(default_factory=list)
    victims: list[dict[str, Any]] = field(default_factory=list)
    faults: set[tuple[int, str | None, str]] = field(default_factory=set)  # row, column and rule
    kept: int = 0


def import_plainly(rows: Sequence[Row], one_class: dict[str, str]) -> Imported:
    """
    `one_class` has the class of each code that is in one alone. A row's number is its place, the
    first being 2.
    """
    result = Imported()
    records = []
    for number, row in enumerate(rows, 2):
        said = {
            header: text for header, text in zip(HEADERS, row, strict=True) if text not in NOTHING
        }
        rule = _no_record(row, said)
        if rule:
            result.faults.add((number, None, rule))
        else:
            records.append((number, _read(number, said, one_class, result)))
    last = max((number for number, _ in records), default=0)
    for number, where, rule in list(result.faults):
        if rule == "note_below" and number < last:
            result.faults.remove((number, where, rule))
            result.faults.add((number, None, "required_missing"))
    _group(records, result)
    return result


def _no_record(row: Row, said: dict[str, str]) -> str | None:
    if tuple(row) == HEADERS:
        return "repeated_header"
    if not said:
        return "empty_row"
    if "Recorded" not in said and "Code" not in said:
        if "Total" in said.values():
            return "total_row"
        return (
            "note_below"
            if len(said) == 1 and next(iter(said.values())).startswith("Source: ")
            else "required_missing"
        )
    if "Ref" not in said:
        return "no_reference"
    return MEANINGS["Ref"][said["Ref"]][1]


def _read(
    number: int, said: dict[str, str], one_class: dict[str, str], result: Imported
) -> dict[str, Any]:
    record: dict[str, Any] = {"said": said, "Status": "Recorded", "Online": "Not recorded"}
    for header, text in said.items():
        value, fault = MEANINGS[header][text]
        record[header] = value
        if fault and header != "Born":
            result.faults.add((number, _VARIABLES[header], fault))
    recorded, committed = record.get("Recorded"), record.get("Committed")
    if recorded and committed and recorded < committed:
        result.faults.add((number, "crime.recorded_on", "earlier_than_possible"))
    record["class"] = one_class.get(record.get("Code") or "")
    if record.get("Code") and not record["class"]:
        result.faults.add((number, "crime.offence_class", "class_not_given"))
    _work_out_age(number, record, committed, result)
    stands_for_nothing = said.get("Age") == "-1"
    record["has_victim"] = bool(
        said.keys() & {"Person", "Born", "Sex"} or ("Age" in said and not stands_for_nothing)
    )
    return record


def _work_out_age(
    number: int, record: dict[str, Any], committed: date | None, result: Imported
) -> None:
    age, born = record.get("Age"), record.get("Born")
    record["basis"] = "Not recorded" if age is None else "As recorded"
    fault = MEANINGS["Born"][record["said"]["Born"]][1] if "Born" in record["said"] else None
    if born and committed:
        years = (
            committed.year - born.year - ((committed.month, committed.day) < (born.month, born.day))
        )
        if born > committed:
            fault = "born_after_offence"
        elif years > 119:
            fault = "age_too_high"
        else:
            age, record["basis"] = years, "Date of birth"
    elif born and age is None:
        fault = "no_offence_date"
    record["age"] = age
    if fault:
        result.faults.add((number, "victim.date_of_birth", fault))


def _group(records: list[tuple[int, dict[str, Any]]], result: Imported) -> None:
    crimes: dict[str, tuple[dict[str, Any], list[dict[str, Any]], set[str]]] = {}
    for number, record in records:
        reference = record["Ref"]
        result.kept += 1
        if reference not in crimes:
            crimes[reference] = (record, [], set())
            names = {"crime_ref": "Ref", "recorded_on": "Recorded", "committed_from": "Committed"}
            names |= {
                "offence_code": "Code",
                "offence_class": "class",
                "status": "Status",
                "area": "Area",
            }
            names |= {"online_flag": "Online"}
            result.crimes.append({name: record.get(key) for name, key in names.items()})
        first, before, people = crimes[reference]
        for header, variable in _VARIABLES.items():
            if variable.startswith("crime.") and record.get(header) != first.get(header):
                result.faults.add((number, variable, "differs_within_crime"))
        person = record.get("Person")
        if person in people and person is not None:
            result.faults.add((number, None, "repeated_victim"))
            result.kept -= 1
            before.append(record)
            continue
        if any(_trimmed(other) == _trimmed(record) for other in before):
            result.faults.add((number, None, "repeated_row"))
        before.append(record)
        if person is not None:
            people.add(person)
        if record["has_victim"]:
            order = 1 + sum(victim["crime_ref"] == reference for victim in result.victims)
            sex = record.get("Sex")
            result.victims.append(
                {
                    "crime_ref": reference,
                    "victim_no": order,
                    "age": record["age"],
                    "age_basis": record["basis"],
                    "sex": sex,
                }
            )


def _trimmed(record: dict[str, Any]) -> dict[str, str]:
    """The texts of a row, a reference and a person's without white space around them."""
    return {
        header: text.strip() if header in ("Ref", "Person") else text
        for header, text in record["said"].items()
    }
