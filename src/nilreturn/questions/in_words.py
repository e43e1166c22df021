"""
What is answered in words instead of a count, or beside one: frozen, without a file. What the law
demands of a refusal is in `nilreturn.foi`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from nilreturn.foi import Refusal


class AnswerKind(StrEnum):
    """
    How a part is answered in words. The value is what a question file says.

    Attributes
    ----------
    NOT_HELD
        The information is not held.
    REFUSED
        The information is refused under an exemption, or under section 12 or 14.
    DENIED
        The force neither confirms nor denies that it holds the information.
    PUBLISHED
        The information is published; the answer says where.
    STATEMENT
        The answer is a statement.
    ADVICE
        Advice and assistance under section 16, and nothing else.
    """

    NOT_HELD = "not held"
    REFUSED = "refused"
    DENIED = "neither confirmed nor denied"
    PUBLISHED = "published"
    STATEMENT = "statement"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class AnswerInWords:
    """
    An answer in words to a question, or to a part of one that is also counted.

    Attributes
    ----------
    kind
        Which sort of answer it is.
    what
        What of the question it answers, "the names of the shops"; "" for all of it.
    reason
        Why the information is not held (`NOT_HELD`).
    refusal
        Exemption, reason and public interest test (`REFUSED`, `DENIED`).
    where
        Where it is published (`PUBLISHED`).
    statement
        The answer itself (`STATEMENT`).
    advice
        Advice and assistance under section 16; it may go with every kind but `STATEMENT`. That of
        a refusal is in `refusal`.
    line
        Line of the file, from 1; 0 where there is no file.
    """

    kind: AnswerKind
    what: str = ""
    reason: str = ""
    refusal: Refusal | None = None
    where: str = ""
    statement: str = ""
    advice: str = ""
    line: int = field(default=0, compare=False, repr=False)

    @property
    def advised(self) -> str:
        """The advice given, wherever it belongs."""
        return self.refusal.advice if self.refusal else self.advice

    @property
    def texts(self) -> tuple[str, ...]:
        """All that somebody wrote for it, in the order of the letter."""
        refusal = self.refusal
        test = refusal.public_interest if refusal else None
        estimate = refusal.estimate if refusal else None
        return (
            *(self.what, self.reason, refusal.reason if refusal else ""),
            *((*test.favour, *test.against, test.balance) if test else ()),
            estimate.basis if estimate else "",
            *(refusal.earlier_request if refusal else "", self.where, self.statement, self.advised),
        )
