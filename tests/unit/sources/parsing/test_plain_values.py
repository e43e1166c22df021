"""
Numbers, amounts, times and outcome types as sources write them; nothing rounded and nothing
guessed.
"""

import pytest

from nilreturn.sources.parsing import (
    Meaning,
    amount_reader,
    number_reader,
    outcome_type_reader,
    time_reader,
)

UNKNOWN = frozenset(("unknown",))


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("12", 12), ("1,234", 1234), ("3.0", 3), ("007", 7), ("1000000000", 1_000_000_000)],
)
def test_whole_numbers(text: str, value: int) -> None:
    assert number_reader(UNKNOWN)(text) == Meaning(value)


@pytest.mark.parametrize(
    "text", ["-1", "2.5", "1,23", "1e3", "two", "1000000001", "٥", "1 234", ""]
)
def test_what_is_no_whole_number_is_listed(text: str) -> None:
    assert number_reader(UNKNOWN)(text) == Meaning(None, "not_a_number")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", "5.00"),
        ("£5", "5.00"),
        ("£1,234.5", "1234.50"),
        ("0.99", "0.99"),
        ("GBP 20.00", "20.00"),
        ("7.1000", "7.10"),
    ],
)
def test_amounts(text: str, value: str) -> None:
    assert amount_reader(UNKNOWN)(text) == Meaning(value)


@pytest.mark.parametrize("text", ["-5", "5.001", "$5", "5k", "1.234,50", "£", "9" * 13])
def test_what_is_no_amount_is_listed(text: str) -> None:
    assert amount_reader(UNKNOWN)(text) == Meaning(None, "not_an_amount")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("00:05", 5),
        ("9:30", 570),
        ("23:59:59", 1439),
        ("01/07/2024 14:10", 850),
        ("2024-07-01T14:10:00", 850),
        ("2024-07-01T14:10:00+00:00", 910),  # British Summer Time
        ("2024-01-01 00:05:00Z", 5),
    ],
)
def test_times(text: str, minutes: int) -> None:
    assert time_reader(UNKNOWN)(text) == Meaning(minutes)


@pytest.mark.parametrize(
    "text", ["24:00", "9.30", "noon", "01/07/2024", "12:60", "2024-99-01T00:00:00Z"]
)
def test_what_is_no_time_is_listed(text: str) -> None:
    assert time_reader(UNKNOWN)(text) == Meaning(None, "not_a_time")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14", "14"),
        ("01", "1"),
        ("1a", "1A"),
        ("15 B", "15B"),
        ("Type 14", "14"),
        ("Outcome Type 2A: caution", "2A"),
        ("18 - Investigation complete", "18"),
        ("0", "0"),
        ("charge", "1"),
    ],
)
def test_outcome_types(text: str, value: str) -> None:
    assert outcome_type_reader({"charge": "1"}, UNKNOWN)(text) == Meaning(value)


@pytest.mark.parametrize("text", ["23", "Charged", "1st warning", "1/2", "100", "A1"])
def test_what_is_no_outcome_type_is_listed(text: str) -> None:
    assert outcome_type_reader({}, UNKNOWN)(text) == Meaning(None, "unknown_value")


def test_words_for_unknown_break_no_rule() -> None:
    readers = (
        number_reader,
        amount_reader,
        time_reader,
        lambda unknown: outcome_type_reader({}, unknown),
    )
    assert {make(UNKNOWN)("Unknown") for make in readers} == {Meaning(None)}
