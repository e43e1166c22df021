"""What a refusal must say, and what is missing from one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nilreturn.foi import Estimate, PublicInterest, Refusal, missing, missing_rights

TEST = PublicInterest(("Spending is open.",), ("Thieves would learn of it.",), "Harm is greater.")
QUALIFIED = Refusal(("s31(1)(a)",), "It would tell thieves where to go.", TEST)
COST = Refusal(
    ("s12(1)",),
    "The ward is in the free text alone.",
    estimate=Estimate(40, "1,200 records at 2 minutes each."),
    advice="One year would be within the limit.",
)


def lacks(refusal: Refusal) -> list[str]:
    return [each.key for each in missing(refusal)]


@pytest.mark.parametrize(
    "refusal",
    [
        QUALIFIED,
        COST,
        Refusal(("s40(2)",), "The text names the victim."),
        Refusal(("s40(2)", "s31(1)"), "Both.", TEST),
        Refusal(("s30(3)",), "To say would tell of an investigation.", TEST, denies=True),
        Refusal(("s40(5)",), "To say would tell of a person.", denies=True),
        Refusal(("s14(1)",), "It repeats abuse."),
        Refusal(("s14(2)",), "It was answered.", earlier_request="FOI 12/26 of 3 May 2026"),
    ],
)
def test_a_whole_refusal_lacks_nothing(refusal: Refusal) -> None:
    assert lacks(refusal) == []


@pytest.mark.parametrize(
    ("refusal", "keys"),
    [
        (replace(QUALIFIED, exemptions=()), ["exemption"]),
        (replace(QUALIFIED, reason=" "), ["reason"]),
        (replace(QUALIFIED, public_interest=None), ["public_interest"]),
        (replace(QUALIFIED, public_interest=replace(TEST, favour=())), ["public_interest"]),
        (replace(QUALIFIED, public_interest=replace(TEST, against=())), ["public_interest"]),
        (replace(QUALIFIED, public_interest=replace(TEST, balance="")), ["public_interest"]),
        (replace(QUALIFIED, reason="", public_interest=None), ["reason", "public_interest"]),
        (replace(QUALIFIED, exemptions=("s40(2)",)), ["public_interest"]),
        (replace(QUALIFIED, exemptions=("s31(1)", "s12(1)")), ["exemption", "estimate", "advice"]),
        (replace(QUALIFIED, exemptions=("s30",), public_interest=None, denies=True),
         ["public_interest"]),
        (replace(COST, estimate=None), ["estimate"]),
        (replace(COST, estimate=Estimate(40, " ")), ["estimate"]),
        (replace(COST, estimate=Estimate(18, "18 hours.")), ["estimate"]),
        (replace(COST, advice=""), ["advice"]),
        (replace(COST, public_interest=TEST), ["public_interest"]),
        (replace(COST, earlier_request="FOI 1"), ["earlier_request"]),
        (Refusal(("s14(2)",), "It was answered."), ["earlier_request"]),
        (Refusal(("s21",), "It is on our site."), ["exemption"]),
        (Refusal(("s41",), "In confidence.", estimate=Estimate(40, "x")), ["estimate"]),
    ],
)  # fmt: skip
def test_what_is_missing_or_unfit_is_named(refusal: Refusal, keys: list[str]) -> None:
    assert lacks(refusal) == keys


def test_what_is_missing_says_what_next() -> None:
    (found,) = missing(replace(COST, estimate=Estimate(17.5, "Records.")))
    assert found.what == "17.5 hours do not exceed the limit of 18; section 12 applies above it"


def test_an_unknown_exemption_is_told() -> None:
    with pytest.raises(ValueError, match="no exemption 's99'"):
        missing(Refusal(("s99",), "Because."))


def test_the_rights_must_be_named() -> None:
    assert missing_rights(["Ask us for a review."], ["Apply to the Commissioner."]) == ()
    assert [each.key for each in missing_rights([" "], [])] == ["review", "commissioner"]
