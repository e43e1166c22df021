import csv
from pathlib import Path

import pytest

from nilreturn.errors import OffenceError
from nilreturn.offences import normalise, offence, offence_class, readings, table

SHARED = Path(__file__).parents[4] / "shared" / "domain" / "code_vectors.csv"

WRITTEN = {
    "071/17": "code:071/17",
    "71/17": "code:071/17",
    "7117": "code:071/17",
    "07117": "code:071/17",
    "71.17": "code:071/17",
    "HO code 71/17": "code:071/17",
    "Home Office code: 71/17": "code:071/17",
    "88A": "class:88A",
    "88a": "class:88A",
    "088A": "class:88A",
    "HO code 88A": "class:88A",
    "class 88A": "class:88A",
    "88/1": "code:088/01",
    "4.10": "class:4/10 | code:004/10",
    "4/10": "class:4/10 | code:004/10",
    "class 4/10": "class:4/10",
    "004/10": "code:004/10",
    # A dot and one digit: a spreadsheet may have dropped a zero, so never a code.
    "4.1": "class:4/1",
    "37.2": "class:37/2",
    "37/2": "class:37/2 | code:037/02",
    "802": "class:802 | code:008/02",
    "814": "class:814 | code:008/14",
    "104": "class:104",
    "nfib50": "class:NFIB50",
    "71": "class:71",
    "1": "class:1",
    "008/71": "code:008/71",
    "99/99": "code:099/99",
    "10/01": "",
    "999/99": "",
    "abc": "",
    "": "",
}


def spelt(text: str) -> str:
    return " | ".join(f"{reading.kind}:{reading.code}" for reading in readings(text))


@pytest.mark.parametrize("text", WRITTEN)
def test_readings_of_what_people_write(text):
    assert spelt(text) == WRITTEN[text]


def test_readings_agree_with_the_gathered_vectors():
    if not SHARED.exists():
        pytest.skip(f"no {SHARED.name} beside this repository")
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["input"]: spelt(row["input"]) for row in rows} == {
        row["input"]: row["readings"] for row in rows
    }


def test_every_code_reads_as_itself():
    assert {code: spelt(code) for code in table().entries} == {
        code: f"code:{code}" for code in table().entries
    }


def test_every_class_can_be_named_without_doubt():
    assert all(spelt(f"class {name}") == f"class:{name}" for name in table().labels)


def test_an_ambiguous_text_is_refused_naming_its_readings():
    with pytest.raises(OffenceError) as caught:
        normalise("802")
    assert str(caught.value) == (
        "'802' may mean class 802 (Dangerous Driving) or code 008/02 "
        "(Administering poison with intent to injure or annoy); write 'class 802' or '008/02'"
    )


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("071/18", "'071/17'"),
        ("7118", "'071/17'"),
        ("88F", "'88E'"),
        ("71.1", "'071/10' or '071/01'"),  # 71.10 as a number, or 71/1 with a dot
        ("Aug-71", "was it 008/71?"),
        ("04-Oct", "was it 004/10?"),
        ("grooming", "write a code like '071/17'"),
    ],
)
def test_an_unknown_text_is_refused_naming_what_is_near(text, near):
    with pytest.raises(OffenceError) as caught:
        normalise(text)
    assert near in str(caught.value)


def test_a_long_text_is_not_quoted_whole():
    with pytest.raises(OffenceError) as caught:
        normalise("free text of a record " * 50)
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize("number", [71.17, 7117, 4.1, True, None])
def test_a_number_is_refused(number):
    with pytest.raises(OffenceError, match="as text, in quotes"):
        readings(number)


def test_a_class_is_no_offence_and_a_code_no_class():
    with pytest.raises(
        OffenceError, match="'88A' is an offence class; write one of its codes, such as '071/17'"
    ):
        offence("88A")
    with pytest.raises(OffenceError, match="'071/17' is an offence code; its class is '88A'"):
        offence_class("71/17")


def test_the_exact_form_of_a_class_is_the_class():
    assert offence_class("802").code == "802"
    assert offence_class("4.10").code == "4/10"
