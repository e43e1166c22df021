"""A refusal notice in a letter: what is not given, under what, and why (section 17 of the Act)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from nilreturn.foi import Citation, Ground, PublicInterest, Refusal
from nilreturn.release.answer import Answer, AnsweredQuestion
from nilreturn.release.letter.blocks import Block, Bullets, Heading, Paragraph
from nilreturn.release.library import Engaged, engaged_by
from nilreturn.release.wording import Wording


def refusal_blocks(
    answer: Answer, question: AnsweredQuestion, stated: dict[str, str]
) -> Iterator[Block]:
    """
    The refusals of one question. `stated` has each ground that was stated in full before, with the
    number of the question, and is added to.
    """
    found = engaged_by(answer, question)
    for each in found:
        yield Heading(4, _heading(answer.wording, each.citations))
        if any(citation.ground.is_exemption for citation in each.citations):
            yield Paragraph(answer.wording.say("refusal.notice"))
        yield from _refusal(answer.wording, question.number, each, stated)


def _heading(wording: Wording, citations: Iterable[Citation]) -> str:
    """
    "Section 31(1)(a) and Section 31(1)(b): law enforcement; Section 40(2): personal information"
    """
    headings = []
    for ground, cited in groupby(citations, key=lambda each: each.ground):
        sections = wording.listed(
            wording.say("refusal.heading_section", section=each.section) for each in cited
        )
        title = wording.of(f"exemptions.s{ground.section}.title")
        headings.append(wording.say("refusal.heading", sections=sections, title=title))
    return "; ".join(headings)


def _refusal(
    wording: Wording, number: str, engaged: Engaged, stated: dict[str, str]
) -> Iterator[Block]:
    say = wording.say
    refusal = engaged.refusal
    if refusal is None or not refusal.denies:
        yield Paragraph(say("refusal.not_giving"))
        yield Bullets(engaged.withheld)
    for ground, cited in groupby(engaged.citations, key=lambda each: each.ground):
        yield from _law(wording, number, ground, tuple(cited), refusal, stated)
    # Once in a letter, and not where an extreme alone is refused.
    if engaged.has_hidden_figures and stated.setdefault("small numbers", number) == number:
        yield Paragraph(say("refusal.small_numbers"))
    yield Paragraph(say("refusal.why"))
    yield Bullets(engaged.reasons)
    if engaged.of_tables:
        yield Paragraph(
            say("refusal.balance_of_tables", titles=wording.listed(map(_lower, engaged.of_tables)))
        )
    if refusal is not None:
        yield from _decided(wording, refusal)
    exempting = [each.ground for each in engaged.citations if each.ground.is_exemption]
    if exempting and not any(ground.has_public_interest_test for ground in exempting):
        yield Paragraph(say("refusal.absolute"))


def _law(
    wording: Wording,
    number: str,
    ground: Ground,
    cited: tuple[Citation, ...],
    refusal: Refusal | None,
    stated: dict[str, str],
) -> Iterator[Block]:
    """What the Act says of a ground: in full once in a letter."""
    say = wording.say
    first = stated.setdefault(ground.section, number)
    if first != number:
        section = say("refusal.heading_section", section=ground.section)
        yield Paragraph(say("refusal.earlier", section=section, question=first))
    else:
        yield from map(Paragraph, wording.paragraphs[f"exemptions.s{ground.section}.text"])
    if refusal is not None and refusal.denies:
        yield from (Paragraph(say("refusal.denial", section=each.section)) for each in cited)
        return
    for each in cited:
        about = _about(wording, each)
        if about:
            section = say("decision.section", section=each.section)
            yield Paragraph(say("refusal.about", section=section, about=about))


def _about(wording: Wording, cited: Citation) -> str:
    """What the subsection is about, in the force's words."""
    part = next((part for part, about in cited.ground.parts if about == cited.about), None)
    if part is None:
        return ""
    return wording.of(f"exemptions.s{cited.ground.section}.parts.{part}")


def _decided(wording: Wording, refusal: Refusal) -> Iterator[Block]:
    """The test, the estimate and the earlier request, as they were decided."""
    say = wording.say
    if refusal.estimate is not None:
        hours, basis = f"{refusal.estimate.hours:,.12g}", refusal.estimate.basis
        yield Paragraph(say("refusal.estimate", hours=hours, basis=basis))
    if refusal.earlier_request:
        yield Paragraph(say("refusal.earlier_request", request=refusal.earlier_request))
    if refusal.public_interest is not None:
        yield from _test(wording, refusal.public_interest, denies=refusal.denies)


def _test(wording: Wording, test: PublicInterest, *, denies: bool) -> Iterator[Block]:
    say = wording.say
    yield Paragraph(say("refusal.public_interest_denied" if denies else "refusal.public_interest"))
    yield Paragraph(say("refusal.favour_denied" if denies else "refusal.favour"))
    yield Bullets(test.favour)
    yield Paragraph(say("refusal.against"))
    yield Bullets(test.against)
    yield Paragraph(say("refusal.balance", balance=test.balance))


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
