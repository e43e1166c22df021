"""A refusal, as a user meets it: the questions that clash by their numbers, and what would help."""

import csv
from datetime import date
from pathlib import Path

import pytest

from nilreturn.disclosure.register import add, new_register
from tests.support.command_line import Done, nilreturn

HEADERS = (
    *(
        "Crime Reference",
        "Force",
        "Recorded Date",
        "Reported Date",
        "Committed From Date",
        "Committed To Date",
    ),
    *(
        "HO Code",
        "HO Class",
        "Crime Status",
        "Cancel Code",
        "Outcome",
        "LPA",
        "Beat",
        "Online Crime Indicator",
    ),
    *("Domestic Abuse Flag", "Hate Crime Flag", "Knife Flag", "Initial MO"),
    *("Victim Reference", "Victim Age", "Victim DOB", "Victim Sex", "Victim Type"),
)
AUTHORITY = (
    'name = "Example"\ndepartment = "FOI"\naddress = ["1 A Street"]\n'
    'email = "foi@example.example"\n'
)
REQUEST = """\
reference: "{reference}"
force: Example
received_on: 2021-06-01
replied_on: 2021-06-20
questions:
- {{number: 1, words: w, unit: victims, filters: {{offences: 71/17, period: 2020/21}}, \
breakdowns: [{by}]}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two victims in LPA 1, a girl and a boy; thirty in LPA 2."""
    folder = tmp_path_factory.mktemp("refusal")
    places = [
        ("LPA 1", "Female"),
        ("LPA 1", "Male"),
        *[("LPA 2", "Female")] * 16,
        *[("LPA 2", "Male")] * 14,
    ]
    with (folder / "report.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, HEADERS)
        rows.writeheader()
        for number, (place, sex) in enumerate(places, 1):
            day = dict.fromkeys(HEADERS[2:5], "05/01/2021")
            fixed = {
                "HO Code": "71/17",
                "HO Class": "88A",
                "Crime Status": "Recorded",
                "Victim Type": "Person",
            }
            own = {
                "Crime Reference": f"42/{number:06}/20",
                "LPA": place,
                "Victim Reference": f"V{number}",
            }
            rows.writerow({**day, **fixed, **own, "Victim Age": "14", "Victim Sex": sex})
    (folder / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    imported = ("--mapping", "connect", "--to", "extract", "--as-at", "2021-06-01")
    assert nilreturn("import", "report.csv", *imported, cwd=folder).returncode == 0
    return folder


def answer(folder: Path, reference: str, by: str, policy: str, *options: str) -> Done:
    (folder / f"{reference}.yaml").write_text(
        REQUEST.format(reference=reference, by=by), encoding="utf-8"
    )
    files = (
        "--extract",
        "extract",
        "--authority",
        "authority.toml",
        "--policy",
        policy,
        "--to",
        reference,
    )
    return nilreturn("answer", f"{reference}.yaml", *files, *options, cwd=folder)


def test_a_refusal_names_the_question_and_which_merge_would_be_safe(folder):
    """
    The first answer printed that there are 2 in LPA 1: one girl and one boy follow, whatever is
    hidden now.
    """
    first = answer(folder, "F1", "area", "ordinary-crime")
    assert first.returncode == 0, first.stderr
    new_register(folder / "register")
    add(folder / "F1", folder / "register", on=date(2021, 6, 29))
    refused = answer(
        folder, "F2", "area, sex", "sexual-offences-and-children", "--register", "register"
    )
    assert refused.returncode == 10, refused.stdout + refused.stderr
    message, *details = refused.stderr.splitlines()
    assert message.startswith("nilreturn: nothing is released: ")
    assert "Traceback" not in refused.stderr
    assert any(detail.startswith("  question 1: LPA 1 / Female") for detail in details)
    assert not any("q1" in line for line in (message, *details))
    assert any("would be safe" in detail for detail in details)
    assert not (folder / "F2").exists()
