"""The grounds of refusal as data: what each is, and how a written reference finds it."""

from __future__ import annotations

import pytest

from nilreturn.foi import Ground, Kind, Need, Standing, cite, cite_denial, grounds
from nilreturn.foi.exemptions import read_grounds

ABSOLUTE = {"21", "23", "32", "34", "40(1)", "41", "44"}
QUALIFIED = {
    *("22", "22A", "24", "26", "27", "28", "29", "30", "31", "33", "35", "37", "38", "39", "42"),
    *("43(1)", "43(2)"),
}
PARTLY = {"36", "40(2)"}  # by who holds it; by the principle that would be contravened
PREJUDICE = {"22A", "24", "26", "27", "28", "29", "31", "33", "36", "38", "43(2)"}


def of(standing: Standing) -> set[str]:
    return {ground.section for ground in grounds() if ground.standing is standing}


def test_every_exemption_of_part_two_is_there_with_its_standing() -> None:
    assert of(Standing.ABSOLUTE) == ABSOLUTE
    assert of(Standing.QUALIFIED) == QUALIFIED
    assert of(Standing.PARTLY) == PARTLY
    assert of(Standing.NONE) == {"12(1)", "12(2)", "14(1)", "14(2)"}


def test_prejudice_or_class() -> None:
    exempting = [ground for ground in grounds() if ground.is_exemption]
    assert {ground.section for ground in exempting if ground.kind is Kind.PREJUDICE} == PREJUDICE
    assert {ground.kind for ground in exempting} == {Kind.PREJUDICE, Kind.CLASS}


@pytest.mark.parametrize("ground", grounds(), ids=lambda ground: ground.section)
def test_each_can_be_stated_and_says_what_a_refusal_needs(ground: Ground) -> None:
    assert ground.title
    assert all(text.endswith(".") for text in ground.text)
    assert Need.REASON in ground.needs
    tested = ground.section in {*QUALIFIED, "36"}
    assert ground.has_public_interest_test is tested
    assert cite(ground.section).ground is ground


@pytest.mark.parametrize(
    ("written", "key", "about"),
    [
        ("s31(1)(a)", "s31(1)(a)", "the prevention or detection of crime"),
        ("Section 31 (1) (A)", "s31(1)(a)", "the prevention or detection of crime"),
        ("31", "s31", ""),
        ("s.40(2)", "s40(2)", ""),
        (
            "s30(1)(a)(ii)",
            "s30(1)(a)(ii)",
            "an investigation of whether a person",
        ),
        ("22a", "s22A", ""),
        ("sec 44(1)", "s44(1)", "a prohibition on disclosure"),
        ("s12(1)", "s12(1)", ""),
    ],
)
def test_a_reference_is_found_in_its_usual_spellings(written: str, key: str, about: str) -> None:
    found = cite(written)
    assert found.key == key
    assert found.about.startswith(about)
    assert bool(found.about) is bool(about)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("s45", "no exemption 's45'"),
        ("s12", r"write s12\(1\) or s12\(2\)"),
        ("40", r"write s40\(1\) or s40\(2\)"),
        ("s43", r"write s43\(1\) or s43\(2\)"),
        ("s31(7)(z)", r"section 31 has no '\(7\)\(z\)'"),
        ("s31(1)(iv)", r"section 31 has no '\(1\)\(iv\)'"),
        ("s30(3)", "neither confirmed nor denied"),
        ("s40(5B)(a)(i)", "neither confirmed nor denied"),
        ("personal data", "is not a section of the Act"),
        ("s31(1", "is not a section of the Act"),
        ("s\u0663\u0661", "is not a section of the Act"),
        ("", "is not a section of the Act"),
    ],
)
def test_a_reference_that_names_no_ground_is_told(written: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cite(written)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("s30(3)", "s30(3)"),
        ("s30", "s30(3)"),
        ("s40(2)", "s40(5)"),
        ("40", "s40(5)"),
        ("s40(5B)(a)(i)", "s40(5B)(a)(i)"),
        ("23(5)", "s23(5)"),
        ("s44(2)", "s44(2)"),
    ],
)
def test_neither_confirm_nor_deny_is_found_by_its_subsection_or_section(
    written: str, key: str
) -> None:
    assert cite_denial(written).key == key


@pytest.mark.parametrize("written", ["s21", "s12(1)", "s31(1)(a)", "s99"])
def test_what_lets_nobody_neither_confirm_nor_deny_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="does not let an authority neither confirm nor deny"):
        cite_denial(written)


ENTRY = {
    "section": "99",
    "title": "Nothing",
    "standing": "absolute",
    "kind": "class",
    "needs": ["reason"],
    "text": ["It is exempt."],
}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"standing": "certain"}, "certain"),
        ({"kind": "usual"}, "usual"),
        ({"needs": ["luck", "reason"]}, "luck"),
        ({"needs": []}, "needs no reason"),
        ({"text": []}, "has no text"),
        ({"standing": "qualified"}, "qualified without a test"),
        ({"standing": "partly"}, "on what does it depend"),
        ({"colour": "red"}, "unknown settings colour"),
        ({"title": None}, "lacks 'title'"),
    ],
)
def test_data_that_is_not_as_it_must_be_is_refused(changes: dict[str, object], says: str) -> None:
    entry = {key: value for key, value in {**ENTRY, **changes}.items() if value is not None}
    with pytest.raises(ValueError, match=says):
        read_grounds([entry])


def test_a_section_that_is_there_twice_is_refused() -> None:
    assert read_grounds([ENTRY])[0].section == "99"
    with pytest.raises(ValueError, match="twice"):
        read_grounds([ENTRY, ENTRY])
