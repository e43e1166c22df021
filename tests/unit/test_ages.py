"""Age bands in words: one parser for questions and for the labels of printed tables."""

import pytest

from nilreturn.ages import OLDEST, parse_ages
from nilreturn.disclosure.tabular.text_tables.description import age_band
from nilreturn.questions import read_band

BANDS = {
    "under 18s": (0, 17),
    "Under 18": (0, 17),
    "< 18": (0, 17),
    "up to 17": (0, 17),
    "up to and including 17": (0, 17),
    "17 and under": (0, 17),
    "17 or fewer": (0, 17),
    "0-17": (0, 17),
    "over 65": (66, OLDEST),
    "over 65s": (66, OLDEST),
    "65 or more": (65, OLDEST),
    "65 plus": (65, OLDEST),
    "65+": (65, OLDEST),
    "65s and over": (65, OLDEST),
    "≥65": (65, OLDEST),
    "at least 65": (65, OLDEST),
    "16 and over": (16, OLDEST),
    "12–15": (12, 15),
    "12 - 15 yrs": (12, 15),
    "aged 12 to 15": (12, 15),
    "12-15 years old": (12, 15),
    "16 & 17": (16, 17),
    "between 12 and 15": (12, 15),
    "Age 7": (7, 7),
    "7 year olds": (7, 7),
}


@pytest.mark.parametrize(("words", "ages"), BANDS.items(), ids=str)
def test_questions_and_printed_labels_read_the_same_ages(words, ages):
    assert parse_ages(words) == ages
    extent = age_band(words)
    assert extent is not None
    assert read_band(words).ages.ranges == extent.ranges == (ages,)


@pytest.mark.parametrize(
    "words", ["Unknown", "Adult", "15-12", "12-200", "2023", "2023/24", "", "-5", "1 to 2 to 3"]
)
def test_what_names_no_ages_is_none_to_both(words):
    assert age_band(words) is None
    with pytest.raises(ValueError, match="age band"):
        read_band(words)
