"""
The synthetic crimes.

Nothing here depends on a table or a letter. The published figures of the request result from making
the right number of records with each property; they are counted like any others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from nilreturn.demo import wording
from nilreturn.demo.draws import Draws
from nilreturn.periods import Period

AS_AT = date(2021, 6, 14)
ALL_DAYS = Period(date(2019, 4, 1), AS_AT)
ASKED = Period(date(2020, 7, 1), date(2021, 3, 31))  # questions 1 to 3
SEARCHED = Period(date(2020, 4, 1), date(2021, 3, 31))  # question 4

# Which platforms each record of the searched year names. Some name two, as the reply says; counted
# one by one they are WhatsApp 2, Facebook 7, Instagram 10, Snapchat 7, Kik 1, and no record names
# Twitter.
NAMED: tuple[tuple[str, ...], ...] = (
    *[("Instagram", "Snapchat")] * 3,
    ("Facebook", "WhatsApp"),
    ("Facebook", "Instagram"),
    ("Instagram", "Kik"),
    ("WhatsApp",),
    *[("Facebook",)] * 5,
    *[("Instagram",)] * 5,
    *[("Snapchat",)] * 4,
)
WITHOUT_VICTIM = 30
AGES_OVER_18 = (19, 23, 27, 34)

GROOMING = ("071/17", "88A")
# Code, class, who the victim is, and how often.
OTHERS: dict[tuple[str, str, str], int] = {
    ("088/01", "88A", "Child"): 2,
    ("008/06", "8N", "Person"): 14,
    ("105/01", "105A", "Person"): 18,
    ("195/94", "8L", "Person"): 12,
    ("195/12", "8Q", "Person"): 5,
    ("008/72", "8R", "Person"): 9,
    ("003/01", "3B", "Person"): 3,
    ("046/00", "46", "Organisation"): 12,
    ("049/10", "49", "Person"): 8,
    ("045/10", "45", "Person"): 7,
    ("149/00", "58A", "Person"): 5,
    ("066/91", "9B", "Person"): 2,
    ("092/60", "92D", "State"): 3,
}
OTHER_CRIMES = 3_300


@dataclass(frozen=True, slots=True)
class Victim:
    """
    A victim. `age` is at the date of the offence; None where it is not known. An organisation or
    the state has neither age nor sex.
    """

    age: int | None
    sex: str
    kind: str = "Person"
    born_on: date | None = None


@dataclass(frozen=True, slots=True)
class Crime:
    recorded_on: date
    reported_on: date
    committed_from: date
    committed_to: date
    code: str
    offence_class: str
    narrative: str
    victims: tuple[Victim, ...] = ()
    status: str = "Recorded"
    cancel_code: str = ""
    online: str = ""
    domestic: str = ""
    hate: str = ""
    knife: str = ""
    outcome: str = ""
    area: str = ""
    beat: str = ""


@dataclass
class _Maker:
    draws: Draws
    crimes: list[Crime] = field(default_factory=list)

    def add(
        self,
        recorded_on: date,
        offence: tuple[str, str],
        narrative: str,
        victims: tuple[Victim, ...],
    ) -> None:
        draws = self.draws
        reported_on = recorded_on - timedelta(days=draws.number(0, 1))
        committed_to = reported_on - timedelta(days=draws.number(0, 20))
        committed_from = committed_to - timedelta(days=draws.number(0, 40))
        area = draws.number(1, 8)
        online = {"Y": 11, "N": 4, "": 5} if offence == GROOMING else {"Y": 1, "N": 8, "": 11}
        self.crimes.append(
            Crime(
                recorded_on,
                reported_on,
                committed_from,
                committed_to,
                *offence,
                narrative,
                tuple(self._with_birth(victim, committed_from) for victim in victims),
                online=draws.weighted(online),
                domestic=draws.weighted({"Y": 1, "N": 9, "": 2}),
                hate=draws.weighted({"Y": 1, "N": 20, "": 4}),
                knife=draws.weighted({"Y": 1, "N": 30, "": 4}),
                outcome=draws.weighted({"": 5, "15": 3, "16": 4, "18": 6, "1": 2, "14": 1}),
                area=f"LPA {area}",
                beat=f"B{area}{draws.number(1, 9)}",
            )
        )

    def _with_birth(self, victim: Victim, committed_from: date) -> Victim:
        """Give two persons in five a date of birth, from which the same age is worked out."""
        if victim.age is None or not self.draws.chance(0.4):
            return victim
        since_birthday = self.draws.number(1, 363)
        day = committed_from - timedelta(days=since_birthday)
        return replace(
            victim, born_on=day.replace(year=day.year - victim.age, day=min(day.day, 28))
        )


def make(draws: Draws) -> list[Crime]:
    """Every crime of the extract, in the order in which they were recorded."""
    maker = _Maker(draws)
    _grooming_asked(maker)
    _grooming_around(maker)
    _grooming_set_aside(maker)
    _others(maker)
    return sorted(maker.crimes, key=lambda crime: crime.recorded_on)


def _grooming_asked(maker: _Maker) -> None:
    """
    The crimes of the request: those of its nine months, and of the three months before that are
    only searched.
    """
    draws = maker.draws
    spring = Period(SEARCHED.first_on, ASKED.first_on - timedelta(days=1))
    days = [draws.day(ASKED) for _ in range(draws.number(200, 225))]
    days += [ASKED.first_on, ASKED.last_on]
    narratives = [wording.naming(draws, names) for names in NAMED]
    victims: list[tuple[Victim, ...]] = [()] * WITHOUT_VICTIM
    victims += [(Victim(age, draws.one_of(("Female", "Male"))),) for age in AGES_OVER_18]
    victims += [_children(draws) for _ in range(len(days) - len(victims))]
    in_spring = [draws.day(spring) for _ in range(draws.number(50, 70))] + [spring.first_on]
    victims = draws.shuffled(victims) + [
        () if draws.chance(0.12) else _children(draws) for _ in in_spring
    ]
    days += in_spring
    narratives += [wording.unnamed(draws) for _ in range(len(days) - len(narratives))]
    for day, narrative, people in zip(days, draws.shuffled(narratives), victims, strict=True):
        maker.add(day, GROOMING, narrative, people)


def _grooming_around(maker: _Maker) -> None:
    """
    The same offence before and after the request's months, the adjacent days included, naming any
    platform.
    """
    draws = maker.draws
    before = Period(ALL_DAYS.first_on, SEARCHED.first_on - timedelta(days=1))
    after = Period(SEARCHED.last_on + timedelta(days=1), ALL_DAYS.last_on)
    days = [draws.day(before) for _ in range(220)] + [draws.day(after) for _ in range(60)]
    days += [before.last_on] * 3 + [after.first_on] * 3
    for day in days:
        if draws.chance(0.2):
            narrative = wording.naming(
                draws,
                draws.one_of((("Twitter",), ("Kik",), ("Snapchat", "Twitter"), ("WhatsApp",))),
            )
        else:
            narrative = wording.misspelt(draws) if draws.chance(0.1) else wording.unnamed(draws)
        maker.add(day, GROOMING, narrative, () if draws.chance(0.12) else _children(draws))


def _grooming_set_aside(maker: _Maker) -> None:
    """
    Cancelled and transferred records of the request's own months. They are in the extract but not
    in the counts.
    """
    draws = maker.draws
    for cancel_code in ("C1", "C2", "C2", "C3", "C4", "C4", "C1"):
        narrative = wording.naming(draws, draws.one_of((("Twitter",), ("Instagram",), ("Kik",))))
        maker.add(draws.day(ASKED), GROOMING, narrative, _children(draws))
        status = "Transferred" if cancel_code == "C1" else "Cancelled"
        maker.crimes[-1] = replace(maker.crimes[-1], status=status, cancel_code=cancel_code)


def _others(maker: _Maker) -> None:
    draws = maker.draws
    for _ in range(OTHER_CRIMES):
        code, offence_class, kind = draws.weighted(OTHERS)
        maker.add(
            draws.day(ALL_DAYS),
            (code, offence_class),
            wording.elsewhere(draws),
            _victims(kind, draws),
        )
        if draws.chance(0.03):
            cancel_code = draws.weighted({"C1": 2, "C2": 5, "C3": 3, "C4": 4})
            status = "Transferred" if cancel_code == "C1" else "Cancelled"
            maker.crimes[-1] = replace(maker.crimes[-1], status=status, cancel_code=cancel_code)


def _children(draws: Draws) -> tuple[Victim, ...]:
    """Usually one victim, sometimes two. For a few, the age or sex was not recorded."""
    return tuple(
        Victim(
            None
            if draws.chance(0.04)
            else draws.weighted({9: 1, 10: 4, 11: 9, 12: 16, 13: 24, 14: 24, 15: 20, 16: 3}),
            draws.weighted({"Female": 74, "Male": 22, "Unknown": 3, "": 1}),
        )
        for _ in range(2 if draws.chance(0.05) else 1)
    )


def _victims(kind: str, draws: Draws) -> tuple[Victim, ...]:
    if kind == "Child":
        return _children(draws)
    if kind == "Organisation":
        return (Victim(None, "", kind),)
    return tuple(_people(draws)) if kind == "Person" else ()


def _people(draws: Draws) -> Iterator[Victim]:
    for _ in range(2 if draws.chance(0.08) else 1):
        age = None if draws.chance(0.05) else draws.number(12, 88)
        yield Victim(age, draws.weighted({"Female": 52, "Male": 44, "Unknown": 2, "": 2}))
