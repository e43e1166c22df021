"""
The crimes to record of one incident, each with its reason; and the questions that only a person can
answer.

A victim-based offence is one crime for each victim, a state-based one for each offender or group of
offenders in the incident. A sequence of one offence against one victim by the same offenders,
reported together, is one crime (finished incident). Of several offences of one incident against one
victim by the same offenders, the principal one is recorded. Which is the principal, and whether
offenders whom nobody knows are the same, is asked and never guessed.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nilreturn.errors import RecordError
from nilreturn.files import canonical_json, sha256_of
from nilreturn.recording.configuration import Configuration, shipped_configuration
from nilreturn.recording.offence_facts import marks_in_class
from nilreturn.wording import counted

SEPARATE = "separate"
SAME = "same"
VICTIM_BASED = "victim-based"
STATE_BASED = "state-based"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allegation:
    """
    One offence, done once, as reported.

    Attributes
    ----------
    key
        The allegation's name within the incident; no two may have the same.
    offence_code, offence_class
        The Home Office offence code, as NNN/NN, and its class.
    victims
        Names of those against whom it was done; empty where there is no victim or none is known.
    suspects
        Names of those who did it together; empty where none is known.
    """

    key: str
    offence_code: str
    offence_class: str
    victims: frozenset[str] = frozenset()
    suspects: frozenset[str] = frozenset()


class Reason(enum.StrEnum):
    """Why a crime is proposed."""

    ONE_FOR_EACH_VICTIM = "one crime for each victim of a victim-based offence"
    NO_VICTIM_KNOWN = "a victim-based offence whose victim is not known: one crime"
    ONE_FOR_THE_INCIDENT = (
        "a state-based offence: one crime for each offender or group in the incident"
    )
    FINISHED_INCIDENT = (
        "the same offence against the same victim by the same offenders, reported together: "
        "one crime"
    )
    PRINCIPAL = "the principal crime of several offences against one victim by the same offenders"
    BESIDES_PRINCIPAL = "recorded besides the principal crime of the incident"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCrime:
    """
    A crime to record.

    Attributes
    ----------
    offence_code
        The Home Office offence code, as NNN/NN.
    offence_class
        The Home Office class.
    basis
        "victim-based" or "state-based".
    victim
        The victim's name; "" where no victim is known or the crime is state-based.
    suspects
        The names of the suspects; empty where none is known.
    allegations
        The keys of the allegations that the crime covers: those of its own offence and, for a
        principal crime, those of the offences that give way to it.
    reasons
        Why the crime is proposed.
    """

    offence_code: str
    offence_class: str
    basis: str
    victim: str
    suspects: frozenset[str]
    allegations: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    A question that a person must answer. Until then no crime is proposed for what it asks about.

    Attributes
    ----------
    key
        The question's name, under which it is answered. It contains no name of a person.
    words
        The question.
    options
        The answers that it takes.
    allegations
        The keys of the allegations that it is about.
    """

    key: str
    words: str
    options: tuple[str, ...]
    allegations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """
    The crimes to record of one incident, as far as they can be told.

    Attributes
    ----------
    crimes
        The crimes proposed so far.
    questions
        The questions still open.
    """

    crimes: tuple[ProposedCrime, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, order=True)
class _Against:
    """A victim, "" where nobody knows one; or the state."""

    basis: str
    victim: str = ""


@dataclass(frozen=True, slots=True)
class _Unit:
    """Allegations of one offence that are one crime."""

    offence: tuple[str, str]
    against: _Against
    suspects: frozenset[str]
    allegations: tuple[str, ...]
    reason: Reason

    def proposed(self, *more: Reason, others: Sequence[_Unit] = ()) -> ProposedCrime:
        several = len(self.allegations) > 1 and self.against.basis == VICTIM_BASED
        finished = (Reason.FINISHED_INCIDENT,) if several else ()
        keys = (*self.allegations, *(key for other in others for key in other.allegations))
        return ProposedCrime(
            offence_code=self.offence[0],
            offence_class=self.offence[1],
            basis=self.against.basis,
            victim=self.against.victim,
            suspects=self.suspects,
            allegations=tuple(sorted(set(keys))),
            reasons=(self.reason, *finished, *more),
        )


def crimes_of(
    allegations: Sequence[Allegation],
    answers: Mapping[str, str] | None = None,
    *,
    configuration: Configuration | None = None,
) -> Counted:
    """
    The crimes to record of one incident.

    Parameters
    ----------
    allegations
        What was reported together, in any order.
    answers
        By the key of a question, one of its options.
    configuration
        The force's own rules; None for those that come with the software.

    Returns
    -------
    Counted
        The crimes and the open questions. Every allegation is in one of them, once for each of its
        victims where the offence is victim-based. The order is that of victims and offences,
        whatever that of the allegations.

    Raises
    ------
    RecordError
        When two allegations have one key, an offence has no mark (victim-based or state-based) in
        the Notifiable Offence List, an answer is not an option of its question, or an answer is to
        a question that is not asked.

    Examples
    --------
    >>> alleged = Allegation(key="a", offence_code="105/01", offence_class="105A",
    ...                      victims=frozenset({"Ann", "Bob"}))
    >>> [crime.victim for crime in crimes_of([alleged]).crimes]
    ['Ann', 'Bob']
    """
    given = dict(answers or {})
    if len({each.key for each in allegations}) != len(allegations):
        raise RecordError("two allegations have one key; give each its own")
    settled = configuration or shipped_configuration()
    counting = _Counting(given, settled)
    crimes = sorted(counting.crimes(allegations), key=_order)
    unknown = sorted(given.keys() - counting.asked)
    if unknown:
        raise RecordError("an answer is given to a question that is not asked; leave it out")
    return Counted(tuple(crimes), tuple(counting.open))


class _Counting:
    """Counts one incident, and keeps the questions that are asked and those still open."""

    def __init__(self, answers: Mapping[str, str], configuration: Configuration) -> None:
        self.answers = answers
        self.configuration = configuration
        self.asked: set[str] = set()
        self.open: list[Question] = []

    def crimes(self, allegations: Sequence[Allegation]) -> Iterator[ProposedCrime]:
        by_victim: dict[_Against, list[tuple[Allegation, Reason]]] = {}
        for each in sorted(allegations, key=lambda each: each.key):
            for against, reason in self._against(each):
                by_victim.setdefault(against, []).append((each, reason))
        for against, those in sorted(by_victim.items(), key=lambda item: item[0]):
            yield from self._of_victim(against, those)

    def _against(self, allegation: Allegation) -> Iterator[tuple[_Against, Reason]]:
        basis = self._basis(allegation)
        if basis == STATE_BASED:
            yield _Against(STATE_BASED), Reason.ONE_FOR_THE_INCIDENT
        elif basis == VICTIM_BASED:
            if not allegation.victims:
                yield _Against(VICTIM_BASED), Reason.NO_VICTIM_KNOWN
            for victim in sorted(allegation.victims):
                yield _Against(VICTIM_BASED, victim), Reason.ONE_FOR_EACH_VICTIM

    def _basis(self, allegation: Allegation) -> str | None:
        """Whether victims or the state are counted; None while that is open."""
        marks = marks_in_class(allegation.offence_code, allegation.offence_class)
        if not marks:
            raise RecordError(
                f"allegation {allegation.key!r}: its offence code has no mark, victim-based or "
                "state-based, in the Notifiable Offence List; see whether it is notifiable"
            )
        if marks == {"V"}:
            return VICTIM_BASED
        if marks == {"S"}:
            return STATE_BASED
        if marks == {"S/V"}:
            return VICTIM_BASED if allegation.victims else STATE_BASED
        question = Question(
            key=_key("basis", allegation.key),
            words="The offence may be victim-based or state-based. Which is it here?",
            options=(VICTIM_BASED, STATE_BASED),
            allegations=(allegation.key,),
        )
        return self._answer(question)

    def _of_victim(
        self, against: _Against, those: list[tuple[Allegation, Reason]]
    ) -> Iterator[ProposedCrime]:
        by_offence: dict[tuple[str, str, frozenset[str]], list[tuple[Allegation, Reason]]] = {}
        for each, reason in those:
            key = (each.offence_code, each.offence_class, each.suspects)
            by_offence.setdefault(key, []).append((each, reason))
        by_offenders: dict[frozenset[str], list[_Unit]] = {}
        for (code, offence_class, suspects), same in sorted(
            by_offence.items(), key=lambda item: item[1][0][0].key
        ):
            units = self._finished(against, (code, offence_class), suspects, same)
            by_offenders.setdefault(suspects, []).extend(units)
        for suspects in sorted(by_offenders, key=sorted):
            yield from self._principal(against, by_offenders[suspects])

    def _finished(
        self,
        against: _Against,
        offence: tuple[str, str],
        suspects: frozenset[str],
        same: list[tuple[Allegation, Reason]],
    ) -> Iterator[_Unit]:
        """
        One unit where the sequence is one crime; one for each where it is not; none while that is
        open.
        """
        keys = tuple(each.key for each, _ in same)
        unknown = [
            *(["victim"] if against == _Against(VICTIM_BASED) else []),
            *(["offenders"] if not suspects else []),
        ]
        if len(keys) > 1 and unknown:
            question = Question(
                key=_key("sequence", against.basis, against.victim, *offence, *sorted(suspects)),
                words=f"The same offence was reported {len(keys)} times. "
                f"Were the {' and '.join(unknown)} the same each time?",
                options=(SAME, SEPARATE),
                allegations=keys,
            )
            answer = self._answer(question)
            if answer is None:
                return
            if answer == SEPARATE:
                yield from (
                    _Unit(offence, against, suspects, (each.key,), reason) for each, reason in same
                )
                return
        yield _Unit(offence, against, suspects, keys, same[0][1])

    def _principal(self, against: _Against, units: list[_Unit]) -> Iterator[ProposedCrime]:
        besides = self.configuration.besides_principal
        rivals = [unit for unit in units if unit.offence[1] not in besides]
        more = (Reason.BESIDES_PRINCIPAL,) if rivals else ()
        yield from (unit.proposed(*more) for unit in units if unit.offence[1] in besides)
        offences = tuple(sorted({" ".join(unit.offence) for unit in rivals}))
        if len(offences) <= 1:
            yield from (unit.proposed() for unit in rivals)
            return
        suspects = rivals[0].suspects
        offenders = "the same offenders" if suspects else "offenders whom nobody knows"
        question = Question(
            key=_key("principal", against.basis, against.victim, *sorted(suspects)),
            words=f"{counted(len(offences), 'offence')} in one incident by {offenders}. "
            "Which is the principal crime? Choose 'separate' where each is a crime of its own.",
            options=(*offences, SEPARATE),
            allegations=tuple(sorted({key for unit in rivals for key in unit.allegations})),
        )
        answer = self._answer(question)
        if answer == SEPARATE:
            yield from (unit.proposed() for unit in rivals)
        elif answer is not None:
            chosen = [unit for unit in rivals if " ".join(unit.offence) == answer]
            others = [unit for unit in rivals if " ".join(unit.offence) != answer]
            yield chosen[0].proposed(Reason.PRINCIPAL, others=others)
            yield from (unit.proposed(Reason.PRINCIPAL) for unit in chosen[1:])

    def _answer(self, question: Question) -> str | None:
        self.asked.add(question.key)
        answer = self.answers.get(question.key)
        if answer is None:
            self.open.append(question)
        elif answer not in question.options:
            raise RecordError(
                f"an answer is none of the options of its question: {', '.join(question.options)}"
            )
        return answer


def _key(kind: str, *about: str) -> str:
    """Names a question by what it is about, without a name of anybody."""
    return f"{kind} {sha256_of(canonical_json(about))[:16]}"


def _order(crime: ProposedCrime) -> tuple[str, str, str, str, tuple[str, ...], list[str]]:
    offence = (crime.offence_code, crime.offence_class)
    return crime.basis, crime.victim, *offence, crime.allegations, sorted(crime.suspects)
