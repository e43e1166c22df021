"""
What a refusal must say (section 17 of the Act; section 16 where the cost is too high), as a list
of what is missing from one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nilreturn.foi.exemptions import (
    COST_LIMIT_HOURS,
    Citation,
    Need,
    Standing,
    cite,
    cite_denial,
)


@dataclass(frozen=True, slots=True)
class PublicInterest:
    """
    The public interest test of a qualified exemption.

    Attributes
    ----------
    favour, against
        What speaks for disclosure (or for confirming), and what against it, each factor a sentence.
    balance
        On which side it comes down, and why.
    """

    favour: tuple[str, ...]
    against: tuple[str, ...]
    balance: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """
    What complying would cost.

    Attributes
    ----------
    hours
        Hours of work.
    basis
        What the estimate rests on: how the records are held, how many, how long one takes.
    """

    hours: float
    basis: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """
    A refusal as it was decided, by whoever decides it.

    Attributes
    ----------
    exemptions
        What is relied on, each as "s31(1)(a)".
    reason
        Why it applies: the harm, or why the information is of the class.
    public_interest
        The test, where one of them is qualified.
    estimate, advice, earlier_request
        For sections 12 and 14(2).
    denies
        Whether holding is neither confirmed nor denied.
    """

    exemptions: tuple[str, ...]
    reason: str
    public_interest: PublicInterest | None = None
    estimate: Estimate | None = None
    advice: str = ""
    earlier_request: str = ""
    denies: bool = False

    @property
    def citations(self) -> tuple[Citation, ...]:
        """
        What is relied on, as grounds.

        Raises
        ------
        ValueError
            When an exemption is no ground of refusal.
        """
        return tuple(map(cite_denial if self.denies else cite, self.exemptions))


@dataclass(frozen=True, slots=True)
class Missing:
    """
    Something that a refusal must say and does not, or says and must not.

    Attributes
    ----------
    key
        The key of a question file that it belongs under.
    what
        What is wrong, and what next.
    """

    key: str
    what: str


def missing(refusal: Refusal) -> tuple[Missing, ...]:
    """
    What the refusal lacks of what it must say.

    Parameters
    ----------
    refusal
        With exemptions that `cite` or `cite_denial` knows.

    Returns
    -------
    tuple of Missing
        Empty where nothing is missing, in the order of the keys of a question file.

    Raises
    ------
    ValueError
        Where an exemption is no ground of refusal.

    Examples
    --------
    >>> [each.key for each in missing(Refusal(("s31(1)(a)",), "It would tell thieves."))]
    ['public_interest']
    """
    citations = refusal.citations
    return (*_exemption(citations), *_needs(refusal, citations), *_unfit(refusal, citations))


def unclaimable(citation: Citation) -> str:
    """
    Why an exemption cannot be claimed beside section 40(2) for the hidden figures of a table, with
    a reason and nothing else.

    Parameters
    ----------
    citation
        The exemption.

    Returns
    -------
    str
        The reason in words, with what to do instead; "" where the exemption can be claimed.
    """
    ground = citation.ground
    if ground.section == "40(2)":
        return (
            f"{citation.key} is not claimed by hand: hidden figures and refused extremes engage "
            "it; remove it"
        )
    if not ground.is_exemption:
        return f"{citation.key} is about the request; to refuse it write 'answer: refused'"
    if ground.has_public_interest_test:
        return (
            f"{citation.key} is qualified and needs the public interest test; write it under "
            "'in_words' as 'answer: refused'"
        )
    return ""


def missing_rights(review: Sequence[str], commissioner: Sequence[str]) -> tuple[Missing, ...]:
    """
    What a notice lacks of the rights that it must name (section 17(7)).

    Parameters
    ----------
    review
        The sentences on how to ask for a review.
    commissioner
        The sentences on the right to apply to the Commissioner.

    Returns
    -------
    tuple of Missing
        One for each of the two that has no words, with the key "review" or "commissioner".
    """
    return tuple(
        Missing(key, f"a refusal must {what}; write it")
        for key, text, what in (
            ("review", review, "say how to ask for a review, or that there is no procedure"),
            ("commissioner", commissioner, "name the right to apply to the Commissioner"),
        )
        if not any(sentence.strip() for sentence in text)
    )


def _exemption(citations: tuple[Citation, ...]) -> Iterator[Missing]:
    if not citations:
        yield Missing("exemption", "a refusal must name the exemption; write it like 's31(1)(a)'")
    requests = [each for each in citations if not each.ground.is_exemption]
    if requests and len(citations) > 1:
        yield Missing(
            "exemption",
            f"{requests[0].key} is about the request and stands alone; "
            "refuse under it, or under exemptions",
        )
    for each in citations:
        if each.ground.section == "21":
            yield Missing(
                "exemption", "s21 says where it is published; write 'answer: published' and 'where'"
            )


def _needs(refusal: Refusal, citations: tuple[Citation, ...]) -> Iterator[Missing]:
    given = {
        Need.REASON: bool(refusal.reason.strip()),
        Need.PUBLIC_INTEREST: _is_whole(refusal.public_interest),
        Need.ESTIMATE: refusal.estimate is not None and bool(refusal.estimate.basis.strip()),
        Need.ADVICE: bool(refusal.advice.strip()),
        Need.EARLIER_REQUEST: bool(refusal.earlier_request.strip()),
    }
    for need in Need:
        asking = [each for each in citations if need in each.ground.needs]
        if asking and not given[need]:
            yield Missing(need.value, _WHY[need].format(section=asking[0].section))
    estimate = refusal.estimate
    if estimate is not None and estimate.hours <= COST_LIMIT_HOURS:
        yield Missing(
            Need.ESTIMATE.value,
            f"{estimate.hours:g} hours do not exceed the limit of {COST_LIMIT_HOURS}; "
            "section 12 applies above it",
        )


def _unfit(refusal: Refusal, citations: tuple[Citation, ...]) -> Iterator[Missing]:
    """What is given although none of the exemptions asks for it."""
    needed = {need for each in citations for need in each.ground.needs}
    names = ", ".join(each.key for each in citations)
    if citations and refusal.public_interest is not None and Need.PUBLIC_INTEREST not in needed:
        is_absolute = all(
            each.ground.standing in (Standing.ABSOLUTE, Standing.PARTLY) for each in citations
        )
        why = "is absolute" if is_absolute else "is no exemption"
        yield Missing(
            Need.PUBLIC_INTEREST.value, f"{names} {why} and has no public interest test; remove it"
        )
    if citations and refusal.estimate is not None and Need.ESTIMATE not in needed:
        yield Missing(Need.ESTIMATE.value, f"an estimate goes with s12, not with {names}")
    if citations and refusal.earlier_request and Need.EARLIER_REQUEST not in needed:
        yield Missing(
            Need.EARLIER_REQUEST.value, f"an earlier request goes with s14(2), not with {names}"
        )


def _is_whole(test: PublicInterest | None) -> bool:
    return test is not None and bool(test.favour and test.against and test.balance.strip())


_WHY = {
    Need.REASON: "a refusal must say why section {section} applies; add 'reason'",
    Need.PUBLIC_INTEREST: (
        "section {section} is qualified: add 'public_interest' with factors 'for' and 'against' "
        "and the 'balance'"
    ),
    Need.ESTIMATE: (
        "section {section} needs the estimate that was made; add 'estimate' with 'hours' and "
        "'basis'"
    ),
    Need.ADVICE: (
        "a refusal under section {section} must advise how the request could be narrowed; add "
        "'advice'"
    ),
    Need.EARLIER_REQUEST: (
        "section {section} needs the earlier request that was complied with; add 'earlier_request'"
    ),
}
