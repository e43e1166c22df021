from __future__ import annotations

import pytest

from nilreturn.ages import OLDEST
from nilreturn.questions.ages import left_out, read_band, read_bands, written_ages
from nilreturn.tables import Extent


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("11 and under", 0, 11),
        ("11 or younger", 0, 11),
        ("up to 11", 0, 11),
        ("0-11", 0, 11),
        ("under 12", 0, 11),
        ("Under 12s", 0, 11),
        ("younger than 12", 0, 11),
        ("12-15", 12, 15),
        ("12 – 15", 12, 15),
        ("12 to 15", 12, 15),
        ("Aged 10 to 19 years", 10, 19),
        ("between the ages of 13 and 15", 13, 15),
        ("18", 18, 18),
        ("16 and over", 16, OLDEST),
        ("16+", 16, OLDEST),
        ("65 years or older", 65, OLDEST),
        ("over 65", 66, OLDEST),
    ],
)
def test_band_means_what_its_words_say(words: str, first: int, last: int) -> None:
    band = read_band(words)
    assert band.label == words
    assert band.ages == Extent.between(first, last)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("children", "not an age band"),
        ("15-12", "lower age first"),
        ("under 0", "holds no age"),
        ("12-200", "goes past 150"),
        ("over 150", "holds no age"),
        ("-5", "not an age band"),
    ],
)
def test_what_is_no_band_is_refused_with_what_next(words: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_band(words)


def test_bands_that_overlap_are_named_with_the_ages_they_share() -> None:
    bands, mistakes = read_bands(["11 and under", "10-15", "15 and over"])
    assert bands == ()
    assert mistakes == [
        (1, "bands '11 and under' and '10-15' both have ages 10 to 11; change one of them"),
        (2, "bands '10-15' and '15 and over' both have ages 15; change one of them"),
    ]


def test_other_ages_are_all_that_no_band_has() -> None:
    bands, mistakes = read_bands(["12-15", "other ages", "18"])
    assert mistakes == []
    assert written_ages(bands[1].ages) == "11 and under, 16 to 17, 19 and over"


def test_other_ages_beside_bands_that_have_all_are_refused() -> None:
    _, mistakes = read_bands(["11 and under", "12 and over", "Other ages"])
    assert mistakes == [
        (2, "'Other ages' would be empty: the other bands have every age; remove it")
    ]


def test_nothing_is_left_out_of_what_is_covered() -> None:
    whole = Extent.between(10, 17)
    assert left_out([Extent.between(0, 12), Extent.between(14, 20)], whole) == Extent.between(
        13, 13
    )
    assert left_out([whole], whole) == Extent()
    assert left_out([], whole) == whole
