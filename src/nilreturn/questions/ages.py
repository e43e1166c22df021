"""Age bands in the requester's own words: read, and checked for gaps and overlaps."""

from __future__ import annotations

from collections.abc import Sequence

from nilreturn.ages import OLDEST, YOUNGEST, ages_in_words, parse_ages
from nilreturn.questions.model import AgeBand
from nilreturn.tables import Extent

OTHER_AGES = "Other ages"


def read_band(text: str) -> AgeBand:
    """
    The ages that a phrase means, both ends included.

    Parameters
    ----------
    text
        A band in the requester's words, such as "12-15" or "over 65". It becomes the band's label.

    Returns
    -------
    AgeBand
        Ages in whole years; "and over" ends at `OLDEST`, "and under" begins at `YOUNGEST`.

    Raises
    ------
    ValueError
        When the phrase is not a band of ages.

    Examples
    --------
    >>> for words in ("11 and under", "12-15", "under 18", "16 and over", "over 65"):
    ...     print(read_band(words).ages.ranges)
    ((0, 11),)
    ((12, 15),)
    ((0, 17),)
    ((16, 150),)
    ((66, 150),)
    """
    return AgeBand(text, Extent.between(*parse_ages(text)))


def read_bands(texts: Sequence[str]) -> tuple[tuple[AgeBand, ...], list[tuple[int, str]]]:
    """
    The bands in the order written, and the mistakes in them: (which text, from 0; what is wrong and
    what to do next).

    "Other ages" stands for every age that is in no other band. Without it, bands that omit an age
    are a mistake.
    """
    mistakes: list[tuple[int, str]] = []
    bands: dict[int, AgeBand] = {}
    for index, text in enumerate(texts):
        if text.casefold() == OTHER_AGES.casefold():
            continue
        try:
            bands[index] = read_band(text)
        except ValueError as error:
            mistakes.append((index, str(error)))
    mistakes += _overlaps(bands)
    others = [index for index, text in enumerate(texts) if text.casefold() == OTHER_AGES.casefold()]
    if mistakes:
        return (), mistakes
    left = left_out([band.ages for band in bands.values()], Extent.between(YOUNGEST, OLDEST))
    if others and not left.ranges:
        mistakes.append(
            (
                others[0],
                f"'{texts[others[0]]}' would be empty: the other bands have every age; remove it",
            )
        )
    elif others:
        bands[others[0]] = AgeBand(texts[others[0]], left)
    return tuple(bands[index] for index in sorted(bands)), mistakes


def left_out(parts: Sequence[Extent], whole: Extent) -> Extent:
    """The ages of `whole` that are in none of the parts."""
    taken = Extent(tuple(pair for part in parts for pair in part.ranges)).ranges
    left: list[tuple[int, int]] = []
    for first, last in whole.ranges:
        at = first
        for start, end in taken:
            if end < at or start > last:
                continue
            if start > at:
                left.append((at, start - 1))
            at = end + 1
        if at <= last:
            left.append((at, last))
    return Extent(tuple(left))


def written_ages(ages: Extent) -> str:
    """
    Ages in words.

    >>> written_ages(Extent(((0, 11), (16, 16), (65, 150))))
    '11 and under, 16, 65 and over'
    """
    return ", ".join(ages_in_words(first, last) for first, last in ages.ranges)


def _overlaps(bands: dict[int, AgeBand]) -> list[tuple[int, str]]:
    mistakes = []
    for index, band in bands.items():
        for earlier, other in bands.items():
            if earlier < index and other.ages.meets(band.ages):
                (a, b), (c, d) = other.ages.ranges[0], band.ages.ranges[0]
                shared = written_ages(Extent.between(max(a, c), min(b, d)))
                mistakes.append(
                    (
                        index,
                        (
                            f"bands '{other.label}' and '{band.label}' both have ages {shared}; "
                            "change one of them"
                        ),
                    )
                )
    return mistakes
