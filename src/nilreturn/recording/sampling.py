"""
The registrar's own audit: a random sample of incidents, and how far recording complied.

What is drawn depends on the seed and the references alone: each reference is ranked by its SHA-256
under the seed, so that every machine draws the same. The interval is Wilson's (1927); of a sample
that gives strata other weights than they have, it is taken at Kish's effective size.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nilreturn.errors import RecordError

Z_95 = 1.959963984540054  # of the normal distribution, two-sided


@dataclass(frozen=True, slots=True)
class Compliance:
    """
    How many of the crimes that should have been recorded were.

    Attributes
    ----------
    rate
        The share of them that was recorded, from 0 to 1; None where none should have been.
    low, high
        The ends of the 95% interval of the rate; None where the rate is.
    recorded, required
        How many crimes in the sample were recorded, and how many should have been.
    """

    rate: float | None
    low: float | None
    high: float | None
    recorded: int
    required: int


@dataclass(frozen=True, slots=True)
class Stratum:
    """
    What the audit found in one stratum.

    Attributes
    ----------
    incidents
        How many incidents the stratum has.
    sampled
        How many of these were drawn and decided again.
    recorded
        How many of the required crimes of the sampled incidents were recorded.
    required
        How many crimes of the sampled incidents should have been recorded.
    """

    incidents: int
    sampled: int
    recorded: int
    required: int


def allocate(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """
    How many incidents are drawn from each stratum: in proportion to its size, and at least one.

    Parameters
    ----------
    sizes
        By stratum, how many incidents it has. An empty stratum gets none.
    total
        How many are drawn in all; all of them where there are fewer.

    Returns
    -------
    dict of str to int
        By stratum, how many are drawn, in the order of `sizes`. What is left after division goes to
        the largest remainders; equal ones are taken in the order of the names.

    Raises
    ------
    RecordError
        When `total` is less than the number of strata that are not empty.

    Examples
    --------
    >>> allocate({"rape": 10, "robbery": 90, "none": 0}, 20)
    {'rape': 2, 'robbery': 18, 'none': 0}
    """
    filled = sorted(name for name, size in sizes.items() if size)
    if total < len(filled):
        raise RecordError(
            f"a sample of {total} is too small for {len(filled)} strata; draw at least one of each"
        )
    population = sum(sizes[name] for name in filled)
    if total >= population:
        return dict(sizes)
    drawn = {name: max(1, total * sizes[name] // population) for name in filled}
    while sum(drawn.values()) < total:
        open_strata = [name for name in filled if drawn[name] < sizes[name]]
        name = max(
            open_strata,
            key=lambda each: (_lack(sizes[each], total, population, drawn[each]), _before(each)),
        )
        drawn[name] += 1
    while sum(drawn.values()) > total:
        over = [name for name in filled if drawn[name] > 1]
        name = min(
            over, key=lambda each: (_lack(sizes[each], total, population, drawn[each]), each)
        )
        drawn[name] -= 1
    return {name: drawn.get(name, 0) for name in sizes}


def draw(
    references: Mapping[str, Iterable[str]], total: int, *, seed: str
) -> dict[str, tuple[str, ...]]:
    """
    Draw a stratified random sample.

    Parameters
    ----------
    references
        By stratum, the references of its incidents, in any order.
    total
        How many are drawn in all; all of them where there are fewer.
    seed
        Any text. The same seed and references give the same sample in the same order.

    Returns
    -------
    dict of str to tuple of str
        By stratum, the references drawn, in the order of drawing.

    Raises
    ------
    RecordError
        When `total` is less than the number of strata that are not empty, or a reference is given
        twice.
    """
    given = {name: list(those) for name, those in references.items()}
    every = [reference for those in given.values() for reference in those]
    if len(set(every)) != len(every):
        raise RecordError(
            "an incident stands twice in what is sampled; give each once, in one stratum"
        )
    numbers = allocate({name: len(those) for name, those in given.items()}, total)
    return {
        name: tuple(
            sorted(those, key=lambda reference: (_rank(seed, reference), reference))[
                : numbers[name]
            ]
        )
        for name, those in given.items()
    }


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """
    Wilson's 95% interval of a rate.

    Parameters
    ----------
    successes
        How many trials succeeded.
    trials
        How many trials there were; more than 0.

    Returns
    -------
    tuple of float
        The lower and the upper end, within 0 and 1.

    Raises
    ------
    ValueError
        When there is no trial, or more successes than trials.

    Examples
    --------
    The interval of Newcombe 1998, table I:

    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if not 0 <= successes <= trials or trials <= 0:
        raise ValueError("a rate has trials, and no more successes than these")
    rate, square = successes / trials, Z_95 * Z_95
    centre = rate + square / (2 * trials)
    half = Z_95 * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials * trials))
    scale = 1 + square / trials
    low = 0.0 if successes == 0 else max(0.0, (centre - half) / scale)
    high = 1.0 if successes == trials else min(1.0, (centre + half) / scale)
    return low, high


def compliance(strata: Mapping[str, Stratum]) -> Compliance:
    """
    The compliance rate over all strata. Each stratum has the weight of its incidents among all.

    Parameters
    ----------
    strata
        By stratum, what the audit found in it.

    Returns
    -------
    Compliance
        The rate with its 95% interval.

    Raises
    ------
    RecordError
        When a stratum has incidents and none was sampled, more were sampled than there are, or more
        crimes were recorded than required.
    """
    for name, each in strata.items():
        if not (0 <= each.sampled <= each.incidents and 0 <= each.recorded <= each.required):
            raise RecordError(
                f"stratum {name!r}: more sampled than there are, or more recorded than required"
            )
        if each.incidents and not each.sampled:
            raise RecordError(
                f"stratum {name!r}: nothing of it was sampled, so no rate of all can be given"
            )
    recorded, required = (
        sum(s.recorded for s in strata.values()),
        sum(s.required for s in strata.values()),
    )
    weights = {name: s.incidents / s.sampled for name, s in strata.items() if s.sampled}
    whole = sum(weight * strata[name].required for name, weight in weights.items())
    if not whole:
        return Compliance(None, None, None, recorded, required)
    rate = sum(weight * strata[name].recorded for name, weight in weights.items()) / whole
    rate = min(1.0, rate)
    effective = whole**2 / sum(
        weight**2 * strata[name].required for name, weight in weights.items()
    )
    low, high = wilson(rate * effective, effective)
    return Compliance(rate, low, high, recorded, required)


def matched(
    first: Iterable[str], second: Iterable[str]
) -> tuple[int, int, dict[str, int], dict[str, int]]:
    """
    Compare the crimes recorded of one incident with those that should have been.

    Parameters
    ----------
    first
        The offence codes recorded, one for each crime.
    second
        The offence codes that should have been recorded, one for each crime.

    Returns
    -------
    tuple of (int, int, dict of str to int, dict of str to int)
        How many of the required crimes were recorded; how many were required; by code, how many
        were missing; by code, how many were too many.

    Examples
    --------
    >>> matched(["049/10", "105/01"], ["049/10", "049/10"])
    (1, 2, {'049/10': 1}, {'105/01': 1})
    """
    had, wanted = Counter(first), Counter(second)
    missing, surplus = wanted - had, had - wanted
    return (
        (wanted & had).total(),
        wanted.total(),
        dict(sorted(missing.items())),
        dict(sorted(surplus.items())),
    )


def _rank(seed: str, reference: str) -> bytes:
    written = f"{len(seed)}:{seed}:{reference}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(written).digest()


def _lack(size: int, total: int, population: int, drawn: int) -> int:
    """
    How far a stratum is below its share, times the population: whole numbers, so that no machine
    rounds.
    """
    return total * size - drawn * population


def _before(name: str) -> tuple[int, ...]:
    """So that of equals the first by name is the greatest."""
    return tuple(-ord(letter) for letter in name)
