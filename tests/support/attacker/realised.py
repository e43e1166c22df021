"""
A feasible table turned back into records: the proof that what the attacker holds possible is.

Counting the records again with the same questions must give exactly what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from tests.support.asked import Crime, Victim
from tests.support.attacker.figures import SOMEWHERE_ELSE, Point, Points
from tests.support.attacker.layout import Example, System

FAR_DAY = date(2031, 1, 1)
FAR_AGE = 149  # of nobody that any question of these tests names by another band
KEYWORD_FORMS = {1: True, 2: False}  # as written, or only in another spelling


def records(system: System, solution: np.ndarray, points: Points) -> list[Crime]:
    """Records of which there are as many of each type as the solution says."""
    crimes: dict[int, list[tuple[Example, list[Victim]]]] = {}
    victims: dict[int, list[Victim]] = {}
    examples = [
        (example, int(count))
        for example, count in zip(system.examples, solution, strict=True)
        if count
    ]
    for example, count in examples:
        if example.unit == "crimes":
            crimes.setdefault(example.part, []).extend((example, []) for _ in range(count))
        else:
            (kind,) = example.kinds or ({},)
            victims.setdefault(example.part, []).extend([_victim(kind)] * count)
    has_victims = any(example.unit == "victims" for example in system.examples)
    has_crimes = any(example.unit == "crimes" for example in system.examples)
    listed = []
    for part in {*crimes, *victims}:
        there = crimes.get(part, [])
        left = victims.get(part, [])
        if not has_crimes:
            at = next(e.at for e in system.examples if e.part == part)
            listed += [_crime(at, (victim,), points) for victim in left]
            continue
        if has_victims:
            _share_out(there, left)
        listed += [_crime(example.at, tuple(own), points) for example, own in there]
    return listed


def _share_out(crimes: list[tuple[Example, list[Victim]]], victims: list[Victim]) -> None:
    """
    Each crime with victim details gets one of each of its kinds; the rest go where there is one of
    the kind.
    """
    left = list(victims)
    on_record = [
        (e, own) for e, own in crimes if e.at.get("crime.victim_details", "Recorded") == "Recorded"
    ]
    for example, own in on_record:
        if example.kinds is None:
            own.append(left.pop())
            continue
        for kind in example.kinds:
            left.remove(_victim(kind))
            own.append(_victim(kind))
    for victim in left:
        fitting = (
            own
            for e, own in on_record
            if e.kinds is None or victim in [_victim(kind) for kind in e.kinds]
        )
        next(fitting).append(victim)


def _victim(at: Mapping[str, Point]) -> Victim:
    age = at.get("victim.age", 30)
    sex = at.get("victim.sex", "Female")
    if age == SOMEWHERE_ELSE:
        age = FAR_AGE
    assert isinstance(age, int | str)
    assert isinstance(sex, str)
    return Victim(
        age if isinstance(age, int) else None, "Unknown" if sex == SOMEWHERE_ELSE else sex
    )


def _crime(at: Mapping[str, Point], victims: tuple[Victim, ...], points: Points) -> Crime:
    day, area, online = (
        at.get(name, SOMEWHERE_ELSE)
        for name in ("crime.recorded_on", "crime.area", "crime.online_flag")
    )
    states = at.get("crime.mentions", ())
    assert isinstance(states, tuple)
    words = zip(points.keywords.get("crime.mentions", ()), states, strict=True)
    return Crime(
        date.fromordinal(day) if isinstance(day, int) else FAR_DAY,
        "Unknown" if area == SOMEWHERE_ELSE else str(area),
        "Not recorded" if online == SOMEWHERE_ELSE else str(online),
        victims,
        tuple((word, KEYWORD_FORMS[state]) for word, state in words if state),
    )
