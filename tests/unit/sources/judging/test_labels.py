"""Which columns of a source's own may head the rows of a released table."""

import pytest

from nilreturn.sources.judging.labels import MOST_VALUES, doubt


@pytest.mark.parametrize(
    "texts",
    [
        {"Shoplifting": 40, "Criminal damage and arson": 30, "Violence and sexual offences": 1},
        {"On or near Supermarket": 20, "On or near Parking Area": 12},
        {
            "Police search (including PACE 1984, s. 1)": 9,
            "Misuse of Drugs Act 1971 (section 23)": 90,
        },
        {"S.18 Wounding": 6, "8N": 3, "105A": 5},
        {"E01010618": 5, "E01010619": 9},
        {"St Mary's": 5, "Castle Hill": 7, "No. 2 Area": 5},
        {f"Ward {number}": 3 for number in range(250)},
        {"18-24": 5, "over 34": 6, "10-17": 20},
        {"Rape of a child under 13. Several offenders": 9, "Other offences.": 8},
        {"one": 1, "two": 1},
    ],
)
def test_categories_are_open(texts: dict[str, int]) -> None:
    assert doubt(texts) is None


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        ({"High St": 30, "7 Mill Lane": 2}, "addresses"),
        ({"Flat 3": 30}, "addresses"),
        ({"Leeds": 20, "LS1 4AP": 4}, "postcodes"),
        ({"none": 20, "07700 900123": 2}, "telephone"),
        ({"none": 20, "someone@example.org": 2}, "e-mail"),
        ({"none": 30, "Mr Example": 3}, "names"),
        ({"none": 30, "J. Example of the garage": 3}, "names"),
        ({"EXAMPLE, Alex": 5}, "names"),
        ({f"value {number}": 5 for number in range(MOST_VALUES + 1)}, "different values"),
        ({"Common": 20, **{f"Rare v{number}": 1 for number in range(6)}}, "one row only"),
    ],
)
def test_what_may_be_about_a_person_is_told(texts: dict[str, int], kind: str) -> None:
    found = doubt(texts)
    assert found is not None
    assert kind in found
    assert not any(text in found for text in texts)
